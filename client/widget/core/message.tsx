import { useState } from 'preact/hooks'
import type { EventPayload } from '#protocol'
import type { ConversationStore } from '../../sdk/index.ts'
import { AnswerText } from '../../ui/answer-text.tsx'
import { Dots } from '../../ui/dots.tsx'
import { errorSentence } from '../../ui/errors.ts'
import { Glyph } from '../../ui/glyph.tsx'
import * as glyphs from '../../ui/glyphs.tsx'
import { memo } from '../../ui/memo.ts'
import { PlainText } from '../../ui/plain-text.tsx'
import { type Author, type Shown, useWidget } from './context.ts'
import { timeLabel } from './dates.ts'
import { Sources } from './sources.tsx'

interface Props {
  conversation: ConversationStore
  message: Shown
  phase: EventPayload<'reply:progress'>['phase'] | undefined
  isFirst: boolean
  /** What it answers, where it can be asked again. */
  question: string | undefined
  isOwnNewest: boolean
  /** Who has the conversation, in what a person of the staff says. */
  agent: Author | null
}

export const MessageView = memo((props: Props) => {
  const { lazy, language, t } = useWidget()
  const { conversation, message, isFirst, isOwnNewest, agent } = props
  if (message.role === 'system')
    return (
      <div class="day">
        <PlainText text={message.content} />
        {message.action && lazy && <lazy.Offer conversation={conversation} />}
      </div>
    )
  const isOwn = message.role === 'user'
  const name = isOwn
    ? t('you')
    : (message.author?.name ?? t(message.role === 'agent' ? 'agent' : 'assistant'))
  return (
    <article class={`message ${message.role} ${isFirst ? 'first' : ''}`}>
      <p class={isOwn || !isFirst ? 'hidden' : 'who'}>
        {message.role === 'agent' && lazy && <lazy.Avatar agent={agent} author={message.author} />}
        {name} <time dateTime={message.created_at}>{timeLabel(message.created_at, language)}</time>
      </p>
      {isOwn ? <Said text={message.content} /> : <Answer {...props} />}
      {isOwn && lazy && <lazy.Attached of={message} />}
      {isOwnNewest && lazy && <lazy.Seen conversation={conversation} message={message} />}
    </article>
  )
})

/** A person's words. */
export function Said({ text, status = '' }: { text: string; status?: string }) {
  return text ? (
    <div class={`bubble said ${status}`} dir="auto">
      <PlainText text={text} />
    </div>
  ) : null
}

function Answer({ conversation, message, phase, question }: Props) {
  const { model, lazy, t } = useWidget()
  const [opened, setOpened] = useState<number | null>(null)
  const { content, references, role, status } = message
  const isStreaming = status === 'streaming'

  return (
    <>
      {isStreaming && !content ? (
        <p class="typing">
          <Dots /> {t(phase ?? 'thinking')}
        </p>
      ) : role === 'agent' ? (
        <Said text={content} />
      ) : (
        content && (
          <div class={isStreaming ? 'bubble text streaming' : 'bubble text'} dir="auto">
            <AnswerText content={content} references={references} t={t} onSource={setOpened} />
          </div>
        )
      )}
      {lazy && <lazy.Attached of={message} />}
      {message.degraded && <p class="meta note">{t('degraded')}</p>}
      <Ending message={message} onRetry={question ? () => model.send(question) : undefined} />
      {references.length > 0 && <Sources references={references} opened={opened} onOpen={setOpened} />}
      {content && lazy && <lazy.Actions conversation={conversation} message={message} />}
    </>
  )
}

function Ending({ message, onRetry }: { message: Shown; onRetry: (() => void) | undefined }) {
  const { language, t } = useWidget()
  if (message.status !== 'failed' && message.status !== 'stopped') return null
  const why = message.error ? errorSentence(message.error.code, language) : ''
  return (
    <p class={message.status === 'failed' ? 'meta problem' : 'meta'}>
      {(message.content || !why) && t(message.status)} {why}{' '}
      {onRetry && (
        <button type="button" class="text" onClick={onRetry}>
          <Glyph of={glyphs.retry} size={14} /> {t('retry')}
        </button>
      )}
    </p>
  )
}
