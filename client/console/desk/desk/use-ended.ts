import { useEffect, useState } from 'preact/hooks'
import type { Queued } from '#protocol/desk/handoff'
import { useAttempt, useDesk, useDeskState } from './context.ts'

const pageSize = 50

/** What this agent has completed, newest first; the newest are read again when something of theirs has left the list. */
export function useEnded(): { items: Queued[] | null; hasMore: boolean; loadMore(): void } {
  const { desk } = useDesk()
  const { mine, connection } = useDeskState()
  const attempt = useAttempt()
  const [items, setItems] = useState<Queued[] | null>(null)
  const [hasMore, setHasMore] = useState(false)

  async function load(page: number) {
    const found = await desk.client.call('queue:list', {
      status: 'resolved',
      mine: true,
      page,
      page_size: pageSize,
    })
    const fresh = new Set(found.items.map(({ id }) => id))
    setItems(before => {
      const others = (before ?? []).filter(({ id }) => !fresh.has(id))
      return page === 1 ? [...found.items, ...others] : [...others, ...found.items]
    })
    if (page > 1 || items === null) setHasMore(found.pagination.has_next)
  }

  useEffect(() => {
    if (connection === 'online') void attempt(() => load(1))
  }, [connection, mine.length])

  return {
    items,
    hasMore,
    loadMore: () => void attempt(() => load(Math.floor((items?.length ?? 0) / pageSize) + 1)),
  }
}
