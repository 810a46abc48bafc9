import { normalizeDigits } from '#protocol/core/normalize'
import { useTask } from '../../ui/use-task.ts'
import { useEffect, useRef, useState } from '../core/shared.ts'
import { Problem } from './problem.tsx'
import { useLazy } from './words.ts'

/** A code that is on its way, kept over a reload: on a phone, reading the mail may unload the page. */
interface Sent {
  email: string
  /** Milliseconds since the epoch. */
  until: number
}

const slot = 'signin'

/** By six digits that are mailed. */
export function SignIn() {
  const { slots } = useLazy().model.client
  const [sent, setSent] = useState(() => {
    const kept = slots.read<Sent>(slot)
    return kept && kept.until > Date.now() ? kept : null
  })

  function keep(next: Sent | null) {
    slots.write(slot, next)
    setSent(next)
  }

  return sent ? <Code sent={sent} onSent={keep} /> : <Address onSent={keep} />
}

function useSending(onSent: (sent: Sent) => void) {
  const { client } = useLazy().model
  return async (email: string) => {
    const { expires_in } = await client.call('auth:send_code', { email })
    onSent({ email, until: Date.now() + expires_in * 1000 })
  }
}

function Address({ onSent }: { onSent(sent: Sent): void }) {
  const { t } = useLazy()
  const [email, setEmail] = useState('')
  const { isBusy, error, run } = useTask()
  const field = useFocused()
  const send = useSending(onSent)
  return (
    <form
      noValidate
      onSubmit={event => {
        event.preventDefault()
        void run(() => send(email.trim()))
      }}
    >
      <p>{t('signInText')}</p>
      <label>
        {t('email')}
        <input
          ref={field}
          class="input"
          type="email"
          autocomplete="email"
          value={email}
          onInput={event => setEmail(event.currentTarget.value)}
        />
      </label>
      <Problem error={error} invalid={t('notEmail')} />
      <button type="submit" class="main" disabled={!email.trim() || isBusy}>
        {t('sendCode')}
      </button>
    </form>
  )
}

const digitCount = 6
const digitsOf = (text: string) => normalizeDigits(text).replace(/\D/g, '').slice(0, digitCount)

function Code({ sent, onSent }: { sent: Sent; onSent(sent: Sent | null): void }) {
  const { model, t } = useLazy()
  const { client } = model
  const [code, setCode] = useState('')
  const { isBusy, error, run } = useTask()
  const field = useFocused()
  const send = useSending(onSent)

  /** Pasted ones come with spaces, or a sentence around them. */
  function change(text: string) {
    const digits = digitsOf(text)
    setCode(digits)
    if (digits.length === digitCount && digits !== code) void verify(digits)
  }

  async function verify(digits: string) {
    const worked = await run(() => client.signIn(sent.email, digits))
    if (worked) client.slots.write(slot, null)
    else field.current?.select()
  }

  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        void verify(code)
      }}
    >
      <p role="status">{t('codeSent', { email: sent.email })}</p>
      <label>
        {t('code')}
        <input
          ref={field}
          class="input code"
          inputMode="numeric"
          autocomplete="one-time-code"
          value={code}
          onInput={event => {
            change(event.currentTarget.value)
            // Also where nothing is left of it, and so nothing is rendered.
            event.currentTarget.value = digitsOf(event.currentTarget.value)
          }}
        />
      </label>
      <Problem error={error} />
      <div class="answers">
        <button type="submit" class="main" disabled={code.length < digitCount || isBusy}>
          {t('signIn')}
        </button>
        <button type="button" disabled={isBusy} onClick={() => run(() => send(sent.email))}>
          {t('sendAgain')}
        </button>
        <button type="button" onClick={() => onSent(null)}>
          {t('otherAddress')}
        </button>
      </div>
    </form>
  )
}

function useFocused() {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  return field
}
