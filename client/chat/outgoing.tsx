import type { ConversationStore, Outgoing } from '../sdk/index.ts'
import { AttachedFiles } from '../ui/attachments.tsx'
import { pageErrorSentence } from '../ui/page-errors.ts'
import { PlainText } from '../ui/plain-text.tsx'
import { useChat } from './context.ts'

/** What was said and is not in the conversation yet. */
export function OutgoingView({ item, conversation }: { item: Outgoing; conversation: ConversationStore }) {
  const { client, language, t } = useChat()
  const { content, attachments, status, error, key } = item
  const why = error && error.code !== 'DISCONNECTED' ? pageErrorSentence(error.code, language) : ''
  return (
    <article class={`message user ${status}`}>
      {content && (
        <div class="said" dir="auto">
          <PlainText text={content} />
        </div>
      )}
      <AttachedFiles files={attachments} access={client.access} language={language} t={t} />
      {status === 'pending' && (
        <p class="meta">
          {why} {t('sending')}
        </p>
      )}
      {status === 'failed' && (
        <p class="meta problem" role="alert">
          {t('notSent')} {why}{' '}
          <button type="button" class="link" onClick={() => conversation.retry(key)}>
            {t('retry')}
          </button>
          <button type="button" class="link" onClick={() => conversation.discard(key)}>
            {t('discard')}
          </button>
        </p>
      )}
    </article>
  )
}
