import type { Agent, OperationInput } from '#protocol'
import type { Queued } from '#protocol/desk/handoff'
import type { Team } from '#protocol/desk/service'
import {
  type Client,
  type ConnectionState,
  type ConversationStore,
  createKey,
  toParleyError,
} from '../../../sdk/index.ts'
import { createStore, type Store } from '../../../sdk/store.ts'
import { pageLanguage } from '../../../ui/page.ts'
import type { Session } from '../../session.ts'
import { type Alerts, createAlerts } from './alerts.ts'
import { createFeed, type Lists } from './feed.ts'
import { connectAgent } from './socket.ts'
import { createUnread } from './unread.ts'
import { translator } from './words.ts'

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
  /** Handoffs that have waited longer than the settings allow. */
  overdue: ReadonlySet<string>
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
  /** The first in the queue that nobody else takes meanwhile; false where nobody waits. */
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
  close(): void
}

/** On a narrow screen one conversation covers the lists. */
const hasRoom = matchMedia('(min-width: 901px)')

export function createDesk(session: Session): Desk {
  const me = session.get().user?.id ?? ''
  const client = connectAgent(session)
  const alerts = createAlerts()
  const hands = watchHands()
  const store = createStore<DeskState>({
    connection: client.state.status,
    isLoaded: false,
    waiting: [],
    mine: [],
    agents: [],
    teams: [],
    mentions: 0,
    unread: {},
    overdue: new Set(),
    columns: [],
    current: null,
  })
  const { get, set } = store
  const conversations = new Map<string, ConversationStore>()
  /** Those this agent took: they are shown at once, and no news. */
  const taken = new Set<string>()
  /** What was opened last by hand, and after how many acts. */
  let opened: { id: string; acts: number } | null = null

  const unread = createUnread({
    client,
    me,
    isSeen: id => id === get().current && document.hasFocus(),
    onMessage({ conversation_id, created_at, role, content }) {
      feed.touch(conversation_id, created_at, role === 'user' ? content : null)
      if (role !== 'user' || document.hasFocus()) return
      alerts.alert(words()('newMessage'), content, () => show(conversation_id))
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
  })
  const words = () => translator(pageLanguage())

  function arrived(entry: Queued) {
    if (!get().isLoaded || taken.delete(entry.id)) return
    const { status, conversation_id, preview, reason } = entry
    const isAssigned = status === 'active'
    if (isAssigned) arrive(conversation_id)
    const title = words()(isAssigned ? 'assignedNotice' : 'waitingNotice')
    alerts.alert(title, preview ?? reason ?? '', () => show(conversation_id))
  }

  async function read() {
    unread.rejoin()
    try {
      const [{ agents }, { teams }, { unread: mentions }] = await Promise.all([
        client.call('presence:list', {}),
        client.call('team:list', {}),
        client.call('notification:list', { page_size: 1 }),
        feed.load(),
      ])
      set({ agents, teams, mentions, isLoaded: true })
    } catch {
      // The connection went: its return tries again.
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

  async function takeNext(): Promise<boolean> {
    for (const entry of get().waiting) {
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
    client.on('queue:changed', ({ handoffs }) => {
      feed.hear(handoffs)
      const overdue = new Set(get().overdue)
      for (const { id, status } of handoffs)
        if (status !== 'pending' && status !== 'active') overdue.delete(id)
      if (overdue.size < get().overdue.size) set({ overdue })
    }),
    client.on('presence:changed', ({ agent }) => learn(agent)),
    client.on('notification:created', ({ notification: { author, text, conversation_id } }) => {
      set({ mentions: get().mentions + 1 })
      const title = words()('mentionNotice', { name: author?.name ?? words()('agent') })
      alerts.alert(title, text ?? '', () => conversation_id && show(conversation_id, true))
    }),
    client.on('sla:passed', ({ handoff }) => set({ overdue: new Set(get().overdue).add(handoff.id) })),
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
    takeNext,
    show,
    hide,
    focus,
    isAwaited: id => opened?.id === id && opened.acts === hands.acts(),
    notAwaited(id) {
      if (opened?.id === id) opened = null
    },
    conversation: conversationOf,
    seen: id => unread.seen(id),
    async complete(ending) {
      const { handoff } = await client.call('handoff:complete', { ...ending, key: createKey() })
      feed.hear([handoff])
      hide(handoff.conversation_id)
    },
    async release(ending) {
      const { handoff } = await client.call('handoff:release', { ...ending, key: createKey() })
      feed.hear([handoff])
      hide(handoff.conversation_id)
    },
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
      hands.stop()
      unread.stop()
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
