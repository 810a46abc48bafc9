import type { Attachment, Language, Message } from '#protocol'
import { backoff, type Client, type ConversationStore, createClient, toParleyError } from '../../sdk/index.ts'
import { createStore } from '../../sdk/store.ts'
import { browserLanguage } from '../../ui/i18n.ts'
import type { LazyParts, LoadLazy } from './lazy.ts'
import { createProducts, type Products } from './products.ts'
import { createPageSource, type PageSource, type Settings } from './settings.ts'

export interface WidgetEvents {
  ready: undefined
  error: { code: string; message: string }
  message: Message
  open: undefined
  close: undefined
}
export type Emit = <E extends keyof WidgetEvents>(event: E, detail?: WidgetEvents[E]) => void

interface WidgetState {
  isOpen: boolean
  language: Language
  unread: number
  conversation: ConversationStore
  /** Once it is there. */
  lazy: LazyParts | null
}

export interface Model {
  client: Client<'visitor'>
  /** Address of the server. */
  url: string
  products: Products
  page: PageSource
  get(): WidgetState
  subscribe(listener: () => void): () => void
  open(): void
  close(): void
  send(content: string, attachments?: Attachment[]): void
  /** `isChoice`: by the visitor, who is taken at the word on later pages too. */
  setLanguage(language: Language, isChoice?: boolean): void
  /** Leave this conversation behind and begin another. */
  begin(): void
  /** Leave it for an earlier one. */
  enter(id: string): void
  /** The site says who this is: nobody else asks. */
  isVouched: boolean
  /** As of the page: forget the visitor, and begin anew. */
  reset(): void
  /** Forget this visitor on this device. */
  forget(): void
  destroy(): void
}

/** Stands in the slot of the conversation's id when the next message is to begin a new one. */
const newConversation = 'new'

export function createModel(
  settings: Settings & { url: string },
  { emit, loadLazy, reset }: { emit: Emit; loadLazy: LoadLazy; reset(): void },
): Model {
  const page = createPageSource(settings.context)
  const client = createClient({
    url: settings.url,
    namespace: 'visitor',
    language: settings.language,
    context: page.read(),
    identity: settings.user,
  })
  const { slots } = client
  const languageOf = () => slots.read<Language>('language') ?? settings.language ?? browserLanguage()
  const language = languageOf()
  client.setLanguage(language)
  let leave = () => {}
  let { turn } = client.state
  const stopFollowing = client.subscribe(state => {
    if (state.turn === turn) return
    turn = state.turn
    leave()
    get().conversation.close()
    notified = null
    reported = null
    const language = languageOf()
    client.setLanguage(language)
    set({ conversation: join(), unread: 0, language })
    if (get().isOpen || slots.read('conversation')) wake()
  })
  const store = createStore<WidgetState>({
    isOpen: false,
    language,
    unread: 0,
    conversation: join(),
    lazy: null,
  })
  const { get, set } = store

  /** Messages the page has been told of; those already there when it loaded are not news. */
  let notified: Set<string> | null = null
  let reported: unknown = null

  function join(): ConversationStore {
    const id = slots.read<string>('conversation')
    const isNew = id === newConversation
    const conversation = client.conversation({ id: isNew ? null : id, isNew, startOver: true, slot: 'own' })
    leave = conversation.subscribe(onConversation)
    return conversation
  }

  function onConversation() {
    const { conversation, messages, error } = get().conversation.get()
    if (error && error !== reported) emit('error', { code: error.code, message: error.message })
    reported = error
    if (!conversation) return
    if (slots.read('conversation') !== conversation.id) slots.write('conversation', conversation.id)
    notifyPage(messages)
    countUnread(messages)
  }

  function notifyPage(messages: Message[]) {
    const isFirst = notified === null
    notified ??= new Set()
    for (const message of messages) {
      if (message.role === 'user' || message.status === 'streaming' || notified.has(message.id)) continue
      notified.add(message.id)
      if (!isFirst) emit('message', message)
    }
  }

  /** An answer counts once it is whole: one that ends behind a closed panel is news. */
  function countUnread(messages: Message[]) {
    const whole = messages.filter(({ status }) => status !== 'streaming')
    const isNew = slots.read('seen') === null
    if (isWatching() || isNew) slots.write('seen', Math.max(0, ...whole.map(({ seq }) => seq)))
    const seen = slots.read<number>('seen') ?? 0
    const unread = whole.filter(({ role, seq }) => role !== 'user' && seq > seen).length
    if (unread !== get().unread) set({ unread })
    if (isWatching()) get().conversation.markRead()
  }

  function change(id: string) {
    leave()
    get().conversation.close()
    slots.write('conversation', id)
    slots.write('seen', null)
    set({ conversation: join(), unread: 0 })
  }

  function isWatching(): boolean {
    return get().isOpen && document.visibilityState === 'visible'
  }

  function wake() {
    client.connect()
    const { conversation } = get()
    const id = slots.read<string>('conversation')
    if ((id && id !== newConversation) || conversation.get().outgoing.length) void conversation.open()
  }

  /** Nothing waits for it: what is there works without. */
  async function fetchLazy(attempt = 0) {
    try {
      set({ lazy: await loadLazy() })
    } catch {
      setTimeout(fetchLazy, backoff(attempt), attempt + 1)
    }
  }

  let warned: unknown
  const stopListening = client.subscribe(({ status, code, session }) => {
    // For whoever made the page: the chat goes on.
    if (session !== warned)
      session?.warnings?.forEach(warning => {
        console.warn('Parley:', warning.message)
        emit('error', warning)
      })
    warned = session
    if (status === 'ended') emit('error', { code: code ?? 'UNAUTHORIZED', message: 'The session has ended.' })
  })
  document.addEventListener('visibilitychange', onConversation)
  // Nobody pays for a connection before there is something to say or to hear.
  if (slots.read('conversation') || get().conversation.get().outgoing.length) wake()

  return {
    client,
    url: settings.url,
    products: createProducts(client),
    page,
    get,
    subscribe: store.subscribe,
    open() {
      if (get().isOpen) return
      set({ isOpen: true })
      wake()
      void fetchLazy()
      onConversation()
      emit('open')
    },
    close() {
      if (!get().isOpen) return
      set({ isOpen: false })
      emit('close')
    },
    send(content, attachments) {
      client.setContext(page.read())
      get().conversation.send(content, attachments)
    },
    setLanguage(next, isChoice) {
      set({ language: next })
      client.setLanguage(next)
      if (isChoice) slots.write('language', next)
      const id = get().conversation.get().conversation?.id
      if (id) client.call('conversation:update', { conversation_id: id, language: next }).catch(toParleyError)
    },
    begin() {
      change(newConversation)
      notified = new Set()
    },
    enter(id) {
      change(id)
      notified = null
      wake()
    },
    isVouched: Boolean(settings.user),
    reset,
    forget() {
      stopFollowing()
      void client.forget()
    },
    destroy() {
      leave()
      stopFollowing()
      stopListening()
      document.removeEventListener('visibilitychange', onConversation)
      get().conversation.close()
      client.disconnect()
    },
  }
}
