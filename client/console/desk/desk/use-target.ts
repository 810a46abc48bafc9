import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import type { ConversationState, ConversationStore } from '../../../sdk/index.ts'
import { useDesk, useDeskState } from './context.ts'

/** What one reading brings: so many, until what is looked for is among them. */
const pageMax = 100
const pagesMax = 100
/** How long it is marked. */
const markMs = 4000

/** Opens a conversation at the message that was found in it: reads back to it, brings it into view and marks it for a moment. */
export function useTarget(
  store: ConversationStore,
  { conversation }: ConversationState,
  scroller: RefObject<HTMLElement | null>,
  /** What is brought into view is read, wherever the end is. */
  follows: { current: boolean },
): void {
  const { desk } = useDesk()
  const { target } = useDeskState()
  const isHere = target !== null && target.conversationId === conversation?.id

  useEffect(() => {
    if (!isHere || !target) return
    const { messageId, seq } = target
    let isGone = false

    async function find() {
      for (let page = 0; page < pagesMax && !isGone; page++) {
        const { messages, hasMore } = store.get()
        if (!hasMore || (messages[0]?.seq ?? 0) <= seq) break
        await store.loadOlder(pageMax)
      }
      // Once what was read is there.
      requestAnimationFrame(() => requestAnimationFrame(show))
    }

    function show() {
      const element = scroller.current?.querySelector(`[data-message="${messageId}"]`)
      if (isGone || !element) return
      follows.current = false
      element.scrollIntoView({ block: 'center' })
      element.classList.add('found')
      setTimeout(() => element.classList.remove('found'), markMs)
      desk.foundTarget()
    }

    find().catch(() => {})
    return () => {
      isGone = true
    }
  }, [desk, store, isHere, target?.messageId])
}
