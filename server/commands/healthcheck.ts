import { get } from 'node:http'
import { get as getSecure } from 'node:https'
import { readConfig } from '../config/config.ts'

const answerMs = 2000

/**
 * Asks the server on this machine whether it lives, by the server's own configuration: port and certificate are not said
 * again. The certificate is of a name that this machine is not asked by, and its key has not left it: it is not checked.
 */
function healthStatus(): Promise<number | undefined> {
  const { port, metricsPort, host, tls } = readConfig()
  const own = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  const ask = tls && metricsPort === null ? getSecure : get
  const options = {
    host: own,
    port: metricsPort ?? port,
    path: '/healthz',
    rejectUnauthorized: false,
    signal: AbortSignal.timeout(answerMs),
  }
  return new Promise((resolve, reject) => {
    ask(options, response => resolve(response.resume().statusCode)).on('error', reject)
  })
}

healthStatus().then(
  status => {
    if (status !== 200) fail(`HTTP ${status}`)
  },
  (error: Error) => fail(error.message),
)

function fail(reason: string): void {
  process.stderr.write(`The server is not well: ${reason}\n`)
  process.exitCode = 1
}
