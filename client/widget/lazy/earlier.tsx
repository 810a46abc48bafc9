import type { Conversation, Language } from '#protocol'
import type { Client, ConversationStore } from '../../sdk/index.ts'
import { createStore, type Store } from '../../sdk/store.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { history } from '../../ui/glyphs.tsx'
import { dateLabel, timeLabel, useEffect, useMemo, useStore } from '../core/shared.ts'
import type { Left } from './left.ts'
import { Sheet } from './sheet.tsx'
import { useLazy } from './words.ts'

export interface Earlier {
  /** The newest conversations with something in them; none where they cannot be had. */
  items: Conversation[]
  /** What one is about, where that is known. */
  labelOf(conversation: Conversation): string
  /** Of which something came since they were left. */
  news: ReadonlySet<string>
}

/** What is left behind is not listened to: it is looked at. */
const pollMs = 30_000
const listMax = 20

type VisitorClient = Client<'visitor'>

interface Listed {
  items: Conversation[]
  /** Of the client, whose they are. */
  turn: number
}

const none: Conversation[] = []
const lists = new WeakMap<VisitorClient, Store<Listed>>()

function listOf(client: VisitorClient): Store<Listed> {
  const list = lists.get(client) ?? createStore<Listed>({ items: none, turn: 0 })
  lists.set(client, list)
  return list
}

async function refresh(client: VisitorClient) {
  const { status, session, turn } = client.state
  const isNobody = client.slots.read('conversation') === null && !session?.session.user
  if (isNobody || document.visibilityState === 'hidden' || status !== 'online') return
  const { items } = await client.call('conversation:list', { page_size: listMax })
  listOf(client).set({ items: items.filter(({ message_count }) => message_count > 0), turn })
}

/** Keeps the list as it is by now, for as long as the panel is open. */
export function usePolling() {
  const { client } = useLazy().model
  useEffect(() => {
    const poll = () => refresh(client).catch(() => {})
    let last = client.state.status
    const stopFollowing = client.subscribe(({ status }) => {
      if (status === 'online' && last !== status) void poll()
      last = status
    })
    const timer = setInterval(poll, pollMs)
    return () => {
      stopFollowing()
      clearInterval(timer)
    }
  }, [client])
}

/** What the visitor talked about before, signed in or not. */
export function useEarlier(): Earlier {
  const { client, get } = useLazy().model
  const { conversation } = get()
  const list = useStore(listOf(client))
  const items = list.turn === client.state.turn ? list.items : none
  const left = useMemo<Record<string, Left | undefined>>(
    () => client.slots.read('left') ?? {},
    [client, conversation, items],
  )
  useEffect(() => void refresh(client).catch(() => {}), [client, conversation])

  const present = conversation.get().conversation?.id
  const isNews = ({ id, message_count }: Conversation) =>
    id !== present && message_count > (left[id]?.count ?? Number.POSITIVE_INFINITY)
  const labelOf = ({ id, title }: Conversation) => title ?? left[id]?.label ?? ''
  return { items, labelOf, news: new Set(items.filter(isNews).map(({ id }) => id)) }
}

export function EarlierButton({ earlier: { news }, onOpen }: { earlier: Earlier; onOpen(): void }) {
  const { t } = useLazy()
  const label = news.size > 0 ? t('earlierNews', { count: news.size }) : t('earlier')
  return (
    <button
      type="button"
      class="quiet earlier"
      aria-haspopup="dialog"
      aria-label={label}
      title={label}
      onClick={onOpen}
    >
      <Glyph of={history} />
      {news.size > 0 && (
        <span class="badge" aria-hidden="true">
          {news.size}
        </span>
      )}
    </button>
  )
}

export function EarlierSheet({
  conversation,
  onClose,
}: {
  conversation: ConversationStore
  onClose(): void
}) {
  const { t } = useLazy()
  const earlier = useEarlier()
  return (
    <Sheet title={t('earlier')} onClose={onClose}>
      <EarlierList earlier={earlier} present={conversation.get().conversation?.id} onClose={onClose} />
    </Sheet>
  )
}

export function EarlierList({
  earlier: { items, labelOf, news },
  present,
  onClose,
}: {
  earlier: Earlier
  present: string | undefined
  onClose(): void
}) {
  const { model, language } = useLazy()
  return (
    <div class="list">
      {items.map(item => {
        const { id, created_at, last_message_at } = item
        return (
          <button
            key={id}
            type="button"
            class={news.has(id) ? 'row news' : 'row'}
            aria-current={id === present}
            onClick={() => {
              onClose()
              if (id !== present) model.enter(id)
            }}
          >
            <span class="title">{labelOf(item) || dateLabel(created_at, language)}</span>
            <time>{whenLabel(last_message_at ?? created_at, model.client.now(), language)}</time>
          </button>
        )
      })}
    </div>
  )
}

/** The time of today, else the day. */
function whenLabel(at: string, now: number, language: Language): string {
  return new Date(at).toDateString() === new Date(now).toDateString()
    ? timeLabel(at, language)
    : dateLabel(at, language)
}
