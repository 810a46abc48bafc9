import type { ComponentChildren } from 'preact'
import type { Message } from '#protocol'
import { Icon } from '../../../ui/icons.tsx'
import { clockLabel, dateLabel } from '../../../ui/time.ts'
import { useDesk, useDeskState } from './context.ts'

interface Props {
  /** Of the conversation that it opens. */
  id: string
  /** The message that it is opened at. */
  target?: Pick<Message, 'id' | 'seq'> | null
  name: string
  isShown: boolean
  isCurrent: boolean
  /** Whose it is, as a picture or a place. */
  lead: ComponentChildren
  time: ComponentChildren
  /** What can be done besides opening it. */
  action?: ComponentChildren
  /** Below the name. */
  children: ComponentChildren
}

/** A row of a list that opens a conversation; with Ctrl, Cmd or B beside those that are open. While rows are selected, it is one of them. */
export function RowFrame({ id, target, name, isShown, isCurrent, lead, time, action, children }: Props) {
  const { desk } = useDesk()
  const { selected } = useDeskState()
  const isSelecting = selected !== null

  function open(isBeside: boolean) {
    if (isSelecting) return desk.select({ id, name })
    desk.show(id, isBeside)
    if (target) desk.find({ conversationId: id, messageId: target.id, seq: target.seq })
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!['b', 'x'].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    if (event.key === 'x') desk.select({ id, name })
    else open(true)
  }

  return (
    <div class={`row ${isShown ? 'shown' : ''} ${isCurrent ? 'current' : ''}`}>
      <button
        type="button"
        class="open"
        data-focus
        {...(isSelecting
          ? { role: 'checkbox', 'aria-checked': selected.has(id) }
          : { 'aria-current': isCurrent })}
        onClick={event => open(event.ctrlKey || event.metaKey)}
        onKeyDown={onKeyDown}
      >
        {isSelecting ? (
          <span class="tick">
            <Icon name="check" size={18} />
          </span>
        ) : (
          lead
        )}
        <span class="lines">
          <span class="line">
            <strong title={name}>{name}</strong>
            {time}
          </span>
          {children}
        </span>
      </button>
      {!isSelecting && action}
    </div>
  )
}

/** The time of today, else the day. */
export function RecentTime({ at, now }: { at: string; now: number }) {
  const { language } = useDesk()
  const isToday = new Date(at).toDateString() === new Date(now).toDateString()
  return (
    <time class="when" dateTime={at}>
      {isToday ? clockLabel(at, language) : dateLabel(at, language)}
    </time>
  )
}
