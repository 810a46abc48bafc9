import { useState } from 'preact/hooks'
import type { ParleyError } from '../sdk/error.ts'
import type { Session } from './session.ts'
import { useTask } from './use-task.ts'

interface PasswordSignIn {
  isBusy: boolean
  /** Why it failed; asked for a first time, the second factor is no mistake yet. */
  error: ParleyError | null
  asksFactor: boolean
  /** Signs in by the fields of the form. */
  submit(event: SubmitEvent): void
}

export function usePasswordSignIn(session: Session): PasswordSignIn {
  const [asksFactor, setAsksFactor] = useState(false)
  const [isFirstTime, setFirstTime] = useState(false)
  const { isBusy, error, run } = useTask(({ details }) => {
    const needsFactor = Boolean((details as { second_factor?: boolean } | null)?.second_factor)
    setFirstTime(needsFactor && !asksFactor)
    setAsksFactor(needsFactor)
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

  return { isBusy, error: isFirstTime ? null : error, asksFactor, submit }
}

interface FieldsProps {
  asksFactor: boolean
  t(word: 'username' | 'password' | 'otp'): string
}

export function PasswordFields({ asksFactor, t }: FieldsProps) {
  return (
    <>
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
    </>
  )
}
