import { isDeepStrictEqual } from 'node:util'
import type { Message } from '#protocol'
import { visitorSentence } from '../../server/core/visitor-errors.ts'
import type { Answers } from './answers.ts'
import type { History, Invocation } from './history.ts'
import type { Recorded } from './record.ts'
import type { Tab } from './tab.ts'

/** Everything works again by itself within this. */
const healMs = 3000
/** What a fresh reader is given at first. */
const snapshotMessages = 50

export interface Evidence {
  history: History
  tabs: Tab[]
  /** By conversation. */
  records: Map<string, Recorded>
  /** What staff are told of why answers failed, by message; read where readers were shown more than is stored. */
  reasons: ReadonlyMap<string, string>
  answers: Answers
  /** Order within a connection is promised on one node only (law D6). */
  nodes: number
  /** Whether a node died on the way. */
  killed: boolean
}

/** Holds what was seen against the laws of SPEC.md. Each line is a broken law. */
export function checkLaws(evidence: Evidence): string[] {
  const { history, records, tabs } = evidence
  const wrong: string[] = [...history.violations]
  const blame = (line: string) => void wrong.push(line)
  for (const [id, record] of records) {
    checkLog(record, blame)
    checkReplies(record, evidence.answers, blame)
    const own = history.invocations.filter(({ conversation }) => conversation === id)
    for (const invocation of own)
      checkInvocation(invocation, record, { blame, mayBeLost: history.mayBeLost(invocation) })
    for (const { tab, operation, startedAt, code } of own)
      if (code === 'SERVICE_UNAVAILABLE' && startedAt > history.healedAt + healMs)
        blame(
          `${tab} ${operation} was refused ${startedAt - history.healedAt} ms after everything had healed`,
        )
  }
  for (const tab of tabs) checkView(tab, records.get(tab.conversationId())!, blame)
  checkDeliveries(evidence, blame)
  checkTakenBack(evidence, blame)
  checkRewritten(evidence, blame)
  return wrong
}

type Blame = (line: string) => void

/** D3, D4, O1 */
function checkLog({ events, messages, snapshot }: Recorded, blame: Blame): void {
  events.forEach(({ seq }, index) => {
    if (seq !== index + 1) blame(`D3: the log has seq ${seq} at place ${index + 1}`)
  })
  if (!isDeepStrictEqual(messages.slice(-snapshot.length), snapshot))
    blame('D4: the log does not add up to what a fresh reader is given')
  let epoch = 0
  for (const { seq, payload } of events) {
    const next = payload.conversation?.epoch ?? epoch
    if (next < epoch) blame(`O1: the epoch fell to ${next} at seq ${seq}`)
    epoch = next
  }
}

/** R1, R4, O1: one answer at a time, each to the newest question of its beginning, each ended, each with the model's own text. */
function checkReplies({ events, messages }: Recorded, answers: Answers, blame: Blame): void {
  let open: string | null = null
  let question: Message | undefined
  for (const { seq, event, payload } of events) {
    const { message } = payload
    if (!message) continue
    if (event === 'message:created' && message.role === 'user') question = message
    if (message.role !== 'assistant') continue
    if (event === 'message:created') {
      if (open) blame(`O1: an answer began at seq ${seq} while another was being written`)
      if (message.in_reply_to !== question?.id)
        blame(`the answer at seq ${seq} is not to the newest question`)
      open = message.id
    } else if (message.id === open && message.status === 'streaming') {
      // Another node writes it on in other words: its readers begin anew.
    } else if (message.id === open) open = null
    else blame(`the answer ${message.seq} ended twice, again at seq ${seq}`)
  }
  if (question && !messages.some(({ in_reply_to }) => in_reply_to === question.id))
    blame(`the question ${question.seq} was never answered`)
  for (const message of messages) if (message.role === 'assistant') checkText(message, answers, blame)
}

/** What a visitor may be told of a failure, with a button to ask again. */
const sentences: Record<string, string> = {
  AI_SERVICE_ERROR: visitorSentence('AI_SERVICE_ERROR', 'en'),
  AI_API_ERROR: visitorSentence('AI_API_ERROR', 'en'),
}

function checkText(message: Message, answers: Answers, blame: Blame): void {
  const { seq, status, content, degraded, error } = message
  if (status === 'streaming') blame(`R4: the answer ${seq} is still streaming`)
  const shownError = error ? { code: error.code, message: sentences[error.code] } : null
  if ((status === 'failed') !== (error !== null) || !isDeepStrictEqual(error, shownError))
    blame(`R5: the answer ${seq} is ${status} with error ${JSON.stringify(error)}`)
  const leaked = answers.leak(JSON.stringify(message))
  if (leaked) blame(`the answer ${seq} holds ${leaked}`)
  const problem = degraded ? null : answers.problem(content, status)
  if (problem) blame(`R1: the answer ${seq} (${status}) ${problem}: ${JSON.stringify(content.slice(0, 60))}`)
}

interface Judging {
  blame: Blame
  /** A backup of before was put back since. */
  mayBeLost: boolean
}

/** D1, D2 */
function checkInvocation(
  invocation: Invocation,
  { events, messages, reads }: Recorded,
  { blame, mayBeLost }: Judging,
): void {
  const { tab, operation, mark, outcome, code } = invocation
  const what = `${tab} ${operation} ${mark}`
  const acknowledged = outcome === 'acknowledged' && !mayBeLost
  if (outcome === 'pending') blame(`${what} was never answered, nor given up`)
  if (outcome === 'refused' && code !== 'SERVICE_UNAVAILABLE' && !mayBeLost)
    blame(`${what} was refused with ${code}`)
  const judge = (count: number) => {
    if (count > 1 || (acknowledged && count < 1))
      blame(`D1: ${what} was ${outcome} and happened ${count} times`)
  }
  if (operation === 'message:send') {
    const sent = events.filter(
      ({ event, payload }) => event === 'message:created' && payload.message!.key === mark,
    )
    judge(sent.length)
    const message = sent[0]?.payload.message
    if (message && message.content !== invocation.content) blame(`D2: ${what} has another content`)
    if (invocation.message && !mayBeLost && !isDeepStrictEqual(invocation.message, message))
      blame(`D2: ${what} was acknowledged as another message than was stored`)
  } else if (operation === 'conversation:update') {
    judge(events.filter(({ payload }) => payload.conversation?.title === mark).length)
  } else if (acknowledged && operation === 'message:read') {
    if (Math.max(0, ...Object.values(reads)) < Number(mark)) blame(`D1: ${what} is not stored`)
  } else if (acknowledged && operation === 'reply:stop') {
    if (messages.find(({ id }) => id === mark)?.status === 'streaming') blame(`R4: ${what} ended nothing`)
  }
}

/** A tab that began anew has the newest of them, and the others when somebody scrolls up. */
function newest(messages: Message[], count: number): Message[] {
  return count < snapshotMessages ? messages : messages.slice(-count)
}

/** D4 */
function checkView(tab: Tab, { events, messages, title }: Recorded, blame: Blame): void {
  const view = tab.view()
  if (view.seq !== events.length) blame(`D4: ${tab.name} is at seq ${view.seq} of ${events.length}`)
  else if (view.title !== title) blame(`D4: ${tab.name} shows the title ${view.title}, stored is ${title}`)
  else if (!isDeepStrictEqual(view.messages, newest(messages, view.messages.length))) {
    const at = messages.findIndex((message, index) => !isDeepStrictEqual(message, view.messages[index]))
    const shown = view.messages[at]
    blame(
      `D4: ${tab.name} shows ${view.messages.length} messages, stored are ${messages.length}; the first that differs is ` +
        `${at}: ${JSON.stringify(shown)} instead of ${JSON.stringify(messages[at])}`,
    )
  }
}

/** D4, D6: whatever reached anybody is what the log has, and on one connection in its order. */
function checkDeliveries({ history, records, nodes }: Evidence, blame: Blame): void {
  const last = new Map<string, number>()
  for (const { tab, connection, origin, event, payload } of history.deliveries) {
    const { seq } = payload
    const logged = records.get(payload.conversation_id)?.events[seq - 1]
    if (!logged) blame(`D1: ${tab} was told of seq ${seq}, which is not stored`)
    else if (logged.event !== event || !isDeepStrictEqual(logged.payload, payload))
      blame(`D4: ${tab} was told another event at seq ${seq} (${origin}) than is stored`)
    if (origin === 'replay' || nodes > 1) continue
    const before = last.get(`${tab} ${connection}`) ?? 0
    if (seq <= before) blame(`D6: ${tab} was told ${seq} after ${before} on one connection`)
    last.set(`${tab} ${connection}`, seq)
  }
}

/**
 * R1: only an answer whose node died, or that ran out of its lease without a database, may lose what was shown; and one
 * that another node had to stop, because its own could not be reached.
 */
function checkTakenBack({ history, records, reasons, killed, nodes }: Evidence, blame: Blame): void {
  const all = [...records.values()].flatMap(({ messages }) => messages)
  for (const { tab, messageId } of history.takenBack) {
    const message = all.find(({ id }) => id === messageId)
    const orphaned = reasons.get(messageId) === 'The server that wrote it has ended.'
    if (orphaned || ((killed || nodes > 1) && message?.status === 'stopped')) continue
    blame(`R1: ${tab} was shown more of the answer ${message?.seq} than is stored (${message?.status})`)
  }
}

/** R1: an answer ends with another text than was shown only where its readers were told to begin anew. */
function checkRewritten({ history, records }: Evidence, blame: Blame): void {
  const restarted = new Set(
    [...records.values()].flatMap(({ events }) =>
      events.flatMap(({ event, payload: { message } }) =>
        event === 'message:updated' && message?.status === 'streaming' ? message.id : [],
      ),
    ),
  )
  for (const { tab, messageId } of history.rewritten)
    if (!restarted.has(messageId))
      blame(`R1: ${tab} was shown another text of ${messageId} than it ended with`)
}
