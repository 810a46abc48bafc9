import type { Client, ConversationStore } from '../../../sdk/index.ts'
import type { Store } from '../../../sdk/store.ts'
import { tabSlots } from '../../tab-state.ts'
import type { DeskState } from './desk.ts'
import type { Hands } from './hands.ts'

/** What is open, of which a new tab begins with the same. */
export interface View {
  /** Conversations shown side by side, by id. */
  columns: string[]
  /** The one the agent works in. */
  current: string | null
}

/** A message that was found, to be brought into view. */
export interface Target {
  conversationId: string
  messageId: string
  seq: number
}

/** What an agent does with the columns. */
export interface Columns {
  /** By the agent's own hand: shows a conversation in the place of the current one, or beside it. */
  show(conversationId: string, isBeside?: boolean): void
  /** Brings a message of a conversation that is shown into view. */
  find(target: Target): void
  /** It is in view. */
  foundTarget(): void
  hide(conversationId: string): void
  focus(conversationId: string): void
  /** Whether the agent has opened this one to write in it, and has done nothing since. */
  isAwaited(conversationId: string): boolean
  /** It is there, and not the agent's to write in: should that change, it is something that arrives. */
  notAwaited(conversationId: string): void
  conversation(conversationId: string): ConversationStore
}

interface Options {
  client: Client<'agent'>
  me: string
  store: Store<DeskState>
  hands: Hands
  /** The agent looks at it. */
  onSeen(conversationId: string): void
}

const viewSlot = 'view'

/** On a narrow screen one conversation covers the lists. */
const hasRoom = matchMedia('(min-width: 901px)')

export function readView(client: Client<'agent'>, me: string): View {
  const view = tabSlots(me).read<View>(viewSlot) ?? client.slots.read<View>(viewSlot)
  return { columns: view?.columns ?? [], current: view?.current ?? null }
}

/** The conversations side by side: which are there, and which of them the agent works in. */
export function createColumns({ client, me, store, hands, onSeen }: Options) {
  const { get } = store
  const tab = tabSlots(me)
  const conversations = new Map<string, ConversationStore>()
  /** What was opened last by hand, and after how many acts. */
  let opened: { id: string; acts: number } | null = null

  function set(change: Partial<View>) {
    const before = get()
    store.set(change)
    const { columns, current } = get()
    if (columns === before.columns && current === before.current) return
    const view: View = { columns, current }
    tab.write(viewSlot, view)
    client.slots.write(viewSlot, view)
  }

  /** Law of the desk: what arrives opens beside what is there, and moves neither focus nor selection. */
  function arrive(id: string) {
    const { columns } = get()
    if (columns.includes(id) || !hasRoom.matches) return
    conversation(id)
    set({ columns: [...columns, id] })
  }

  function show(id: string, isBeside = false) {
    opened = { id, acts: hands.acts() }
    const { columns, current } = get()
    if (!columns.includes(id)) {
      conversation(id)
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
    if (document.hasFocus()) onSeen(id)
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

  function conversation(id: string): ConversationStore {
    const known = conversations.get(id)
    if (known) return known
    const opened = client.conversation({ id })
    conversations.set(id, opened)
    void opened.open()
    return opened
  }

  function look() {
    const { current } = get()
    if (current) onSeen(current)
  }
  addEventListener('focus', look)
  // With what is removed for good goes what was summed up of it.
  const leave = client.on('message:updated', ({ message }) => {
    if (message.removed === 'redacted') void conversations.get(message.conversation_id)?.open()
  })

  const columns: Columns = {
    show,
    find: target => store.set({ target }),
    foundTarget: () => store.set({ target: null }),
    hide,
    focus,
    isAwaited: id => opened?.id === id && opened.acts === hands.acts(),
    notAwaited(id) {
      if (opened?.id === id) opened = null
    },
    conversation,
  }
  return {
    columns,
    arrive,
    close() {
      for (const id of conversations.keys()) forget(id)
      removeEventListener('focus', look)
      leave()
    },
  }
}
