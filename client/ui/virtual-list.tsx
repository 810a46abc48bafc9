import type { ComponentChildren, RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useKeptFocus } from './use-kept-focus.ts'

interface Props<T> {
  items: T[]
  label: string
  /** Of every row, in CSS pixels. */
  rowHeight: number
  keyOf(item: T): string
  /** One element that can have the focus carries `data-focus`. */
  row(item: T, index: number): ComponentChildren
  /** Where the list was scrolled to when it was shown last, and where what it is scrolled to is noted. */
  place?: { top: number; onTop(top: number): void }
  /** Below the last row, such as a button for more. */
  children?: ComponentChildren
}

/** Rows kept above and below what is seen, so that scrolling shows no holes. */
const margin = 6

/**
 * A list of rows of one height, of which only those in view exist. Arrow keys, Home and End go from row to row; the row
 * that has the focus exists wherever it is.
 */
export function VirtualList<T>({ items, label, rowHeight, keyOf, row, place, children }: Props<T>) {
  const box = useRef<HTMLElement>(null)
  const [view, setView] = useState({ top: 0, height: 0 })
  const [focused, setFocused] = useState<string | null>(null)
  const moves = useRef(false)

  useLayoutEffect(() => {
    const { current } = box
    if (!current) return
    if (place) current.scrollTop = place.top
    const look = () => setView({ top: current.scrollTop, height: current.clientHeight })
    const note = () => place?.onTop(current.scrollTop)
    const resized = new ResizeObserver(look)
    resized.observe(current)
    current.addEventListener('scroll', look, { passive: true })
    current.addEventListener('scroll', note, { passive: true })
    return () => {
      resized.disconnect()
      current.removeEventListener('scroll', look)
      current.removeEventListener('scroll', note)
    }
  }, [])

  useKeptFocus(box)
  useKeptPlace(box, items, keyOf, rowHeight)

  useEffect(() => {
    if (!moves.current || focused === null) return
    moves.current = false
    box.current?.querySelector<HTMLElement>(`[data-key="${focused}"] [data-focus]`)?.focus()
  }, [focused])

  const first = Math.max(0, Math.floor(view.top / rowHeight) - margin)
  const last = Math.min(items.length, Math.ceil((view.top + view.height) / rowHeight) + margin)
  const shown = new Set(Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index))
  const focusedIndex = focused === null ? -1 : items.findIndex(item => keyOf(item) === focused)
  if (focusedIndex >= 0) shown.add(focusedIndex)

  function onKeyDown(event: KeyboardEvent) {
    const to = target(event.key, focusedIndex, items.length)
    const item = to === null ? undefined : items[to]
    if (item === undefined || to === null || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    moves.current = true
    setFocused(keyOf(item))
    const { current } = box
    if (!current) return
    const top = to * rowHeight
    if (top < current.scrollTop) current.scrollTop = top
    else if (top + rowHeight > current.scrollTop + current.clientHeight)
      current.scrollTop = top + rowHeight - current.clientHeight
  }

  return (
    <section class="virtual" ref={box} aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
      <ul style={{ height: `${items.length * rowHeight}px` }}>
        {[...shown]
          .sort((a, b) => a - b)
          .map(index => {
            const item = items[index] as T
            const key = keyOf(item)
            return (
              <li
                key={key}
                data-key={key}
                aria-setsize={items.length}
                aria-posinset={index + 1}
                style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
                onFocusIn={() => setFocused(key)}
              >
                {row(item, index)}
              </li>
            )
          })}
      </ul>
      {children}
    </section>
  )
}

/** Rows that come or go above what is looked at do not move it. */
function useKeptPlace<T>(
  box: RefObject<HTMLElement | null>,
  items: T[],
  keyOf: (item: T) => string,
  rowHeight: number,
) {
  const before = useRef(items)
  useLayoutEffect(() => {
    const { current } = box
    const known = before.current
    before.current = items
    if (!current || current.scrollTop === 0 || known === items) return
    const now = new Map(items.map((item, index) => [keyOf(item), index]))
    // The first one in view that is still there.
    for (let index = Math.floor(current.scrollTop / rowHeight); index < known.length; index++) {
      const next = now.get(keyOf(known[index] as T))
      if (next === undefined) continue
      current.scrollTop += (next - index) * rowHeight
      return
    }
  }, [items])
}

/** The row a key leads to; null for other keys. */
function target(key: string, from: number, count: number): number | null {
  if (key === 'ArrowDown') return Math.min(from + 1, count - 1)
  if (key === 'ArrowUp') return Math.max(from - 1, 0)
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  return null
}
