import type { Conversation, OperationInput, OperationOutput } from '#protocol'
import { type Client, toParleyError } from '../sdk/index.ts'
import { createStore, type Store } from '../sdk/store.ts'

export type Found = OperationOutput<'conversation:search'>['items'][number]
type Changes = Omit<OperationInput<'conversation:update'>, 'conversation_id'>

/** Which of them are listed. */
export interface Listing {
  isArchive: boolean
  tag: string | null
}

interface ConversationsState {
  listing: Listing
  /** Newest first, those that are pinned among them. */
  items: Conversation[]
  hasMore: boolean
  status: 'loading' | 'ready' | 'failed'
  query: string
  /** What the query found; null while nothing is searched for, or it is on its way. */
  found: Found[] | null
  nextCursor: string | null
}

/** A person's own conversations, as the list beside them shows them. */
export interface Conversations extends Store<ConversationsState> {
  show(listing: Partial<Listing>): void
  /** Reads anew what is listed. */
  refresh(): Promise<void>
  loadMore(): Promise<void>
  search(query: string): void
  /** @throws ParleyError */
  update(id: string, changes: Changes): Promise<void>
  /** @throws ParleyError */
  remove(id: string): Promise<void>
  /** It is known to be so by now. */
  put(conversation: Conversation): void
}

const pageSize = 50
const pinnedMax = 100
const searchLimit = 30
/** A query is sent once it has stood still for so long. */
const settleMs = 200

const timeOf = ({ last_message_at, created_at }: Conversation) => last_message_at ?? created_at

export function createConversations(client: Client<'visitor'>): Conversations {
  const store = createStore<ConversationsState>({
    listing: { isArchive: false, tag: null },
    items: [],
    hasMore: false,
    status: 'loading',
    query: '',
    found: null,
    nextCursor: null,
  })
  const { get, set } = store
  const { search, loadMoreFound } = createSearch(client, store)
  /** Rises with whatever makes an answer on its way the wrong one. */
  let turn = 0
  let page = 1

  function read(input: OperationInput<'conversation:list'>) {
    const { isArchive, tag } = get().listing
    return client.call('conversation:list', { ...input, archived: isArchive, ...(tag && { tag }) })
  }

  async function refresh() {
    const mine = ++turn
    try {
      const [pinned, { items, pagination }] = await Promise.all([
        read({ pinned: true, page_size: pinnedMax }),
        read({ pinned: false, page_size: pageSize }),
      ])
      if (mine !== turn) return
      page = 1
      set({ items: ordered([...pinned.items, ...items]), hasMore: pagination.has_next, status: 'ready' })
    } catch (thrown) {
      if (mine === turn && toParleyError(thrown).code !== 'ABORTED') set({ status: 'failed' })
    }
  }

  async function loadMore() {
    const mine = turn
    if (get().found) return loadMoreFound()
    const { items, pagination } = await read({ pinned: false, page_size: pageSize, page: page + 1 })
    if (mine !== turn) return
    page += 1
    set({ items: ordered([...get().items, ...items]), hasMore: pagination.has_next })
  }

  const isListed = ({ archived, tags }: Conversation) => {
    const { isArchive, tag } = get().listing
    return (archived ?? false) === isArchive && (tag === null || tags?.includes(tag) === true)
  }

  function put(conversation: Conversation) {
    const { items, found } = get()
    const others = items.filter(({ id }) => id !== conversation.id)
    set({
      items: isListed(conversation) ? ordered([...others, conversation]) : others,
      found:
        found?.map(each => (each.conversation.id === conversation.id ? { ...each, conversation } : each)) ??
        null,
    })
  }

  return {
    ...store,
    show(listing) {
      set({ listing: { ...get().listing, ...listing }, items: [], status: 'loading', hasMore: false })
      void refresh()
    },
    refresh,
    loadMore,
    search,
    put,
    async update(id, changes) {
      put((await client.call('conversation:update', { conversation_id: id, ...changes })).conversation)
    },
    async remove(id) {
      await client.call('conversation:delete', { conversation_id: id })
      const { items, found } = get()
      set({
        items: items.filter(item => item.id !== id),
        found: found?.filter(({ conversation }) => conversation.id !== id) ?? null,
      })
    },
  }
}

/** Looks in titles and texts while somebody types. */
function createSearch(client: Client<'visitor'>, { get, set }: Store<ConversationsState>) {
  /** Rises with each query: what an earlier one finds is not shown. */
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function loadMoreFound() {
    const { query, found, nextCursor } = get()
    if (!nextCursor) return
    const mine = turn
    const input = { query, cursor: nextCursor, limit: searchLimit }
    const { items, next_cursor } = await client.call('conversation:search', input)
    if (mine === turn) set({ found: [...(found ?? []), ...items], nextCursor: next_cursor })
  }

  function search(query: string) {
    const mine = ++turn
    clearTimeout(timer)
    set({ query, ...(query.trim() === '' && { found: null, nextCursor: null }) })
    if (query.trim() === '') return
    timer = setTimeout(() => {
      client.call('conversation:search', { query, limit: searchLimit }).then(
        ({ items, next_cursor }) => {
          if (mine === turn) set({ found: items, nextCursor: next_cursor })
        },
        () => mine === turn && set({ found: [], nextCursor: null }),
      )
    }, settleMs)
  }

  return { search, loadMoreFound }
}

/** Each once, the newest first. */
function ordered(items: Conversation[]): Conversation[] {
  const byId = new Map(items.map(item => [item.id, item]))
  return [...byId.values()].sort((one, other) => (timeOf(one) < timeOf(other) ? 1 : -1))
}
