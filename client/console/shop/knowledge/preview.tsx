import './preview.css'
import type { Passage } from '#protocol/shop/knowledge'
import { Dialog } from '../../../ui/dialog.tsx'
import { useConsole } from '../../context.ts'
import { PageSteps, usePages } from '../../pages.tsx'
import { Empty, Loading } from '../../state.tsx'
import type { DocumentItem } from './document-columns.tsx'
import { Versions } from './versions.tsx'
import { translator } from './words.ts'

interface Props {
  document: DocumentItem
  onChanged(): void
  onClose(): void
}

/** The versions of a document, and what was read of it: every passage that search uses, under the page it stands on. */
export function Preview({ document, onChanged, onClose }: Props) {
  const { t } = useConsole(translator)
  const passages = usePages('document:passages', { doc_id: document.doc_id })
  return (
    <Dialog title={document.title} cancel={t('close')} isWide onAnswer={onClose}>
      <Versions document={document} onChanged={onChanged} />
      <h3>{t('preview')}</h3>
      <p class="muted">{t('previewText')}</p>
      <Loading of={passages}>
        {({ items, pagination }) =>
          items.length === 0 ? (
            <Empty title={t('nothingRead')} text={t('nothingReadText')} />
          ) : (
            <>
              <ol class="passages">
                {items.map(passage => (
                  <li key={passage.ordinal}>
                    <PassageItem passage={passage} />
                  </li>
                ))}
              </ol>
              <PageSteps of={passages} pagination={pagination} />
            </>
          )
        }
      </Loading>
    </Dialog>
  )
}

const places = {
  page: ['onPage', 'onPages'],
  slide: ['onSlide', 'onSlides'],
  row: ['inRow', 'inRows'],
} as const

function PassageItem({ passage: { ordinal, title, text, place } }: { passage: Passage }) {
  const { t } = useConsole(translator)
  const [, ...headings] = title.split(' › ')
  return (
    <>
      <p class="head">
        <span class="number">{ordinal + 1}</span>
        {place && <span class="tag">{t(places[place.unit][place.from === place.to ? 0 : 1], place)}</span>}
        <span class="muted" dir="auto">
          {headings.join(' › ')}
        </span>
      </p>
      <blockquote dir="auto">{text}</blockquote>
    </>
  )
}
