import type { ConversationStore, Outgoing } from '../../sdk/index.ts'
import { errorSentence } from '../../ui/errors.ts'
import { useWidget } from './context.ts'
import { Said } from './message.tsx'

export function OutgoingView({ item, conversation }: { item: Outgoing; conversation: ConversationStore }) {
  const { model, language, lazy, t } = useWidget()
  const why = item.error ? errorSentence(item.error.code, language) : ''
  return (
    <article class="message user first">
      <Said text={item.content} status={item.status} />
      {lazy && <lazy.Attached of={item} />}
      {item.status === 'pending' && (
        <p class="meta">
          {item.error?.code !== 'DISCONNECTED' && why}{' '}
          {t(model.client.state.status === 'ended' ? 'notSent' : 'sending')}
        </p>
      )}
      {item.status === 'failed' && (
        <p class="meta problem" role="alert">
          {t('notSent')} {why}{' '}
          <button type="button" class="text" onClick={() => conversation.retry(item.key)}>
            {t('retry')}
          </button>
          <button type="button" class="text" onClick={() => conversation.discard(item.key)}>
            {t('discard')}
          </button>
        </p>
      )}
    </article>
  )
}
