import { labelColors, tagMaxLength } from '#protocol/core/limits'
import type { Label } from '#protocol/desk/label'
import type { Column } from '../../../ui/table.tsx'
import { useConsole, useLoaded } from '../../context.ts'
import { EditableList } from '../../editable.tsx'
import { SelectField, TextField } from '../../fields.tsx'
import { Tag } from './tag.tsx'
import { translator } from './words.ts'

type Values = Pick<Label, 'name' | 'color'>

/** The tags that the desk is offered. */
export function LabelsView() {
  const { session, t } = useConsole(translator)
  const labels = useLoaded('label:list', {})
  const columns: Column<Label>[] = [
    { name: 'name', label: t('label'), cell: label => <Tag name={label.name} labels={[label]} /> },
    { name: 'color', label: t('color'), kind: 'wide', cell: ({ color }) => t(color) },
  ]
  return (
    <EditableList
      loaded={labels}
      itemsOf={data => data.labels}
      nameOf={({ name }) => name}
      columns={columns}
      head={<p class="muted">{t('labelsText')}</p>}
      words={{ add: t('newLabel'), none: t('noLabels'), noneText: t('noLabelsText') }}
      isMain
      valuesOf={(label): Values => ({ name: label?.name ?? '', color: label?.color ?? 'blue' })}
      onSave={(label_id, values) => session.call('label:save', { label_id, ...values })}
      problemOf={({ code }) => code === 'CONFLICT' && t('nameTaken')}
      onDelete={label_id => session.call('label:delete', { label_id })}
      fieldsOf={(values, change, label) => (
        <>
          <TextField
            label={t('name')}
            hint={label ? t('renameHint') : undefined}
            value={values.name}
            maxLength={tagMaxLength}
            isRequired
            onText={name => change({ name })}
          />
          <SelectField
            label={t('color')}
            value={values.color}
            options={labelColors.map(color => [color, t(color)] as const)}
            onSelect={color => change({ color })}
          />
          <p>
            <Tag name={values.name || t('label')} labels={[{ ...values, name: values.name || t('label') }]} />
          </p>
        </>
      )}
    />
  )
}
