import type { Statistics } from '#protocol/core/statistics'
import { Icon } from '../../../ui/icons.tsx'
import { saveBlob } from '../../../ui/save-blob.ts'
import { useConsole } from '../../context.ts'
import { translator } from './words.ts'

const dayMs = 86_400_000

/** Days, both included; '' where none is chosen yet. */
export interface Range {
  from: string
  to: string
}

export function RangeFields({ range, onChange }: { range: Range; onChange(range: Range): void }) {
  const { t } = useConsole(translator)
  return (
    <div class="range">
      {(['from', 'to'] as const).map(name => (
        <label key={name}>
          {t(name)}
          <input
            type="date"
            class="input"
            value={range[name]}
            onChange={({ currentTarget: { value } }) => onChange({ ...range, [name]: value })}
          />
        </label>
      ))}
    </div>
  )
}

/** As many days as these, before them. */
export function rangeBefore(days: Statistics['days']): Range {
  const first = Date.parse(days[0]!.date)
  const dayAt = (time: number) => new Date(time).toISOString().slice(0, 10)
  return { from: dayAt(first - days.length * dayMs), to: dayAt(first - dayMs) }
}

/** A line for each day. */
export function Download({ days }: { days: Statistics['days'] }) {
  const { t } = useConsole(translator)
  function download() {
    const columns = Object.keys(days[0]!) as (keyof Statistics['days'][number])[]
    const rows = [columns, ...days.map(day => columns.map(name => day[name] ?? ''))]
    const lines = rows.map(row => `${row.join(',')}\r\n`)
    saveBlob(new Blob(lines, { type: 'text/csv' }), `figures-${days[0]!.date}-${days.at(-1)!.date}.csv`)
  }
  return (
    <button type="button" class="button" onClick={download}>
      <Icon name="download" size={18} />
      {t('csv')}
    </button>
  )
}
