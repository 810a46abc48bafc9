import type { Attachment, Language, Message } from '#protocol'
import {
  backoff,
  type Client,
  type ConversationStore,
  createClient,
  type Refusal,
  refusals,
  toParleyError,
  type WidgetErrorCode,
  type WidgetEvents,
} from '../../sdk/index.ts'
import { createStore } from '../../sdk/store.ts'
import type { Files } from '../../ui/files.ts'
import { browserLanguage } from '../../ui/i18n.ts'
import type { LazyParts, LoadLazy } from './lazy.ts'
import { createLook, createPageSource, type Look, type PageSource, type Settings, warn } from './settings.ts'

export type Emit = <E extends keyof WidgetEvents>(event: E, detail?: WidgetEvents[E]) => void

interface WidgetState {
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

export interface Model {
  client: Client<'visitor'>
  /** Address of the server. */
  url: string
  page: PageSource
  emit: Emit
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
  /** The site says who this is: nobody else asks. */
  isVouched: boolean
  /** As of the page: forget the visitor, and begin anew. */
  reset(): void
  /** Forget this visitor on this device. */
  forget(): void
  destroy(): void
}

/** A conversation as it was when it was left. */
export interface Left {
  /** Messages in it. */
  count: number
  /** What it began with, as far as that was shown. */
  label: string
}

/** So often the second file is asked for, until the chat is opened again. */
const lazyAttemptsMax = 6
/** Conversations of which it is remembered how much of them was read. */
const leftMax = 20
const leftLabelLength = 80

/** Stands in the slot of the conversation's id when the next message is to begin a new one. */
const newConversation = 'new'

export function createModel(
  given: Settings,
  { emit, loadLazy, reset }: { emit: Emit; loadLazy: LoadLazy; reset(): void },
): Model {
  let settings = given
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
    get().files?.stop()
    notified = null
    reported = null
    const language = languageOf()
    client.setLanguage(language)
    set({
      conversation: join(),
      unread: 0,
      isLeaving: false,
      ...inLanguage(language),
      ...lazyState(get().lazy),
    })
    if (get().isOpen || slots.read('conversation')) wake()
  })
  const store = createStore<WidgetState>({
    isOpen: false,
    ...inLanguage(language),
    unread: 0,
    conversation: join(),
    ...lazyState(null),
    isLazyMissing: false,
    isLeaving: false,
  })
  const { get, set } = store
  const { url } = client.access

  /** Messages the page has been told of; those already there when it loaded are not news. */
  let notified: Set<string> | null = null
  let reported: unknown = null
  /** Keys of what was said in this page. */
  const ownKeys = new Set<string | null>()
  let handoffKnown: string | null = null

  function inLanguage(language: Language) {
    return { language, look: createLook(settings, language) }
  }

  function lazyState(lazy: LazyParts | null) {
    return { lazy, files: lazy?.filesOf(client) ?? null }
  }

  function join(): ConversationStore {
    const id = slots.read<string>('conversation')
    const isNew = id === newConversation
    const conversation = client.conversation({ id: isNew ? null : id, isNew, startOver: true, slot: 'own' })
    leave = conversation.subscribe(onConversation)
    return conversation
  }

  function onConversation() {
    const { conversation, messages, outgoing, handoff, error } = get().conversation.get()
    if (error && error !== reported && error.code !== client.state.code)
      emit('error', { code: error.code, message: error.message })
    reported = error
    for (const { key } of outgoing) ownKeys.add(key)
    if (!conversation) return
    if (slots.read('conversation') !== conversation.id) slots.write('conversation', conversation.id)
    notifyPage(messages)
    countUnread(messages)
    const { mode } = conversation
    // Whoever had it has ended the talk meanwhile.
    if (mode === 'ai' && get().isLeaving) set({ isLeaving: false })
    const change = { mode, status: handoff?.status ?? null, agent: conversation.agent?.name ?? null }
    const signature = JSON.stringify(change)
    if (signature === handoffKnown) return
    if (handoffKnown !== null) emit('handoff', change)
    handoffKnown = signature
  }

  function notifyPage(messages: Message[]) {
    const isFirst = notified === null
    notified ??= new Set()
    for (const message of messages) {
      if (message.status === 'streaming' || notified.has(message.id)) continue
      notified.add(message.id)
      if (isFirst && !ownKeys.has(message.key)) continue
      if (message.role !== 'user') for (const event of ['received', 'message'] as const) emit(event, message)
      else if (ownKeys.has(message.key)) emit('sent', message)
    }
  }

  /** An answer counts once it is whole: one that ends behind a closed panel is news. */
  function countUnread(messages: Message[]) {
    const whole = messages.filter(({ status }) => status !== 'streaming')
    const isNew = slots.read('seen') === null
    if (isWatching() || isNew) slots.write('seen', Math.max(0, ...whole.map(({ seq }) => seq)))
    const seen = slots.read<number>('seen') ?? 0
    const unread = whole.filter(({ role, seq }) => role !== 'user' && seq > seen).length
    if (unread !== get().unread) {
      set({ unread })
      emit('unread', { count: unread })
    }
    if (isWatching()) get().conversation.markRead()
  }

  function change(id: string) {
    leave()
    const { conversation, messages } = get().conversation.get()
    if (conversation)
      rememberLeft(conversation.id, {
        count: conversation.message_count,
        label: (messages.find(({ role }) => role === 'user')?.content ?? '').slice(0, leftLabelLength),
      })
    get().conversation.close()
    slots.write('conversation', id)
    slots.write('seen', null)
    handoffKnown = null
    set({ conversation: join(), unread: 0, isLeaving: false })
  }

  /** What comes into it from here on is news. */
  function rememberLeft(id: string, left: Left) {
    const { [id]: before, ...others } = slots.read<Record<string, Left>>('left') ?? {}
    const label = before?.label || left.label
    slots.write(
      'left',
      Object.fromEntries([...Object.entries(others), [id, { ...left, label }]].slice(-leftMax)),
    )
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

  let isFetching = false

  /** Nothing waits for it: what is there works without. */
  async function fetchLazy(attempt = 0) {
    if (get().lazy || (isFetching && attempt === 0)) return
    isFetching = attempt < lazyAttemptsMax
    if (!isFetching) return
    try {
      set({ ...lazyState(await loadLazy(url)), isLazyMissing: false })
    } catch (error) {
      // Once may be the network; where the server is not reached at all, that is said instead.
      if (attempt > 0 && client.state.session && !get().isLazyMissing) {
        set({ isLazyMissing: true })
        complain('LAZY_PART_MISSING', `no people, no files: ${(error as Error).message}`)
      }
      setTimeout(fetchLazy, backoff(attempt), attempt + 1)
    }
  }

  /** Something whoever made the page has to mend. */
  function complain(code: WidgetErrorCode, message: string) {
    console.error('Parley:', message)
    emit('error', { code, message })
  }

  let warned: unknown
  let told: string | null = null
  const stopListening = client.subscribe(({ code, session }) => {
    // For whoever made the page: the chat goes on.
    if (session !== warned)
      session?.warnings?.forEach(warning => {
        warn(warning.message)
        emit('error', warning)
      })
    warned = session
    if (code === told) return
    told = code
    const refusal = refusals[code as Refusal]
    if (refusal) complain(code as Refusal, refusal(url))
    else if (code) emit('error', { code: code as WidgetErrorCode, message: 'The session has ended.' })
  })
  document.addEventListener('visibilitychange', onConversation)
  // Nobody pays for a connection before there is something to say or to hear.
  if (slots.read('conversation') || get().conversation.get().outgoing.length) wake()

  function open() {
    if (get().isOpen) return
    set({ isOpen: true })
    wake()
    void fetchLazy()
    onConversation()
    emit('open')
  }

  function close() {
    if (!get().isOpen) return
    set({ isOpen: false })
    emit('close')
  }

  function send(content: string, attachments?: Attachment[]) {
    ready().send(content, attachments)
  }

  function setLanguage(next: Language, isChoice = false) {
    set(inLanguage(next))
    client.setLanguage(next)
    if (isChoice) slots.write('language', next)
    const id = get().conversation.get().conversation?.id
    if (id) client.call('conversation:update', { conversation_id: id, language: next }).catch(toParleyError)
  }

  function begin() {
    change(newConversation)
    notified = new Set()
  }

  function ready() {
    client.setContext(page.read())
    if (get().conversation.get().conversation?.status === 'closed') begin()
    return get().conversation
  }

  async function cancelHandoff() {
    const { conversation } = get().conversation.get()
    if (conversation) await client.call('handoff:cancel', { conversation_id: conversation.id })
  }

  return {
    client,
    url,
    page,
    emit,
    get,
    subscribe: store.subscribe,
    configure(next) {
      settings = next
      if (next.language && next.language !== get().language) setLanguage(next.language)
      else set(inLanguage(get().language))
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
    leave() {
      const { conversation } = get().conversation.get()
      if (!conversation || conversation.mode === 'ai') return begin()
      if (get().lazy) return set({ isLeaving: true })
      cancelHandoff().then(begin, toParleyError)
    },
    stay: () => set({ isLeaving: false }),
    begin,
    ready,
    cancelHandoff,
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
      get().files?.stop()
      client.disconnect()
    },
  }
}
