import type { RefObject } from 'preact'
import { useRef, useState } from 'preact/hooks'

/**
 * Where the agent writes stays as long as they write there, also when the conversation is no longer theirs: with it the focus would go to the page,
 * which takes what is typed for its commands.
 */
export function useWriting(
  isOpen: boolean,
): [RefObject<HTMLDivElement | null>, boolean, (event: FocusEvent) => void] {
  const box = useRef<HTMLDivElement>(null)
  const before = useRef(isOpen)
  const [, refresh] = useState({})
  const isWriting = isOpen || (before.current && Boolean(box.current?.contains(document.activeElement)))
  before.current = isWriting
  return [
    box,
    isWriting,
    ({ relatedTarget }) => {
      // A window that is left keeps its focus.
      if (!isOpen && document.hasFocus() && !box.current?.contains(relatedTarget as Node | null)) {
        before.current = false
        refresh({})
      }
    },
  ]
}
