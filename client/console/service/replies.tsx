import './service.css'
import { useState } from 'preact/hooks'
import type { CannedReply } from '#protocol/desk'
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icons.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { useAction, useLoaded, useSettled } from '../context.ts'
import { SearchField } from '../pages.tsx'
import { Empty, Loading } from '../state.tsx'
import { useService } from './context.ts'

const variables = ['{{visitor.name}}', '{{agent.name}}', '{{page.url}}', '{{page.product}}']

/** What agents write again and again. */
export function RepliesView() {
  const { session, toasts, t } = useService()
  const [search, setSearch] = useState('')
  const query = new URLSearchParams({ search: useSettled(search) })
  const replies = useLoaded<{ replies: CannedReply[] }>(`/admin/canned?${query}`)
  const [edited, setEdited] = useState<CannedReply | 'new' | null>(null)
  const [deleted, setDeleted] = useState<CannedReply | null>(null)
  const { run } = useAction()

  function save(fields: FormData) {
    const id = edited === 'new' ? null : edited?.id
    void run(async () => {
      const language = String(fields.get('language')) || null
      const body = { shortcut: fields.get('shortcut'), content: fields.get('content'), language }
      await session.call(id ? `/admin/canned/${id}` : '/admin/canned', { method: id ? 'PUT' : 'POST', body })
      toasts.say(t('saved'))
      replies.reload()
    })
  }

  function remove({ id, shortcut }: CannedReply) {
    void run(async () => {
      await session.call(`/admin/canned/${id}`, { method: 'DELETE' })
      toasts.say(t('deleted', { name: shortcut }))
      replies.reload()
    })
  }

  const columns: Column<CannedReply>[] = [
    {
      name: 'shortcut',
      label: t('shortcut'),
      cell: ({ shortcut }) => <span class="title">/{shortcut}</span>,
    },
    { name: 'text', label: t('text'), cell: ({ content }) => <span class="long">{content}</span> },
    {
      name: 'language',
      label: t('language'),
      kind: 'wide',
      cell: ({ language }) => t(language ?? 'anyLanguage'),
    },
    {
      name: 'edit',
      label: '',
      kind: 'end',
      cell: reply => (
        <span class="row-acts">
          <button
            type="button"
            class="button quiet"
            aria-label={`${t('edit')} /${reply.shortcut}`}
            onClick={() => setEdited(reply)}
          >
            <Icon name="pencil" size={18} />
          </button>
          <button
            type="button"
            class="button quiet danger"
            aria-label={`${t('delete')} /${reply.shortcut}`}
            onClick={() => setDeleted(reply)}
          >
            <Icon name="trash" size={18} />
          </button>
        </span>
      ),
    },
  ]

  return (
    <section class="card">
      <div class="toolbar">
        <SearchField label={t('searchReplies')} value={search} onSearch={setSearch} />
        <button type="button" class="button primary push" onClick={() => setEdited('new')}>
          <Icon name="plus" size={18} />
          {t('newReply')}
        </button>
      </div>
      <Loading of={replies}>
        {({ replies: found }) =>
          found.length === 0 ? (
            <Empty title={t('noReplies')} text={t('noRepliesText')} />
          ) : (
            <Table columns={columns} rows={found} keyOf={({ id }) => id} />
          )
        }
      </Loading>
      {edited && (
        <ReplyDialog
          reply={edited === 'new' ? null : edited}
          onAnswer={(isConfirmed, fields) => {
            if (isConfirmed) save(fields)
            setEdited(null)
          }}
        />
      )}
      {deleted && (
        <ConfirmDialog
          title={t('deleteTitle', { name: deleted.shortcut })}
          confirm={t('delete')}
          cancel={t('cancel')}
          isDangerous
          onAnswer={isConfirmed => {
            if (isConfirmed) remove(deleted)
            setDeleted(null)
          }}
        >
          {t('deleteText')}
        </ConfirmDialog>
      )}
    </section>
  )
}

interface ReplyProps {
  reply: CannedReply | null
  onAnswer(isConfirmed: boolean, fields: FormData): void
}

function ReplyDialog({ reply, onAnswer }: ReplyProps) {
  const { t } = useService()
  return (
    <Dialog
      title={t(reply ? 'edit' : 'newReply')}
      confirm={t('save')}
      cancel={t('cancel')}
      isWide
      onAnswer={onAnswer}
    >
      <label class="field">
        {t('shortcut')}
        <input
          class="input"
          name="shortcut"
          defaultValue={reply?.shortcut}
          pattern="[\p{L}0-9_\-]+"
          maxLength={40}
          required
        />
        <small class="muted">{t('shortcutHint')}</small>
      </label>
      <label class="field">
        {t('text')}
        <textarea
          class="input"
          name="content"
          rows={5}
          maxLength={4000}
          required
          defaultValue={reply?.content}
        />
        <small class="muted">{t('variables', { names: variables.join(' ') })}</small>
      </label>
      <label class="field">
        {t('language')}
        <select class="input select" name="language" defaultValue={reply?.language ?? ''}>
          <option value="">{t('anyLanguage')}</option>
          <option value="en">{t('en')}</option>
          <option value="zh">{t('zh')}</option>
        </select>
      </label>
    </Dialog>
  )
}
