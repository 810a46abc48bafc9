import { useState } from 'preact/hooks'
import { normalizeDigits } from '#protocol/core/normalize'
import type { ParleyError } from '../sdk/index.ts'
import { call } from '../ui/http.ts'
import { pageErrorSentence } from '../ui/page-errors.ts'
import icon from '../ui/parley.svg'
import { PasswordFields, usePasswordSignIn } from '../ui/password-sign-in.tsx'
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
  const { isBusy, error, asksFactor, submit } = usePasswordSignIn(session)
  return (
    <form onSubmit={submit}>
      <PasswordFields asksFactor={asksFactor} t={t} />
      <Problem error={error} />
      <button type="submit" class="button primary" aria-busy={isBusy}>
        {t('signIn')}
      </button>
    </form>
  )
}
