import type { OperationOutput } from '#protocol'
import { locale } from '../ui/i18n.ts'
import { Icon } from '../ui/icons.tsx'
import { useConsole } from './context.ts'

export type DocumentItem = OperationOutput<'document:list'>['items'][number]

interface Props {
  documents: DocumentItem[]
  isBusy: boolean
  onDelete(document: DocumentItem): void
}

export function DocumentTable({ documents, isBusy, onDelete }: Props) {
  const { language, t } = useConsole()
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            <th>{t('document')}</th>
            <th>{t('status')}</th>
            <th class="number wide">{t('passages')}</th>
            <th class="number wide">{t('size')}</th>
            <th class="wide">{t('added')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {documents.map(document => (
            <tr key={document.doc_id}>
              <td>
                <span class="title">{document.title}</span>{' '}
                {document.demo && <span class="tag">{t('demo')}</span>}
                <small class="muted">{document.name}</small>
              </td>
              <td>
                <Status document={document} />
              </td>
              <td class="number wide">{document.chunks}</td>
              <td class="number wide">{sizeLabel(document.bytes, locale(language))}</td>
              <td class="wide">
                {new Date(document.created_at).toLocaleDateString(locale(language), { dateStyle: 'medium' })}
              </td>
              <td class="end">
                <button
                  type="button"
                  class="button quiet danger"
                  disabled={isBusy}
                  aria-label={t('deleteName', { name: document.title })}
                  title={t('delete')}
                  onClick={() => onDelete(document)}
                >
                  <Icon name="trash" size={18} />
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const tones = { building: 'busy', ready: 'good', error: 'bad' } as const

function Status({ document: { status, error } }: { document: DocumentItem }) {
  const { t } = useConsole()
  return (
    <>
      <span class={`tag ${tones[status]}`}>{t(status)}</span>
      {error && <small class="problem">{error}</small>}
    </>
  )
}

const sizes = ['B', 'kB', 'MB'] as const

function sizeLabel(bytes: number, language: string): string {
  const step = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : 2
  return `${(bytes / 1000 ** step).toLocaleString(language, { maximumFractionDigits: 1 })} ${sizes[step]}`
}
