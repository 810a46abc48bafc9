import type { Attachment, Language } from '#protocol'
import { type Client, type ConversationStore, createClient, toParleyError } from '../../sdk/index.ts'
import { createStore } from '../../sdk/store.ts'
import type { Files } from '../../ui/files.ts'
import { type CurrentConversation, createCurrentConversation, joinConversation } from './current.ts'
import { createLazyFetch, type LazyParts, type LoadLazy, lazyState } from './lazy.ts'
import { createReporter, type Emit, reportConnection } from './reporter.ts'
import {
  createAppearance,
  createPageSource,
  type Look,
  type PageSource,
  type Settings,
  warn,
} from './settings.ts'
import { createUnreadCounter } from './unread.ts'

export interface WidgetState {
  isOpen: boolean
  language: Language
  look: Look
  unread: number
  conversation: ConversationStore
  /** Once it is there. */
  lazy: LazyParts | null
  /** It did not come, more than once. */
  isLazyMissing: boolean
  /** Picked for the next message; once `lazy` is there. */
  files: Files | null
  /** It is to be said first what becomes of the talk with a person. */
  isLeaving: boolean
}

export interface Model extends CurrentConversation {
  client: Client<'visitor'>
  page: PageSource
  emit: Emit
  /** For files that come later still. */
  loadLazy: LoadLazy
  get(): WidgetState
  subscribe(listener: () => void): () => void
  /** What the page says of itself by now. */
  configure(settings: Settings): void
  open(): void
  close(): void
  toggle(): void
  send(content: string, attachments?: Attachment[]): void
  /** Open, and say this as if the visitor had. */
  ask(content: string): void
  /** `isChoice`: by the visitor, who is taken at the word on later pages too. */
  setLanguage(language: Language, isChoice?: boolean): void
  /** The site says who this is: nobody else asks. */
  isVouched: boolean
  /** As of the page: forget the visitor, and begin anew. */
  reset(): void
  /** Forget this visitor on this device. */
  forget(): void
  destroy(): void
}

interface Options {
  emit: Emit
  loadLazy: LoadLazy
  reset(): void
}

export function createModel(settings: Settings, { emit, loadLazy, reset }: Options): Model {
  const page = createPageSource(settings.context)
  const client = createVisitor(settings, page)
  const { slots } = client
  const appearance = createAppearance(client, settings)
  let { turn } = client.state
  const stopFollowing = client.subscribe(state => {
    if (state.turn === turn) return
    turn = state.turn
    get().files?.stop()
    reporter.reset()
    current.replace({ ...appearance.read(), ...lazyState(client, get().lazy) })
    if (get().isOpen || slots.read('conversation')) current.wake()
  })
  const store = createStore<WidgetState>({
    isOpen: false,
    ...appearance.read(),
    unread: 0,
    conversation: joinConversation(client),
    ...lazyState(client, null),
    isLazyMissing: false,
    isLeaving: false,
  })
  const { get, set } = store
  const reporter = createReporter(client, emit)
  const countUnread = createUnreadCounter(slots, store, emit)
  const current = createCurrentConversation(client, page, store, reporter, countUnread)
  const fetchLazy = createLazyFetch(loadLazy, client, store, emit)
  const stopReporting = reportConnection(client, emit)
  document.addEventListener('visibilitychange', current.refresh)
  // Nobody pays for a connection before there is something to say or to hear.
  if (slots.read('conversation') || get().conversation.get().outgoing.length) current.wake()

  function open() {
    if (get().isOpen) return
    set({ isOpen: true })
    current.wake()
    void fetchLazy()
    current.refresh()
    emit('open')
  }

  function close() {
    if (!get().isOpen) return
    set({ isOpen: false })
    emit('close')
  }

  function send(content: string, attachments?: Attachment[]) {
    current.visitor.ready().send(content, attachments)
  }

  function setLanguage(next: Language, isChoice = false) {
    set(appearance.use(next))
    if (isChoice) slots.write('language', next)
    const id = get().conversation.get().conversation?.id
    if (id) client.call('conversation:update', { conversation_id: id, language: next }).catch(toParleyError)
  }

  return {
    client,
    page,
    emit,
    loadLazy,
    get,
    subscribe: store.subscribe,
    configure(next) {
      appearance.configure(next)
      const { language } = get()
      if (next.language && next.language !== language) setLanguage(next.language)
      else set(appearance.use(language))
    },
    open,
    close,
    toggle: () => (get().isOpen ? close() : open()),
    send,
    ask(text) {
      open()
      const content = String(text ?? '').trim()
      if (content) send(content)
      else warn('ask takes a text')
    },
    setLanguage,
    ...current.visitor,
    isVouched: Boolean(settings.user),
    reset,
    forget() {
      stopFollowing()
      void client.forget()
    },
    destroy() {
      stopFollowing()
      stopReporting()
      document.removeEventListener('visibilitychange', current.refresh)
      current.close()
      get().files?.stop()
      client.disconnect()
    },
  }
}

function createVisitor({ url, language, user }: Settings, page: PageSource): Client<'visitor'> {
  return createClient({ url, namespace: 'visitor', language, context: page.read(), identity: user })
}
