import { useState } from 'preact/hooks'
import { passwordMaxLength, passwordMinLength } from '#protocol/core/limits'
import { useTask } from '../../../ui/use-task.ts'
import { useConsole } from '../../context.ts'
import { Problem } from '../../state.tsx'
import { translator } from './words.ts'

const blank = { current: '', next: '' }

export function PasswordForm({ username }: { username: string }) {
  const { session, deskLoader, toasts, t } = useConsole(translator)
  const { isBusy, error, run } = useTask()
  const [{ current, next }, setFields] = useState(blank)

  async function save(event: SubmitEvent) {
    event.preventDefault()
    const isAtDesk = deskLoader.get().desk !== null
    // Its socket belongs to the session that ends.
    deskLoader.close()
    if (await run(() => session.changePassword(current, next))) {
      setFields(blank)
      toasts.say(t('passwordChanged'))
    }
    if (isAtDesk) await deskLoader.open()
  }

  return (
    <section class="card">
      <h2>{t('changePassword')}</h2>
      <p class="muted">{t('changePasswordText')}</p>
      <form onSubmit={save}>
        <input type="hidden" autocomplete="username" value={username} />
        <div class="fields">
          <label class="field">
            {t('currentPassword')}
            <input
              class="input"
              type="password"
              autocomplete="current-password"
              value={current}
              required
              onInput={({ currentTarget: { value } }) => setFields(fields => ({ ...fields, current: value }))}
            />
          </label>
          <label class="field">
            {t('newPassword')}
            <input
              class="input"
              type="password"
              autocomplete="new-password"
              value={next}
              minLength={passwordMinLength}
              maxLength={passwordMaxLength}
              aria-describedby="new-password-hint"
              required
              onInput={({ currentTarget: { value } }) => setFields(fields => ({ ...fields, next: value }))}
            />
          </label>
        </div>
        <small id="new-password-hint" class="muted">
          {t('passwordLength', { min: passwordMinLength })}
        </small>
        <Problem error={error} words={({ code }) => code === 'INVALID_CREDENTIALS' && t('wrongPassword')} />
        <div class="acts">
          <button type="submit" class="button" aria-busy={isBusy}>
            {t('setPassword')}
          </button>
        </div>
      </form>
    </section>
  )
}
