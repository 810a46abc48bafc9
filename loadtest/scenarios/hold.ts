import { every, growthPercent, pause, until } from '../load.ts'
import type { ServerProcess } from '../process.ts'
import type { Rig } from '../rig.ts'
import { connectMany, connectSocket, payloadOf, type SocketWire } from '../wire.ts'

const samples = 40
/** The message, and the beginning and the end of its answer. */
const eventsPerQuestion = 3
const attemptsMax = 20
const retryMs = 500

interface Talker {
  wire: SocketWire
  conversation_id: string
  /** Events and deltas that did not follow the one before. */
  wrong: number
  /** Of the last event. */
  seq: number
  questions: number
  /** Sentences of the server's own: that a person could help, where answers name no source. */
  notices: number
  /** Calls that were answered with an error, and answers that ended as one: told, not lost. */
  refused: number
  unfinished: number
}

/** Many connections for a long time, each of which asks now and then: is anything lost, and does the server grow. */
export async function measureHold({ figures, sizes, ...rig }: Rig): Promise<void> {
  const { connections, perSecond, seconds, warm } = sizes.hold
  const model = await rig.model()
  await model.plan({ tokens: 20, per_second: 40 })
  const server = await rig.product({ database: rig.bestDatabase, shop: false, model })
  const talkers = await connectMany(connections, () => arrive(server))
  const askNext = (number: number) => void ask(talkers[number % connections]!)
  every(warm.perSecond * warm.seconds, warm.seconds * 1000, askNext)
  await pause(warm.seconds * 1000)
  every(perSecond * seconds, seconds * 1000, askNext)
  const { heap, rss } = await watchMemory(server, seconds * 1000)
  const total = warm.perSecond * warm.seconds + perSecond * seconds
  await until(
    'every answer to end',
    () => askedBy(talkers) === total && talkers.every(talker => talker.seq >= eventsOf(talker)),
    60_000,
  )
    // What is missing then is counted.
    .catch(() => {})
  figures.add('hold.connections', connections)
  figures.addAll('hold', totalOf(talkers))
  figures.add('hold.heap_mb', heap.at(-1)! / 2 ** 20)
  figures.add('hold.rss_mb', rss.at(-1)! / 2 ** 20)
  figures.add('hold.heap_growth_percent', growthPercent(heap))
  figures.add('hold.rss_growth_percent', growthPercent(rss))
}

function totalOf(talkers: Talker[]) {
  const total = { questions: 0, refused: 0, unfinished: 0, lost: 0 }
  for (const talker of talkers) {
    total.questions += talker.questions
    total.refused += talker.refused
    total.unfinished += talker.unfinished
    total.lost += Math.abs(eventsOf(talker) - talker.seq) + talker.wrong
  }
  return total
}

function askedBy(talkers: Talker[]): number {
  return talkers.reduce((total, { questions }) => total + questions, 0)
}

/** How many there should be by now. */
function eventsOf({ questions, notices }: Talker): number {
  return questions * eventsPerQuestion + notices
}

async function arrive({ url }: ServerProcess): Promise<Talker> {
  const wire = await connectSocket(url, { auth: { protocol: 1 } })
  const { conversation } = await wire.ask<{ conversation: { id: string } }>('conversation:open', {})
  const counts = { wrong: 0, seq: 0, questions: 0, notices: 0, refused: 0, unfinished: 0 }
  const talker: Talker = { wire, conversation_id: conversation.id, ...counts }
  let text = ''
  wire.on('message:created', frame => {
    takeSeq(talker, frame)
    if (payloadOf<{ message: { role: string } }>(frame).message.role === 'system') talker.notices += 1
  })
  wire.on('reply:delta', frame => {
    const delta = payloadOf<{ offset: number; text: string }>(frame)
    if (delta.offset !== text.length) talker.wrong += 1
    text += delta.text
  })
  wire.on('message:updated', frame => {
    takeSeq(talker, frame)
    const { message } = payloadOf<{ message: { content: string; status: string } }>(frame)
    if (message.status !== 'complete') talker.unfinished += 1
    else if (message.content !== text) talker.wrong += 1
    text = ''
  })
  return talker
}

function takeSeq(talker: Talker, frame: Buffer): void {
  const { seq } = payloadOf<{ seq: number }>(frame)
  if (seq !== talker.seq + 1) talker.wrong += 1
  talker.seq = seq
}

/** Said again under its key when it was refused, as a client does: then it is late, not lost. */
async function ask(talker: Talker): Promise<void> {
  const { wire, conversation_id } = talker
  const input = { conversation_id, key: crypto.randomUUID(), content: 'Which laptop is light?' }
  talker.questions += 1
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const isTaken = await wire.ask('message:send', input).then(
      () => true,
      () => false,
    )
    if (isTaken) return
    talker.refused += 1
    await pause(retryMs)
  }
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
