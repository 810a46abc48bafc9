import { contactMessageMaxLength } from '#protocol/core/limits'
import type { ParleyError } from '../../sdk/error.ts'
import type { ConversationState, ConversationStore } from '../../sdk/index.ts'
import { useTask } from '../../ui/use-task.ts'
import { useState } from '../core/shared.ts'
import { idOf } from './handoff.ts'
import { Problem } from './problem.tsx'
import { useLazy } from './words.ts'

interface Props {
  conversation: ConversationStore
  handoff: NonNullable<ConversationState['handoff']>
  onClose?(): void
}

/** What this browser left, and for which handoff. */
interface Left {
  handoff_id: string
  email?: string
  phone?: string
}

const slot = 'contact'

/** Nobody is there: an address is left instead. Shown again it says what was left. */
export function Contact({ conversation, handoff, onClose }: Props) {
  const { model, t } = useLazy()
  const { slots } = model.client
  const [left, setLeft] = useState(() => slots.read<Left>(slot))
  const [isHidden, setHidden] = useState(false)
  const { isBusy, error, run } = useTask()
  const isLeft = left?.handoff_id === handoff.id
  if (isHidden) return null
  if (isLeft && left)
    return (
      <p class="card small" role="status">
        {left.email
          ? t('contactLeft', { address: left.email })
          : t('contactCalled', { address: left.phone ?? '' })}{' '}
        <button type="button" class="text" onClick={() => setLeft(null)}>
          {t('change')}
        </button>
      </p>
    )

  function send(event: SubmitEvent) {
    event.preventDefault()
    const fields = readForm(event.currentTarget as HTMLFormElement)
    void run(async () => {
      await model.client.call('handoff:contact', { conversation_id: idOf(conversation), ...fields })
      const now = { handoff_id: handoff.id, email: fields.email, phone: fields.phone }
      slots.write(slot, now)
      setLeft(now)
    })
  }

  return (
    <form class="card" onSubmit={send} noValidate>
      <p>
        <strong>{t('contactTitle')}</strong> {t('contactText')}
      </p>
      <div class="pair">
        <input
          class="input"
          name="email"
          type="email"
          autocomplete="email"
          placeholder={t('email')}
          aria-label={t('email')}
        />
        <input
          class="input"
          name="phone"
          type="tel"
          autocomplete="tel"
          placeholder={t('phone')}
          aria-label={t('phone')}
        />
      </div>
      <textarea
        class="input"
        name="message"
        rows={2}
        maxLength={contactMessageMaxLength}
        placeholder={t('about')}
        aria-label={t('about')}
      />
      <Refusal error={error} />
      <div class="answers">
        <button type="submit" class="main" disabled={isBusy}>
          {t('contactSend')}
        </button>
        <button type="button" onClick={onClose ?? (() => setHidden(true))}>
          {t('dismiss')}
        </button>
      </div>
    </form>
  )
}

/** What was not filled in is left out. */
function readForm(form: HTMLFormElement): Partial<Record<'email' | 'phone' | 'message', string>> {
  const entries = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()] as const)
  return Object.fromEntries(entries.filter(([, value]) => value))
}

/** The server says which field is not as it should be. */
function Refusal({ error }: { error: ParleyError | null }) {
  const { t } = useLazy()
  if (error?.code !== 'VALIDATION_ERROR') return <Problem error={error} />
  const [{ field, reason } = { field: '', reason: '' }] = error.details as { field: string; reason: string }[]
  const isMissing = reason.includes('required')
  return (
    <p class="problem" role="alert">
      {t(isMissing ? 'contactNeeded' : field === 'phone' ? 'contactPhone' : 'notEmail')}
    </p>
  )
}
