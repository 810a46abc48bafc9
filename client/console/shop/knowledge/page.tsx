import { useEffect, useState } from 'preact/hooks'
import { ConfirmDialog } from '../../../ui/dialog.tsx'
import { useAction, useConsole, useSettled } from '../../context.ts'
import { PagedTable, SearchField, usePages } from '../../pages.tsx'
import { type DocumentItem, useDocumentColumns } from './document-columns.tsx'
import { EditDocument } from './edit.tsx'
import { IndexLine, useIndexStatus } from './index-status.tsx'
import { Preview } from './preview.tsx'
import { Upload } from './upload.tsx'
import { translator } from './words.ts'

export function DocumentsView() {
  const { session, toasts, t } = useConsole(translator)
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState<DocumentItem | null>(null)
  const [previewed, setPreviewed] = useState<DocumentItem | null>(null)
  const [edited, setEdited] = useState<DocumentItem | null>(null)
  const { isBusy, run } = useAction()
  const documents = usePages('document:list', { search: useSettled(search) })
  const columns = useDocumentColumns({
    isBusy,
    onDelete: setChosen,
    onPreview: setPreviewed,
    onEdit: setEdited,
  })
  const index = useIndexStatus()

  // Each answer about the index while it is built, and the last one, may have changed a document's status.
  useEffect(() => documents.reload(), [index.data, documents.reload])

  function rebuild() {
    void run(async () => {
      await session.call('index:rebuild', {})
      toasts.say(t('rebuilding'))
      index.reload()
    })
  }

  function answer(isConfirmed: boolean) {
    const document = chosen
    setChosen(null)
    if (!isConfirmed || !document) return
    void run(async () => {
      await session.call('document:delete', { doc_id: document.doc_id })
      toasts.say(t('deleted', { name: document.title }))
      index.reload()
    })
  }

  return (
    <>
      <Upload isDemo={documents.data?.items.some(({ demo }) => demo) ?? false} onUploaded={index.reload} />
      <section class="card">
        <div class="toolbar">
          <SearchField label={t('searchDocuments')} value={search} onSearch={setSearch} />
          {index.data && <IndexLine state={index.data} />}
          <button
            type="button"
            class="button"
            disabled={isBusy || index.data?.status === 'building'}
            onClick={rebuild}
          >
            {t('rebuild')}
          </button>
        </div>
        <PagedTable
          of={documents}
          columns={columns}
          keyOf={document => document.doc_id}
          empty={{ title: t('noDocuments'), text: t('noDocumentsText') }}
        />
      </section>
      {previewed && (
        <Preview document={previewed} onChanged={index.reload} onClose={() => setPreviewed(null)} />
      )}
      {edited && (
        <EditDocument document={edited} onSaved={documents.reload} onClose={() => setEdited(null)} />
      )}
      {chosen && (
        <ConfirmDialog
          title={t('deleteTitle', { name: chosen.title })}
          confirm={t('delete')}
          cancel={t('cancel')}
          isDangerous
          onAnswer={answer}
        >
          {t('deleteText')}
        </ConfirmDialog>
      )}
    </>
  )
}
