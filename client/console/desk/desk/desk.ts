import type { Agent, OperationInput } from '#protocol'
import type { Queued } from '#protocol/desk/handoff'
import type { Team } from '#protocol/desk/service'
import {
  backoff,
  type Client,
  type ConnectionState,
  type ConversationStore,
  callCapMs,
  createKey,
  toParleyError,
} from '../../../sdk/index.ts'
import { createStore, type Store } from '../../../sdk/store.ts'
import { createFiles, type Files } from '../../../ui/files.ts'
import { pageLanguage } from '../../../ui/page.ts'
import type { Toasts } from '../../../ui/toasts.tsx'
import type { Session } from '../../session.ts'
import { tabSlots } from '../../tab-state.ts'
import { type Alerts, createAlerts } from './alerts.ts'
import { labelOf } from './context.ts'
import { createFeed, type Lists } from './feed.ts'
import { createNews } from './news.ts'
import { connectAgent } from './socket.ts'
import { createUnread } from './unread.ts'
import { translator } from './words.ts'
import { createWriting, type Writing } from './writing.ts'

/** What is open, of which a new tab begins with the same. */
type View = Pick<DeskState, 'columns' | 'current'>

export interface DeskState extends Lists {
  connection: ConnectionState['status']
  /** Whether the lists have been read once. */
  isLoaded: boolean
  agents: Agent[]
  teams: Team[]
  /** Notes that mention this agent and are not read yet. */
  mentions: number
  /** The visitor's messages not seen yet, by conversation. */
  unread: Record<string, number>
  /** Conversations shown side by side, by id. */
  columns: string[]
  /** The one the agent works in. */
  current: string | null
}

type Ending = Omit<OperationInput<'handoff:complete'>, 'key'>

export interface Desk extends Store<DeskState> {
  readonly client: Client<'agent'>
  /** This agent's id. */
  readonly me: string
  readonly alerts: Alerts
  /** Takes a waiting conversation over and shows it. @throws CONFLICT with `details: { handoff }` when somebody was faster */
  take(entry: Pick<Queued, 'id' | 'conversation_id'>): Promise<void>
  /** Whether it waits for everybody, or for a team that this agent is of. */
  isForMe(entry: Queued): boolean
  /** The first in the queue that is for this agent and that nobody else takes meanwhile; false where there is none. */
  takeNext(): Promise<boolean>
  complete(ending: Ending): Promise<void>
  release(ending: Ending): Promise<void>
  setPresence(presence: Agent['presence'], capacity?: number): Promise<void>
  /** These mentions have been read. */
  readMentions(ids: string[]): Promise<void>
  /** By the agent's own hand: shows a conversation in the place of the current one, or beside it. */
  show(conversationId: string, isBeside?: boolean): void
  hide(conversationId: string): void
  focus(conversationId: string): void
  /** Whether the agent has opened this one to write in it, and has done nothing since. */
  isAwaited(conversationId: string): boolean
  /** It is there, and not the agent's to write in: should that change, it is something that arrives. */
  notAwaited(conversationId: string): void
  /** Everything shown of it has been seen. */
  seen(conversationId: string): void
  conversation(conversationId: string): ConversationStore
  writing(conversationId: string): Writing
  /** Picked for the next message of it. */
  files(conversationId: string): Files
  close(): void
}

const viewSlot = 'view'

/** On a narrow screen one conversation covers the lists. */
const hasRoom = matchMedia('(min-width: 901px)')

export function createDesk(session: Session, toasts: Toasts): Desk {
  const me = session.get().user?.id ?? ''
  const client = connectAgent(session)
  const alerts = createAlerts()
  const hands = watchHands()
  const tab = tabSlots(me)
  const view = tab.read<View>(viewSlot) ?? client.slots.read<View>(viewSlot)
  const store = createStore<DeskState>({
    connection: client.state.status,
    isLoaded: false,
    waiting: [],
    mine: [],
    agents: [],
    teams: [],
    mentions: 0,
    unread: {},
    columns: view?.columns ?? [],
    current: view?.current ?? null,
  })
  const { get } = store
  const conversations = new Map<string, ConversationStore>()
  const writings = new Map<string, Writing>()
  const files = new Map<string, Files>()
  /** Those this agent took: they are shown at once, and no news. */
  const taken = new Set<string>()
  /** Those this agent is giving away: that they go is no news. */
  const given = new Set<string>()
  /** What was opened last by hand, and after how many acts. */
  let opened: { id: string; acts: number } | null = null

  const unread = createUnread({
    client,
    me,
    isSeen: id => id === get().current && document.hasFocus(),
    onMessage({ conversation_id, created_at, role, content }) {
      feed.touch(conversation_id, created_at, role === 'user' ? content : null)
      if (role !== 'user' || document.hasFocus()) return
      news.tell({
        kind: 'message',
        conversationId: conversation_id,
        name: nameOf(conversation_id),
        text: content,
      })
    },
    onChange: counts => set({ unread: counts }),
  })
  const feed = createFeed({
    client,
    me,
    onChange(lists) {
      set(lists)
      unread.follow(lists.mine)
    },
    onArrival: arrived,
    onDeparture(entry) {
      if (given.has(entry.id)) return
      const { conversation, conversation_id, preview } = entry
      const name = labelOf(conversation, words())
      news.tell({ kind: 'returned', conversationId: conversation_id, name, text: preview ?? '' })
    },
  })
  const news = createNews({ alerts, toasts, words: () => words(), show: id => show(id) })
  const words = () => translator(pageLanguage())

  function set(change: Partial<DeskState>) {
    const { columns, current } = get()
    store.set(change)
    if (get().columns === columns && get().current === current) return
    const view: View = { columns: get().columns, current: get().current }
    tab.write(viewSlot, view)
    client.slots.write(viewSlot, view)
  }

  function arrived(entry: Queued) {
    if (!get().isLoaded || taken.delete(entry.id)) return
    const { status, conversation_id, conversation, preview, reason } = entry
    const isAssigned = status === 'active'
    if (isAssigned) arrive(conversation_id)
    news.tell({
      kind: isAssigned ? 'assigned' : 'waiting',
      conversationId: conversation_id,
      name: labelOf(conversation, words()),
      text: preview ?? reason ?? '',
    })
  }

  function entryOf(is: (entry: Queued) => boolean): Queued | undefined {
    return get().mine.find(is) ?? get().waiting.find(is)
  }

  function nameOf(id: string): string {
    const entry = entryOf(({ conversation_id }) => conversation_id === id)
    return labelOf(entry?.conversation ?? { id, visitor: undefined }, words())
  }

  async function read() {
    unread.rejoin()
    for (let attempt = 0; get().connection === 'online'; attempt++) {
      if (await readOnce()) return
      await new Promise(resolve => setTimeout(resolve, backoff(attempt, callCapMs)))
    }
  }

  /** @returns false where it was not answered: a connection that went reads at its return, a busy server is asked again */
  async function readOnce(): Promise<boolean> {
    try {
      // Each holds from when it came: what changes next is told after it.
      await Promise.all([
        client.call('presence:list', {}).then(set),
        client.call('team:list', {}).then(set),
        client.call('notification:list', { page_size: 1 }).then(({ unread }) => set({ mentions: unread })),
        feed.load(),
      ])
      set({ isLoaded: true })
      return true
    } catch (thrown) {
      return !toParleyError(thrown).retryable
    }
  }

  /** Law of the desk: what arrives opens beside what is there, and moves neither focus nor selection. */
  function arrive(id: string) {
    const { columns } = get()
    if (columns.includes(id) || !hasRoom.matches) return
    conversationOf(id)
    set({ columns: [...columns, id] })
  }

  function show(id: string, isBeside = false) {
    opened = { id, acts: hands.acts() }
    const { columns, current } = get()
    if (!columns.includes(id)) {
      conversationOf(id)
      const replaced = isBeside ? null : current
      const next = columns.includes(replaced ?? '')
        ? columns.map(shown => (shown === replaced ? id : shown))
        : [...columns, id]
      if (replaced) forget(replaced)
      set({ columns: next })
    }
    focus(id)
  }

  function focus(id: string) {
    set({ current: id })
    if (document.hasFocus()) unread.seen(id)
  }

  function hide(id: string) {
    forget(id)
    const columns = get().columns.filter(shown => shown !== id)
    set({ columns, current: get().current === id ? (columns.at(-1) ?? null) : get().current })
  }

  /** Drafts and unsent messages of it are kept. */
  function forget(id: string) {
    conversations.get(id)?.close()
    conversations.delete(id)
  }

  function conversationOf(id: string): ConversationStore {
    const known = conversations.get(id)
    if (known) return known
    const opened = client.conversation({ id })
    conversations.set(id, opened)
    void opened.open()
    return opened
  }

  function writingOf(id: string): Writing {
    const known = writings.get(id) ?? createWriting(client.slots, id)
    writings.set(id, known)
    return known
  }

  function filesOf(id: string): Files {
    const known = files.get(id) ?? createFiles(client, client.slots, `files:${id}`)
    files.set(id, known)
    return known
  }

  /** Another tab has written: what stands here too is the same. */
  function reread() {
    for (const kept of [...writings.values(), ...files.values()]) kept.reread()
  }
  addEventListener('storage', reread)

  async function take({ id, conversation_id }: Pick<Queued, 'id' | 'conversation_id'>) {
    taken.add(id)
    const acts = hands.acts()
    try {
      const { handoff } = await client.call('handoff:accept', { handoff_id: id, key: createKey() })
      feed.hear([handoff])
      // Whoever did something else meanwhile is not called away from it.
      if (hands.acts() === acts) show(conversation_id)
      else arrive(conversation_id)
    } catch (thrown) {
      taken.delete(id)
      throw thrown
    }
  }

  async function end(name: 'handoff:complete' | 'handoff:release', ending: Ending) {
    given.add(ending.handoff_id)
    try {
      const { handoff } = await client.call(name, { ...ending, key: createKey() })
      feed.hear([handoff])
      hide(handoff.conversation_id)
    } finally {
      given.delete(ending.handoff_id)
    }
  }

  /** What waits for a team is for its people; they can still be taken by name. */
  function isForMe({ team }: Queued): boolean {
    const members = get().teams.find(({ id }) => id === team?.id)?.members
    return members === undefined || members.includes(me)
  }

  async function takeNext(): Promise<boolean> {
    // There is no word of a change of teams.
    if (get().waiting.some(({ team }) => team)) set(await client.call('team:list', {}))
    for (const entry of get().waiting.filter(isForMe)) {
      try {
        await take(entry)
        return true
      } catch (thrown) {
        if (toParleyError(thrown).code !== 'CONFLICT') throw thrown
      }
    }
    return false
  }

  function learn(agent: Agent) {
    const { agents } = get()
    const at = agents.findIndex(({ id }) => id === agent.id)
    set({ agents: at < 0 ? [...agents, agent] : agents.with(at, agent) })
  }

  const leave = [
    client.subscribe(({ status }) => {
      const isNew = status === 'online' && get().connection !== 'online'
      set({ connection: status })
      if (isNew) void read()
    }),
    client.on('queue:changed', ({ handoffs }) => feed.hear(handoffs)),
    client.on('presence:changed', ({ agent }) => learn(agent)),
    client.on('notification:created', ({ notification: { author, text, conversation_id } }) => {
      set({ mentions: get().mentions + 1 })
      const name = author?.name ?? words()('agent')
      news.tell({ kind: 'mention', conversationId: conversation_id, name, text: text ?? '' })
    }),
    client.on('sla:passed', ({ handoff }) => {
      const entry = entryOf(({ id }) => id === handoff.id)
      if (!entry) return
      const { conversation_id, conversation, preview } = entry
      const name = labelOf(conversation, words())
      news.tell({ kind: 'overdue', conversationId: conversation_id, name, text: preview ?? '' })
    }),
  ]

  function look() {
    const { current } = get()
    if (current) unread.seen(current)
  }
  addEventListener('focus', look)

  return {
    ...store,
    client,
    me,
    alerts,
    take,
    isForMe,
    takeNext,
    show,
    hide,
    focus,
    isAwaited: id => opened?.id === id && opened.acts === hands.acts(),
    notAwaited(id) {
      if (opened?.id === id) opened = null
    },
    conversation: conversationOf,
    writing: writingOf,
    files: filesOf,
    seen: id => unread.seen(id),
    complete: ending => end('handoff:complete', ending),
    release: ending => end('handoff:release', ending),
    async setPresence(presence, capacity) {
      learn((await client.call('presence:set', { presence, capacity })).agent)
    },
    async readMentions(notification_ids) {
      const { unread: mentions } = await client.call('notification:read', { notification_ids })
      set({ mentions })
    },
    close() {
      for (const stop of leave) stop()
      for (const id of conversations.keys()) forget(id)
      removeEventListener('focus', look)
      removeEventListener('storage', reread)
      hands.stop()
      unread.stop()
      news.stop()
      feed.stop()
      session.renewBy(null)
      client.disconnect()
    },
  }
}

/** Counts what the agent does with keys and pointer. */
function watchHands() {
  const kinds = ['keydown', 'pointerdown', 'input']
  let acts = 0
  const count = () => {
    acts++
  }
  for (const kind of kinds) addEventListener(kind, count, true)
  return {
    acts: () => acts,
    stop() {
      for (const kind of kinds) removeEventListener(kind, count, true)
    },
  }
}
