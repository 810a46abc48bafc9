import type { Handoff } from '#protocol'
import { Icon } from '../../../ui/icons.tsx'
import { clockLabel, dateLabel, durationLabel } from '../../../ui/time.ts'
import { useDesk } from './context.ts'
import type { Word } from './words.ts'
import './due.css'

type Clock = NonNullable<Handoff['clocks']>[number]

const words = {
  first_response: 'dueFirst',
  next_response: 'dueNext',
  resolution: 'dueEnd',
} as const satisfies Record<Clock['clock'], Word>

/** From here on it presses. */
const pressingMs = 5 * 60_000

/** What is due next in a conversation, and how much of its time is left: that stands still out of hours, and while the visitor is to write. */
export function Due({ clocks, now }: { clocks: Clock[] | undefined; now: number }) {
  const { t, language } = useDesk()
  const running = (clocks ?? []).filter(({ due_at }) => due_at !== null)
  const next = running.toSorted((a, b) => a.due_at!.localeCompare(b.due_at!))[0]
  if (!next?.due_at) {
    if (!clocks?.length) return null
    return (
      <span class="tag due" title={t('dueRestsText')}>
        <Icon name="history" size={13} />
        {t('dueRests')}
      </span>
    )
  }
  const due = Date.parse(next.due_at)
  const pause = next.pauses.find(({ from, to }) => Date.parse(from) <= now && now < Date.parse(to))
  const left = leftOf(next, now)
  const tone = left <= 0 ? 'bad' : left <= pressingMs && !pause ? 'busy' : ''
  const day =
    new Date(due).toDateString() === new Date(now).toDateString() ? '' : dateLabel(next.due_at, language)
  const until = `${day} ${clockLabel(next.due_at, language)}`.trim()
  const name = t(words[next.clock])
  return (
    <span class={`tag due ${tone}`} title={t(pause ? 'duePausedText' : 'dueText', { name, time: until })}>
      <Icon name="history" size={13} />
      {left <= 0 ? t('overdue') : `${name} ${durationLabel(left, language)}`}
      {pause && ` · ${t('duePaused')}`}
    </span>
  )
}

/** Of the time until then, what is not closed, in milliseconds. */
function leftOf({ due_at, pauses }: Clock, now: number): number {
  const due = Date.parse(due_at!)
  const closed = pauses.reduce(
    (sum, { from, to }) => sum + Math.max(0, Math.min(Date.parse(to), due) - Math.max(Date.parse(from), now)),
    0,
  )
  return due - now - closed
}
