import { useState } from 'preact/hooks'
import type { EventPayload, Message } from '#protocol'
import type { ConversationStore } from '../sdk/index.ts'
import { AttachedFiles } from '../ui/attachments.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Dots } from '../ui/dots.tsx'
import { Icon } from '../ui/icons.tsx'
import { memo } from '../ui/memo.ts'
import { pageErrorSentence } from '../ui/page-errors.ts'
import { PlainText } from '../ui/plain-text.tsx'
import { References } from '../ui/references.tsx'
import { clockLabel } from '../ui/time.ts'
import { useAction, useChat } from './context.ts'
import { MemoriesUsed } from './memories.tsx'
import { Question } from './question.tsx'
import { Regenerate } from './regenerate.tsx'
import { RichText } from './rich-text.tsx'
import { type VersionProps, Versions } from './versions.tsx'

interface Props extends VersionProps {
  conversation: ConversationStore
  message: Message
  phase: EventPayload<'reply:progress'>['phase'] | undefined
}

export const MessageView = memo((props: Props) => {
  const { client, language, t } = useChat()
  const { message, version, versionCount, mayBranch } = props
  const { role, content, author, removed, edited_at, created_at, attachments } = message
  if (role === 'system')
    return (
      <p class="system">
        <PlainText text={content} />
      </p>
    )
  const name = role === 'user' ? t('you') : role === 'agent' ? (author?.name ?? t('agent')) : t('assistant')
  return (
    <article class={`message ${role}`}>
      <p class={role === 'agent' ? 'by' : 'by hidden'}>
        {role === 'agent' && <Avatar name={author?.name ?? null} />}
        {name} <time dateTime={created_at}>{clockLabel(created_at, language)}</time>
      </p>
      {removed ? (
        <p class="meta">{t('removed')}</p>
      ) : role === 'assistant' ? (
        <Answer {...props} />
      ) : role === 'user' ? (
        <Question message={message} version={version} versionCount={versionCount} mayBranch={mayBranch} />
      ) : (
        content && (
          <div class="said" dir="auto">
            <PlainText text={content} />
          </div>
        )
      )}
      <AttachedFiles files={attachments} access={client.access} language={language} t={t} />
      {edited_at && !removed && <p class="meta">{t('edited')}</p>}
    </article>
  )
})

function Answer({ conversation, message, phase, ...version }: Props) {
  const { t } = useChat()
  const [opened, setOpened] = useState<number | null>(null)
  const { content, references, status, degraded } = message
  const isStreaming = status === 'streaming'
  return (
    <>
      {isStreaming && !content && (
        <p class="doing">
          <Dots /> {t(phase ?? 'thinking')}
        </p>
      )}
      {content && (
        <div class={isStreaming ? 'text streaming' : 'text'} dir="auto">
          <RichText
            content={content}
            references={references}
            isStreaming={isStreaming}
            onSource={setOpened}
          />
        </div>
      )}
      {degraded && <p class="note">{t('degraded')}</p>}
      <Ending message={message} />
      {references.length > 0 && (
        <References references={references} opened={opened} onOpen={setOpened} t={t} iconSize={14} />
      )}
      {message.memories_used.length > 0 && <MemoriesUsed ids={message.memories_used} />}
      {!isStreaming && <Tools conversation={conversation} message={message} {...version} />}
    </>
  )
}

function Ending({ message: { status, error, content } }: { message: Message }) {
  const { language, t } = useChat()
  if (status !== 'failed' && status !== 'stopped') return null
  const why = error ? pageErrorSentence(error.code, language) : ''
  return (
    <p class={status === 'failed' ? 'meta problem' : 'meta'}>
      {(content || !why) && t(status)} {why}
    </p>
  )
}

const copiedMs = 2000

function Tools({
  conversation,
  message,
  ...version
}: { conversation: ConversationStore; message: Message } & VersionProps) {
  const { t } = useChat()
  const { run } = useAction()
  const [isCopied, setCopied] = useState(false)

  async function copy() {
    await navigator.clipboard.writeText(message.content)
    setCopied(true)
    setTimeout(() => setCopied(false), copiedMs)
  }

  const ratings = [
    [1, 'good', 'up'],
    [-1, 'bad', 'thumbDown'],
  ] as const
  return (
    <div class="message-tools">
      <Versions id={message.id} {...version} />
      {/* Plain http pages have no clipboard. */}
      {navigator.clipboard && (
        <button type="button" aria-label={t(isCopied ? 'copied' : 'copy')} title={t('copy')} onClick={copy}>
          <Icon name={isCopied ? 'check' : 'copy'} size={16} />
        </button>
      )}
      {version.mayBranch && <Regenerate messageId={message.id} />}
      {ratings.map(([rating, word, icon]) => (
        <button
          key={word}
          type="button"
          aria-label={t(word)}
          title={t(word)}
          aria-pressed={message.feedback === rating}
          onClick={() => run(() => conversation.rate(message.id, rating))}
        >
          <Icon name={icon} size={16} />
        </button>
      ))}
    </div>
  )
}
