import { cannedContentMaxLength, cannedShortcutMaxLength } from '#protocol/core/limits'
import type { CannedReply } from '#protocol/desk/desk'
import { languages } from '../../../ui/i18n.ts'
import type { Column } from '../../../ui/table.tsx'
import { useConsole, useLoaded, useSettled } from '../../context.ts'
import { EditableList } from '../../editable.tsx'
import { SelectField, TextField } from '../../fields.tsx'
import { SearchField } from '../../pages.tsx'
import { useTabState } from '../../tab-state.ts'
import { translator } from './words.ts'

const variables = ['{{visitor.name}}', '{{agent.name}}', '{{page.url}}', '{{page.product}}']

/** What agents write again and again. */
export function RepliesView() {
  const { session, t } = useConsole(translator)
  const [search, setSearch] = useTabState('replies:search', '')
  const replies = useLoaded('canned:list', { search: useSettled(search) })

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
      loaded={replies}
      itemsOf={data => data.replies}
      nameOf={({ shortcut }) => `/${shortcut}`}
      columns={columns}
      head={<SearchField label={t('searchReplies')} value={search} onSearch={setSearch} />}
      words={{ add: t('newReply'), none: t('noReplies'), noneText: t('noRepliesText') }}
      isMain
      valuesOf={reply => ({
        shortcut: reply?.shortcut ?? '',
        content: reply?.content ?? '',
        language: reply?.language ?? null,
      })}
      onSave={(reply_id, values) => session.call('canned:save', { reply_id, ...values })}
      onDelete={reply_id => session.call('canned:delete', { reply_id })}
      fieldsOf={(values, change) => <ReplyFields values={values} change={change} />}
      isWide
    />
  )
}

type Values = Pick<CannedReply, 'shortcut' | 'content' | 'language'>

function ReplyFields({ values, change }: { values: Values; change(to: Partial<Values>): void }) {
  const { t } = useConsole(translator)
  return (
    <>
      <TextField
        label={t('shortcut')}
        hint={t('shortcutHint')}
        value={values.shortcut}
        pattern="[\p{L}0-9_\-]+"
        maxLength={cannedShortcutMaxLength}
        isRequired
        onText={text => change({ shortcut: text })}
      />
      <label class="field">
        {t('text')}
        <textarea
          class="input"
          rows={5}
          maxLength={cannedContentMaxLength}
          required
          value={values.content}
          onInput={event => change({ content: event.currentTarget.value })}
        />
        <small class="muted">{t('variables', { names: variables.join(' ') })}</small>
      </label>
      <SelectField
        label={t('language')}
        value={values.language ?? ''}
        options={[['', t('anyLanguage')], ...languages.map(language => [language, t(language)] as const)]}
        onSelect={language => change({ language: language || null })}
      />
    </>
  )
}
