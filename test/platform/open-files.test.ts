import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { adminPassword, connect } from '../fixtures/harness.ts'
import { type Program, run, scratchFolder } from '../fixtures/processes.ts'
import { openRaw, type RawConnection } from '../fixtures/raw-http.ts'
import { freshDatabase, freshPostgres } from '../fixtures/services.ts'

const max = 400

let node: Program
let url: string
const stop: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  const folder = await scratchFolder()
  // The embedded database opens files by the hundred, and when it likes: beside it the ceiling moves.
  const database = await (process.env.TEST_DATABASE_URL ? freshPostgres() : freshDatabase(folder.path))
  stop.push(database.drop, folder.remove)
  const env = {
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: folder.path,
    DATABASE_URL: database.url ?? undefined,
    ADMIN_PASSWORD: adminPassword,
    SOCKET_SERVER: process.env.SOCKET_SERVER,
    RATE_LIMITS: 'off',
    DEMO_SHOP: 'off',
    LOG_LEVEL: 'warn',
  }
  node = run('prlimit', [`--nofile=${max}`, process.execPath, 'server/main.ts'], { env })
  stop.unshift(() => node.end('SIGTERM'))
  const [, port] = await node.says(/Demo shop +http:\/\/localhost:(\d+)/)
  url = `http://127.0.0.1:${port}`
}, 120_000)
afterAll(async () => {
  for (const end of stop) await end()
  expect(node.wrongEnd()).toBeNull()
})

function openSocket(): Promise<WebSocket | null> {
  return new Promise(resolve => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
    socket.on('error', () => resolve(null))
    socket.on('close', () => resolve(null))
    socket.once('message', () => {
      socket.send('40/visitor,{"protocol":1}')
      socket.once('message', data => resolve(String(data).startsWith('40') ? socket : null))
    })
  })
}

async function signIn(): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ username: 'admin', password: adminPassword })
  return fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers, body })
}

/** Everything an operator needs while visitors wait outside. */
async function expectStaffIn(): Promise<void> {
  for (const path of ['/healthz', '/readyz', '/metrics', '/console'])
    expect((await fetch(url + path)).status, path).not.toBe(503)
  const { data } = (await (await signIn()).json()) as any
  const staff = await connect(url, { namespace: 'agent', token: data.access_token })
  await staff.ask('queue:list', {})
  staff.socket.disconnect()
}

describe('H12: at a ceiling of open files', () => {
  test('it is said at the start', async () => {
    await node.says(new RegExp(`Open files +${max} at most; visitors are let in up to 352`))
  })

  test('newcomers are told when to come back, and counted; staff and probes get in; then all do again', async () => {
    const sockets: WebSocket[] = []
    for (;;) {
      const socket = await openSocket()
      if (!socket) break
      sockets.push(socket)
    }
    expect(sockets.length).toBeGreaterThan(100)
    const refused = await connect(url).catch(error => error)
    expect(refused.data).toMatchObject({ code: 'SERVICE_UNAVAILABLE', details: { retry_after_ms: 5000 } })
    const page = await fetch(`${url}/`)
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '5'])
    await expectStaffIn()
    const figures = await (await fetch(`${url}/metrics`)).text()
    expect(Number(/parley_newcomers_refused_total (\d+)/.exec(figures)![1])).toBeGreaterThanOrEqual(2)
    for (const socket of sockets) socket.terminate()
    await expect.poll(async () => (await openSocket()) !== null, { timeout: 20_000 }).toBe(true)
  }, 60_000)

  test('more connections than files: the process lives, and accepts again', async () => {
    const crowd: RawConnection[] = Array.from({ length: max * 2 }, () => openRaw(url))
    await Promise.race(crowd.map(({ closed }) => closed))
    for (const { socket } of crowd) socket.destroy()
    await expect
      .poll(
        () =>
          fetch(`${url}/healthz`).then(
            answer => answer.status,
            () => 0,
          ),
        { timeout: 15_000 },
      )
      .toBe(200)
    await expectStaffIn()
  }, 60_000)
})
