import { useState } from 'preact/hooks'
import icon from '../ui/parley.svg'
import { PasswordFields, usePasswordSignIn } from '../ui/password-sign-in.tsx'
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
  const { isBusy, error, asksFactor, submit } = usePasswordSignIn(session)
  const [isForgotten, setForgotten] = useState(false)
  const [notice, setNotice] = useState<string | null>(null)
  const { endedBy } = session.get()

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
      <form class="card" onSubmit={submit}>
        <img src={icon} alt="" width="44" height="44" />
        <h1>Parley · {t('console')}</h1>
        <p class="muted">{notice ?? (endedBy ? t('ended') : t('signInText'))}</p>
        <PasswordFields asksFactor={asksFactor} t={t} />
        <Problem error={error} />
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
