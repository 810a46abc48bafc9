import './edit.css'
import type { Language } from '#protocol'
import { documentTagsMax, tagMaxLength } from '#protocol/core/limits'
import { languages } from '../../../ui/i18n.ts'
import { useConsole } from '../../context.ts'
import { EditDialog } from '../../edit-dialog.tsx'
import { DayField, SelectField, TextField } from '../../fields.tsx'
import type { DocumentItem } from './document-columns.tsx'
import { translator } from './words.ts'

interface Props {
  document: DocumentItem
  onSaved(): void
  onClose(): void
}

/** What people say of a document: its tags, its language, and on which days it may be cited. */
export function EditDocument({ document, onSaved, onClose }: Props) {
  const { session, t } = useConsole(translator)
  const loaded = {
    tags: document.tags.join(', '),
    language: (document.language ?? 'en') as Language,
    valid_from: document.valid_from ?? '',
    valid_until: document.valid_until ?? '',
  }

  return (
    <EditDialog
      title={document.title}
      loaded={loaded}
      onClose={onClose}
      onSave={async changes => {
        if (!changes) return
        await session.call('document:update', { doc_id: document.doc_id, ...inputOf(changes) })
        onSaved()
      }}
    >
      {(values, change) => (
        <>
          <TextField
            label={t('tags')}
            hint={t('tagsHint')}
            value={values.tags}
            maxLength={documentTagsMax * (tagMaxLength + 2)}
            onText={tags => change({ tags })}
          />
          <SelectField
            label={t('language')}
            value={values.language}
            options={languages.map(language => [language, t(language)] as const)}
            onSelect={language => change({ language })}
          />
          <div class="validity-days">
            <DayField
              label={t('validFrom')}
              value={values.valid_from}
              onDay={valid_from => change({ valid_from })}
            />
            <DayField
              label={t('validUntil')}
              value={values.valid_until}
              min={values.valid_from}
              onDay={valid_until => change({ valid_until })}
            />
          </div>
          <small class="muted">{t('validHint')}</small>
        </>
      )}
    </EditDialog>
  )
}

interface Values {
  tags: string
  language: Language
  valid_from: string
  valid_until: string
}

/** What the server takes of what was changed. */
function inputOf({ tags, valid_from, valid_until, ...others }: Partial<Values>) {
  const listed = tags
    ?.split(/[,，、]/)
    .map(tag => tag.trim())
    .filter(Boolean)
  return {
    ...others,
    ...(listed && { tags: listed }),
    ...(valid_from !== undefined && { valid_from: valid_from || null }),
    ...(valid_until !== undefined && { valid_until: valid_until || null }),
  }
}
