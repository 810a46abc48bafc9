import { useState } from 'preact/hooks'
import { passwordMaxLength, passwordMinLength } from '#protocol/core/limits'
import { toParleyError } from '../sdk/error.ts'
import { call } from '../ui/http.ts'
import { useTask } from '../ui/use-task.ts'
import { useConsole } from './context.ts'
import { Problem } from './state.tsx'

/** What the link of a mail carries. */
export interface PasswordLink {
  email: string
  code: string
}

/** `#/new-password?email=…&code=…`, the page that mails lead to; null for any other. */
export function passwordLinkOf(hash: string): PasswordLink | null {
  const [path, query] = hash.split('?')
  if (path !== '#/new-password') return null
  const fields = new URLSearchParams(query)
  return { email: fields.get('email') ?? '', code: fields.get('code') ?? '' }
}

interface Props {
  /** Null where nobody has come by a mail: the code is asked for here. */
  link: PasswordLink | null
  onLeave(notice: string | null): void
}

/** A password is chosen with the code of an invitation or of a reset, which the mail's link brings along. */
export function NewPassword({ link, onLeave }: Props) {
  const { session, t } = useConsole()
  const [email, setEmail] = useState(link?.email ?? '')
  const [code, setCode] = useState(link?.code ?? '')
  const { isBusy, error, run } = useTask()
  const [isSent, setSent] = useState(false)
  const hasCode = link !== null && link.code !== ''

  async function send() {
    if (await run(() => call('auth:forgot_password', { email }))) setSent(true)
  }

  async function save(event: SubmitEvent) {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget as HTMLFormElement).get('password'))
    if (!(await run(() => call('auth:reset_password', { email, code, password })))) return
    // Where the account has a second factor, the sign-in asks for it.
    await session.signIn(email, password).catch(toParleyError)
    onLeave(t('passwordSet'))
  }

  return (
    <form class="card" onSubmit={save}>
      <h1>{t(hasCode ? 'choosePassword' : 'newPassword')}</h1>
      <p class="muted">{hasCode ? t('choosePasswordText', { email }) : t('newPasswordText')}</p>
      {hasCode ? (
        // For the browser's password store.
        <input type="hidden" name="email" autocomplete="username" value={email} />
      ) : (
        <>
          <label>
            {t('email')}
            <input
              class="input"
              name="email"
              inputMode="email"
              autocomplete="username"
              value={email}
              onInput={({ currentTarget }) => setEmail(currentTarget.value)}
              required
              autofocus
            />
          </label>
          <button type="button" class="button" aria-busy={isBusy} disabled={email === ''} onClick={send}>
            {t('sendCode')}
          </button>
          <p class="muted" role="status">
            {isSent && t('codeSent')}
          </p>
          <label>
            {t('code')}
            <input
              class="input"
              name="code"
              autocomplete="one-time-code"
              value={code}
              onInput={({ currentTarget }) => setCode(currentTarget.value)}
              required
            />
          </label>
        </>
      )}
      <label>
        {t('newPassword')}
        <input
          class="input"
          name="password"
          type="password"
          minLength={passwordMinLength}
          maxLength={passwordMaxLength}
          autocomplete="new-password"
          aria-describedby="password-hint"
          required
          autofocus={hasCode}
        />
        <small id="password-hint" class="muted">
          {t('passwordLength', { min: passwordMinLength })}
        </small>
      </label>
      <Problem error={error} />
      <button type="submit" class="button primary" aria-busy={isBusy}>
        {t('setPassword')}
      </button>
      <button type="button" class="button quiet" onClick={() => onLeave(null)}>
        {t('backToSignIn')}
      </button>
    </form>
  )
}
