import { deadline, every, percentiles } from '../load.ts'
import type { ServerProcess } from '../process.ts'
import type { ModelStub, Rig } from '../rig.ts'
import { connectSocket, type SocketWire } from '../wire.ts'

const question = 'Which laptop weighs the least, and does it have 16 GB of memory?'

/**
 * Sessions arrive evenly: each connects, opens a conversation, asks. Timed from the question leaving to the first text of
 * its answer, with a model that answers at once. Servers are measured as they are after their first thousand answers,
 * when V8 has compiled what they do all day; the very first arrivals are printed beside it, as `cold`. While the others have
 * their turn V8 throws away what it compiled: before each turn there are arrivals that do not count.
 */
export async function measureFirstDelta(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const model = await rig.model()
  await model.plan({ tokens: 20, per_second: 0 })
  const bare = await rig.server(new URL('../servers/bare-reply.ts', import.meta.url), {
    OPENAI_BASE_URL: `${model.url}/v1`,
  })
  const products = await startProducts(rig, model)
  const all = [{ name: 'bare', server: bare, open: openBare }, ...products]
  for (const { name, server, open } of all) {
    for (let round = 0; round < sizes.firstDelta.warmRounds; round++) {
      const times = percentiles(await arrive(server, open, sizes.firstDelta))
      if (round === 0) figures.add(`first_delta.${name}.cold.p95_ms`, times.p95_ms)
    }
  }
  for (let round = 0; round < sizes.rounds; round++) {
    const p95: Record<string, number> = {}
    const cpu: Record<string, number> = {}
    for (const { name, server, open } of all) {
      for (let again = 0; again < sizes.firstDelta.rewarmRounds; again++)
        await arrive(server, open, sizes.firstDelta)
      const before = await server.cpu()
      const times = percentiles(await arrive(server, open, sizes.firstDelta))
      cpu[name] = ((await server.cpu()) - before) / sizes.firstDelta.sessions
      figures.add(`first_delta.${name}.cpu_us`, cpu[name])
      figures.addAll(`first_delta.${name}`, times)
      p95[name] = times.p95_ms
    }
    for (const { name } of products) {
      figures.add(`first_delta.${name}.ratio`, p95[name]! / p95.bare!)
      figures.add(`first_delta.${name}.cpu_ratio`, cpu[name]! / cpu.bare!)
    }
  }
}

type Open = (url: string) => Promise<{ wire: SocketWire; conversation_id: string }>

async function startProducts(rig: Rig, model: ModelStub) {
  const databases =
    rig.bestDatabase === 'postgres' ? (['postgres', 'embedded'] as const) : (['embedded'] as const)
  const products: { name: string; server: ServerProcess; open: Open }[] = []
  for (const database of databases) {
    for (const shop of [false, true]) {
      const server = await rig.product({ database, shop, model })
      products.push({ name: `${database}.${shop ? 'retrieval' : 'no_retrieval'}`, server, open: openProduct })
    }
  }
  return products
}

const openBare: Open = async url => ({
  wire: await connectSocket(url),
  conversation_id: '00000000-0000-7000-8000-000000000000',
})

const openProduct: Open = async url => {
  const wire = await connectSocket(url, { auth: { protocol: 1 } })
  const { conversation } = await wire.ask<{ conversation: { id: string } }>('conversation:open', {})
  return { wire, conversation_id: conversation.id }
}

/** Milliseconds to the first text, one per session. */
async function arrive(
  { url }: ServerProcess,
  open: Open,
  { sessions, overMs }: { sessions: number; overMs: number },
): Promise<number[]> {
  const arrivals = new Promise<Promise<number>[]>(resolve => {
    const begun: Promise<number>[] = []
    every(sessions, overMs, () => {
      begun.push(converse(url, open))
      if (begun.length === sessions) resolve(begun)
    })
  })
  return deadline(
    arrivals.then(begun => Promise.all(begun)),
    'the first text of every answer',
    60_000,
  )
}

async function converse(url: string, open: Open): Promise<number> {
  const { wire, conversation_id } = await open(url)
  const firstText = wire.until('reply:delta').then(() => performance.now())
  const ended = wire.until('message:updated')
  const sent = performance.now()
  await wire.ask('message:send', { conversation_id, key: 'first', content: question })
  const waited = (await firstText) - sent
  await ended
  wire.close()
  return waited
}
