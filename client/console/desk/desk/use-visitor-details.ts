import { useEffect, useState } from 'preact/hooks'
import type { VisitorFacts } from '#protocol/desk/desk'
import { useDesk, useDeskState } from './context.ts'

/** Who the visitor is; null until it is known. */
export function useVisitorDetails(id: string): VisitorFacts | null {
  const { desk } = useDesk()
  const { connection } = useDeskState()
  const [details, setDetails] = useState<VisitorFacts | null>(null)
  useEffect(() => {
    if (connection !== 'online') return
    const abort = new AbortController()
    desk.client.call('visitor:get', { conversation_id: id }, { signal: abort.signal }).then(
      ({ visitor }) => setDetails(visitor),
      // The conversation itself says why it cannot be read.
      () => {},
    )
    return () => abort.abort()
  }, [desk, id, connection])
  return details
}
