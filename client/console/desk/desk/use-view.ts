import { useEffect, useRef, useState } from 'preact/hooks'
import type { ViewItem, ViewName } from '#protocol/desk/view'
import { useAttempt, useDesk, useDeskState } from './context.ts'

const pageSize = 50
/** So many of the newest are kept as they are; what was loaded below them stands as it was read. */
const liveMax = 200

type Counts = Record<ViewName, number>

/** A view, or what of it has the tag; read page by page and kept by the word that something has changed. */
export function useView(view: ViewName, tag: string) {
  const { desk } = useDesk()
  const { connection } = useDeskState()
  const attempt = useAttempt()
  const [page, setPage] = useState<{ items: ViewItem[]; cursor: string | null } | null>(null)
  const [counts, setCounts] = useState<Counts | null>(null)
  const filter = tag === '' ? {} : { tag }
  const loaded = useRef(0)
  loaded.current = page?.items.length ?? 0

  useEffect(() => {
    if (connection !== 'online') return
    let isShown = true
    let isReading = false
    let isStale = false

    /** One reading at a time; what changes meanwhile is read once more. */
    async function read(): Promise<void> {
      if (isReading) {
        isStale = true
        return
      }
      isReading = true
      const limit = Math.min(liveMax, Math.max(pageSize, loaded.current))
      try {
        const [{ items, next_cursor }, { counts }] = await Promise.all([
          desk.client.call('view:list', { view, limit, ...filter }),
          desk.client.call('view:counts', {}),
        ])
        if (!isShown) return
        setPage(before => merge(before, items, next_cursor))
        setCounts(counts)
      } finally {
        isReading = false
      }
      if (isShown && isStale) {
        isStale = false
        await read()
      }
    }

    setPage(null)
    void attempt(read)
    const leave = desk.client.on('view:changed', () => document.hidden || void read().catch(() => {}))
    const onShown = () => document.hidden || void read().catch(() => {})
    document.addEventListener('visibilitychange', onShown)
    return () => {
      isShown = false
      leave()
      document.removeEventListener('visibilitychange', onShown)
    }
  }, [connection, view, tag])

  async function loadNext() {
    if (!page?.cursor) return
    const { cursor } = page
    const next = await desk.client.call('view:list', { view, cursor, limit: pageSize, ...filter })
    setPage(before => before && { items: append(before.items, next.items), cursor: next.next_cursor })
  }

  return {
    items: page?.items ?? null,
    counts,
    hasMore: page !== null && page.cursor !== null,
    loadMore: () => void attempt(loadNext),
  }
}

function merge(
  before: { items: ViewItem[]; cursor: string | null } | null,
  fresh: ViewItem[],
  cursor: string | null,
) {
  if (!before || before.items.length <= liveMax || cursor === null) return { items: fresh, cursor }
  return { items: append(fresh, before.items.slice(liveMax)), cursor: before.cursor }
}

function append(items: ViewItem[], added: ViewItem[]): ViewItem[] {
  const known = new Set(items.map(({ conversation }) => conversation.id))
  return [...items, ...added.filter(({ conversation }) => !known.has(conversation.id))]
}
