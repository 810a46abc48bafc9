import { deadline, every, pace, percentiles } from '../load.ts'
import { callHttp, type Rig, signIn } from '../rig.ts'
import { connectMany, connectSocket, payloadOf, type SocketWire } from '../wire.ts'

const perSecond = 10
const password = 'a desk of their own'

/** From an agent's `handoff:accept` to the visitor being told, while many conversations are open; beside a bare echo. */
export async function measureAccept(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const { open, accepted } = sizes.accept
  const bare = await rig.server(new URL('../servers/bare.ts', import.meta.url))
  const product = await rig.product({ database: rig.bestDatabase, shop: false })
  const admin = await signIn(product)
  const account = { username: 'ann', email: 'ann@staff.example', password, role: 'agent' }
  await callHttp(product, '/admin/users', { body: account, token: admin })
  const { access_token: token } = await callHttp<{ access_token: string }>(product, '/auth/login', {
    body: { username: 'ann', password },
  })
  const agent = await connectSocket(product.url, { namespace: 'agent', auth: { protocol: 1, token } })
  const waiting = await connectMany(open + accepted * sizes.rounds, () => comeAndWait(product.url))
  const echo = await connectSocket(bare.url)
  const frame = echo.frame('typing:set', { conversation_id: crypto.randomUUID(), typing: true })
  for (let round = 0; round < sizes.rounds; round++) {
    const answered = await pace([{ wire: echo, frame: () => frame }], { perSecond, seconds: 2 })
    figures.add('accept.bare.p95_ms', answered.p95_ms)
    const claimed = await acceptAll(agent, waiting.splice(0, accepted))
    figures.addAll('accept.product', percentiles(claimed))
  }
}

interface Waiting {
  wire: SocketWire
  handoff_id: string
}

async function comeAndWait(url: string): Promise<Waiting> {
  const wire = await connectSocket(url, { auth: { protocol: 1 } })
  const { conversation } = await wire.ask<{ conversation: { id: string } }>('conversation:open', {})
  const input = { conversation_id: conversation.id, key: 'person' }
  const { handoff } = await wire.ask<{ handoff: { id: string } }>('handoff:request', input)
  return { wire, handoff_id: handoff.id }
}

/** Milliseconds until each visitor is told. */
async function acceptAll(agent: SocketWire, waiting: Waiting[]): Promise<number[]> {
  const notified = new Promise<Promise<number>[]>(resolve => {
    const begun: Promise<number>[] = []
    every(waiting.length, (waiting.length / perSecond) * 1000, number => {
      begun.push(accept(agent, waiting[number]!))
      if (begun.length === waiting.length) resolve(begun)
    })
  })
  return deadline(
    notified.then(begun => Promise.all(begun)),
    'every visitor to be told',
    60_000,
  )
}

async function accept(agent: SocketWire, { wire, handoff_id }: Waiting): Promise<number> {
  const notified = new Promise<number>(resolve => {
    wire.on('handoff:changed', frame => {
      if (payloadOf<{ mode: string }>(frame).mode === 'human') resolve(performance.now())
    })
  })
  const sent = performance.now()
  await agent.ask('handoff:accept', { handoff_id, key: `accept:${handoff_id}` })
  return (await notified) - sent
}
