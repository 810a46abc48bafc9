import { cannedContentMaxLength, macroNameMaxLength, tagsMax } from '#protocol/core/limits'
import type { Label } from '#protocol/desk/label'
import type { Macro } from '#protocol/desk/macro'
import type { Column } from '../../../ui/table.tsx'
import { useConsole, useLoaded } from '../../context.ts'
import { EditableList } from '../../editable.tsx'
import { SelectField, TextField } from '../../fields.tsx'
import { Tag } from '../label/tag.tsx'
import { outcomeLabel } from './outcome-label.ts'
import { translator } from './words.ts'
import './page.css'

interface Values {
  name: string
  content: string | null
  label_ids: string[]
  outcome: string | null
}

/** What agents do again and again, in one. */
export function MacrosView() {
  const { session, t } = useConsole(translator)
  const macros = useLoaded('macro:list', {})
  const labels = useLoaded('label:list', {}).data?.labels ?? []
  const teams = useLoaded('team:list', {}).data?.teams ?? []
  const agents = useLoaded('presence:list', {}).data?.agents ?? []
  const labelOf = (outcome: string | null) => outcomeLabel(outcome, { teams, agents }, t)
  const outcomes = [
    null,
    'complete',
    'snooze',
    'ai',
    'queue',
    ...teams.map(({ id }) => `team:${id}`),
    ...agents.map(({ id }) => id),
  ]

  const columns: Column<Macro>[] = [
    { name: 'name', label: t('name'), cell: ({ name }) => <span class="title">{name}</span> },
    {
      name: 'text',
      label: t('text'),
      kind: 'wide',
      cell: ({ content }) => <span class="long">{content ?? '–'}</span>,
    },
    {
      name: 'labels',
      label: t('labels'),
      kind: 'wide',
      cell: macro => macro.labels.map(label => <Tag key={label.id} name={label.name} labels={[label]} />),
    },
    { name: 'outcome', label: t('outcome'), cell: ({ outcome }) => labelOf(outcome) },
  ]

  return (
    <EditableList
      loaded={macros}
      itemsOf={data => data.macros}
      nameOf={({ name }) => name}
      columns={columns}
      head={<p class="muted">{t('macrosText')}</p>}
      words={{ add: t('newMacro'), none: t('noMacros'), noneText: t('noMacrosText') }}
      isMain
      valuesOf={(macro): Values => ({
        name: macro?.name ?? '',
        content: macro?.content ?? null,
        label_ids: macro?.labels.map(({ id }) => id) ?? [],
        outcome: macro?.outcome ?? null,
      })}
      onSave={(macro_id, values) => session.call('macro:save', { macro_id, ...values })}
      problemOf={({ code }) => code === 'CONFLICT' && t('nameTaken')}
      onDelete={macro_id => session.call('macro:delete', { macro_id })}
      fieldsOf={(values, change) => (
        <MacroFields
          values={values}
          change={change}
          labels={labels}
          outcomes={outcomes.map(outcome => [outcome ?? '', labelOf(outcome)] as const)}
        />
      )}
      isWide
    />
  )
}

interface FieldsProps {
  values: Values
  change(to: Partial<Values>): void
  labels: Label[]
  /** What may become of the conversation, with the words for it. */
  outcomes: (readonly [outcome: string, label: string])[]
}

function MacroFields({ values, change, labels, outcomes }: FieldsProps) {
  const { t } = useConsole(translator)
  return (
    <>
      <TextField
        label={t('name')}
        value={values.name}
        maxLength={macroNameMaxLength}
        isRequired
        onText={name => change({ name })}
      />
      <label class="field">
        {t('text')}
        <textarea
          class="input"
          rows={4}
          maxLength={cannedContentMaxLength}
          value={values.content ?? ''}
          onInput={({ currentTarget }) =>
            change({ content: currentTarget.value.trim() ? currentTarget.value : null })
          }
        />
        <small class="muted">{t('textHint')}</small>
      </label>
      <LabelsField labels={labels} chosen={values.label_ids} onChange={label_ids => change({ label_ids })} />
      <SelectField
        label={t('outcome')}
        value={values.outcome ?? ''}
        options={outcomes}
        onSelect={outcome => change({ outcome: outcome || null })}
      />
    </>
  )
}

interface LabelsProps {
  labels: Label[]
  chosen: string[]
  onChange(ids: string[]): void
}

function LabelsField({ labels, chosen, onChange }: LabelsProps) {
  const { t } = useConsole(translator)
  return (
    <fieldset class="field macro-labels">
      <legend>{t('labels')}</legend>
      {labels.length === 0 && <small class="muted">{t('noLabels')}</small>}
      {labels.map(label => {
        const isChosen = chosen.includes(label.id)
        return (
          <label key={label.id}>
            <input
              type="checkbox"
              checked={isChosen}
              disabled={!isChosen && chosen.length >= tagsMax}
              onChange={() =>
                onChange(isChosen ? chosen.filter(id => id !== label.id) : [...chosen, label.id])
              }
            />
            <Tag name={label.name} labels={[label]} />
          </label>
        )
      })}
    </fieldset>
  )
}
