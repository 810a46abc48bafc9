import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createLog } from '../../server/observability/log.ts'
import { until } from '../faults/wait.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { run, unusedPort } from '../fixtures/processes.ts'
import { hasOpenssl, makeCertificate } from '../fixtures/proxies.ts'

/** The name in the certificate that a newcomer is shown, with or without a server name asked for. */
function shown(port: number, servername?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

describe.runIf(hasOpenssl)('G5: a renewed certificate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-certificates-'))
  const [certFile, keyFile] = [join(folder, 'served.pem'), join(folder, 'served.key')]
  const lines: string[] = []
  let server: TestServer
  let port: number
  let metricsPort: number

  /** At once: who looks meanwhile sees the one or the other. */
  function put(file: string, content: string | Buffer): void {
    writeFileSync(`${file}.new`, content)
    renameSync(`${file}.new`, file)
  }

  function install(name: string, days?: number): void {
    const made = makeCertificate(folder, { name, days })
    put(certFile, readFileSync(made.certFile))
    put(keyFile, readFileSync(made.keyFile))
  }

  beforeAll(async () => {
    install('first')
    metricsPort = await unusedPort()
    const log = Object.assign(createLog('silent'), {
      warn: (_fields: object, line: string) => lines.push(line),
    })
    const tls = { certFile, keyFile }
    server = await startServer(
      { publicUrl: 'https://localhost', tls, metricsPort },
      { log, certificatePollMs: 1000 },
    )
    port = Number(new URL(server.url).port)
  }, 90_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function visitor(): Socket {
    const options = {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      rejectUnauthorized: false,
    }
    const socket = io(`https://127.0.0.1:${port}/visitor`, options as object)
    onTestFinished(() => void socket.disconnect())
    return socket
  }

  const expiry = async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    return Number(/^parley_certificate_expires_timestamp_seconds (\S+)/m.exec(metrics)?.[1])
  }

  test('is served to newcomers on SIGHUP; open sockets go on and hear each other', async () => {
    expect(await shown(port)).toBe('first')
    const old = visitor()
    const ready = await new Promise<any>(resolve => old.once('session:ready', resolve))
    const { data } = await old.emitWithAck('conversation:open', {})
    install('second')
    await server.app.renewCertificate()
    expect(await shown(port)).toBe('second')
    expect(await shown(port, 'localhost')).toBe('second')

    // Another tab of the same visitor, on the other side of the renewal.
    const fresh = io(`https://127.0.0.1:${port}/visitor`, {
      transports: ['websocket'],
      forceNew: true,
      rejectUnauthorized: false,
      auth: { token: ready.token },
    } as object)
    onTestFinished(() => void fresh.disconnect())
    await fresh.emitWithAck('conversation:open', { conversation_id: data.conversation.id })
    const received = Promise.all(
      [old, fresh].map(socket => new Promise(resolve => socket.once('message:created', resolve))),
    )
    await fresh.emitWithAck('message:send', {
      conversation_id: data.conversation.id,
      key: 'k',
      content: 'Hello?',
    })
    await received
    expect(old.connected).toBe(true)
  })

  test('that does not fit its key, or is none, is not served, and said once', async () => {
    const other = makeCertificate(folder, { name: 'third' })
    // Between the two files of the second.
    lines.length = 0
    put(keyFile, readFileSync(other.keyFile))
    await server.app.renewCertificate()
    await server.app.renewCertificate()
    expect(lines).toEqual(['the renewed certificate cannot be used: the one before is served on'])
    put(certFile, 'not a certificate')
    await server.app.renewCertificate()
    rmSync(certFile)
    await server.app.renewCertificate()
    expect(lines.length).toBe(3)
    expect(await shown(port)).toBe('second')
    put(certFile, readFileSync(other.certFile))
    await server.app.renewCertificate()
    expect(await shown(port)).toBe('third')
    expect(lines.length).toBe(3)
  })

  test('without a signal, it is found; the gauge tells when it ends', async () => {
    install('fourth', 20)
    await until('the new certificate', async () => (await shown(port).catch(() => '')) === 'fourth', 60_000)
    const days = (await expiry()) / 86_400 - Date.now() / 86_400_000
    expect(days).toBeGreaterThan(19)
    expect(days).toBeLessThan(21)
  }, 70_000)

  test('G9: the health check of the image knows TLS and ports by the configuration', async () => {
    const check = async (settings: object) =>
      run(process.execPath, ['server/commands/healthcheck.ts'], {
        env: { HOST: '127.0.0.1', TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, ...settings },
      }).exited
    expect(await check({ PORT: String(port) })).toBe(0)
    expect(await check({ METRICS_PORT: String(metricsPort) })).toBe(0)
    expect(await check({ METRICS_PORT: String(await unusedPort()) })).toBe(1)
  })

  test('H8: with a port of their own, metrics are not on the public one', async () => {
    const status = (path: string) =>
      new Promise((resolve, reject) => {
        const options = { port, host: '127.0.0.1', path, rejectUnauthorized: false }
        get(options, response => resolve(response.resume().statusCode)).on('error', reject)
      })
    expect([await status('/metrics'), await status('/readyz'), await status('/healthz')]).toEqual([
      404, 200, 200,
    ])
  })
})
