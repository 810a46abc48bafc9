import { type Caller, hammer, pace } from '../load.ts'
import type { ServerProcess } from '../process.ts'
import type { Rig } from '../rig.ts'
import { connectMany, connectSocket } from '../wire.ts'
import { connectWriter } from '../writer.ts'

const content =
  'I am looking for a light laptop for travelling, at most 1,200 euros, with a keyboard that I can type on all day.'

/**
 * Acknowledged messages: committed together where several wait, against one insert per message through the same driver.
 * Twice: on this machine's disk as it is, where a fast one leaves it to the processor, and where a commit takes its time.
 */
export async function measureDurable(rig: Rig): Promise<void> {
  const { flushMs } = rig.sizes.durable
  await measureOn(rig, 'durable', 0)
  await measureOn(rig, `durable.flush_${flushMs}ms`, flushMs)
}

async function measureOn(rig: Rig, name: string, flushMs: number): Promise<void> {
  const { figures, sizes } = rig
  const { conversations, perSecond } = sizes.durable
  const model = await rig.model()
  // While an answer is being written, what is said waits for the next one: so the messages alone are measured.
  await model.plan({ tokens: 10_000, per_second: 0.2 })
  const bare = await rig.server(new URL('../servers/bare-insert.ts', import.meta.url), {
    DATABASE_URL: await rig.newDatabase(flushMs),
  })
  const databaseUrl = await rig.newDatabase(flushMs)
  const product = await rig.product({ database: 'postgres', databaseUrl, shop: false, model })
  const writers = {
    bare: { server: bare, callers: await connectMany(conversations, () => bareCaller(bare)) },
    product: {
      server: product,
      callers: await connectMany(conversations, () => connectWriter(product.url, content)),
    },
  }
  const measure = async (writer: keyof typeof writers) => {
    const { server, callers } = writers[writer]
    const flat = await hammer(server, callers, sizes)
    const paced = await pace(callers, { perSecond, seconds: sizes.measureMs / 1000 })
    figures.addAll(`${name}.${writer}`, { ...flat })
    figures.addAll(`${name}.${writer}.paced`, paced)
    return { rate: flat.per_s, p95: paced.p95_ms }
  }
  for (let round = 0; round < sizes.rounds; round++) {
    const [one, many] = [await measure('bare'), await measure('product')]
    figures.add(`${name}.ratio`, many.rate / one.rate)
    figures.add(`${name}.p95_added_ms`, many.p95 - one.p95)
  }
}

async function bareCaller({ url }: ServerProcess): Promise<Caller> {
  const wire = await connectSocket(url)
  const conversation_id = crypto.randomUUID()
  return { wire, frame: () => wire.frame('message:send', createInput(conversation_id)) }
}

function createInput(conversation_id: string) {
  return { conversation_id, key: crypto.randomUUID(), content }
}
