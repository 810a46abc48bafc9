import { useId } from 'preact/hooks'
import type { OperationInput } from '#protocol'
import { tagMaxLength } from '#protocol/core/limits'
import { useDesk, useDeskState } from './context.ts'
import { useDeskZone } from './snooze.tsx'
import type { Word } from './words.ts'
import { fieldTime } from './zoned-time.ts'

type SearchFilters = NonNullable<OperationInput<'conversation:search'>['filters']>

/** As the fields hold them: '' where nothing is filtered by it. Days are whole ones, by the clocks of the desk. */
export interface FilterFields {
  from: string
  to: string
  agent_id: string
  person: string
  tag: string
  mode: '' | NonNullable<SearchFilters['mode']>
}

export const noFilters: FilterFields = { from: '', to: '', agent_id: '', person: '', tag: '', mode: '' }

const dayMs = 86_400_000
const modes = { ai: 'assistant', queued: 'waiting', human: 'aPerson' } as const satisfies Record<string, Word>

/** What is asked of the server. */
export function toFilters({ from, to, ...fields }: FilterFields, zone: string): SearchFilters {
  const start = from && fieldTime(`${from}T00:00`, zone)
  const last = to && fieldTime(`${to}T00:00`, zone)
  const chosen = Object.entries(fields).filter(([, value]) => value.trim() !== '')
  return {
    ...(Object.fromEntries(chosen) as SearchFilters),
    ...(start && { from: start.toISOString() }),
    ...(last && { to: new Date(last.getTime() + dayMs).toISOString() }),
  }
}

interface Props {
  fields: FilterFields
  onChange(fields: FilterFields): void
}

/** By whom, when and where something was said. */
export function Filters({ fields, onChange }: Props) {
  const { t } = useDesk()
  const { agents, labels } = useDeskState()
  const listId = useId()
  const zone = useDeskZone()
  const set = (change: Partial<FilterFields>) => onChange({ ...fields, ...change })
  return (
    <fieldset class="filters" aria-label={t('filters')}>
      <label class="field">
        {t('filterFrom')}
        <input
          class="input"
          type="date"
          title={zone}
          value={fields.from}
          onInput={({ currentTarget }) => set({ from: currentTarget.value })}
        />
      </label>
      <label class="field">
        {t('filterTo')}
        <input
          class="input"
          type="date"
          title={zone}
          value={fields.to}
          onInput={({ currentTarget }) => set({ to: currentTarget.value })}
        />
      </label>
      <label class="field">
        {t('filterPerson')}
        <input
          class="input"
          maxLength={100}
          value={fields.person}
          onInput={({ currentTarget }) => set({ person: currentTarget.value })}
        />
      </label>
      <label class="field">
        {t('filterTag')}
        <input
          class="input"
          maxLength={tagMaxLength}
          list={listId}
          value={fields.tag}
          onInput={({ currentTarget }) => set({ tag: currentTarget.value })}
        />
        <datalist id={listId}>
          {labels.map(({ id, name }) => (
            <option key={id} value={name} />
          ))}
        </datalist>
      </label>
      <label class="field">
        {t('agent')}
        <select
          class="input"
          value={fields.agent_id}
          onChange={({ currentTarget }) => set({ agent_id: currentTarget.value })}
        >
          <option value="">{t('filterAny')}</option>
          {agents.map(({ id, name }) => (
            <option key={id} value={id}>
              {name ?? t('agent')}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        {t('filterMode')}
        <select
          class="input"
          value={fields.mode}
          onChange={({ currentTarget }) => set({ mode: currentTarget.value as FilterFields['mode'] })}
        >
          <option value="">{t('filterAny')}</option>
          {Object.entries(modes).map(([mode, word]) => (
            <option key={mode} value={mode}>
              {t(word)}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  )
}
