import { get } from 'node:http'
import { pause, spent, until } from '../load.ts'
import type { ServerProcess } from '../process.ts'
import type { ModelStub, Rig } from '../rig.ts'
import { connectMany, connectSocket, payloadOf, type SocketWire } from '../wire.ts'

/** One server that reads the stub: `begin` starts all answers and resolves when the last has ended. */
interface Reader {
  name: string
  server: ServerProcess
  begin(replies: number): Promise<unknown>
}

/** What starting so many answers may take before the window of measurement, and what is left after it. */
const slackMs = 4000

/** The price of a token on its way from the model to one reader, beyond reading it at all. */
export async function measureToken(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const { replies, perSecond } = sizes.token
  const model = await rig.model()
  await model.plan({
    tokens: Math.ceil(((slackMs + sizes.warmMs + sizes.measureMs) / 1000) * perSecond),
    per_second: perSecond,
  })
  const readers = await startReaders(rig, model)
  for (let round = 0; round < sizes.rounds; round++) {
    const cpu: Record<string, number> = {}
    for (const reader of readers) {
      const load = await measureReader(reader, model, rig)
      figures.addAll(`token.${reader.name}`, load)
      cpu[reader.name] = load.cpu_us
    }
    for (const name of ['product', 'product_no_sources', 'sse'])
      figures.add(`token.${name}_minus_bare_us`, cpu[name]! - cpu.bare!)
    figures.add('token.ratio', cpu.product! / cpu.bare!)
  }
  figures.add('token.offered_per_s', replies * perSecond)
}

async function startReaders(rig: Rig, model: ModelStub): Promise<Reader[]> {
  const environment = { OPENAI_BASE_URL: `${model.url}/v1` }
  const bare = await rig.server(new URL('../servers/token-loop.ts', import.meta.url), environment)
  const packaged = await rig.server(new URL('../servers/token-package.ts', import.meta.url), environment)
  const sse = await rig.server(new URL('../servers/token-sse.ts', import.meta.url), environment)
  // With the shop there is evidence, and reference marks are checked against it; without, they are only taken out.
  const product = await productReader(rig, { name: 'product', shop: true, model })
  const unsourced = await productReader(rig, { name: 'product_no_sources', shop: false, model })
  return [
    { name: 'bare', server: bare, begin: count => fetchWhole(`${bare.url}/read?replies=${count}`) },
    {
      name: 'package',
      server: packaged,
      begin: count => fetchWhole(`${packaged.url}/read?replies=${count}`),
    },
    {
      name: 'sse',
      server: sse,
      begin: count => Promise.all(Array.from({ length: count }, () => fetchWhole(sse.url))),
    },
    unsourced,
    product,
  ]
}

async function productReader(
  rig: Rig,
  { name, shop, model }: { name: string; shop: boolean; model: ModelStub },
): Promise<Reader> {
  const server = await rig.product({ database: rig.bestDatabase, shop, model })
  const wires = await connectMany(rig.sizes.token.replies, () =>
    connectSocket(server.url, { auth: { protocol: 1 } }),
  )
  return { name, server, begin: () => Promise.all(wires.map(converse)) }
}

/** Steady state only: every answer has begun before, and none has ended after. */
async function measureReader({ server, begin }: Reader, model: ModelStub, { sizes }: Rig) {
  const { replies } = sizes.token
  const ended = begin(replies)
  const early = ended.then(() => {
    throw new Error('The answers ended before they were measured.')
  })
  const measure = async () => {
    await until('every answer to begin', async () => (await model.state()).active === replies)
    await pause(sizes.warmMs)
    const before = await model.state()
    const { cpu_us, seconds } = await spent(server, () => pause(sizes.measureMs))
    const after = await model.state()
    if (after.active !== replies) throw new Error('Answers ended while they were measured.')
    const tokens = after.tokens - before.tokens
    return { cpu_us: cpu_us / tokens, per_s: tokens / seconds }
  }
  const load = await Promise.race([measure(), early])
  await ended
  return load
}

function fetchWhole(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, response => {
      response.on('end', resolve).on('error', reject).resume()
    }).on('error', reject)
  })
}

interface Updated {
  message: { status: string; content: string; degraded: boolean }
}

/** A conversation of its own each time, so that no history grows. */
async function converse(wire: SocketWire): Promise<void> {
  const key = crypto.randomUUID()
  const { conversation } = await wire.ask<{ conversation: { id: string } }>('conversation:open', {
    new: true,
    key,
  })
  let received = ''
  wire.on('reply:delta', frame => {
    received += payloadOf<{ text: string }>(frame).text
  })
  const ended = new Promise<Buffer>(resolve => wire.on('message:updated', resolve))
  const content = 'Which laptop weighs the least, and does it have 16 GB of memory?'
  await wire.ask('message:send', { conversation_id: conversation.id, key, content })
  const { message } = payloadOf<Updated>(await ended)
  const sound = message.status === 'complete' && !message.degraded && message.content === received
  if (!sound) throw new Error(`An answer ended as ${message.status}, ${received.length} units received.`)
}
