import './service.css'
import { useState } from 'preact/hooks'
import type { CannedReply } from '#protocol/desk'
import type { Column } from '../../ui/table.tsx'
import { useLoaded, useSettled } from '../context.ts'
import { SearchField } from '../pages.tsx'
import { useService } from './context.ts'
import { EditableList } from './editable.tsx'

const variables = ['{{visitor.name}}', '{{agent.name}}', '{{page.url}}', '{{page.product}}']

/** What agents write again and again. */
export function RepliesView() {
  const { t } = useService()
  const [search, setSearch] = useState('')
  const query = new URLSearchParams({ search: useSettled(search) })
  const replies = useLoaded<{ replies: CannedReply[] }>(`/admin/canned?${query}`)

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
  ]

  return (
    <EditableList
      path="/admin/canned"
      loaded={replies}
      itemsOf={data => data.replies}
      nameOf={({ shortcut }) => `/${shortcut}`}
      columns={columns}
      head={<SearchField label={t('searchReplies')} value={search} onSearch={setSearch} />}
      words={{ add: t('newReply'), none: t('noReplies'), noneText: t('noRepliesText') }}
      isMain
      fieldsOf={reply => <ReplyFields reply={reply} />}
      bodyOf={fields => ({
        shortcut: fields.get('shortcut'),
        content: fields.get('content'),
        language: String(fields.get('language')) || null,
      })}
      isWide
    />
  )
}

function ReplyFields({ reply }: { reply: CannedReply | null }) {
  const { t } = useService()
  return (
    <>
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
    </>
  )
}
