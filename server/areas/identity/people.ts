import { OperationError, roleAtLeast, toPage } from '#protocol'
import type { peopleOperations } from '#protocol/identity/people'
import type { Actor } from '#storage/identity/audit'
import type {
  AccountRole,
  AccountRow,
  ChangeOutcome,
  Invitation,
  PeopleStorage,
} from '#storage/identity/people'
import { actorOf, type Call, type Caller, type Handlers, personOf } from '../../core/call.ts'
import { newId } from '../../core/ids.ts'
import { accountExists, lastSuperAdmin } from '../../core/refusals.ts'
import { hashPassword } from '../../security/passwords.ts'

/** With what its mail says. */
type ShownInvitation = Invitation & { shown: { code: string; link: string } }

export interface PeopleDeps {
  storage: PeopleStorage
  /** Tokens were taken back: open connections hear of it now rather than at the next look. */
  refreshRevocations(): Promise<void>
  /** The mail for an account without a password, and the code in it. */
  invitation(email: string, staff: boolean, language: Caller['language']): ShownInvitation
  wakeMail(): void
  removeFactor(personId: string, actor: Actor): Promise<unknown>
}

/** The accounts of an installation, as administrators see them. */
export function peopleArea({ storage, refreshRevocations, invitation, wakeMail, removeFactor }: PeopleDeps) {
  const handlers: Handlers<typeof peopleOperations> = {
    async 'people:list'(query) {
      const { items, total } = await storage.list(query)
      const statistics = await storage.statistics(items.map(({ id }) => id))
      const accounts = items.map(account => ({ ...account, statistics: statistics.get(account.id)! }))
      return toPage(accounts, total, query)
    },

    async 'people:statistics'() {
      const counts = await storage.counts()
      const count = (is_active: boolean, role?: AccountRole) =>
        counts
          .filter(row => row.is_active === is_active && (role === undefined || row.role === role))
          .reduce((sum, row) => sum + row.count, 0)
      const of = (role?: AccountRole) => ({ active: count(true, role), disabled: count(false, role) })
      const by_role = {
        user: of('user'),
        agent: of('agent'),
        admin: of('admin'),
        super_admin: of('super_admin'),
      }
      return { ...of(), by_role }
    },

    async 'people:create'({ password, name = null, ...input }, call) {
      assertNotAbove(input.role, call)
      const password_hash = password === undefined ? null : await hashPassword(password)
      const { email, role } = input
      const invited = password_hash ? null : invitation(email, role !== 'user', call.caller.language)
      const account = { ...input, id: newId(), name, password_hash }
      const user = await storage.create(account, invited, actorOf(call))
      if (!user) throw accountExists()
      wakeMail()
      return { user, invitation: invited && toInvitation(invited) }
    },

    async 'people:update'({ id, ...fields }, call) {
      if (fields.role) assertNotAbove(fields.role, call)
      const outcome = await storage.update({ id, fields, actor: actorOf(call) }, mayChange(call))
      await refreshRevocations()
      return { user: requireChanged(outcome) }
    },

    async 'people:set_status'({ id, is_active, reason = null }, call) {
      const outcome = await storage.setStatus(
        { id, active: is_active, reason, actor: actorOf(call) },
        mayChange(call),
      )
      await refreshRevocations()
      return { user: requireChanged(outcome) }
    },

    async 'people:remove_factor'({ id }, call) {
      const account = await storage.find(id)
      if (!account) throw noSuchAccount()
      assertNotAbove(account.role, call)
      await removeFactor(id, actorOf(call))
      await refreshRevocations()
      return { user: (await storage.find(id)) ?? account }
    },
  }

  return { handlers }
}

/** Whoever may make an account with a password of their choice may as well hand over the code that sets one. */
function toInvitation({ status, shown, code }: ShownInvitation) {
  const by_mail = status === 'queued'
  return {
    by_mail,
    code: by_mail ? null : shown.code,
    link: by_mail ? null : shown.link,
    expires_at: new Date(Date.now() + code.seconds * 1000).toISOString(),
  }
}

function assertNotAbove(role: AccountRole, call: Call): void {
  if (!roleAtLeast(personOf(call).role, role)) {
    throw new OperationError('FORBIDDEN', 'This account is above your own role.')
  }
}

function mayChange(call: Call) {
  return ({ role }: AccountRow) => assertNotAbove(role, call)
}

function requireChanged(outcome: ChangeOutcome): AccountRow {
  if (outcome === 'unknown') throw noSuchAccount()
  if (outcome === 'taken') throw accountExists()
  if (outcome === 'last') throw lastSuperAdmin()
  return outcome
}

function noSuchAccount(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such account.')
}
