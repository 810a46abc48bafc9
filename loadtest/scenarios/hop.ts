import { type Caller, hammer, until } from '../load.ts'
import type { ServerProcess } from '../process.ts'
import type { Rig } from '../rig.ts'
import { connectMany, connectSocket, payloadOf, type SocketWire } from '../wire.ts'

interface Pair extends Caller {
  wire: SocketWire
  reader: SocketWire
}

/** A message said in one tab and read in another: both on one node, or each on its own, with Redis between them. */
export async function measureHop(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const model = await rig.model()
  // While an answer is being written, what is said waits for the next one: so the messages alone are measured.
  await model.plan({ tokens: 10_000, per_second: 0.2 })
  const alone = await rig.product({ database: 'postgres', shop: false, model })
  const shared = { databaseUrl: await rig.newDatabase(), redisUrl: await rig.newRedis() }
  const near = await rig.product({ database: 'postgres', shop: false, model, ...shared })
  const far = await rig.product({ database: 'postgres', shop: false, model, ...shared })
  const set = (writesOn: ServerProcess, readsOn: ServerProcess) =>
    connectMany(sizes.hop.conversations, () => pair(writesOn, readsOn))
  const members = [
    { name: 'one', server: alone, pairs: await set(alone, alone) },
    { name: 'two', server: both(near, far), pairs: await set(near, far) },
  ]
  for (let round = 0; round < sizes.rounds; round++) {
    const cpu: Record<string, number> = {}
    for (const { name, server, pairs } of members) {
      const load = await hammer(server, pairs, sizes)
      await until('every reader to hear every message', () =>
        pairs.every(({ wire, reader }) => reader.received === wire.received),
      )
      figures.addAll(`hop.${name}`, { ...load })
      cpu[name] = load.cpu_us
    }
    figures.add('hop.added_us', cpu.two! - cpu.one!)
    figures.add('hop.ratio', cpu.two! / cpu.one!)
  }
}

/** Two nodes as one, whose CPU is that of both. */
function both(near: ServerProcess, far: ServerProcess): ServerProcess {
  return { ...near, cpu: async () => (await near.cpu()) + (await far.cpu()) }
}

/** Two tabs of one visitor, counting from a moment when both hear the same. */
async function pair(writesOn: ServerProcess, readsOn: ServerProcess): Promise<Pair> {
  const wire = await connectSocket(writesOn.url, { auth: { protocol: 1 } })
  const { token } = payloadOf<{ token: string }>(await wire.until('session:ready'))
  const { conversation } = await wire.ask<{ conversation: { id: string } }>('conversation:open', {})
  const conversation_id = conversation.id
  const reader = await connectSocket(readsOn.url, { auth: { protocol: 1, token } })
  await reader.until('session:ready')
  await reader.ask('conversation:open', { conversation_id })
  const createInput = () => ({ conversation_id, key: crypto.randomUUID(), content: 'Which laptop is light?' })
  const begun = [wire.until('reply:delta'), reader.until('reply:delta')]
  await wire.ask('message:send', createInput())
  await Promise.all(begun)
  for (const tab of [wire, reader]) tab.received = 0
  return { wire, frame: () => wire.frame('message:send', createInput()), reader }
}
