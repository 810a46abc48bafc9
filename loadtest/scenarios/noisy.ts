import { pace } from '../load.ts'
import type { Rig } from '../rig.ts'
import { connectMany, connectSocket, type SocketWire } from '../wire.ts'
import { connectWriter } from '../writer.ts'

/** Of each visitor; the limits let a visitor write five times a second. */
const perVisitor = 2
const tickMs = 10
const comeBackMs = 300
const content = 'Is it there yet?'

/** What others wait for an acknowledgement while another network sends the worst it may, and comes back when it is closed; limits are on. */
export async function measureNoisy(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const { visitors, perSecond } = sizes.noisy
  const model = await rig.model()
  await model.plan({ tokens: 10_000, per_second: 0.2 })
  const product = await rig.product({ database: rig.bestDatabase, shop: false, model, limits: true })
  const callers = await connectMany(visitors, () => connectWriter(product.url, content))
  const quietly = { perSecond: visitors * perVisitor, seconds: sizes.measureMs / 1000 }
  for (let round = 0; round < sizes.rounds; round++) {
    const before = await pace(callers, quietly)
    const stop = makeNoise(product.url, perSecond)
    const beside = await pace(callers, quietly)
    stop()
    figures.addAll('noisy.without', before)
    figures.addAll('noisy.with', beside)
    figures.add('noisy.ratio', beside.p95_ms / before.p95_ms)
  }
}

/** What is refused, each in its own way: no operation, no input, nothing that was asked for. */
const worst: ((wire: SocketWire) => string)[] = [
  wire => wire.frame('no:such', {}),
  wire => wire.frame('conversation:open', { conversation_id: 1 }),
  () => '43/visitor,1[]',
]

/** @returns what ends it */
function makeNoise(url: string, perSecond: number): () => void {
  let wire: SocketWire | undefined
  async function comeBack() {
    wire?.close()
    wire = await connectSocket(url, { auth: { protocol: 1 }, localAddress: '127.0.0.2' }).catch(
      () => undefined,
    )
    if (wire) wire.onAnswer = () => {}
  }
  const coming = setInterval(comeBack, comeBackMs)
  const timer = setInterval(() => {
    for (let count = 0; wire && count < (perSecond * tickMs) / 1000; count++)
      wire.send(worst[count % worst.length]!(wire))
  }, tickMs)
  return () => {
    clearInterval(coming)
    clearInterval(timer)
    wire?.close()
  }
}
