import type { OperationOutput } from '#protocol'
import { Dialog } from '../../ui/dialog.tsx'
import { useAdmin } from './context.ts'

export type Account = OperationOutput<'people:list'>['items'][number]

interface Props {
  /** Null makes a new one. */
  account: Account | null
  onAnswer(isConfirmed: boolean, fields: FormData): void
}

const roles = ['user', 'agent', 'admin', 'super_admin'] as const

/** Fields: username, email, name, role, and for a new account password. */
export function AccountDialog({ account, onAnswer }: Props) {
  const { session, t } = useAdmin()
  const own = session.get().user?.role ?? 'user'
  // Nobody makes an account above the own role.
  const allowed = roles.slice(0, roles.indexOf(own) + 1)
  return (
    <Dialog
      title={t(account ? 'edit' : 'newAccount')}
      confirm={t('save')}
      cancel={t('cancel')}
      onAnswer={onAnswer}
    >
      <label class="field">
        {t('username')}
        <input
          class="input"
          name="username"
          defaultValue={account?.username ?? ''}
          minLength={2}
          maxLength={64}
          autocomplete="off"
          required
        />
      </label>
      <label class="field">
        {t('email')}
        <input
          class="input"
          name="email"
          type="email"
          defaultValue={account?.email ?? ''}
          autocomplete="off"
          required
        />
      </label>
      <label class="field">
        {t('name')}
        <input class="input" name="name" defaultValue={account?.name ?? ''} maxLength={120} />
      </label>
      <label class="field">
        {t('role')}
        <select class="input select" name="role" defaultValue={account?.role ?? 'agent'}>
          {allowed.map(role => (
            <option key={role} value={role}>
              {t(role)}
            </option>
          ))}
        </select>
      </label>
      {!account && (
        <label class="field">
          {t('password')}
          <input
            class="input"
            name="password"
            type="password"
            minLength={8}
            maxLength={256}
            autocomplete="new-password"
          />
          <small class="muted">{t('passwordHint')}</small>
        </label>
      )}
    </Dialog>
  )
}
