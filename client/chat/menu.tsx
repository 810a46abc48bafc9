import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon, type IconName } from '../ui/icons.tsx'

export interface Entry {
  name: string
  icon?: IconName
  /** Under the name. */
  note?: string
  isDangerous?: boolean
  /** Of entries one of which holds. */
  isChosen?: boolean
  onChoose(): void
}

interface Props {
  label: string
  entries: Entry[]
  children: ComponentChildren
  class?: string
}

const gapPx = 4

/** A button that opens what can be chosen, in the browser's own top layer: it closes on Escape and on a click elsewhere. */
export function Menu({ label, entries, children, class: name = 'button quiet small' }: Props) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [isOpen, setOpen] = useState(false)

  /** Below the button, or above it where there is no room. */
  function place() {
    const { current } = list
    const box = button.current?.getBoundingClientRect()
    if (!current || !box) return
    const { offsetHeight, offsetWidth } = current
    const below = box.bottom + gapPx
    const top = below + offsetHeight <= innerHeight ? below : Math.max(gapPx, box.top - offsetHeight - gapPx)
    const left = Math.max(gapPx, Math.min(box.right - offsetWidth, innerWidth - offsetWidth - gapPx))
    Object.assign(current.style, { top: `${top}px`, left: `${left}px` })
  }

  // Once its entries are there.
  useLayoutEffect(() => {
    if (!isOpen) return
    place()
    const { current } = list
    const first =
      current?.querySelector<HTMLElement>('[aria-checked=true]') ?? current?.querySelector('button')
    first?.focus()
  }, [isOpen])

  function onKeyDown(event: KeyboardEvent) {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLElement)
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }
    const next = steps[event.key]
    if (event.key === 'Tab') list.current?.hidePopover()
    if (next === undefined) return
    event.preventDefault()
    buttons.at(next % buttons.length)?.focus()
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class={name}
        popovertarget={id}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        title={label}
      >
        {children}
      </button>
      <div
        ref={list}
        id={id}
        class="menu"
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        onToggle={({ newState }) => setOpen(newState === 'open')}
        onKeyDown={onKeyDown}
      >
        {isOpen &&
          entries.map(entry => (
            <button
              key={entry.name}
              type="button"
              {...roleOf(entry)}
              class={entry.isDangerous ? 'danger' : undefined}
              onClick={() => {
                list.current?.hidePopover()
                entry.onChoose()
              }}
            >
              {entry.icon && <Icon name={entry.icon} size={16} />}
              <span>
                {entry.name}
                {entry.note && <small>{entry.note}</small>}
              </span>
              {entry.isChosen && <Icon name="check" size={16} />}
            </button>
          ))}
      </div>
    </>
  )
}

function roleOf({ isChosen }: Entry) {
  return isChosen === undefined
    ? ({ role: 'menuitem' } as const)
    : ({ role: 'menuitemradio', 'aria-checked': isChosen } as const)
}
