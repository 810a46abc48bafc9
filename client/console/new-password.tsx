import { useState } from 'preact/hooks'
import { passwordMaxLength, passwordMinLength } from '#protocol/core/limits'
import { call } from '../ui/http.ts'
import { useTask } from '../ui/use-task.ts'
import { useConsole } from './context.ts'
import { consoleErrorSentence } from './errors.ts'

/** A password is chosen with the code of an invitation, or of a mail that is asked for here. */
export function NewPassword({ onLeave }: { onLeave(notice: string | null): void }) {
  const { language, t } = useConsole()
  const [email, setEmail] = useState('')
  const { isBusy, error, run } = useTask()
  const [isSent, setSent] = useState(false)

  async function send() {
    if (await run(() => call('auth:forgot_password', { email }))) setSent(true)
  }

  async function save(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const input = { email, code: String(form.get('code')), password: String(form.get('password')) }
    if (await run(() => call('auth:reset_password', input))) onLeave(t('passwordSet'))
  }

  return (
    <form class="card" onSubmit={save}>
      <h1>{t('newPassword')}</h1>
      <p class="muted">{t('newPasswordText')}</p>
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
      <button type="button" class="button" disabled={isBusy || email === ''} onClick={send}>
        {t('sendCode')}
      </button>
      {isSent && (
        <p class="muted" role="status">
          {t('codeSent')}
        </p>
      )}
      <label>
        {t('code')}
        <input class="input" name="code" autocomplete="one-time-code" required />
      </label>
      <label>
        {t('newPassword')}
        <input
          class="input"
          name="password"
          type="password"
          minLength={passwordMinLength}
          maxLength={passwordMaxLength}
          autocomplete="new-password"
          required
        />
      </label>
      <p class="problem" role="alert">
        {error && consoleErrorSentence(error.code, language)}
      </p>
      <button type="submit" class="button primary" disabled={isBusy}>
        {t('setPassword')}
      </button>
      <button type="button" class="button quiet" onClick={() => onLeave(null)}>
        {t('cancel')}
      </button>
    </form>
  )
}
