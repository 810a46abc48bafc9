import { useState } from 'preact/hooks'
import type { EventPayload, Message, Reference } from '#protocol'
import { AnswerText } from '../../../ui/answer-text.tsx'
import { AttachedFiles } from '../../../ui/attachments.tsx'
import { errorSentence } from '../../../ui/errors.ts'
import { Icon } from '../../../ui/icons.tsx'
import { PlainText } from '../../../ui/plain-text.tsx'
import { References } from '../../../ui/references.tsx'
import { clockLabel, dateLabel, dateTimeLabel } from '../../../ui/time.ts'
import { useDesk } from './context.ts'
import { MessageEditor, MessageTools, RedactDialog, TakeBack } from './message-tools.tsx'
import { isIn, Translated } from './translated.tsx'
import { HeardMark, SpokenMark } from './voice-marks.tsx'

interface Props {
  message: Message
  phase: EventPayload<'reply:progress'>['phase'] | undefined
  visitorName: string
  /** The last of ours that the visitor has seen. */
  isSeen: boolean
  /** Shown in the agent's language too. */
  isTranslated: boolean
  /** Whether what one has said oneself can be changed. */
  mayWrite: boolean
}

export function MessageView({ message, phase, visitorName, isSeen, isTranslated, mayWrite }: Props) {
  const { desk, t, language } = useDesk()
  const [isEditing, setEditing] = useState(false)
  const [isRedacting, setRedacting] = useState(false)
  const { role, author, content, created_at, edited_at, removed } = message
  if (role === 'system') return <p class="day system">{content}</p>
  const isOwn = role === 'agent' && author?.id === desk.me
  const mayChange = isOwn && mayWrite && !removed
  const name =
    role === 'user'
      ? visitorName
      : role === 'assistant'
        ? t('assistant')
        : isOwn
          ? t('you')
          : (author?.name ?? t('agent'))
  return (
    <article class={`message ${role} ${isOwn ? 'own' : ''}`} data-message={message.id} tabIndex={-1}>
      <p class="by">
        {role === 'assistant' && <Icon name="spark" size={14} />}
        {name} <time dateTime={created_at}>{clockLabel(created_at, language)}</time>
        <SpokenMark message={message} />
        {edited_at && !removed && <span title={dateTimeLabel(edited_at, language)}>{t('edited')}</span>}
        <MessageTools
          message={message}
          mayChange={mayChange}
          onEdit={() => setEditing(true)}
          onRedact={() => setRedacting(true)}
        />
      </p>
      {removed ? (
        <p class="bubble removed">
          {removed === 'redacted' ? t('redacted') : t('retracted', { name: author?.name ?? t('agent') })}
        </p>
      ) : isEditing && mayChange ? (
        <MessageEditor message={message} onClose={() => setEditing(false)} />
      ) : role === 'assistant' ? (
        <Answer message={message} phase={phase} />
      ) : (
        content && (
          <div class="bubble" dir="auto">
            <PlainText text={content} />
          </div>
        )
      )}
      {isTranslated && message.status !== 'streaming' && !isIn(language, content) && (
        <Translated id={message.conversation_id} content={content} />
      )}
      <HeardMark message={message} />
      <AttachedFiles files={message.attachments} access={desk.client.access} language={language} t={t} />
      {isRedacting && <RedactDialog message={message} onClose={() => setRedacting(false)} />}
      {mayChange && !isEditing && <TakeBack message={message} />}
      {isSeen && (
        <p class="under">
          <Icon name="check" size={13} /> {t('seen')}
        </p>
      )}
    </article>
  )
}

/** What the AI said, with what it took it from, or that it found nothing. */
function Answer({ message, phase }: Pick<Props, 'message' | 'phase'>) {
  const { t, language } = useDesk()
  const { content, references, status, degraded, error, feedback } = message
  const [opened, setOpened] = useState<number | null>(null)
  const isStreaming = status === 'streaming'

  return (
    <>
      <div class="bubble text" dir="auto">
        {isStreaming && !content ? (
          t(phase ?? 'thinking')
        ) : (
          <AnswerText content={content} references={references} t={t} onSource={setOpened} />
        )}
      </div>
      <p class="under">
        {status === 'stopped' && <span>{t('stopped')}</span>}
        {status === 'failed' && (
          <span class="problem">
            {t('failed')}. {error && errorSentence(error.code, language)}
          </span>
        )}
        {status === 'complete' && references.length === 0 && <span class="warning">{t('noSource')}</span>}
        {degraded && <span>{t('degraded')}</span>}
        {feedback !== null && (
          <span class={feedback < 0 ? 'problem' : undefined}>
            {t(feedback < 0 ? 'feedbackDown' : 'feedbackUp')}
          </span>
        )}
      </p>
      {message.feedback_comment && <blockquote class="said">{message.feedback_comment}</blockquote>}
      {references.length > 0 && <Sources references={references} opened={opened} onOpen={setOpened} />}
    </>
  )
}

interface SourcesProps {
  references: Reference[]
  /** Number of the one whose passage is shown. */
  opened: number | null
  onOpen(number: number | null): void
}

export function Sources({ references, opened, onOpen }: SourcesProps) {
  const { t, language } = useDesk()
  return (
    <References
      references={references}
      opened={opened}
      onOpen={onOpen}
      t={t}
      iconSize={15}
      note={({ updated_at }) => dateLabel(updated_at, language)}
    />
  )
}
