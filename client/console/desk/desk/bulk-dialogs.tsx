import { useState } from 'preact/hooks'
import { Dialog } from '../../../ui/dialog.tsx'
import { useDesk } from './context.ts'
import { Destinations } from './endings.tsx'
import { TagsField } from './tags-field.tsx'
import { type BulkProps, type Refused, useBulk } from './use-bulk.ts'

function Problem({ text }: { text: string | null }) {
  return text ? (
    <p class="problem" role="alert">
      {text}
    </p>
  ) : null
}

export function AssignDialog(props: BulkProps) {
  const { t } = useDesk()
  const { apply, problem } = useBulk(props)
  return (
    <Dialog
      title={t('assign')}
      confirm={t('assign')}
      cancel={t('cancel')}
      onSubmit={fields => apply({ to: String(fields.get('to')) })}
      onAnswer={props.onClose}
    >
      <Destinations legend={t('assignText', { count: props.selected.size })} withSelf />
      <Problem text={problem} />
    </Dialog>
  )
}

export function TagDialog(props: BulkProps) {
  const { t } = useDesk()
  const [tags, setTags] = useState<string[]>([])
  const { apply, problem } = useBulk(props)
  return (
    <Dialog
      title={t('tag')}
      confirm={t('tag')}
      cancel={t('cancel')}
      onSubmit={() => tags.length > 0 && apply({ tags })}
      onAnswer={props.onClose}
    >
      <p class="muted">{t('bulkTagText')}</p>
      <TagsField tags={tags} onChange={setTags} />
      <Problem text={problem} />
    </Dialog>
  )
}

export function BulkCompleteDialog(props: BulkProps) {
  const { t } = useDesk()
  const [tags, setTags] = useState<string[]>([])
  const { apply, problem } = useBulk(props)
  return (
    <Dialog
      title={t('complete')}
      confirm={t('complete')}
      cancel={t('cancel')}
      onSubmit={() => apply({ to: 'complete', ...(tags.length > 0 && { tags }) })}
      onAnswer={props.onClose}
    >
      <p class="muted">{t('bulkCompleteText', { count: props.selected.size })}</p>
      <TagsField tags={tags} onChange={setTags} />
      <Problem text={problem} />
    </Dialog>
  )
}

/** What was refused, and why; it stays selected. */
export function RefusedDialog({ refused, onClose }: { refused: Refused[]; onClose(): void }) {
  const { t } = useDesk()
  return (
    <Dialog title={t('bulkRefused', { count: refused.length })} cancel={t('close')} onAnswer={onClose}>
      <ul class="refused">
        {refused.map(({ id, name, reason }) => (
          <li key={id}>
            <strong>{name}</strong>
            <span class="muted">{reason}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
