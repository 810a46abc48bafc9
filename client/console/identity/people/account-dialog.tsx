import type { OperationOutput } from '#protocol'
import {
  passwordMaxLength,
  passwordMinLength,
  personNameMaxLength,
  usernameMaxLength,
  usernameMinLength,
} from '#protocol/core/limits'
import type { Changes } from '../../../ui/form.ts'
import { useConsole } from '../../context.ts'
import { EditDialog } from '../../edit-dialog.tsx'
import { translator } from './words.ts'

export type Account = OperationOutput<'people:list'>['items'][number]

export interface AccountValues {
  username: string
  email: string
  name: string | null
  role: Account['role']
  /** Of a new account; empty invites by mail. */
  password: string
}

interface Props {
  /** Null makes a new one. */
  account: Account | null
  onSave(changes: Changes<AccountValues> | null, values: AccountValues): void
  onClose(): void
}

const roles = ['user', 'agent', 'admin', 'super_admin'] as const

export function AccountDialog({ account, onSave, onClose }: Props) {
  const { session, t } = useConsole(translator)
  const own = session.get().user?.role ?? 'user'
  // Nobody makes an account above the own role; one that is above it is shown as it is.
  const allowed = roles.filter(
    role => roles.indexOf(role) <= roles.indexOf(own as Account['role']) || role === account?.role,
  )
  return (
    <EditDialog<AccountValues>
      title={t(account ? 'edit' : 'newAccount')}
      confirm={t('save')}
      cancel={t('cancel')}
      loaded={{
        username: account?.username ?? '',
        email: account?.email ?? '',
        name: account?.name ?? null,
        role: account?.role ?? 'agent',
        password: '',
      }}
      onSave={onSave}
      onClose={onClose}
    >
      {(values, change) => (
        <>
          <label class="field">
            {t('username')}
            <input
              class="input"
              value={values.username}
              minLength={usernameMinLength}
              maxLength={usernameMaxLength}
              autocomplete="off"
              required={!account || account.username !== null}
              onInput={event => change({ username: event.currentTarget.value })}
            />
          </label>
          <label class="field">
            {t('email')}
            <input
              class="input"
              type="email"
              value={values.email}
              autocomplete="off"
              required={!account || account.email !== null}
              onInput={event => change({ email: event.currentTarget.value })}
            />
          </label>
          <label class="field">
            {t('name')}
            <input
              class="input"
              value={values.name ?? ''}
              maxLength={personNameMaxLength}
              onInput={event => change({ name: event.currentTarget.value || null })}
            />
          </label>
          <label class="field">
            {t('role')}
            <select
              class="input select"
              value={values.role}
              onChange={event => change({ role: event.currentTarget.value as Account['role'] })}
            >
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
                type="password"
                value={values.password}
                minLength={passwordMinLength}
                maxLength={passwordMaxLength}
                autocomplete="new-password"
                onInput={event => change({ password: event.currentTarget.value })}
              />
              <small class="muted">{t('passwordHint')}</small>
            </label>
          )}
        </>
      )}
    </EditDialog>
  )
}
