import { useEffect, useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { ConfirmDialog } from '../ui/dialog.tsx'
import { Pager } from '../ui/pager.tsx'
import { useAction, useConsole, useLoaded, useSettled } from './context.ts'
import { type DocumentItem, DocumentTable } from './document-table.tsx'
import { IndexLine, useIndexStatus } from './index-status.tsx'
import { Empty, Loading } from './state.tsx'
import { Upload } from './upload.tsx'

export function DocumentsView() {
  const { session, toasts, t } = useConsole()
  const [search, setSearch] = useState('')
  const [page, setPage] = useState(1)
  const [chosen, setChosen] = useState<DocumentItem | null>(null)
  const { isBusy, run } = useAction()
  const query = new URLSearchParams({ page: String(page), page_size: '20', search: useSettled(search) })
  const documents = useLoaded<OperationOutput<'document:list'>>(`/admin/docs?${query}`)
  const index = useIndexStatus()

  // Each answer about the index while it is built, and the last one, may have changed a document's status.
  useEffect(() => documents.reload(), [index.data, documents.reload])

  function rebuild() {
    void run(async () => {
      await session.call('/admin/index/rebuild', { method: 'POST', body: {} })
      toasts.say(t('rebuilding'))
      index.reload()
    })
  }

  function answer(isConfirmed: boolean) {
    const document = chosen
    setChosen(null)
    if (!isConfirmed || !document) return
    void run(async () => {
      await session.call(`/admin/docs/${document.doc_id}`, { method: 'DELETE' })
      toasts.say(t('deleted', { name: document.title }))
      index.reload()
    })
  }

  return (
    <>
      <Upload isDemo={documents.data?.items.some(({ demo }) => demo) ?? false} onUploaded={index.reload} />
      <section class="card">
        <div class="toolbar">
          <input
            class="input"
            type="search"
            value={search}
            placeholder={t('searchDocuments')}
            aria-label={t('searchDocuments')}
            onInput={event => {
              setSearch(event.currentTarget.value)
              setPage(1)
            }}
          />
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
        <Loading of={documents}>
          {({ items, pagination }) =>
            items.length === 0 ? (
              <Empty title={t('noDocuments')} text={t('noDocumentsText')} />
            ) : (
              <>
                <DocumentTable documents={items} isBusy={isBusy} onDelete={setChosen} />
                <Pager
                  pagination={pagination}
                  label={t('page', { page: pagination.page, pages: pagination.total_pages })}
                  previous={t('previous')}
                  next={t('next')}
                  onPage={setPage}
                />
              </>
            )
          }
        </Loading>
      </section>
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
