import { useEffect, useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { Avatar } from '../../../ui/avatar.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { VirtualList } from '../../../ui/virtual-list.tsx'
import { Empty } from '../../state.tsx'
import { useListed } from './bulk-bar.tsx'
import { labelOf, useAttempt, useDesk, useDeskState } from './context.ts'
import { type FilterFields, toFilters } from './filters.tsx'
import { RowFrame } from './row-frame.tsx'
import type { SelectedRow } from './selecting.ts'
import { useDeskZone } from './snooze.tsx'
import type { T } from './words.ts'

type Match = OperationOutput<'conversation:search'>['items'][number]

const rowHeight = 84
/** What is typed within this is searched together. */
const debounceMs = 250
/** Signs before the first word that is marked. */
const leadLength = 24

/** Messages and people that the words are found in, best first. */
export function Found({ query, fields }: { query: string; fields: FilterFields }) {
  const { desk, t } = useDesk()
  const { connection } = useDeskState()
  const attempt = useAttempt()
  const filters = toFilters(fields, useDeskZone())
  const [page, setPage] = useState<{ items: Match[]; cursor: string | null } | null>(null)

  useListed(rowsOf(page?.items ?? [], t))

  useEffect(() => {
    if (connection !== 'online') return
    let isShown = true
    const timer = setTimeout(() => {
      void attempt(async () => {
        const { items, next_cursor } = await desk.client.call('conversation:search', { query, filters })
        if (isShown) setPage({ items, cursor: next_cursor })
      })
    }, debounceMs)
    return () => {
      isShown = false
      clearTimeout(timer)
    }
  }, [query, JSON.stringify(filters), connection])

  async function loadNext() {
    if (!page?.cursor) return
    const next = await desk.client.call('conversation:search', { query, filters, cursor: page.cursor })
    // Meanwhile something else may have been searched.
    setPage(now => (now === page ? { items: [...page.items, ...next.items], cursor: next.next_cursor } : now))
  }

  if (!page) return null
  if (page.items.length === 0 && !page.cursor)
    return <Empty title={t('nothingFound')} text={t('nothingFoundText')} />
  return (
    <VirtualList
      items={page.items}
      label={t('found')}
      rowHeight={rowHeight}
      keyOf={({ conversation, message }) => message?.id ?? conversation.id}
      row={match => <MatchRow match={match} />}
    >
      {page.cursor && (
        <button type="button" class="button small more" onClick={() => void attempt(loadNext)}>
          {t('more')}
        </button>
      )}
    </VirtualList>
  )
}

/** Each conversation once, however often something was found in it. */
function rowsOf(matches: Match[], t: T): SelectedRow[] {
  const names = new Map(matches.map(({ conversation }) => [conversation.id, labelOf(conversation, t)]))
  return [...names].map(([id, name]) => ({ id, name }))
}

function MatchRow({ match: { conversation, message, highlights } }: { match: Match }) {
  const { t, language } = useDesk()
  const { columns, current } = useDeskState()
  const { id, visitor } = conversation
  const at = message?.created_at ?? conversation.last_message_at ?? conversation.created_at
  return (
    <RowFrame
      id={id}
      target={message}
      name={labelOf(conversation, t)}
      isShown={columns.includes(id)}
      isCurrent={id === current}
      lead={<Avatar name={visitor?.name ?? null} />}
      time={
        <time class="when" dateTime={at}>
          {dateTimeLabel(at, language)}
        </time>
      }
    >
      <span class="line preview">
        <span>{message ? markedParts(message.content, highlights) : t('foundByName')}</span>
      </span>
    </RowFrame>
  )
}

/** The text from a little before its first marked word. */
function markedParts(content: string, highlights: Match['highlights']) {
  const first = highlights[0]?.start ?? 0
  const start = first > leadLength ? first - leadLength : 0
  let at = start
  const parts = highlights.flatMap(({ start, end }) => {
    const before = content.slice(at, start)
    at = end
    return [before, <mark key={start}>{content.slice(start, end)}</mark>]
  })
  return [start > 0 ? '…' : '', ...parts, content.slice(at)]
}
