import { useEffect } from 'preact/hooks'
import { useStore } from '../../../ui/use-store.ts'
import { useDesk } from './context.ts'

/** What the agent looks at has been seen, on both sides. */
export function useSeen(id: string, isCurrent: boolean): void {
  const { desk } = useDesk()
  const store = desk.conversation(id)
  const { seq, status } = useStore(store)
  useEffect(() => {
    function look() {
      if (!isCurrent || status !== 'ready' || !document.hasFocus()) return
      desk.seen(id)
      store.markRead()
    }
    look()
    addEventListener('focus', look)
    return () => removeEventListener('focus', look)
  }, [desk, store, id, isCurrent, seq, status])
}
