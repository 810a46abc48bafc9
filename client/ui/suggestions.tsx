import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

export interface Suggestion {
  id: string
  title: string
  text?: string
}

interface Props {
  id: string
  label: string
  items: Suggestion[]
  chosen: number
  /** Where nothing fits. */
  children: ComponentChildren
  onPick(index: number): void
}

/** What could be meant by what is being typed. The focus stays in the field, which hands its keys to `moveChoice`. */
export function Suggestions({ id, label, items, chosen, children, onPick }: Props) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <div id={id} class="suggestions" role="listbox" aria-label={label} ref={list}>
      {items.map((item, index) => (
        <div
          key={item.id}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          onMouseDown={event => {
            event.preventDefault()
            onPick(index)
          }}
        >
          <strong>{item.title}</strong>
          {item.text && <span class="muted">{item.text}</span>}
        </div>
      ))}
      {items.length === 0 && children}
    </div>
  )
}

/** The choice after a key; null for keys that do not move it. */
export function moveChoice(key: string, chosen: number, count: number): number | null {
  if (count === 0) return null
  if (key === 'ArrowDown') return (chosen + 1) % count
  if (key === 'ArrowUp') return (chosen - 1 + count) % count
  return null
}
