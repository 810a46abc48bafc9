import './hours.css'
import { holidayNameMaxLength } from '#protocol/core/limits'
import type { Hours } from '#protocol/desk/service'
import { locale } from '../../../ui/i18n.ts'
import { Icon } from '../../../ui/icons.tsx'
import { useConsole } from '../../context.ts'
import { TextField } from '../../fields.tsx'
import type { FieldsProps } from './page.tsx'
import { translator } from './words.ts'

type Interval = Hours['weekdays'][number][number]
type Holiday = Hours['holidays'][number]

const usual: Interval = { from: '09:00', to: '17:00' }

/** What one begins with: Monday to Friday, where the browser is. */
function firstHours(): Hours {
  const weekdays = Array.from({ length: 7 }, (_, day) => (day === 0 || day === 6 ? [] : [usual]))
  return { time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone, weekdays, holidays: [] }
}

export function HoursFields({ settings: { hours }, change }: FieldsProps) {
  const { t } = useConsole(translator)
  const set = (to: Partial<Hours>) => hours && change({ hours: { ...hours, ...to } })
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={hours === null}
          onChange={event => change({ hours: event.currentTarget.checked ? null : firstHours() })}
        />
        {t('always')}
      </label>
      {hours && (
        <>
          <div class="zone">
            <TextField
              label={t('timeZone')}
              list="time-zones"
              value={hours.time_zone}
              isRequired
              onText={time_zone => set({ time_zone })}
            />
          </div>
          <Week hours={hours} set={set} />
          <Holidays hours={hours} set={set} />
        </>
      )}
    </>
  )
}

interface PartProps {
  hours: Hours
  set(to: Partial<Hours>): void
}

/** Any Sunday: the names of the days come from the language. */
const sunday = Date.UTC(2023, 0, 1)
const dayMs = 86_400_000
/** As a week is read: from Monday on. */
const order = [1, 2, 3, 4, 5, 6, 0]

function Week({ hours, set }: PartProps) {
  const { language } = useConsole()
  const name = new Intl.DateTimeFormat(locale(language), { weekday: 'long', timeZone: 'UTC' })
  return (
    <ul class="week">
      {order.map(day => (
        <li key={day}>
          <strong>{name.format(sunday + day * dayMs)}</strong>
          <Intervals
            intervals={hours.weekdays[day] ?? []}
            onChange={intervals => set({ weekdays: hours.weekdays.with(day, intervals) })}
          />
        </li>
      ))}
    </ul>
  )
}

function Intervals(props: { intervals: Interval[]; onChange(intervals: Interval[]): void }) {
  const { t } = useConsole(translator)
  const { intervals, onChange } = props
  const change = (index: number, to: Partial<Interval>) =>
    onChange(intervals.with(index, { ...(intervals[index] as Interval), ...to }))
  return (
    <div class="intervals">
      {intervals.length === 0 && <span class="muted">{t('closedDay')}</span>}
      {intervals.map(({ from, to }, index) => (
        <span key={index} class="interval">
          <Clock label={t('from')} value={from} onChange={from => change(index, { from })} />–
          <Clock label={t('to')} value={to} onChange={to => change(index, { to })} />
          <button
            type="button"
            class="button quiet"
            aria-label={t('removeInterval')}
            title={t('removeInterval')}
            onClick={() => onChange(intervals.toSpliced(index, 1))}
          >
            <Icon name="close" size={16} />
          </button>
        </span>
      ))}
      <button
        type="button"
        class="button quiet"
        aria-label={t('addInterval')}
        title={t('addInterval')}
        onClick={() => onChange([...intervals, usual])}
      >
        <Icon name="plus" size={16} />
      </button>
    </div>
  )
}

/** As text: a time field knows no 24:00, which ends a day. */
function Clock(props: { label: string; value: string; onChange(value: string): void }) {
  return (
    <input
      class="input clock"
      aria-label={props.label}
      value={props.value}
      required
      pattern="([01][0-9]|2[0-3]):[0-5][0-9]|24:00"
      inputMode="numeric"
      placeholder="09:00"
      onInput={event => props.onChange(event.currentTarget.value)}
    />
  )
}

function Holidays({ hours: { holidays }, set }: PartProps) {
  const { t } = useConsole(translator)
  const change = (index: number, to: Partial<Holiday>) =>
    set({ holidays: holidays.with(index, { ...(holidays[index] as Holiday), ...to }) })
  return (
    <>
      <h3>{t('holidays')}</h3>
      <ul class="week">
        {holidays.map(({ date, name, intervals }, index) => (
          <li key={index}>
            <span class="holiday">
              <input
                class="input"
                type="date"
                aria-label={t('date')}
                value={date}
                required
                onInput={event => change(index, { date: event.currentTarget.value })}
              />
              <input
                class="input"
                aria-label={t('name')}
                placeholder={t('name')}
                value={name ?? ''}
                maxLength={holidayNameMaxLength}
                onInput={event => change(index, { name: event.currentTarget.value || undefined })}
              />
              <button
                type="button"
                class="button quiet danger"
                aria-label={t('removeHoliday')}
                title={t('removeHoliday')}
                onClick={() => set({ holidays: holidays.toSpliced(index, 1) })}
              >
                <Icon name="trash" size={16} />
              </button>
            </span>
            <Intervals intervals={intervals} onChange={intervals => change(index, { intervals })} />
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="button small"
        onClick={() => set({ holidays: [...holidays, { date: '', intervals: [] }] })}
      >
        <Icon name="plus" size={16} />
        {t('addHoliday')}
      </button>
    </>
  )
}
