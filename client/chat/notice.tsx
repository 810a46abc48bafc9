import type { ConversationState, ConversationStore } from '../sdk/index.ts'
import { Avatar } from '../ui/avatar.tsx'
import { useStore } from '../ui/use-store.ts'
import { useAction, useChat } from './context.ts'

const nothing = { get: () => null, subscribe: () => () => {} }

/** What is to be known above the conversation: the connection, and the person who answers or is waited for. */
export function Notice({ conversation }: { conversation: ConversationStore | null }) {
  const { client, t } = useChat()
  const { status } = useStore({ get: () => client.state, subscribe: client.subscribe })
  const state = useStore<ConversationState | null>(conversation ?? nothing)
  return (
    <div class="notice" role="status">
      {status === 'reconnecting' && <p>{t('reconnecting')}</p>}
      {state?.conversation && state.conversation.mode !== 'ai' && <Person state={state} />}
      {state?.conversation?.status === 'closed' && <p>{t('closed')}</p>}
    </div>
  )
}

function Person({ state: { conversation, handoff } }: { state: ConversationState }) {
  const { client, t } = useChat()
  const { isBusy, run } = useAction()
  const { id, mode, agent } = conversation!
  const position = handoff?.queue_position
  return (
    <p class="person">
      {mode === 'human' && <Avatar name={agent?.name ?? null} url={agent?.avatar_url} />}
      <span>
        {mode === 'human'
          ? t('withPerson', { name: agent?.name ?? t('someone') })
          : `${t('queued')} ${position ? t('place', { position }) : ''}`}
      </span>
      <button
        type="button"
        class="button small"
        aria-busy={isBusy}
        onClick={() => run(() => client.call('handoff:cancel', { conversation_id: id }))}
      >
        {t(mode === 'human' ? 'toAssistant' : 'stopWaiting')}
      </button>
    </p>
  )
}
