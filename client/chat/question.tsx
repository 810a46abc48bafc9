import { useState } from 'preact/hooks'
import type { Message } from '#protocol'
import { messageMaxLength } from '#protocol/core/limits'
import { useGrowing } from '../ui/field.ts'
import { Icon } from '../ui/icons.tsx'
import { PlainText } from '../ui/plain-text.tsx'
import { useAction, useChat } from './context.ts'
import { type VersionProps, Versions } from './versions.tsx'

const maxHeightPx = 320

/** What the person said, which can be said otherwise: the answer to that is another branch. */
export function Question({ message, ...version }: { message: Message } & VersionProps) {
  const { t } = useChat()
  const [isEditing, setEditing] = useState(false)
  const { content, attachments } = message
  if (isEditing) return <QuestionEditor message={message} onClose={() => setEditing(false)} />
  return (
    <>
      {content && (
        <div class="said" dir="auto">
          <PlainText text={content} />
        </div>
      )}
      <div class="message-tools">
        <Versions id={message.id} {...version} />
        {content && attachments.length === 0 && version.mayBranch && (
          <button
            type="button"
            class="edit"
            aria-label={t('editQuestion')}
            title={t('editQuestion')}
            onClick={() => setEditing(true)}
          >
            <Icon name="pencil" size={16} />
          </button>
        )}
      </div>
    </>
  )
}

function QuestionEditor({ message, onClose }: { message: Message; onClose(): void }) {
  const { current, t } = useChat()
  const [text, setText] = useState(message.content)
  const field = useGrowing(text, maxHeightPx)
  const { isBusy, run } = useAction()
  const content = text.trim()

  async function submit(event: Event) {
    event.preventDefault()
    if (content && (await run(() => current.askAgain(message.id, content)))) onClose()
  }

  return (
    <form class="question-editor" onSubmit={submit}>
      <textarea
        ref={field}
        class="input"
        rows={1}
        dir="auto"
        autofocus
        value={text}
        maxLength={messageMaxLength}
        aria-label={t('editQuestion')}
        onInput={event => setText(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') onClose()
          if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229)
            void submit(event)
        }}
      />
      <div class="answers">
        <button type="button" class="button small" onClick={onClose}>
          {t('cancel')}
        </button>
        <button type="submit" class="button small primary" aria-busy={isBusy} disabled={!content}>
          {t('askAgain')}
        </button>
      </div>
    </form>
  )
}
