import { isDeepStrictEqual } from 'node:util'
import type { Message } from '#protocol'
import {
  type Client,
  type ConversationStore,
  createClient,
  createMemoryStorage,
} from '../../client/sdk/index.ts'
import { History } from '../faults/history.ts'
import { createRandom } from '../faults/random.ts'
import { type Recorded, readReasons, readRecord } from '../faults/record.ts'
import { watchView } from '../faults/sdk-tab.ts'
import { passed, until, withDeadline } from '../faults/wait.ts'
import { hireOn } from '../fixtures/staff.ts'
import type { House } from './house.ts'

const visitorsOfAI = 6
const visitorsOfPeople = 6
const agents = 2
const openMs = 30_000
const settleMs = 90_000
const unsentMax = 3

/** What came of one drill. */
export interface Figures {
  sent: number
  /** Said to be refused: most often by an agent whose talk is no longer theirs. */
  refused: number
  lost: number
  doubled: number
  outOfOrder: number
  /** Answers by how they ended. */
  answers: Record<string, number>
  /** Of answers that readers were shown more of than is stored. */
  takenBack: number
  talksKept: string
  /** The longest time between sending and the acknowledgement, in seconds. */
  visitorWaited: number
  agentWaited: number
  /** Of those who were shown that the connection was being restored, how many, and the longest, in seconds. */
  visitorsCut: number
  agentsCut: number
  longestCut: number
  /** Pages and strangers through the balancer. */
  pages: string
  newcomers: string
  wrong: string[]
}

interface Speaker {
  name: string
  store: ConversationStore
  history: History
  sent: { content: string; key: string; at: number; waitedMs: number | null }[]
}

interface Talk {
  visitor: Speaker
  client: Client<'visitor'>
  agent: Speaker | null
  agentClient: Client<'agent'> | null
  handoffId: string | null
  id: string
}

interface Cuts {
  /** The longest time without a connection that its person was shown, in milliseconds; null where there was none. */
  longest(): number | null
}

function watchCuts(client: Client<'visitor'> | Client<'agent'>): Cuts {
  let since: number | null = null
  let longest: number | null = null
  client.subscribe(({ status }) => {
    if (status === 'reconnecting') since ??= performance.now()
    else if (since !== null) {
      longest = Math.max(longest ?? 0, performance.now() - since)
      since = null
    }
  })
  return { longest: () => longest }
}

function speakerOf(name: string, store: ConversationStore): Speaker {
  const speaker: Speaker = { name, store, history: new History(), sent: [] }
  store.subscribe(watchView(name, speaker.history, () => null))
  store.subscribe(({ outgoing }) => {
    for (const entry of speaker.sent)
      if (entry.waitedMs === null && !outgoing.some(({ key }) => key === entry.key))
        entry.waitedMs = performance.now() - entry.at
  })
  return speaker
}

function say(speaker: Speaker): void {
  const content = `${speaker.name} says ${speaker.sent.length}`
  const at = performance.now()
  const { key } = speaker.store.send(content)
  speaker.sent.push({ content, key, at, waitedMs: null })
}

/** Visitors who type and agents who hold talks, while `drill` does what it does to the house; then what came of it. */
export async function live(house: House, drill: () => Promise<void>): Promise<Figures> {
  const random = createRandom(7)
  const { url } = house
  const over = new AbortController()
  const desks = await Promise.all(
    Array.from({ length: agents }, async (_, index) => {
      const { id, token } = await hireOn(house.databaseUrl, house.secret, `Agent ${index}`)
      const client = createClient({ url, namespace: 'agent', token, storage: createMemoryStorage() })
      const cuts = watchCuts(client)
      client.connect()
      await withDeadline('an agent to be online', client.online(AbortSignal.timeout(openMs)), openMs)
      return { id, client, cuts }
    }),
  )
  const talks: Talk[] = []
  const cuts: Cuts[] = []
  for (let index = 0; index < visitorsOfAI + visitorsOfPeople; index++) {
    const client = createClient({ url, namespace: 'visitor', storage: createMemoryStorage() })
    cuts.push(watchCuts(client))
    client.connect()
    const store = client.conversation()
    await withDeadline('a visitor to open', store.open(), openMs)
    const id = store.get().conversation!.id
    const talk: Talk = {
      visitor: speakerOf(`v${index}`, store),
      client,
      agent: null,
      agentClient: null,
      handoffId: null,
      id,
    }
    talks.push(talk)
    if (index < visitorsOfAI) continue
    const desk = desks[index % agents]!
    const { handoff } = await client.call('handoff:request', {
      conversation_id: id,
      key: crypto.randomUUID(),
    })
    await desk.client.call('handoff:accept', { handoff_id: handoff.id, key: crypto.randomUUID() })
    const pending = desk.client.conversation({ id })
    await withDeadline('an agent to open', pending.open(), openMs)
    Object.assign(talk, {
      agent: speakerOf(`a${index}`, pending),
      agentClient: desk.client,
      handoffId: handoff.id,
    })
  }

  const speaking = talks.flatMap(({ visitor, agent }, index) => {
    const each = [visitor, agent].filter(speaker => speaker !== null)
    return each.map(speaker =>
      speakOn(speaker, { toAI: agent === null, random: random.branch(`${index}`), over: over.signal }),
    )
  })
  const visits = visitAnew(house, over.signal)
  await passed(3000)
  await drill()
  await passed(5000)
  over.abort()
  await Promise.all(speaking)
  const strangers = await visits
  const unrest = await settle(talks)

  const figures: Figures = {
    sent: 0,
    refused: 0,
    lost: 0,
    doubled: 0,
    outOfOrder: 0,
    answers: {},
    takenBack: 0,
    talksKept: '',
    visitorWaited: 0,
    agentWaited: 0,
    visitorsCut: cuts.filter(each => each.longest() !== null).length,
    agentsCut: desks.filter(each => each.cuts.longest() !== null).length,
    longestCut: seconds(
      Math.max(0, ...[...cuts, ...desks.map(desk => desk.cuts)].map(each => each.longest() ?? 0)),
    ),
    ...strangers,
    wrong: unrest ? [unrest] : [],
  }
  const reasons = await readReasons(
    url,
    talks.map(({ id }) => id),
  )
  let stored = 0
  for (const talk of talks) {
    const record = await readRecord(url, { token: talk.client.state.session!.token, conversationId: talk.id })
    count(talk, { record, reasons }, figures)
    if (!talk.agent) continue
    const { conversation } = talk.visitor.store.get()
    if (conversation!.mode === 'human') stored++
  }
  figures.talksKept = `${stored}/${visitorsOfPeople}`
  for (const talk of talks) {
    talk.visitor.store.close()
    talk.agent?.store.close()
    talk.client.disconnect()
  }
  for (const { client } of desks) client.disconnect()
  return figures
}

const seconds = (ms: number) => Math.round(ms / 100) / 10

interface Speaking {
  toAI: boolean
  random: ReturnType<typeof createRandom>
  over: AbortSignal
}

async function speakOn(speaker: Speaker, { toAI, random, over }: Speaking): Promise<void> {
  const { store } = speaker
  while (!over.aborted) {
    store.typing()
    await passed(random.whole(800, 2500))
    // Who sees that nothing goes out does not type on for ever.
    if (store.get().outgoing.length < unsentMax) say(speaker)
    if (!toAI) continue
    const answered = () => {
      const { messages, outgoing } = store.get()
      const last = messages.findLast(({ role }) => role !== 'system')
      return (
        over.aborted || (outgoing.length === 0 && last?.role === 'assistant' && last.status !== 'streaming')
      )
    }
    await until('an answer', answered, 5000).catch(() => {})
  }
}

/** Pages four times a second, and a stranger every second, through the balancer. */
async function visitAnew({ url }: House, over: AbortSignal): Promise<Pick<Figures, 'pages' | 'newcomers'>> {
  const pages = { asked: 0, refused: 0, slowestMs: 0 }
  const newcomers = { came: 0, notIn: 0, slowestMs: 0 }
  const asking = (async () => {
    while (!over.aborted) {
      const started = performance.now()
      pages.asked++
      const answer = await fetch(`${url}/widget.js`, {
        headers: { connection: 'close' },
        signal: AbortSignal.timeout(10_000),
      })
        .then(async response => (await response.arrayBuffer()) && response.ok)
        .catch(() => false)
      if (!answer) pages.refused++
      pages.slowestMs = Math.max(pages.slowestMs, performance.now() - started)
      await passed(250)
    }
  })()
  const coming = (async () => {
    while (!over.aborted) {
      const started = performance.now()
      newcomers.came++
      const client = createClient({ url, namespace: 'visitor', storage: createMemoryStorage() })
      client.connect()
      const store = client.conversation()
      await withDeadline('a newcomer to be in', store.open(), openMs).catch(() => newcomers.notIn++)
      newcomers.slowestMs = Math.max(newcomers.slowestMs, performance.now() - started)
      store.close()
      client.disconnect()
      await passed(1000)
    }
  })()
  await Promise.all([asking, coming])
  return {
    pages: `${pages.refused}/${pages.asked}, ${seconds(pages.slowestMs)} s`,
    newcomers: `${newcomers.notIn}/${newcomers.came}, ${seconds(newcomers.slowestMs)} s`,
  }
}

/** Until nothing is under way any more. @returns what is, after the limit */
async function settle(talks: Talk[]): Promise<string | null> {
  const speakers = talks.flatMap(({ visitor, agent }) => (agent ? [visitor, agent] : [visitor]))
  const restless = () =>
    speakers.find(
      ({ store }) =>
        store.get().outgoing.some(({ status }) => status !== 'failed') ||
        store.get().messages.some(({ status }) => status === 'streaming'),
    ) ??
    talks.find(({ visitor, agent }) => agent && agent.store.get().seq !== visitor.store.get().seq)?.visitor
  return until(
    () => `${restless()?.name} to come to rest`,
    () => !restless(),
    settleMs,
  ).then(
    () => null,
    error => (error as Error).message,
  )
}

interface Stored {
  record: Recorded
  /** Why answers failed, by message, as staff are told. */
  reasons: ReadonlyMap<string, string>
}

function count({ visitor, agent }: Talk, { record, reasons }: Stored, figures: Figures): void {
  for (const speaker of agent ? [visitor, agent] : [visitor]) {
    const refused = speaker.store.get().outgoing.filter(({ status }) => status === 'failed')
    const heeded = speaker.sent.filter(({ key }) => !refused.some(item => item.key === key))
    const expected = heeded.map(({ content }) => content)
    const stored = record.messages
      .map(({ content }) => content)
      .filter(content => content.startsWith(`${speaker.name} says `))
    figures.sent += speaker.sent.length
    figures.refused += refused.length
    figures.lost += expected.filter(content => !stored.includes(content)).length
    figures.doubled += stored.length - new Set(stored).size
    const order = stored.map(content => expected.indexOf(content))
    figures.outOfOrder += order.filter((place, index) => index > 0 && place < order[index - 1]!).length
    const waited = seconds(
      Math.max(0, ...heeded.map(({ waitedMs, at }) => waitedMs ?? performance.now() - at)),
    )
    const who = speaker === agent ? 'agentWaited' : 'visitorWaited'
    figures[who] = Math.max(figures[who], waited)
    figures.takenBack += speaker.history.takenBack.length
    figures.wrong.push(...speaker.history.violations)
    if (!sameTexts(speaker.store.get().messages, record.messages))
      figures.wrong.push(`${speaker.name} shows another conversation than is stored`)
  }
  for (const { id, role, status, degraded } of record.messages) {
    if (role !== 'assistant') continue
    const how = reasons.has(id) ? `${status} (${reasons.get(id)})` : degraded ? `${status}, degraded` : status
    figures.answers[how] = (figures.answers[how] ?? 0) + 1
  }
}

function sameTexts(shown: Message[], stored: Message[]): boolean {
  const texts = (messages: Message[]) => messages.map(({ id, content, status }) => ({ id, content, status }))
  return isDeepStrictEqual(texts(shown), texts(stored.slice(-shown.length)))
}
