import type { Handoff } from '#protocol'
import type { Queued } from '#protocol/desk/handoff'
import type { Client } from '../../../sdk/index.ts'

export interface Lists {
  /** In the order of the queue. */
  waiting: Queued[]
  /** Served by this agent, newest activity first. */
  mine: Queued[]
}

interface FeedOptions {
  client: Client<'agent'>
  me: string
  onChange(lists: Lists): void
  /** Came into the queue, or became this agent's, since the lists were read. Told of once it stands in them. */
  onArrival(entry: Queued): void
  /** Was this agent's, and is back in the queue or somebody else's. */
  onDeparture(entry: Queued): void
}

const pageSize = 100
/** Changes come in crowds: what is new in one is asked for together. */
const gatherMs = 30
const ranks = { low: 0, normal: 1, high: 2, urgent: 3 } satisfies Record<
  NonNullable<Handoff['priority']>,
  number
>

/** Who waits and who is served by this agent: read once, and from then on kept by `queue:changed`. */
export function createFeed({ client, me, onChange, onArrival, onDeparture }: FeedOptions) {
  let entries = new Map<string, Queued>()
  /** When each handoff was last heard of: an answer that was asked for before that is old. */
  const heardAt = new Map<string, number>()
  const unknown = new Set<string>()
  /** What has come and gone, to be told of after the lists say so. */
  const moves: (() => void)[] = []
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const isOurs = ({ status, agent }: Handoff) => status === 'pending' || isMine({ status, agent })
  const isMine = ({ status, agent }: Pick<Handoff, 'status' | 'agent'>) =>
    status === 'active' && agent?.id === me

  /** Reads both lists again. */
  async function load(): Promise<void> {
    const asked = turn
    const [waiting, mine] = await Promise.all([
      listAll(client, 'pending', false),
      listAll(client, 'active', true),
    ])
    const next = new Map([...waiting, ...mine].map(entry => [entry.id, entry]))
    for (const [id, heard] of heardAt) {
      if (heard <= asked) continue
      const known = entries.get(id)
      if (known) next.set(id, known)
      else next.delete(id)
    }
    for (const before of entries.values()) {
      const now = next.get(before.id)
      if (now) noteDeparture(before, now)
    }
    entries = next
    publish()
  }

  function hear(handoffs: Handoff[]) {
    turn++
    for (const handoff of handoffs) {
      heardAt.set(handoff.id, turn)
      const known = entries.get(handoff.id)
      if (known) noteDeparture(known, handoff)
      if (!isOurs(handoff)) entries.delete(handoff.id)
      else if (known) place({ ...known, ...handoff })
      else unknown.add(handoff.id)
    }
    if (unknown.size > 0) timer ??= setTimeout(askForUnknown, gatherMs)
    publish()
  }

  async function askForUnknown() {
    const ids = [...unknown].slice(0, pageSize)
    for (const id of ids) unknown.delete(id)
    const asked = turn
    try {
      const { items } = await client.call('queue:list', { handoff_ids: ids, page_size: pageSize })
      for (const item of items) {
        if ((heardAt.get(item.id) ?? 0) > asked) unknown.add(item.id)
        else if (isOurs(item)) place(item)
      }
      publish()
    } catch {
      // The connection went: its return reads everything.
    }
    timer = unknown.size > 0 ? setTimeout(askForUnknown, gatherMs) : undefined
  }

  function place(entry: Queued) {
    const before = entries.get(entry.id)
    entries.set(entry.id, entry)
    const isNews = before?.status !== entry.status || before.queued_at !== entry.queued_at
    if (isNews) moves.push(() => onArrival(entry))
  }

  function noteDeparture(before: Queued, now: Handoff) {
    const isGone = now.status === 'pending' || (now.status === 'active' && !isMine(now))
    if (isMine(before) && isGone) moves.push(() => onDeparture({ ...before, ...now }))
  }

  /** The visitor, or somebody here, has said something. */
  function touch(conversationId: string, at: string, preview: string | null) {
    for (const [id, entry] of entries) {
      if (entry.conversation_id !== conversationId) continue
      const conversation = { ...entry.conversation, last_message_at: at }
      entries.set(id, { ...entry, conversation, preview: preview ?? entry.preview })
      publish()
    }
  }

  function publish() {
    const waiting: Queued[] = []
    const mine: Queued[] = []
    for (const entry of entries.values()) (entry.status === 'pending' ? waiting : mine).push(entry)
    onChange({ waiting: waiting.sort(byPlace), mine: mine.sort(byActivity) })
    for (const tell of moves.splice(0)) tell()
  }

  return { load, hear, touch, stop: () => clearTimeout(timer) }
}

async function listAll(
  client: Client<'agent'>,
  status: 'pending' | 'active',
  mine: boolean,
): Promise<Queued[]> {
  const found: Queued[] = []
  for (let page = 1; ; page++) {
    const { items, pagination } = await client.call('queue:list', {
      status,
      mine,
      page,
      page_size: pageSize,
    })
    found.push(...items)
    if (!pagination.has_next) return found
  }
}

function byPlace(a: Queued, b: Queued): number {
  const rank = ranks[b.priority ?? 'normal'] - ranks[a.priority ?? 'normal']
  return rank || a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id)
}

function byActivity(a: Queued, b: Queued): number {
  return activityOf(b).localeCompare(activityOf(a)) || b.id.localeCompare(a.id)
}

/** When something was last said, or when it was taken. */
export function activityOf({ conversation, accepted_at, created_at }: Queued): string {
  const said = conversation.last_message_at ?? created_at
  return accepted_at && accepted_at > said ? accepted_at : said
}
