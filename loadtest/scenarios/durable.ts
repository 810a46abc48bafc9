import { type Caller, hammer, pace } from '../load.ts'
import type { ServerProcess } from '../process.ts'
import type { Rig } from '../rig.ts'
import { connectMany, connectSocket } from '../wire.ts'
import { connectWriter } from '../writer.ts'

const content =
  'I am looking for a light laptop for travelling, at most 1,200 euros, with a keyboard that I can type on all day.'

/** Acknowledged messages: committed together where several wait, against one insert per message through the same driver. */
export async function measureDurable(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const { conversations, perSecond } = sizes.durable
  const model = await rig.model()
  // While an answer is being written, what is said waits for the next one: so the messages alone are measured.
  await model.plan({ tokens: 10_000, per_second: 0.2 })
  const bare = await rig.server(new URL('../servers/bare-insert.ts', import.meta.url), {
    DATABASE_URL: await rig.newDatabase(),
  })
  const product = await rig.product({ database: 'postgres', shop: false, model })
  const writers = [
    { name: 'bare', server: bare, callers: await connectMany(conversations, () => bareCaller(bare)) },
    {
      name: 'product',
      server: product,
      callers: await connectMany(conversations, () => connectWriter(product.url, content)),
    },
  ]
  for (let round = 0; round < sizes.rounds; round++) {
    const rate: Record<string, number> = {}
    const p95: Record<string, number> = {}
    for (const { name, server, callers } of writers) {
      const flat = await hammer(server, callers, sizes)
      const paced = await pace(callers, { perSecond, seconds: sizes.measureMs / 1000 })
      figures.addAll(`durable.${name}`, { ...flat })
      figures.addAll(`durable.${name}.paced`, paced)
      rate[name] = flat.per_s
      p95[name] = paced.p95_ms
    }
    figures.add('durable.ratio', rate.product! / rate.bare!)
    figures.add('durable.p95_added_ms', p95.product! - p95.bare!)
  }
}

async function bareCaller({ url }: ServerProcess): Promise<Caller> {
  const wire = await connectSocket(url)
  const conversation_id = crypto.randomUUID()
  return { wire, frame: () => wire.frame('message:send', said(conversation_id)) }
}

function said(conversation_id: string) {
  return { conversation_id, key: crypto.randomUUID(), content }
}
