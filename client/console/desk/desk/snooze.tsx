import { useState } from 'preact/hooks'
import type { Conversation } from '#protocol'
import { Dialog } from '../../../ui/dialog.tsx'
import { type Language, locale } from '../../../ui/i18n.ts'
import { Icon } from '../../../ui/icons.tsx'
import { useAttempt, useDesk, useDeskAction } from './context.ts'
import { dayAt, daysToMonday, fieldTime, toField } from './zoned-time.ts'

const soonMs = 3 * 3_600_000
const morningHour = 9

/** That of the desk: a colleague elsewhere means the same morning. */
export function useDeskZone(): string {
  const { desk } = useDesk()
  return desk.client.state.session?.features.handoff.time_zone ?? 'UTC'
}

function momentLabel(at: Date, language: Language, timeZone: string): string {
  const format = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  } as const
  return at.toLocaleString(locale(language), { ...format, timeZone })
}

/** Until when a conversation rests. */
export function SnoozeDialog({ id, onClose }: { id: string; onClose(): void }) {
  const { desk, toasts, language, t } = useDesk()
  const attempt = useAttempt()
  const zone = useDeskZone()
  const [now] = useState(() => desk.client.now())
  const [chosen, choose] = useState('tomorrow')
  const tomorrow = dayAt(now, zone, 1, morningHour)
  const [field, setField] = useState(() => toField(tomorrow, zone))
  const times: [name: string, title: string, at: Date | null][] = [
    ['soon', t('snoozeSoon'), new Date(now + soonMs)],
    ['tomorrow', t('snoozeTomorrow'), tomorrow],
    ['monday', t('snoozeMonday'), dayAt(now, zone, daysToMonday(now, zone), morningHour)],
    ['visitor', t('snoozeVisitor'), null],
  ]

  async function answer(isConfirmed: boolean) {
    onClose()
    if (!isConfirmed) return
    const at =
      chosen === 'time' ? fieldTime(field, zone) : (times.find(([name]) => name === chosen)?.[2] ?? null)
    if (chosen === 'time' && !at) return
    const input = { conversation_id: id, until: at?.toISOString() ?? null }
    if (await attempt(() => desk.client.call('conversation:snooze', input)))
      toasts.say(at ? t('snoozedUntil', { time: momentLabel(at, language, zone) }) : t('snoozedVisitor'))
  }

  return (
    <Dialog title={t('snooze')} confirm={t('snooze')} cancel={t('cancel')} onAnswer={answer}>
      <fieldset class="choices all">
        <legend class="muted">{t('snoozeText', { zone })}</legend>
        {times.map(([name, title, at]) => (
          <label key={name} class="choice">
            <input type="radio" name="until" checked={chosen === name} onChange={() => choose(name)} />
            <span>
              <strong>{title}</strong>
              <small class="muted">{at ? momentLabel(at, language, zone) : t('snoozeVisitorHint')}</small>
            </span>
          </label>
        ))}
        <label class="choice">
          <input type="radio" name="until" checked={chosen === 'time'} onChange={() => choose('time')} />
          <span>
            <strong>{t('snoozeTime')}</strong>
            <input
              class="input"
              type="datetime-local"
              aria-label={t('snoozeTime')}
              value={field}
              min={toField(new Date(now), zone)}
              onInput={({ currentTarget }) => {
                setField(currentTarget.value)
                choose('time')
              }}
            />
          </span>
        </label>
      </fieldset>
    </Dialog>
  )
}

/** That it rests, and the way back. */
export function SnoozedNote({ conversation: { id, snoozed } }: { conversation: Conversation }) {
  const { desk, language, t } = useDesk()
  const { run, isBusy } = useDeskAction()
  const zone = useDeskZone()
  if (!snoozed) return null
  const { until } = snoozed
  const time = until && momentLabel(new Date(until), language, zone)
  return (
    <p class="watchers">
      <span>
        <Icon name="history" size={14} /> {time ? t('snoozedUntil', { time }) : t('snoozedVisitor')}
      </span>
      <button
        type="button"
        class="link"
        disabled={isBusy}
        onClick={() => void run(() => desk.client.call('conversation:unsnooze', { conversation_id: id }))}
      >
        {t('unsnooze')}
      </button>
    </p>
  )
}
