import { every, growthPercent, pause, until } from '../load.ts'
import type { ServerProcess } from '../process.ts'
import type { Rig } from '../rig.ts'
import { connectMany, connectSocket, payloadOf, type SocketWire } from '../wire.ts'

const samples = 40
/** The message, and the beginning and the end of its answer. */
const eventsPerQuestion = 3

interface Talker {
  wire: SocketWire
  conversation_id: string
  /** Events and deltas that did not follow the one before. */
  wrong: number
  /** Of the last event. */
  seq: number
  asked: number
}

/** Many connections for a long time, each of which asks now and then: is anything lost, and does the server grow. */
export async function measureHold({ figures, sizes, ...rig }: Rig): Promise<void> {
  const { connections, perSecond, seconds, warmSeconds } = sizes.hold
  const model = await rig.model()
  await model.plan({ tokens: 20, per_second: 40 })
  const server = await rig.product({ database: rig.bestDatabase, shop: false, model })
  const talkers = await connectMany(connections, () => arrive(server))
  const total = perSecond * seconds
  every(total, seconds * 1000, number => ask(talkers[number % connections]!))
  await pause(warmSeconds * 1000)
  const { heap, rss } = await watchMemory(server, (seconds - warmSeconds) * 1000)
  await until(
    'every answer to end',
    () => talkers.every(({ seq, asked }) => seq >= asked * eventsPerQuestion),
    60_000,
  )
    // What is missing then is counted.
    .catch(() => {})
  const lost = talkers.map(({ seq, asked, wrong }) => Math.abs(asked * eventsPerQuestion - seq) + wrong)
  figures.add('hold.connections', connections)
  figures.add(
    'hold.questions',
    talkers.reduce((sum, { asked }) => sum + asked, 0),
  )
  figures.add(
    'hold.lost',
    lost.reduce((sum, count) => sum + count, 0),
  )
  figures.add('hold.heap_mb', heap.at(-1)! / 2 ** 20)
  figures.add('hold.rss_mb', rss.at(-1)! / 2 ** 20)
  figures.add('hold.heap_growth_percent', growthPercent(heap))
  figures.add('hold.rss_growth_percent', growthPercent(rss))
}

async function arrive({ url }: ServerProcess): Promise<Talker> {
  const wire = await connectSocket(url, { auth: { protocol: 1 } })
  const { conversation } = await wire.ask<{ conversation: { id: string } }>('conversation:open', {})
  const talker: Talker = { wire, conversation_id: conversation.id, wrong: 0, seq: 0, asked: 0 }
  let text = ''
  wire.on('message:created', frame => takeSeq(talker, frame))
  wire.on('reply:delta', frame => {
    const delta = payloadOf<{ offset: number; text: string }>(frame)
    if (delta.offset !== text.length) talker.wrong += 1
    text += delta.text
  })
  wire.on('message:updated', frame => {
    takeSeq(talker, frame)
    const { message } = payloadOf<{ message: { content: string; status: string } }>(frame)
    if (message.content !== text || message.status !== 'complete') talker.wrong += 1
    text = ''
  })
  return talker
}

function takeSeq(talker: Talker, frame: Buffer): void {
  const { seq } = payloadOf<{ seq: number }>(frame)
  if (seq !== talker.seq + 1) talker.wrong += 1
  talker.seq = seq
}

function ask(talker: Talker): void {
  const { wire, conversation_id } = talker
  const input = { conversation_id, key: crypto.randomUUID(), content: 'Which laptop is light?' }
  talker.asked += 1
  wire.ask('message:send', input).catch(() => {
    talker.wrong += 1
  })
}

/** At even intervals, each after collecting garbage. */
async function watchMemory(server: ServerProcess, ms: number): Promise<{ heap: number[]; rss: number[] }> {
  const began = performance.now()
  const heap: number[] = []
  const rss: number[] = []
  for (let count = 0; count < samples; count++) {
    await pause(Math.max(0, began + (ms / samples) * count - performance.now()))
    const memory = await server.memory()
    heap.push(memory.heap)
    rss.push(memory.rss)
  }
  return { heap, rss }
}
