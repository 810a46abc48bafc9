import { useState } from 'preact/hooks'
import { normalizeDigits } from '#protocol/core/normalize'
import type { ParleyError } from '../sdk/index.ts'
import { call } from '../ui/http.ts'
import { pageErrorSentence } from '../ui/page-errors.ts'
import icon from '../ui/parley.svg'
import { useTask } from '../ui/use-task.ts'
import { usePage } from './context.ts'

/** By a code that is mailed, or by a password. */
export function SignIn({ tools }: { tools: preact.JSX.Element }) {
  const { session, t } = usePage()
  const [isByPassword, setByPassword] = useState(false)
  return (
    <main class="sign-in">
      <div class="tools">{tools}</div>
      <div class="card">
        <img src={icon} alt="" width="40" height="40" />
        <h1>Parley</h1>
        <p class="muted">{t(session.get().endedBy ? 'ended' : 'signInText')}</p>
        {isByPassword ? <PasswordForm /> : <CodeForm />}
        <button type="button" class="button quiet" onClick={() => setByPassword(!isByPassword)}>
          {t(isByPassword ? 'byCode' : 'byPassword')}
        </button>
      </div>
    </main>
  )
}

function Problem({ error }: { error: ParleyError | null }) {
  const { language } = usePage()
  return (
    <p class="problem" role="alert">
      {error && pageErrorSentence(error.code, language)}
    </p>
  )
}

const digitCount = 6
const digitsOf = (text: string) => normalizeDigits(text).replace(/\D/g, '')

function CodeForm() {
  const { session, t } = usePage()
  const [email, setEmail] = useState('')
  const [isSent, setSent] = useState(false)
  const { isBusy, error, run } = useTask()

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const code = new FormData(event.currentTarget as HTMLFormElement).get('code')
    void run(async () => {
      if (isSent) return session.take(await call('auth:verify', { email, code: digitsOf(String(code)) }))
      await call('auth:send_code', { email })
      setSent(true)
    })
  }

  return (
    <form onSubmit={submit}>
      {isSent ? (
        <>
          <p role="status">{t('codeSent', { email })}</p>
          <label>
            {t('code')}
            <input
              key="code"
              class="input"
              name="code"
              inputMode="numeric"
              autocomplete="one-time-code"
              minLength={digitCount}
              required
              autofocus
            />
          </label>
        </>
      ) : (
        <label>
          {t('email')}
          <input
            key="email"
            class="input"
            type="email"
            autocomplete="email"
            required
            autofocus
            value={email}
            onInput={event => setEmail(event.currentTarget.value.trim())}
          />
        </label>
      )}
      <Problem error={error} />
      <button type="submit" class="button primary" aria-busy={isBusy}>
        {t(isSent ? 'signIn' : 'sendCode')}
      </button>
      {isSent && (
        <button type="button" class="button" onClick={() => setSent(false)}>
          {t('otherAddress')}
        </button>
      )}
    </form>
  )
}

function PasswordForm() {
  const { session, t } = usePage()
  const [asksFactor, setAsksFactor] = useState(false)
  const { isBusy, error, run } = useTask(({ details }) => {
    setAsksFactor(Boolean((details as { second_factor?: boolean } | null)?.second_factor))
  })

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const otp = form.get('otp')
    void run(() =>
      session.signIn(
        String(form.get('username')),
        String(form.get('password')),
        otp === null ? undefined : String(otp).trim(),
      ),
    )
  }

  return (
    <form onSubmit={submit}>
      <label>
        {t('username')}
        <input class="input" name="username" autocomplete="username" required autofocus />
      </label>
      <label>
        {t('password')}
        <input class="input" name="password" type="password" autocomplete="current-password" required />
      </label>
      {asksFactor && (
        <label>
          {t('otp')}
          <input class="input" name="otp" autocomplete="one-time-code" required autofocus />
        </label>
      )}
      <Problem error={error} />
      <button type="submit" class="button primary" aria-busy={isBusy}>
        {t('signIn')}
      </button>
    </form>
  )
}
