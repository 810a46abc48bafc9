import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect as connectTls, getCACertificates, setDefaultCACertificates } from 'node:tls'
import { startProxy } from '../faults/proxy.ts'
import { passed, until } from '../faults/wait.ts'
import { startModelServer } from '../fixtures/fakes/model-server.ts'
import {
  adminPassword,
  type Pooling,
  type Program,
  run,
  scratchFolder,
  startPgBouncer,
  startRedis,
  unusedPort,
} from '../fixtures/processes.ts'
import { makeCertificate, readExample, startNginx } from '../fixtures/proxies.ts'
import { freshPostgres } from '../fixtures/services.ts'

export const balancers = ['haproxy', 'nginx', 'none'] as const
export type BalancerName = (typeof balancers)[number]

interface Balancer {
  program: Program | null
  /** Where visitors go. */
  port: number
  /** The node gets nobody new and gives up whom it has; `false` brings it back. */
  takeOut(index: number, out: boolean): Promise<void>
  /** Reads its files anew, as operators do after a renewal. */
  reload(): Promise<void>
}

export interface HouseOptions {
  balancer: BalancerName
  /** PgBouncer between the nodes and the database. */
  pooling: Pooling['mode'] | null
}

export type House = Awaited<ReturnType<typeof openHouse>>

/** A model that takes about three seconds for an answer. */
const words = Array.from({ length: 30 }, (_, index) => `word${index} `)
const wordMs = 100

/**
 * OPERATING.md's "Several nodes" on this machine: two nodes on a PostgreSQL and a Redis, each behind a wire that can be cut, and
 * the shipped configuration of a balancer in front of them, with TLS.
 */
export async function openHouse({ balancer: name, pooling }: HouseOptions) {
  const folder = await scratchFolder()
  const certificate = makeTrusted(folder.path, 2)
  const model = await startModelServer()
  model.always({ pieces: words, gate: () => passed(wordMs) })
  const stored = await freshPostgres()
  const address = new URL(stored.url!)
  const databasePort = Number(address.port)
  const database = await startProxy({ target: () => databasePort })
  address.port = String(database.port)
  const pooler = pooling ? await startPgBouncer(address.href, folder.path, { mode: pooling }) : null
  const redisServer = await startRedis()
  const redis = await startProxy({ target: () => redisServer.port })
  const ports = [await unusedPort(), await unusedPort()]
  const secret = randomBytes(32).toString('hex')
  const front = name === 'none' ? ports[0]! : await unusedPort()

  async function launch(index: number): Promise<Program> {
    const env = {
      PORT: String(ports[index]),
      HOST: '127.0.0.1',
      PUBLIC_URL: `https://localhost:${front}`,
      TRUSTED_PROXIES: '127.0.0.1',
      ...(name === 'none' && { TLS_CERT_FILE: certificate.certFile, TLS_KEY_FILE: certificate.keyFile }),
      DATA_DIR: join(folder.path, String(index)),
      DATABASE_URL: pooler?.url ?? address.href,
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      SECRET_KEY: secret,
      ADMIN_PASSWORD: adminPassword,
      DEMO_SHOP: 'off',
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'warn',
      OPENAI_BASE_URL: `${model.url}/v1`,
      OPENAI_API_KEY: 'test',
      LLM_MODEL: 'test-model',
    }
    const node = run(process.execPath, ['server/main.ts'], { env, name: `node ${index}` })
    await node.says(/Demo shop/)
    return node
  }
  const nodes = [await launch(0)]
  if (name !== 'none') nodes.push(await launch(1))
  const { program, ...balancer } = await starts[name]({
    port: front,
    nodes: ports,
    folder: folder.path,
    certificate,
  })
  const url = `https://localhost:${front}`
  await until('a node to be balanced to', () => isServed(url))

  return {
    url,
    secret,
    databaseUrl: stored.url!,
    database,
    redis,
    balancer,
    nodes: nodes as readonly Program[],
    isReady: () => isServed(url),
    async end(index: number, signal: 'SIGKILL' | 'SIGTERM') {
      await nodes[index]!.end(signal)
    },
    async start(index: number) {
      nodes[index] = await launch(index)
    },
    /** The files of the certificate are others from now on. */
    renew: () => void makeTrusted(folder.path, 3),
    /** Of the certificate that somebody new is shown. */
    async fingerprint(): Promise<string> {
      const socket = connectTls({ port: front, host: '127.0.0.1', rejectUnauthorized: false })
      await once(socket, 'secureConnect')
      const { fingerprint256 } = socket.getPeerCertificate()
      socket.destroy()
      return fingerprint256
    },
    /** What the nodes said on the way. */
    output: () => nodes.map(node => node.output()).join(''),
    async close() {
      const programs = [program, ...nodes, pooler, redisServer]
      await Promise.all(programs.map(each => each?.end('SIGKILL')))
      for (const wire of [database, redis]) await wire.close()
      await model.close()
      await stored.drop()
      await folder.remove()
    },
  }
}

async function isServed(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`, { headers: { connection: 'close' } }).catch(() => null)
  return answer?.ok ?? false
}

/** A certificate that everybody in this process trusts. */
function makeTrusted(folder: string, days: number) {
  const certificate = makeCertificate(folder, { days })
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(certificate.certFile, 'utf8')])
  return certificate
}

const starts: Record<BalancerName, (front: Front) => Promise<Balancer>> = {
  haproxy: startHaproxy,
  nginx: startExample,
  none: startNone,
}

interface Front {
  port: number
  nodes: number[]
  folder: string
  certificate: { certFile: string; keyFile: string }
}

async function startHaproxy({ port, nodes, folder, certificate }: Front) {
  const [pem, control, file] = ['both.pem', 'haproxy.sock', 'haproxy.cfg'].map(each => join(folder, each))
  const { certFile, keyFile } = certificate
  const writePem = () => writeFileSync(pem!, readFileSync(certFile, 'utf8') + readFileSync(keyFile, 'utf8'))
  writePem()
  const servers = nodes.map((node, index) => `server node${index} 127.0.0.1:${node}`)
  const configuration = readExample('haproxy.cfg')
    .replace('global\n', `global\n  stats socket ${control} level admin\n`)
    .replace('bind :80\n', `bind 127.0.0.1:${await unusedPort()}\n`)
    .replace('bind :443', `bind 127.0.0.1:${port}`)
    .replace('/etc/haproxy/certs/chat.shop.example.pem', pem!)
    .replace('server node1 127.0.0.1:8080', servers.join('\n  '))
  writeFileSync(file!, configuration)
  const program = run('haproxy', ['-W', '-db', '-f', file!])
  async function command(line: string): Promise<void> {
    const socket = connect(control!, () => socket.end(`${line}\n`))
    await text(socket)
  }
  return {
    program,
    port,
    async takeOut(index: number, out: boolean) {
      await command(`set server parley/node${index} state ${out ? 'maint' : 'ready'}`)
      if (out) await command(`shutdown sessions server parley/node${index}`)
    },
    async reload() {
      writePem()
      program.child.kill('SIGUSR2')
    },
  }
}

async function startExample({ port, nodes, folder, certificate }: Front) {
  const plain = await unusedPort()
  const configure = (out: number | null) =>
    readExample('nginx.conf')
      .replace('worker_processes auto', 'worker_processes 1')
      .replace('listen 80;', `listen 127.0.0.1:${plain};`)
      .replace('listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`)
      .replace(/server 127.0.0.1:8080(.*);/, (_line, rest) =>
        nodes
          .map((node, index) => `server 127.0.0.1:${node}${rest}${index === out ? ' down' : ''};`)
          .join('\n'),
      )
      .replace(/ssl_certificate .*/, `ssl_certificate ${certificate.certFile};`)
      .replace(/ssl_certificate_key .*/, `ssl_certificate_key ${certificate.keyFile};`)
  const program = await startNginx(configure(null), folder, port)
  const file = join(folder, `nginx-${port}.conf`)
  async function reload() {
    program.child.kill('SIGHUP')
  }
  return {
    program,
    port,
    async takeOut(index: number, out: boolean) {
      const before = readFileSync(file, 'utf8')
      const line = `server 127.0.0.1:${nodes[index]} max_fails=1 fail_timeout=1s`
      writeFileSync(file, out ? before.replace(line, `${line} down`) : before.replace(`${line} down`, line))
      await reload()
    },
    reload,
  }
}

/** Visitors go to a node that speaks TLS itself. */
async function startNone({ port }: Front) {
  return { program: null, port, async takeOut() {}, async reload() {} }
}
