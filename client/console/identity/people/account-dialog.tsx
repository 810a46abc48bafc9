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
import { SelectField, TextField } from '../../fields.tsx'
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
  onSave(changes: Changes<AccountValues> | null, values: AccountValues): Promise<unknown>
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
          <TextField
            label={t('username')}
            value={values.username}
            minLength={usernameMinLength}
            maxLength={usernameMaxLength}
            autocomplete="off"
            isRequired={!account || account.username !== null}
            onText={username => change({ username })}
          />
          <TextField
            label={t('email')}
            type="email"
            value={values.email}
            autocomplete="off"
            isRequired={!account || account.email !== null}
            onText={email => change({ email })}
          />
          <TextField
            label={t('name')}
            value={values.name ?? ''}
            maxLength={personNameMaxLength}
            onText={name => change({ name: name || null })}
          />
          <SelectField
            label={t('role')}
            value={values.role}
            options={allowed.map(role => [role, t(role)] as const)}
            onSelect={role => change({ role })}
          />
          {!account && (
            <TextField
              label={t('password')}
              hint={t('passwordHint')}
              type="password"
              value={values.password}
              minLength={passwordMinLength}
              maxLength={passwordMaxLength}
              autocomplete="new-password"
              onText={password => change({ password })}
            />
          )}
        </>
      )}
    </EditDialog>
  )
}
