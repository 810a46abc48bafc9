import { type Caller, hammer, type Load, until } from '../load.ts'
import type { ServerProcess } from '../process.ts'
import { type Rig, signIn } from '../rig.ts'
import { connectMany, connectSocket, payloadOf, type SocketWire } from '../wire.ts'

/** One event to everybody in a room; in the product, staff typing in a conversation that one visitor has open many times. */
export async function measureFanOut(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const bare = await rig.server(new URL('../servers/bare.ts', import.meta.url))
  const product = await rig.product({ database: rig.bestDatabase, shop: false })
  const rooms = [
    { name: 'bare', server: bare, room: await bareRoom(bare, sizes.fanOut.members) },
    { name: 'product', server: product, room: await productRoom(product, sizes.fanOut.members) },
  ]
  for (let round = 0; round < sizes.rounds; round++) {
    const cpu: Record<string, number> = {}
    for (const { name, server, room } of rooms) {
      const load = perDelivery(await hammer(server, [room.sender], sizes), sizes.fanOut.members)
      await allHear(room.members)
      figures.addAll(`fan_out.${name}`, { ...load })
      cpu[name] = load.cpu_us
    }
    figures.add('fan_out.ratio', cpu.product! / cpu.bare!)
  }
}

interface Room {
  sender: Caller
  members: SocketWire[]
}

/** Latencies stay those of the sender's acknowledgement. */
function perDelivery(load: Load, members: number): Load {
  return { ...load, cpu_us: load.cpu_us / members, per_s: load.per_s * members }
}

/** The last ones may still be under way when the sender has its acknowledgement. */
function allHear(members: SocketWire[]): Promise<void> {
  return until('every member to hear every event', () => {
    const counts = new Set(members.map(member => member.received))
    return counts.size === 1 && !counts.has(0)
  })
}

async function bareRoom({ url }: ServerProcess, size: number): Promise<Room> {
  const conversation_id = '00000000-0000-7000-8000-000000000000'
  const members = await connectMany(size, async () => {
    const wire = await connectSocket(url)
    await wire.ask('room:join', conversation_id)
    return wire
  })
  const wire = await connectSocket(url)
  const frame = wire.frame('room:typing', { conversation_id, typing: true })
  return { sender: { wire, frame: () => frame }, members }
}

async function productRoom(product: ServerProcess, size: number): Promise<Room> {
  const { url } = product
  const first = await connectSocket(url, { auth: { protocol: 1 } })
  const { token } = payloadOf<{ token: string }>(await first.until('session:ready'))
  const { conversation } = await first.ask<{ conversation: { id: string } }>('conversation:open', {})
  const conversation_id = conversation.id
  first.close()
  const members = await connectMany(size, async () => {
    const wire = await connectSocket(url, { auth: { protocol: 1, token } })
    await wire.until('session:ready')
    await wire.ask('conversation:open', { conversation_id })
    return wire
  })
  for (const member of members) member.received = 0
  const auth = { protocol: 1, token: await signIn(product) }
  const wire = await connectSocket(url, { namespace: 'agent', auth })
  await wire.ask('conversation:open', { conversation_id })
  const frame = wire.frame('typing:set', { conversation_id, typing: true })
  return { sender: { wire, frame: () => frame }, members }
}
