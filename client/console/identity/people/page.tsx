import './page.css'
import { useState } from 'preact/hooks'
import type { OperationInput, OperationOutput } from '#protocol'
import { ConfirmDialog, Dialog } from '../../../ui/dialog.tsx'
import { Icon } from '../../../ui/icons.tsx'
import type { Column } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { type Loaded, useAction, useConsole, useLoaded, useSettled } from '../../context.ts'
import { CopyButton } from '../../copy-button.tsx'
import { type Choice, flagOf, PagedTable, SearchField, Select, usePages } from '../../pages.tsx'
import { personLabel } from '../../person-label.ts'
import { ReasonDialog } from '../../reason-dialog.tsx'
import { type Account, AccountDialog, type AccountValues } from './account-dialog.tsx'
import { translator } from './words.ts'

type Invitation = NonNullable<OperationOutput<'people:create'>['invitation']>
interface Confirmed {
  what: 'disable' | 'factor'
  account: Account
}
type Question =
  | Confirmed
  | { what: 'edit'; account: Account }
  | { what: 'new' }
  | { what: 'invited'; name: string; invitation: Invitation }

/** Who may sign in, as what. */
export function StaffView() {
  const { session, toasts, t } = useConsole(translator)
  const [search, setSearch] = useState('')
  const [role, setRole] = useState<Account['role'] | ''>('')
  const [isActive, setActive] = useState<Choice>('')
  const filter = { search: useSettled(search), role, is_active: flagOf(isActive) }
  const accounts = usePages('people:list', filter)
  const counts = useLoaded('people:statistics', {})
  const [question, setQuestion] = useState<Question | null>(null)
  const { isBusy, run } = useAction()
  const columns = useColumns({ isBusy, onAsk: setQuestion, onEnable: enable })

  function reload() {
    accounts.reload()
    counts.reload()
  }

  async function change<K extends 'people:update' | 'people:set_status' | 'people:remove_factor'>(
    name: K,
    input: OperationInput<K>,
  ) {
    await session.call(name, input)
    toasts.say(t('saved'))
    reload()
  }

  function enable({ id }: Account) {
    void run(() => change('people:set_status', { id, is_active: true }))
  }

  async function create({ password, name, ...rest }: AccountValues) {
    const input = { ...rest, ...(name && { name }), ...(password && { password }) }
    const { invitation } = await session.call('people:create', input)
    reload()
    if (invitation && !invitation.by_mail) setQuestion({ what: 'invited', name: rest.username, invitation })
    else toasts.say(t(invitation ? 'invited' : 'created', { name: rest.username }))
  }

  function confirm({ what, account: { id } }: Confirmed, reason: string | null) {
    setQuestion(null)
    if (reason === null) return
    void run(() =>
      what === 'disable'
        ? change('people:set_status', { id, is_active: false, reason })
        : change('people:remove_factor', { id }),
    )
  }

  return (
    <section class="card">
      <Counts of={counts} />
      <div class="toolbar">
        <Filters {...{ search, setSearch, role, setRole, isActive, setActive }} />
        <button type="button" class="button primary push" onClick={() => setQuestion({ what: 'new' })}>
          <Icon name="plus" size={18} />
          {t('newAccount')}
        </button>
      </div>
      <PagedTable
        of={accounts}
        columns={columns}
        keyOf={({ id }) => id}
        empty={{ title: t('noAccounts'), text: t('noAccountsText') }}
      />
      {question?.what === 'new' && (
        <AccountDialog
          account={null}
          onSave={(_changes, values) => create(trimmed(values))}
          // An invitation may stand in its place.
          onClose={() => setQuestion(shown => (shown?.what === 'new' ? null : shown))}
        />
      )}
      {question?.what === 'edit' && (
        <AccountDialog
          account={question.account}
          onSave={async changes =>
            changes && change('people:update', { id: question.account.id, ...trimmed(changes) })
          }
          onClose={() => setQuestion(null)}
        />
      )}
      {question?.what === 'invited' && <Invited {...question} onClose={() => setQuestion(null)} />}
      {(question?.what === 'disable' || question?.what === 'factor') && (
        <Confirmation {...question} onAnswer={reason => confirm(question, reason)} />
      )}
    </section>
  )
}

/** How many there are of each kind, those who can sign in. */
function Counts({ of: { data } }: { of: Loaded<OperationOutput<'people:statistics'>> }) {
  const { t } = useConsole(translator)
  if (!data) return null
  const { super_admin, admin, agent, user } = data.by_role
  const counts = [
    t('owners', { count: super_admin.active }),
    t('admins', { count: admin.active }),
    t('agents', { count: agent.active }),
    t('customers', { count: user.active }),
    ...(data.disabled > 0 ? [t('disabledCount', { count: data.disabled })] : []),
  ]
  return <p class="counts muted">{counts.join(' · ')}</p>
}

interface FiltersProps {
  search: string
  role: Account['role'] | ''
  isActive: Choice
  setSearch(search: string): void
  setRole(role: Account['role'] | ''): void
  setActive(isActive: Choice): void
}

function Filters({ search, role, isActive, setSearch, setRole, setActive }: FiltersProps) {
  const { t } = useConsole(translator)
  return (
    <>
      <SearchField label={t('searchAccounts')} value={search} onSearch={setSearch} />
      <Select
        label={t('role')}
        value={role}
        options={[
          ['', t('anyRole')],
          ['agent', t('agent')],
          ['admin', t('admin')],
          ['super_admin', t('super_admin')],
          ['user', t('user')],
        ]}
        onSelect={setRole}
      />
      <Select
        label={t('state')}
        value={isActive}
        options={[
          ['', t('anyState')],
          ['true', t('active')],
          ['false', t('disabled')],
        ]}
        onSelect={setActive}
      />
    </>
  )
}

/** The code of somebody whom no mail reaches. */
function Invited({ name, invitation, onClose }: { name: string; invitation: Invitation; onClose(): void }) {
  const { t, language } = useConsole(translator)
  return (
    <Dialog title={t('handOverTitle', { name })} cancel={t('close')} onAnswer={onClose}>
      <p class="muted">{t('handOverText', { until: dateTimeLabel(invitation.expires_at, language) })}</p>
      <div class="hand-over">
        <span>{invitation.link}</span>
        <CopyButton text={invitation.link ?? ''} label={t('copyLink')} />
      </div>
      <p class="muted">{t('orCode')}</p>
      <p>
        <code>{invitation.code}</code>
      </p>
    </Dialog>
  )
}

interface ConfirmationProps extends Confirmed {
  /** Null where it was left; empty where no reason is asked for. */
  onAnswer(reason: string | null): void
}

function Confirmation({ what, account, onAnswer }: ConfirmationProps) {
  const { t } = useConsole(translator)
  const name = nameOf(account)
  if (what === 'disable')
    return (
      <ReasonDialog
        title={t('disableTitle', { name })}
        text={t('disableText')}
        confirm={t('disable')}
        label={t('reason')}
        onAnswer={onAnswer}
      />
    )
  return (
    <ConfirmDialog
      title={t('removeFactorTitle', { name })}
      confirm={t('removeFactor')}
      cancel={t('cancel')}
      isDangerous
      onAnswer={isConfirmed => onAnswer(isConfirmed ? '' : null)}
    >
      {t('removeFactorText')}
    </ConfirmDialog>
  )
}

function trimmed<V extends Partial<AccountValues>>({ username, email, name, ...rest }: V): V {
  return {
    ...rest,
    ...(username !== undefined && { username: username.trim() }),
    ...(email !== undefined && { email: email.trim() }),
    ...(name !== undefined && { name: name?.trim() || null }),
  } as V
}

function nameOf(account: Account): string {
  return personLabel(account) ?? ''
}

interface ColumnOptions {
  isBusy: boolean
  onAsk(question: Question): void
  onEnable(account: Account): void
}

function useColumns({ isBusy, onAsk, onEnable }: ColumnOptions): Column<Account>[] {
  const { t, language } = useConsole(translator)
  return [
    {
      name: 'person',
      label: t('person'),
      cell: account => (
        <>
          <span class="title">{nameOf(account)}</span>
          <small class="muted">{[account.username, account.email].filter(Boolean).join(' · ')}</small>
        </>
      ),
    },
    { name: 'role', label: t('role'), cell: ({ role }) => t(role) },
    {
      name: 'state',
      label: t('state'),
      cell: ({ is_active, disabled_reason }) => (
        <>
          <span class={is_active ? 'tag good' : 'tag bad'}>{t(is_active ? 'active' : 'disabled')}</span>
          {disabled_reason && <small class="muted">{disabled_reason}</small>}
        </>
      ),
    },
    {
      name: 'signed',
      label: t('lastSignIn'),
      kind: 'wide',
      cell: ({ last_sign_in_at, second_factor }) => (
        <>
          {last_sign_in_at ? dateTimeLabel(last_sign_in_at, language) : t('never')}
          {second_factor && <small class="muted">{t('secondFactor')}</small>}
        </>
      ),
    },
    {
      name: 'acts',
      label: '',
      kind: 'end',
      cell: account => (
        <span class="row-acts">
          {account.second_factor && (
            <button
              type="button"
              class="button quiet"
              title={t('removeFactor')}
              aria-label={`${t('removeFactor')} ${nameOf(account)}`}
              aria-busy={isBusy}
              onClick={() => onAsk({ what: 'factor', account })}
            >
              <Icon name="close" size={18} />
            </button>
          )}
          <button
            type="button"
            class="button quiet"
            title={t('edit')}
            aria-label={`${t('edit')} ${nameOf(account)}`}
            aria-busy={isBusy}
            onClick={() => onAsk({ what: 'edit', account })}
          >
            <Icon name="pencil" size={18} />
          </button>
          <button
            type="button"
            class={account.is_active ? 'button small danger' : 'button small'}
            aria-busy={isBusy}
            onClick={() => (account.is_active ? onAsk({ what: 'disable', account }) : onEnable(account))}
          >
            {t(account.is_active ? 'disable' : 'enable')}
          </button>
        </span>
      ),
    },
  ]
}
