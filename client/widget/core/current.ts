import type { Message } from '#protocol'
import { type Client, type ConversationStore, toParleyError } from '../../sdk/index.ts'
import type { Store } from '../../sdk/store.ts'
import type { WidgetState } from './model.ts'
import type { Reporter } from './reporter.ts'
import type { PageSource } from './settings.ts'

/** What a visitor does with the conversation as a whole. */
export interface CurrentConversation {
  /** Leave this conversation behind and begin another; while a person has it or is waited for, that is asked first. */
  leave(): void
  stay(): void
  /** Leave it behind in any case. */
  begin(): void
  /** What is said next goes into this one, with where on the page that is: one that was closed is left behind. */
  ready(): ConversationStore
  /** No longer wait for a person, or end the talk with them. */
  cancelHandoff(): Promise<void>
  /** Leave it for an earlier one. */
  enter(id: string): void
}

/** Stands in the slot of the conversation's id when the next message is to begin a new one. */
const newConversation = 'new'

/** The conversation that this visitor was in last, or the one that is to be begun. */
export function joinConversation(client: Client<'visitor'>): ConversationStore {
  const id = client.slots.read<string>('conversation')
  const isNew = id === newConversation
  return client.conversation({ id: isNew ? null : id, isNew, startOver: true, slot: 'own' })
}

/** Follows the conversation that the visitor is in, and leads from one to another. */
export function createCurrentConversation(
  client: Client<'visitor'>,
  page: PageSource,
  { get, set }: Store<WidgetState>,
  reporter: Reporter,
  countUnread: (messages: Message[]) => void,
) {
  const { slots } = client
  let unfollow = get().conversation.subscribe(follow)
  /** Seq and count of what was looked at: the words of an answer that is being written change neither. */
  let looked = ''

  function refresh() {
    looked = ''
    follow()
  }

  function follow() {
    const { conversation, messages, outgoing, handoff, error, seq } = get().conversation.get()
    reporter.reportError(error)
    reporter.addOwn(outgoing)
    const now = `${seq} ${messages.length}`
    if (!conversation || now === looked) return
    looked = now
    if (slots.read('conversation') !== conversation.id) slots.write('conversation', conversation.id)
    reporter.reportMessages(messages)
    countUnread(messages)
    // Whoever had it has ended the talk meanwhile.
    if (conversation.mode === 'ai' && get().isLeaving) set({ isLeaving: false })
    reporter.reportHandoff(conversation, handoff)
  }

  function wake() {
    client.connect()
    const { conversation } = get()
    const id = slots.read<string>('conversation')
    if ((id && id !== newConversation) || conversation.get().outgoing.length) void conversation.open()
  }

  function close() {
    unfollow()
    get().conversation.close()
  }

  /** By the one that is remembered now. */
  function replace(change?: Partial<WidgetState>) {
    close()
    const conversation = joinConversation(client)
    unfollow = conversation.subscribe(follow)
    looked = ''
    set({ conversation, unread: 0, isLeaving: false, ...change })
  }

  function change(id: string) {
    const { conversation, lazy } = get()
    lazy?.rememberLeft(slots, conversation.get())
    slots.write('conversation', id)
    slots.write('seen', null)
    reporter.follow(id === newConversation)
    replace()
  }

  const begin = () => change(newConversation)

  async function cancelHandoff() {
    const { conversation } = get().conversation.get()
    if (conversation) await client.call('handoff:cancel', { conversation_id: conversation.id })
  }

  const visitor: CurrentConversation = {
    begin,
    cancelHandoff,
    leave() {
      const { conversation } = get().conversation.get()
      if (!conversation || conversation.mode === 'ai') return begin()
      if (get().lazy) return set({ isLeaving: true })
      cancelHandoff().then(begin, toParleyError)
    },
    stay: () => set({ isLeaving: false }),
    ready() {
      client.setContext(page.read())
      if (get().conversation.get().conversation?.status === 'closed') begin()
      return get().conversation
    },
    enter(id) {
      change(id)
      wake()
    },
  }
  return { visitor, refresh, wake, replace, close }
}
