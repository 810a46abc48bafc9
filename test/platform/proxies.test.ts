import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { until } from '../faults/wait.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { type Program, run, scratchFolder, unusedPort } from '../fixtures/processes.ts'
import {
  type Certificate,
  hasHaproxy,
  hasNginx,
  hasOpenssl,
  makeCertificate,
  readExample,
  startExampleNginx,
  startHaproxy,
  startNginx,
} from '../fixtures/proxies.ts'
import { hasService } from '../fixtures/services.ts'

const hasCaddy = hasService('Caddy', spawnSync('caddy', ['version']).status === 0, 'apt-get install caddy')

describe.runIf(hasNginx && hasHaproxy && hasOpenssl)('behind proxies', () => {
  let server: TestServer
  let node: number
  let metricsPort: number
  let folder: Awaited<ReturnType<typeof scratchFolder>>
  let certificate: Certificate
  beforeAll(async () => {
    metricsPort = await unusedPort()
    server = await startServer({
      publicUrl: 'https://localhost',
      trustedProxies: ['127.0.0.1'],
      metricsPort,
    })
    node = Number(new URL(server.url).port)
    folder = await scratchFolder()
    certificate = makeCertificate(folder.path)
  }, 120_000)
  afterAll(() => folder?.remove())

  function endLater(program: Program): void {
    onTestFinished(() => program.end('SIGKILL'))
  }

  /** Everything that is answered to `request`, which stands as a program of 1996 writes it. */
  async function ask(port: number, request: string): Promise<string> {
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    let answer = ''
    socket.on('data', data => (answer += data))
    await once(socket, 'close')
    return answer
  }

  function overHttps(port: number, path: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path, rejectUnauthorized: false, servername: 'localhost' }
      get({ ...options, headers: { host: `localhost:${port}` } }, response =>
        resolve(response.resume().statusCode!),
      ).on('error', reject)
    })
  }

  /** What every example must do: pages, sockets with the visitor's own address, no figures for the world. */
  async function expectServed(port: number): Promise<void> {
    // A check that came late on a busy machine takes the node out for a moment.
    for (const path of ['/widget.js', '/api/v1/system/health'])
      await until(`${path} to be served`, async () => (await overHttps(port, path)) === 200)
    expect(await overHttps(port, '/metrics')).toBeGreaterThanOrEqual(403)
    const socket = io(`https://localhost:${port}/visitor`, {
      transports: ['websocket'],
      forceNew: true,
      rejectUnauthorized: false,
    } as object)
    onTestFinished(() => void socket.disconnect())
    const ready = await new Promise<any>(resolve => socket.once('session:ready', resolve))
    expect(ready.session.role).toBe('visitor')
  }

  describe('G1: HTTP/1.0', () => {
    test.each(['', 'Host: balancer\r\n', 'Connection: close\r\n'])(
      'the probes answer it on METRICS_PORT, with %j',
      async header => {
        for (const [path, found] of [
          ['/healthz', '"status":"ok"'],
          ['/readyz', '"database":"ok"'],
          ['/metrics', 'parley_connections'],
        ] as const) {
          const answer = await ask(metricsPort, `GET ${path} HTTP/1.0\r\n${header}\r\n`)
          expect(answer).toMatch(/^HTTP\/1\.[01] 200/)
          expect(answer).toContain(found)
        }
        expect(await ask(metricsPort, `GET / HTTP/1.0\r\n${header}\r\n`)).toContain('proxy_http_version 1.1;')
      },
    )

    test('HAProxy’s own check, told nothing but the port, finds the node up', async () => {
      const port = await unusedPort()
      const statistics = join(folder.path, 'haproxy.sock')
      const configuration = `global
  stats socket ${statistics}
defaults
  mode http
  timeout connect 2s
  timeout check 5s
  timeout client 60s
  timeout server 60s
frontend web
  bind 127.0.0.1:${port}
  http-request set-header X-Forwarded-Proto https
  default_backend nodes
backend nodes
  option httpchk
  server node 127.0.0.1:${node} check inter 200ms fall 3 rise 2 port ${metricsPort}
`
      const haproxy = await startHaproxy(configuration, folder.path, port)
      endLater(haproxy)
      await until('a check that was answered', async () => {
        const socket = connect(statistics, () => socket.write('show stat\n'))
        const state = await text(socket)
        return /^nodes,node,.*\bUP\b.*\bL7OK\b/m.test(state)
      })
      expect((await fetch(`http://127.0.0.1:${port}/widget.js`)).status).toBe(200)
    })

    test('nginx with proxy_pass alone reaches the probes, and is told the line for the rest', async () => {
      const port = await unusedPort()
      const site = `server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${metricsPort}; } }`
      endLater(await startNginx(`events {}\nhttp { ${site} }`, folder.path, port))
      expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
      const other = await fetch(`http://127.0.0.1:${port}/widget.js`)
      expect([other.status, await other.text()]).toEqual([
        404,
        expect.stringContaining('proxy_http_version 1.1;'),
      ])
    })

    test.runIf(process.env.SOCKET_SERVER === 'node')(
      'on node:http nginx with proxy_pass alone is served all that is no socket',
      async () => {
        const port = await unusedPort()
        const site = `server { listen 127.0.0.1:${port}; location / {
          proxy_pass http://127.0.0.1:${node}; proxy_set_header X-Forwarded-Proto https; } }`
        endLater(await startNginx(`events {}\nhttp { ${site} }`, folder.path, port))
        expect((await fetch(`http://127.0.0.1:${port}/widget.js`)).status).toBe(200)
        const socket = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`)
        expect(socket.status).toBe(426)
      },
    )
  })

  describe('G9: the examples', () => {
    test('nginx', async () => {
      const { program, port } = await startExampleNginx(node, folder.path, certificate)
      endLater(program)
      await expectServed(port)
    })

    test('HAProxy', async () => {
      const [plain, port] = [await unusedPort(), await unusedPort()]
      const both = join(folder.path, 'both.pem')
      writeFileSync(
        both,
        readFileSync(certificate.certFile, 'utf8') + readFileSync(certificate.keyFile, 'utf8'),
      )
      const configuration = readExample('haproxy.cfg')
        .replace('bind :80\n', `bind 127.0.0.1:${plain}\n`)
        .replace('bind :443', `bind 127.0.0.1:${port}`)
        .replace('/etc/haproxy/certs/chat.shop.example.pem', both)
        .replace('127.0.0.1:8080', `127.0.0.1:${node}`)
      endLater(await startHaproxy(configuration, folder.path, port))
      await expectServed(port)
    })

    test.runIf(hasCaddy)('Caddy', async () => {
      const port = await unusedPort()
      const { certFile, keyFile } = certificate
      const site = readExample('Caddyfile')
        .replace('chat.shop.example {', `localhost:${port} {\n\ttls ${certFile} ${keyFile}`)
        .replaceAll('127.0.0.1:8080', `127.0.0.1:${node}`)
      const file = join(folder.path, 'Caddyfile')
      writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n}\n${site}`)
      const env = { XDG_DATA_HOME: folder.path, XDG_CONFIG_HOME: folder.path }
      endLater(run('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], { env }))
      await until(
        'Caddy to listen',
        async () => (await overHttps(port, '/healthz').catch(() => null)) === 200,
      )
      await expectServed(port)
    })

    test('Traefik, which is not run here: every name that is referred to is there', () => {
      const { http } = parse(readExample('traefik.yaml'))
      for (const { service, middlewares = [], entryPoints } of Object.values<any>(http.routers)) {
        expect(Object.keys(http.services)).toContain(service)
        expect(Object.keys(http.middlewares)).toEqual(expect.arrayContaining(middlewares))
        expect(entryPoints.length).toBe(1)
      }
      expect(http.services.parley.loadBalancer.healthCheck.path).toBe('/readyz')
    })
  })
})
