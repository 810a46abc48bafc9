import type { ConversationState, ConversationStore } from '../../sdk/index.ts'
import { useTask } from '../../ui/use-task.ts'
import { useState } from '../core/shared.ts'
import { idOf } from './handoff.ts'
import { Problem } from './problem.tsx'
import { useLazy } from './words.ts'

interface Props {
  conversation: ConversationStore
  handoff: NonNullable<ConversationState['handoff']>
}

const slot = 'transcript'

/** After the end of a talk: the conversation by mail, once asked for or waved away. */
export function Transcript({ conversation, handoff }: Props) {
  const { model, t } = useLazy()
  const { slots, state } = model.client
  const [isOpen, setOpen] = useState(false)
  const [sentTo, setSentTo] = useState<string | null>(null)
  const { isBusy, error, run } = useTask()

  if (sentTo)
    return (
      <p class="card small" role="status">
        {t('transcriptSent', { address: sentTo })}
      </p>
    )
  if (slots.read(slot) === handoff.id) return null

  function close() {
    slots.write(slot, handoff.id)
    setOpen(false)
  }

  function send(event: SubmitEvent) {
    event.preventDefault()
    const email = String(new FormData(event.currentTarget as HTMLFormElement).get('email')).trim()
    void run(async () => {
      await model.client.call('transcript:send', { conversation_id: idOf(conversation), email })
      close()
      setSentTo(email)
    })
  }

  if (!isOpen)
    return (
      <div class="answers">
        <button type="button" onClick={() => setOpen(true)}>
          {t('transcript')}
        </button>
      </div>
    )
  return (
    <form class="card" onSubmit={send} noValidate>
      <p>{t('transcriptText')}</p>
      <input
        class="input"
        name="email"
        type="email"
        autocomplete="email"
        defaultValue={state.session?.session.user?.email ?? ''}
        placeholder={t('email')}
        aria-label={t('email')}
      />
      <Problem error={error} invalid={t('notEmail')} />
      <div class="answers">
        <button type="submit" class="main" disabled={isBusy}>
          {t('transcriptSend')}
        </button>
        <button type="button" onClick={close}>
          {t('later')}
        </button>
      </div>
    </form>
  )
}
