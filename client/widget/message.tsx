import { useMemo, useState } from 'preact/hooks'
import type { EventPayload } from '#protocol'
import type { ConversationStore } from '../sdk/index.ts'
import { errorSentence } from '../ui/errors.ts'
import { Icon } from '../ui/icons.tsx'
import { type Shown, useWidget } from './context.ts'
import { timeLabel } from './dates.ts'
import { Markup } from './markup.tsx'
import { Sources } from './sources.tsx'
import { Dots } from './thread.tsx'

interface Props {
  conversation: ConversationStore
  message: Shown
  phase: EventPayload<'reply:progress'>['phase'] | undefined
  isFirst: boolean
  isLast: boolean
  question: string | undefined
}

export function MessageView(props: Props) {
  const { language, t } = useWidget()
  const { message, isFirst } = props
  if (message.role === 'system') return <p class="day">{message.content}</p>
  const isOwn = message.role === 'user'
  const name = isOwn
    ? t('you')
    : (message.author?.name ?? t(message.role === 'agent' ? 'agent' : 'assistant'))
  return (
    <article class={`message ${message.role} ${isFirst ? 'first' : ''}`}>
      <p class={isOwn || !isFirst ? 'hidden' : 'who'}>
        {name} <time dateTime={message.created_at}>{timeLabel(message.created_at, language)}</time>
      </p>
      {isOwn ? <div class="bubble">{message.content}</div> : <Answer {...props} />}
    </article>
  )
}

function Answer({ conversation, message, phase, isLast, question }: Props) {
  const { model, t } = useWidget()
  const [opened, setOpened] = useState<number | null>(null)
  const { content, references, status } = message
  const isStreaming = status === 'streaming'

  // Kept as it is until the text changes: a thread holds many answers, and one is being written.
  const markup = useMemo(() => {
    const titles = new Map(references.map(({ number, title }) => [number, title]))
    return (
      <Markup
        content={content}
        known={new Set(titles.keys())}
        sourceLabel={number => t('source', { number, title: titles.get(number) ?? '' })}
        onSource={setOpened}
      />
    )
  }, [content, references, t])

  return (
    <>
      {isStreaming && !content ? (
        <p class="typing">
          <Dots /> {t(phase ?? 'thinking')}
        </p>
      ) : (
        content && <div class={isStreaming ? 'bubble text streaming' : 'bubble text'}>{markup}</div>
      )}
      {message.degraded && <p class="meta note">{t('degraded')}</p>}
      <Ending message={message} onRetry={isLast && question ? () => model.send(question) : undefined} />
      {references.length > 0 && <Sources references={references} opened={opened} onOpen={setOpened} />}
      {!isStreaming && content && <Actions conversation={conversation} message={message} />}
    </>
  )
}

function Ending({ message, onRetry }: { message: Shown; onRetry: (() => void) | undefined }) {
  const { language, t } = useWidget()
  if (message.status !== 'failed' && message.status !== 'stopped') return null
  const why = message.error ? errorSentence(message.error.code, language) : ''
  return (
    <p class={message.status === 'failed' ? 'meta problem' : 'meta'}>
      {t(message.status)} {why}{' '}
      {onRetry && (
        <button type="button" class="text" onClick={onRetry}>
          <Icon name="retry" size={14} /> {t('retry')}
        </button>
      )}
    </p>
  )
}

function Actions({ conversation, message }: { conversation: ConversationStore; message: Shown }) {
  const { t } = useWidget()
  const [isCopied, setCopied] = useState(false)
  const isRateable = message.role === 'assistant'

  async function copy() {
    await navigator.clipboard.writeText(message.content)
    setCopied(true)
    setTimeout(() => setCopied(false), 2000)
  }

  function rate(rating: -1 | 1) {
    conversation.rate(message.id, rating).catch(() => {})
  }

  return (
    <div class="actions">
      {/* Plain http pages have no clipboard. */}
      {navigator.clipboard && (
        <button type="button" aria-label={t(isCopied ? 'copied' : 'copy')} title={t('copy')} onClick={copy}>
          <Icon name={isCopied ? 'check' : 'copy'} size={16} />
        </button>
      )}
      {isRateable && (
        <>
          <button
            type="button"
            aria-label={t('good')}
            title={t('good')}
            aria-pressed={message.feedback === 1}
            onClick={() => rate(1)}
          >
            <Icon name="up" size={16} />
          </button>
          <button
            type="button"
            aria-label={t('bad')}
            title={t('bad')}
            aria-pressed={message.feedback === -1}
            onClick={() => rate(-1)}
          >
            <Icon name="thumbDown" size={16} />
          </button>
        </>
      )}
    </div>
  )
}
