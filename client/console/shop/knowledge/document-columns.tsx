import type { OperationOutput } from '#protocol'
import { type Language, locale } from '../../../ui/i18n.ts'
import { Icon } from '../../../ui/icons.tsx'
import type { Column } from '../../../ui/table.tsx'
import { dateLabel } from '../../../ui/time.ts'
import { useConsole } from '../../context.ts'
import { translator } from './words.ts'

export type DocumentItem = OperationOutput<'document:list'>['items'][number]

interface Options {
  isBusy: boolean
  onDelete(document: DocumentItem): void
  onPreview(document: DocumentItem): void
  onEdit(document: DocumentItem): void
}

export function useDocumentColumns({ isBusy, onDelete, onPreview, onEdit }: Options): Column<DocumentItem>[] {
  const { language, t } = useConsole(translator)
  return [
    {
      name: 'document',
      label: t('document'),
      cell: document => (
        <>
          <button
            type="button"
            class="title as-text"
            title={t('preview')}
            onClick={() => onPreview(document)}
          >
            <bdi>{document.title}</bdi>
          </button>{' '}
          {document.demo && <span class="tag">{t('demo')}</span>}
          {document.tags.flatMap(tag => [
            <span key={tag} class="tag" dir="auto">
              {tag}
            </span>,
            ' ',
          ])}
          <small class="muted">{document.name}</small>
        </>
      ),
    },
    { name: 'status', label: t('status'), cell: document => <Status document={document} /> },
    { name: 'passages', label: t('passages'), kind: 'number wide', cell: ({ chunks }) => chunks },
    {
      name: 'size',
      label: t('size'),
      kind: 'number wide',
      cell: ({ bytes }) => sizeLabel(bytes, locale(language)),
    },
    {
      name: 'added',
      label: t('added'),
      kind: 'wide',
      cell: ({ created_at }) => dateLabel(created_at, language),
    },
    {
      name: 'delete',
      label: '',
      kind: 'end',
      cell: document => (
        <>
          <button
            type="button"
            class="button quiet"
            aria-label={t('editName', { name: document.title })}
            title={t('edit')}
            onClick={() => onEdit(document)}
          >
            <Icon name="pencil" size={18} />
          </button>
          <button
            type="button"
            class="button quiet danger"
            aria-busy={isBusy}
            aria-label={t('deleteName', { name: document.title })}
            title={t('delete')}
            onClick={() => onDelete(document)}
          >
            <Icon name="trash" size={18} />
          </button>
        </>
      ),
    },
  ]
}

const validityTones = { ending: 'busy', upcoming: '', expired: 'bad' } as const

/** A day of the calendar, wherever the reader is. */
function dayLabel(day: string, language: Language): string {
  return dateLabel(`${day}T12:00:00`, language)
}

const tones = { building: 'busy', ready: 'good', error: 'bad' } as const

function Status({ document }: { document: DocumentItem }) {
  const { language, t } = useConsole(translator)
  const { status, error, validity, valid_from, valid_until } = document
  return (
    <>
      <span class={`tag ${tones[status]}`}>{t(status)}</span>{' '}
      {validity !== 'valid' && <span class={`tag ${validityTones[validity]}`}>{t(validity)}</span>}
      {validity === 'upcoming' && valid_from && (
        <small class="muted">{t('startsOn', { date: dayLabel(valid_from, language) })}</small>
      )}
      {validity !== 'upcoming' && valid_until && (
        <small class="muted">{t('endsOn', { date: dayLabel(valid_until, language) })}</small>
      )}
      {error && <small class="problem">{error}</small>}
    </>
  )
}

const sizes = ['B', 'kB', 'MB'] as const

function sizeLabel(bytes: number, language: string): string {
  const step = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : 2
  return `${(bytes / 1000 ** step).toLocaleString(language, { maximumFractionDigits: 1 })} ${sizes[step]}`
}
