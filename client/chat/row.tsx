import { useState } from 'preact/hooks'
import type { Conversation, Message } from '#protocol'
import { tagsMax } from '#protocol/core/limits'
import { ConfirmDialog, Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icons.tsx'
import { useStore } from '../ui/use-store.ts'
import { readBranch } from './branches.ts'
import { useAction, useChat } from './context.ts'
import { exportJson, exportMarkdown } from './export.ts'
import { labelOf } from './labels.ts'
import { Menu } from './menu.tsx'

type Question = 'rename' | 'tags' | 'delete'

/** A conversation in the list, and what can be done with it. */
export function Row({ conversation }: { conversation: Conversation }) {
  const { current, conversations, toasts, language, t } = useChat()
  const { id } = useStore(current)
  const [question, setQuestion] = useState<Question | null>(null)
  const { run } = useAction()
  const title = labelOf(conversation, language, t)
  const { pinned = false, archived = false, tags = [] } = conversation
  const update = (changes: Parameters<typeof conversations.update>[1]) =>
    run(() => conversations.update(conversation.id, changes))

  const shown = id === conversation.id ? current.get().conversation : null

  function save(kind: 'markdown' | 'json') {
    const pathOf = (messages: Message[]) => readBranch(messages, current.get().leaf).path
    void run(() => (kind === 'json' ? exportJson(shown!, title) : exportMarkdown(shown!, title, pathOf, t)))
  }

  async function archive() {
    if ((await update({ archived: true })) && current.get().id !== conversation.id)
      toasts.say(t('archived', { title }))
  }

  return (
    <li class={id === conversation.id ? 'item current' : 'item'}>
      <button
        type="button"
        class="row"
        aria-current={id === conversation.id ? 'page' : undefined}
        title={title}
        onClick={() => current.enter(conversation.id)}
      >
        <span class="name" dir="auto">
          {title}
        </span>
      </button>
      {tags.length > 0 && (
        <span class="tags">
          {tags.map(tag => (
            <button key={tag} type="button" onClick={() => conversations.show({ tag })}>
              {tag}
            </button>
          ))}
        </span>
      )}
      <Menu
        label={t('actions', { title })}
        entries={[
          { name: t('rename'), icon: 'pencil', onChoose: () => setQuestion('rename') },
          {
            name: t(pinned ? 'unpin' : 'pin'),
            icon: 'pin',
            onChoose: () => void update({ pinned: !pinned }),
          },
          { name: t('editTags'), icon: 'tag', onChoose: () => setQuestion('tags') },
          archived
            ? { name: t('fromArchive'), icon: 'archive', onChoose: () => void update({ archived: false }) }
            : { name: t('toArchive'), icon: 'archive', onChoose: () => void archive() },
          ...(shown
            ? [
                { name: t('exportMarkdown'), icon: 'download' as const, onChoose: () => save('markdown') },
                { name: t('exportJson'), icon: 'download' as const, onChoose: () => save('json') },
              ]
            : []),
          { name: t('delete'), icon: 'trash', isDangerous: true, onChoose: () => setQuestion('delete') },
        ]}
      >
        <Icon name="dots" size={16} />
      </Menu>
      {question && (
        <RowDialog
          question={question}
          conversation={conversation}
          title={title}
          onClose={() => setQuestion(null)}
        />
      )}
    </li>
  )
}

interface DialogProps {
  question: Question
  conversation: Conversation
  title: string
  onClose(): void
}

function RowDialog({ question, conversation, title, onClose }: DialogProps) {
  const { current, conversations, toasts, t } = useChat()
  const { run } = useAction()
  const { id, tags = [] } = conversation

  async function remove() {
    const removed = await run(() => conversations.remove(id))
    if (!removed) return
    if (current.get().id === id) current.enter(null)
    toasts.say(t('deleted', { title }))
  }

  if (question === 'delete')
    return (
      <ConfirmDialog
        title={t('deleteTitle', { title })}
        confirm={t('delete')}
        cancel={t('cancel')}
        isDangerous
        onAnswer={isConfirmed => {
          onClose()
          if (isConfirmed) void remove()
        }}
      >
        {t('deleteText')}
      </ConfirmDialog>
    )

  async function save(fields: FormData) {
    const text = String(fields.get('text')).trim()
    const changes = question === 'rename' ? { title: text } : { tags: tagsOf(text) }
    if (question === 'rename' && text === '') return
    if (await run(() => conversations.update(id, changes))) onClose()
  }

  return (
    <Dialog
      title={t(question === 'rename' ? 'rename' : 'editTags')}
      confirm={t('save')}
      cancel={t('cancel')}
      onSubmit={save}
      onAnswer={onClose}
    >
      <label class="entry">
        {t(question === 'rename' ? 'title' : 'tags')}
        <input
          class="input"
          name="text"
          autofocus
          required={question === 'rename'}
          maxLength={question === 'rename' ? 200 : undefined}
          defaultValue={question === 'rename' ? (conversation.title ?? '') : tags.join(', ')}
        />
        {question === 'tags' && <small class="muted">{t('tagsHint', { max: tagsMax })}</small>}
      </label>
    </Dialog>
  )
}

function tagsOf(text: string): string[] {
  return text
    .split(/[,，、]/)
    .map(tag => tag.trim())
    .filter(tag => tag !== '')
}
