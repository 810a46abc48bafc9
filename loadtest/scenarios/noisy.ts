import { type Caller, pace } from '../load.ts'
import type { Rig } from '../rig.ts'
import { connectMany, connectSocket, type SocketWire } from '../wire.ts'

/** Of each visitor; the limits let a visitor write five times a second. */
const perVisitor = 2
const tickMs = 10

/** What others wait for an acknowledgement while one client, from another address, sends without pause; limits are on. */
export async function measureNoisy(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const { visitors, perSecond } = sizes.noisy
  const model = await rig.model()
  await model.plan({ tokens: 10_000, per_second: 0.2 })
  const product = await rig.product({ database: rig.bestDatabase, shop: false, model, limits: true })
  const callers = await connectMany(visitors, () => caller(product.url))
  const noise = await caller(product.url, '127.0.0.2')
  const quietly = { perSecond: visitors * perVisitor, seconds: sizes.measureMs / 1000 }
  for (let round = 0; round < sizes.rounds; round++) {
    const before = await pace(callers, quietly)
    const stop = makeNoise(noise, perSecond)
    const beside = await pace(callers, quietly)
    stop()
    figures.addAll('noisy.without', before)
    figures.addAll('noisy.with', beside)
    figures.add('noisy.ratio', beside.p95_ms / before.p95_ms)
  }
}

async function caller(url: string, localAddress?: string): Promise<Caller & { wire: SocketWire }> {
  const wire = await connectSocket(url, { auth: { protocol: 1 }, localAddress })
  const { conversation } = await wire.ask<{ conversation: { id: string } }>('conversation:open', {})
  const said = () => ({
    conversation_id: conversation.id,
    key: crypto.randomUUID(),
    content: 'Is it there yet?',
  })
  const begun = wire.until('reply:delta')
  await wire.ask('message:send', said())
  await begun
  return { wire, frame: () => wire.frame('message:send', said()) }
}

/** @returns what ends it */
function makeNoise({ wire, frame }: Caller, perSecond: number): () => void {
  wire.onAnswer = () => {}
  const timer = setInterval(() => {
    for (let count = 0; count < (perSecond * tickMs) / 1000; count++) wire.send(frame())
  }, tickMs)
  return () => clearInterval(timer)
}
