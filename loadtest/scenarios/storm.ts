import { deadline, every, percentiles, until } from '../load.ts'
import type { ServerProcess } from '../process.ts'
import type { Rig } from '../rig.ts'
import { connectMany, connectSocket, payloadOf, type SocketWire } from '../wire.ts'

const settleMs = 60_000

/** A visitor with one conversation, and the last seq it has seen there. */
interface Client {
  server: ServerProcess
  token: string
  conversation_id: string
  seq: number
  wire: SocketWire
}

/**
 * Clients that went away in the middle of an answer and missed its end. Timed from the first packet of the new connection
 * to the answer with everything that was missed.
 */
export async function measureStorm(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const { clients: count, single, perSecond } = sizes.storm
  const model = await rig.model()
  await model.plan({ tokens: 20, per_second: 0 })
  const databaseUrl = await rig.newDatabase()
  const server = await rig.product({ database: 'postgres', shop: false, model, databaseUrl })
  const clients = await connectMany(count, () => arrive(server))
  for (let round = 0; round < sizes.rounds; round++) {
    await goAway(server, clients)
    const before = await rig.transactions(databaseUrl)
    const times = await Promise.all(clients.map(comeBack))
    const after = await rig.transactions(databaseUrl)
    figures.add('storm.all_ms', Math.max(...times))
    figures.addAll('storm.each', percentiles(times))
    figures.add('storm.queries_per_client', (after - before) / count)
    const few = clients.slice(0, single)
    await goAway(server, few)
    figures.addAll('storm.single', percentiles(await comeBackOneByOne(few, perSecond)))
  }
}

async function arrive(server: ServerProcess): Promise<Client> {
  const wire = await connectSocket(server.url, { auth: { protocol: 1 } })
  const { token } = payloadOf<{ token: string }>(await wire.until('session:ready'))
  const { conversation } = await wire.ask<{ conversation: { id: string } }>('conversation:open', {})
  return { server, token, conversation_id: conversation.id, seq: 0, wire }
}

/** Each asks, and is gone before it is answered. */
async function goAway(server: ServerProcess, clients: Client[]): Promise<void> {
  const leaving = [...clients]
  await connectMany(clients.length, async () => {
    const client = leaving.pop()!
    const { conversation_id, wire } = client
    const input = { conversation_id, key: crypto.randomUUID(), content: 'Which laptop is light?' }
    const { message } = await wire.ask<{ message: { seq: number } }>('message:send', input)
    client.seq = message.seq
    wire.close()
  })
  await until('every answer to end', () => noneIsWritten(server), settleMs)
}

async function noneIsWritten({ url }: ServerProcess): Promise<boolean> {
  return /^parley_replies_running 0$/m.test(await (await fetch(`${url}/metrics`)).text())
}

/** @returns milliseconds until everything missed was there */
async function comeBack(client: Client): Promise<number> {
  const { server, token, conversation_id, seq } = client
  const began = performance.now()
  client.wire = await connectSocket(server.url, { auth: { protocol: 1, token } })
  const opened = await client.wire.ask<{ events: { seq: number }[] }>('conversation:open', {
    conversation_id,
    since_seq: seq,
  })
  const missed = opened.events.map(event => event.seq)
  // The answer's beginning and its end; an offer of a person may follow.
  const whole = missed.length >= 2 && missed.every((each, index) => each === seq + 1 + index)
  if (!whole) throw new Error(`After ${seq} came ${missed}.`)
  client.seq = missed.at(-1)!
  return performance.now() - began
}

function comeBackOneByOne(clients: Client[], perSecond: number): Promise<number[]> {
  const begun: Promise<number>[] = []
  const all = new Promise<void>(resolve => {
    every(clients.length, (clients.length / perSecond) * 1000, number => {
      begun.push(comeBack(clients[number]!))
      if (begun.length === clients.length) resolve()
    })
  })
  return deadline(
    all.then(() => Promise.all(begun)),
    'every client to come back',
    settleMs,
  )
}
