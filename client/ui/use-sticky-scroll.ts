import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ConversationState } from '../sdk/conversation.ts'

/** Nearer to the end than this counts as being there. */
const nearPx = 48

/** Follows the end while the reader is there; keeps the place when older messages come in above. */
export function useStickyScroll(state: ConversationState) {
  const scroller = useRef<HTMLDivElement>(null)
  const flow = useRef<HTMLDivElement>(null)
  const [isAtEnd, setAtEnd] = useState(true)
  const sticky = useRef(true)
  const first = useRef<{ id?: string; height: number }>({ height: 0 })
  const { messages, outgoing, typing, progress } = state

  function toEnd(behavior: ScrollBehavior = 'auto') {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior })
  }

  useEffect(() => {
    const { current } = scroller
    let size = ''
    const measure = () => `${current?.scrollHeight} ${current?.clientHeight}`
    function onScroll() {
      // What a new size moves is no wish of the reader's.
      if (!current || (sticky.current && size !== measure())) return
      sticky.current = current.scrollHeight - current.scrollTop - current.clientHeight < nearPx
      setAtEnd(sticky.current)
    }
    // The composer grows, the keyboard comes; a picture is there, a card opens.
    const resized = new ResizeObserver(() => {
      size = measure()
      if (sticky.current) toEnd()
    })
    for (const box of [current, flow.current]) if (box) resized.observe(box)
    current?.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      resized.disconnect()
      current?.removeEventListener('scroll', onScroll)
    }
  }, [])

  // One's own message always comes into view.
  useLayoutEffect(() => {
    sticky.current = true
    toEnd()
  }, [outgoing.length > 0, outgoing.at(-1)?.key])

  // After whatever changes the height.
  useLayoutEffect(() => {
    const { current } = scroller
    if (!current) return
    const { id, height } = first.current
    const added = current.scrollHeight - height
    if (sticky.current) toEnd()
    else if (id && id !== messages[0]?.id && added > 0) current.scrollTop += added
    first.current = { id: messages[0]?.id, height: current.scrollHeight }
  }, [messages, outgoing, typing, progress])

  return { scroller, flow, isAtEnd, toEnd }
}
