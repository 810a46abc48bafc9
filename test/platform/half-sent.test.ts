import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adminPassword, connect } from '../fixtures/harness.ts'
import { type Program, run, scratchFolder } from '../fixtures/processes.ts'
import { freshDatabase } from '../fixtures/services.ts'

let node: Program
let port: number
const stop: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  const folder = await scratchFolder()
  const database = await freshDatabase(folder.path)
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
  // As small as a node of 512 MB would be given.
  node = run(process.execPath, ['--max-old-space-size=192', 'server/main.ts'], { env })
  stop.unshift(() => node.end('SIGTERM'))
  const [, chosen] = await node.says(/Demo shop +http:\/\/localhost:(\d+)/)
  port = Number(chosen)
}, 120_000)
afterAll(async () => {
  for (const end of stop) await end()
  expect(node.wrongEnd()).toBeNull()
})

const halfBytes = 450_000

/** A socket that is in a namespace, answers pings as long as it can, and then sends the greater part of one message. */
async function sendHalf(): Promise<Socket> {
  const socket = connectTcp(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  await once(socket, 'data')
  const join = Buffer.from('40/visitor,{"protocol":1}')
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | join.length, 0, 0, 0, 0]), join]))
  await once(socket, 'data')
  const head = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  head.writeUInt32BE(500_000, 6)
  socket.write(Buffer.concat([head, Buffer.alloc(halfBytes, 'x')]))
  socket.resume()
  return socket
}

describe('H2: messages that are sent half, on many sockets', () => {
  test('are let go when they take too much memory; who answers stays', async () => {
    const neighbour = await connect(`http://127.0.0.1:${port}`)
    const halves: Socket[] = []
    for (let index = 0; index < 400; index++) halves.push(await sendHalf())
    await Promise.all(halves.map(socket => socket.closed || once(socket, 'close')))
    expect(neighbour.socket.connected).toBe(true)
    await neighbour.ask('conversation:open', {})
    neighbour.socket.disconnect()
    const figures = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    expect(Number(/closed_total{reason="parts"} (\d+)/.exec(figures)![1])).toBeGreaterThan(0)
  }, 180_000)
})
