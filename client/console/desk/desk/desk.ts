import type { Agent } from '#protocol'
import type { Queued } from '#protocol/desk/handoff'
import type { Label } from '#protocol/desk/label'
import type { Team } from '#protocol/desk/service'
import type { Client, ConnectionState } from '../../../sdk/index.ts'
import { createStore, type Store } from '../../../sdk/store.ts'
import { pageLanguage } from '../../../ui/page.ts'
import type { Session } from '../../../ui/session.ts'
import type { Toasts } from '../../../ui/toasts.tsx'
import { type Alerts, createAlerts } from './alerts.ts'
import { type Assignments, createAssignments } from './assignments.ts'
import { type Columns, createColumns, readView, type Target, type View } from './columns.ts'
import { labelOf } from './context.ts'
import { createDrafts, type Drafts } from './drafts.ts'
import { createFeed, type Lists } from './feed.ts'
import { watchHands } from './hands.ts'
import { loadOnConnection } from './loading.ts'
import { createNews, type News } from './news.ts'
import { createRoster, type Presence } from './roster.ts'
import { createSelecting, type Selected, type Selecting } from './selecting.ts'
import { connectAgent } from './socket.ts'
import { createUnread } from './unread.ts'
import { createWatching, type Watching } from './watching.ts'
import { type T, translator } from './words.ts'

export interface DeskState extends Lists, View {
  connection: ConnectionState['status']
  /** Whether the lists have been read once. */
  isLoaded: boolean
  agents: Agent[]
  teams: Team[]
  /** Tags that are offered. */
  labels: Label[]
  /** Notes that mention this agent and are not read yet. */
  mentions: number
  /** The visitor's messages not seen yet, by conversation. */
  unread: Record<string, number>
  target: Target | null
  /** What is selected in the list, where rows are selected. */
  selected: Selected | null
}

export interface Desk extends Store<DeskState>, Columns, Drafts, Assignments, Presence, Watching, Selecting {
  readonly client: Client<'agent'>
  /** This agent's id. */
  readonly me: string
  readonly alerts: Alerts
  /** Everything shown of it has been seen. */
  seen(conversationId: string): void
  close(): void
}

export function createDesk(session: Session, toasts: Toasts): Desk {
  const me = session.get().user?.id ?? ''
  const client = connectAgent(session)
  const alerts = createAlerts()
  const hands = watchHands()
  const store = createDeskStore(client, me)
  const { get, set } = store
  const words = () => translator(pageLanguage())
  const roster = createRoster(client, store)
  const drafts = createDrafts(client)
  const watching = createWatching(client, me)
  const unread = createUnread({
    client,
    me,
    isSeen: id => id === get().current && document.hasFocus(),
    onMessage({ conversation_id, created_at, role, content }) {
      feed.touch(conversation_id, created_at, role === 'user' ? content : null)
      if (role !== 'user' || document.hasFocus()) return
      const entry = entryIn(conversation_id)
      const name = labelOf(entry?.conversation ?? { id: conversation_id, visitor: undefined }, words())
      news.tell({ kind: 'message', conversationId: conversation_id, name, text: content })
    },
    onChange: counts => set({ unread: counts }),
  })
  const { columns, ...layout } = createColumns({ client, me, store, hands, onSeen: unread.seen })
  const { assignments, ...moves } = createAssignments({
    client,
    me,
    store,
    hands,
    onChange: handoffs => feed.hear(handoffs),
    show: columns.show,
    hide: columns.hide,
    arrive: layout.arrive,
  })
  const feed = createFeed({
    client,
    me,
    onChange(lists) {
      set(lists)
      unread.follow(lists.mine)
    },
    onArrival(entry) {
      if (!get().isLoaded || moves.arrivesByHand(entry.conversation_id)) return
      const isAssigned = entry.status === 'active'
      if (isAssigned) layout.arrive(entry.conversation_id)
      tellOf(isAssigned ? 'assigned' : 'waiting', entry, entry.preview ?? entry.reason)
    },
    onDeparture(entry) {
      if (!moves.leavesByHand(entry.id)) tellOf('returned', entry)
    },
  })
  const news = createNews({ alerts, toasts, words, show: id => columns.show(id) })

  function entryIn(conversationId: string): Queued | undefined {
    return [...get().mine, ...get().waiting].find(entry => entry.conversation_id === conversationId)
  }

  function tellOf(kind: News['kind'], entry: Queued | undefined, text = entry?.preview) {
    if (!entry) return
    const { conversation_id, conversation } = entry
    const name = labelOf(conversation, words())
    news.tell({ kind, conversationId: conversation_id, name, text: text ?? '' })
  }

  const leave = [
    loadOnConnection(client, store, {
      begin: unread.rejoin,
      load: () => Promise.all([roster.load(), feed.load()]),
    }),
    client.on('queue:changed', ({ handoffs }) => feed.hear(handoffs)),
    ...tellOfEvents(client, store, news, words),
    client.on('sla:passed', ({ handoff }) => tellOf('overdue', entryIn(handoff.conversation_id))),
  ]

  return {
    ...store,
    ...columns,
    ...assignments,
    ...drafts.drafts,
    ...roster.presence,
    ...watching.watching,
    ...createSelecting(store),
    client,
    me,
    alerts,
    seen: unread.seen,
    close() {
      for (const stop of leave) stop()
      layout.close()
      for (const room of [roster, drafts, hands, unread, news, feed, watching]) room.stop()
      session.renewBy(null)
      client.disconnect()
    },
  }
}

/** Mentions, and conversations that are back at their time. */
function tellOfEvents(
  client: Client<'agent'>,
  { get, set }: Store<DeskState>,
  news: ReturnType<typeof createNews>,
  words: () => T,
) {
  return [
    client.on('notification:created', ({ notification: { author, text, conversation_id } }) => {
      set({ mentions: get().mentions + 1 })
      const name = author?.name ?? words()('agent')
      news.tell({ kind: 'mention', conversationId: conversation_id, name, text: text ?? '' })
    }),
    client.on('conversation:updated', ({ conversation_id, conversation }) => {
      const entry = get().mine.find(entry => entry.conversation_id === conversation_id)
      const until = entry?.conversation.snoozed?.until
      if (!entry || conversation.snoozed || !until || Date.parse(until) > client.now()) return
      const name = labelOf(entry.conversation, words())
      news.tell({ kind: 'due', conversationId: conversation_id, name, text: entry.preview ?? '' })
    }),
  ]
}

function createDeskStore(client: Client<'agent'>, me: string): Store<DeskState> {
  return createStore<DeskState>({
    connection: client.state.status,
    isLoaded: false,
    waiting: [],
    mine: [],
    agents: [],
    teams: [],
    labels: [],
    mentions: 0,
    unread: {},
    target: null,
    selected: null,
    ...readView(client, me),
  })
}
