import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ConversationState } from '../sdk/conversation.ts'
import { readingPlace } from './reading-place.ts'

/** Whoever scrolls down and is nearer to the end than this is there, in CSS pixels. */
const nearPx = 48
/** Sizes are whole, what is scrolled need not be. */
const atEndPx = 2

/** Follows the end while the reader is there; elsewhere the line that is read stays where it is. The scroller has one child. */
export function useStickyScroll({ messages, outgoing }: ConversationState) {
  const scroller = useRef<HTMLDivElement>(null)
  const [isAtEnd, setAtEnd] = useState(true)
  const follows = useRef(true)
  const settle = useRef<() => void>(null)
  const ownKey = outgoing.at(-1)?.key

  function toEnd(behavior?: ScrollBehavior) {
    follows.current = true
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior })
  }

  useLayoutEffect(() => {
    const current = scroller.current!
    const flow = current.firstElementChild!
    const place = readingPlace(current, flow)
    let top = 0
    let end = 0
    const endOf = () => current.scrollHeight - current.clientHeight
    function update(withinPx: number) {
      top = current.scrollTop
      follows.current = endOf() - top < withinPx
      setAtEnd(follows.current)
      if (!follows.current) place.note()
    }
    function onScroll() {
      // What a new size moves is no wish of the reader's.
      if (follows.current && end !== endOf()) return
      update(current.scrollTop < top ? atEndPx : nearPx)
    }
    // A word comes in, older messages do; the composer grows, the keyboard comes; a picture is there, a card opens.
    settle.current = () => {
      end = endOf()
      if (follows.current) return toEnd()
      place.restore()
      update(atEndPx)
    }
    const resized = new ResizeObserver(settle.current)
    // Not every browser has a way of its own, and none has it at the top.
    current.style.overflowAnchor = 'none'
    for (const box of [current, flow]) resized.observe(box)
    current.addEventListener('scroll', onScroll)
    return () => resized.disconnect()
  }, [])

  // Older messages at once, else they would be seen for a moment.
  useLayoutEffect(() => settle.current?.(), [messages[0]?.id])

  // One's own message always comes into view.
  useLayoutEffect(() => {
    if (ownKey) toEnd()
  }, [ownKey])

  return { scroller, isAtEnd, toEnd, follows }
}
