import { type Caller, pace } from '../load.ts'
import type { Rig } from '../rig.ts'
import { connectMany } from '../wire.ts'
import { connectWriter } from '../writer.ts'

/** Of each visitor; the limits let a visitor write five times a second. */
const perVisitor = 2
const tickMs = 10
const content = 'Is it there yet?'

/** What others wait for an acknowledgement while one client, from another address, sends without pause; limits are on. */
export async function measureNoisy(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const { visitors, perSecond } = sizes.noisy
  const model = await rig.model()
  await model.plan({ tokens: 10_000, per_second: 0.2 })
  const product = await rig.product({ database: rig.bestDatabase, shop: false, model, limits: true })
  const callers = await connectMany(visitors, () => connectWriter(product.url, content))
  const noise = await connectWriter(product.url, content, { localAddress: '127.0.0.2' })
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

/** @returns what ends it */
function makeNoise({ wire, frame }: Caller, perSecond: number): () => void {
  wire.onAnswer = () => {}
  const timer = setInterval(() => {
    for (let count = 0; count < (perSecond * tickMs) / 1000; count++) wire.send(frame())
  }, tickMs)
  return () => clearInterval(timer)
}
