import { useState } from 'preact/hooks'
import icon from '../ui/parley.svg'
import { useTask } from '../ui/use-task.ts'
import { useConsole } from './context.ts'
import { NewPassword, type PasswordLink } from './new-password.tsx'
import { Problem } from './state.tsx'

interface Props {
  /** Of a mail: the password is chosen first. */
  link: PasswordLink | null
  tools: preact.JSX.Element
  onLeaveLink(): void
}

export function SignIn({ link, tools, onLeaveLink }: Props) {
  const { session, t } = useConsole()
  const [asksFactor, setAsksFactor] = useState(false)
  /** Asked for a first time, the second factor is no mistake yet. */
  const [isFirstTime, setFirstTime] = useState(false)
  const { isBusy, error, run } = useTask(({ details }) => {
    const needsFactor = Boolean((details as { second_factor?: boolean } | null)?.second_factor)
    setFirstTime(needsFactor && !asksFactor)
    setAsksFactor(needsFactor)
  })
  const [isForgotten, setForgotten] = useState(false)
  const [notice, setNotice] = useState<string | null>(null)
  const { endedBy } = session.get()

  function signIn(event: SubmitEvent) {
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

  function leaveNewPassword(next: string | null) {
    setForgotten(false)
    onLeaveLink()
    setNotice(next)
  }

  if (isForgotten || link)
    return (
      <div class="sign-in">
        <div class="tools">{tools}</div>
        <NewPassword link={link} onLeave={leaveNewPassword} />
      </div>
    )
  return (
    <div class="sign-in">
      <div class="tools">{tools}</div>
      <form class="card" onSubmit={signIn}>
        <img src={icon} alt="" width="44" height="44" />
        <h1>Parley · {t('console')}</h1>
        <p class="muted">{notice ?? (endedBy ? t('ended') : t('signInText'))}</p>
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
        <Problem error={isFirstTime ? null : error} />
        <button type="submit" class="button primary" aria-busy={isBusy}>
          {isBusy ? t('signingIn') : t('signIn')}
        </button>
        <button type="button" class="button quiet" onClick={() => setForgotten(true)}>
          {t('forgotten')}
        </button>
      </form>
    </div>
  )
}
