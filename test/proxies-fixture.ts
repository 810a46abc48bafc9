import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './faults/wait.ts'
import { type Program, run, unusedPort } from './processes.ts'
import { hasService } from './services.ts'

const isThere = (command: string, flag: string) => spawnSync(command, [flag]).status === 0

export const hasNginx = hasService('nginx', isThere('nginx', '-v'), 'apt-get install nginx')
export const hasHaproxy = hasService('HAProxy', isThere('haproxy', '-v'), 'apt-get install haproxy')
export const hasOpenssl = hasService('openssl', isThere('openssl', 'version'), 'install openssl')

export interface Certificate {
  certFile: string
  keyFile: string
}

/** For `localhost` and 127.0.0.1, signed by itself, in two files of `folder`. */
export function makeCertificate(folder: string, { name = 'cert', days = 2 } = {}): Certificate {
  const [certFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)]
  spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-days', String(days), '-subj', `/CN=${name}`],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', keyFile, '-out', certFile],
  ])
  return { certFile, keyFile }
}

/** One of the complete files that are shipped for proxies. */
export function readExample(name: string): string {
  return readFileSync(`server/net/examples/${name}`, 'utf8')
}

async function listening(program: Program, port: number): Promise<Program> {
  await until('the proxy to listen', async () => {
    if (program.wrongEnd()) throw new Error(program.wrongEnd()!)
    // Whatever it answers, and in whatever language: it is there.
    const error = await fetch(`http://127.0.0.1:${port}/`).catch(thrown => thrown.cause)
    return error?.code !== 'ECONNREFUSED'
  })
  return program
}

/** The real nginx. @param configuration without where it keeps its own files */
export async function startNginx(configuration: string, folder: string, port: number): Promise<Program> {
  const file = join(folder, `nginx-${port}.conf`)
  const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${folder}/${name};`,
  )
  writeFileSync(file, configuration.replace('http {', `http { access_log off; ${own.join(' ')}`))
  // One process, whose end is the end of all of it: workers would outlive a master that is killed.
  const global = `daemon off; master_process off; pid ${folder}/nginx-${port}.pid; error_log stderr;`
  return listening(run('nginx', ['-p', folder, '-c', file, '-g', global]), port)
}

/** The shipped nginx.conf with this machine's addresses and certificate in it. @returns its https port */
export async function startExampleNginx(node: number, folder: string, { certFile, keyFile }: Certificate) {
  const [plain, port] = [await unusedPort(), await unusedPort()]
  const configuration = readExample('nginx.conf')
    .replace('worker_processes auto', 'worker_processes 1')
    .replace('listen 80;', `listen 127.0.0.1:${plain};`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`)
    .replace('127.0.0.1:8080', `127.0.0.1:${node}`)
    .replace(/ssl_certificate .*/, `ssl_certificate ${certFile};`)
    .replace(/ssl_certificate_key .*/, `ssl_certificate_key ${keyFile};`)
  return { program: await startNginx(configuration, folder, port), port }
}

/** The real HAProxy. */
export async function startHaproxy(configuration: string, folder: string, port: number): Promise<Program> {
  const file = join(folder, `haproxy-${port}.cfg`)
  writeFileSync(file, configuration)
  return listening(run('haproxy', ['-db', '-f', file]), port)
}
