import { invalid, OperationError } from '#protocol'
import type { Budget, budgetOperations } from '#protocol/models/budget'
import type { Overview } from '#protocol/platform/statistics'
import type { AuditEntry } from '#storage/identity/audit'
import type { BudgetRow, BudgetStorage, Moment, NewBudget } from '#storage/models/budget'
import { actorOf, type Call, type Handlers } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { type ReserveDeps, reserveCalls } from './reserve.ts'
import { createWarner, type WarnDeps } from './warn.ts'

export interface BudgetDeps extends Omit<ReserveDeps & WarnDeps, 'isBounded' | 'moment'> {
  storage: BudgetStorage
  /** Of the shop. */
  timeZone(): Promise<string>
  clock(): number
  isProvider(id: string): boolean
  /** Of each model's price; null where it has none. */
  currencies(): Promise<ModelCurrency[]>
  /** Budgets are others, for the other nodes. */
  publishChange(): void
}

interface ModelCurrency {
  provider: string
  model: string
  currency: string | null
}

/** What may be spent on models: by whom, in which time, and what happens then. */
export function budgetArea(deps: BudgetDeps) {
  const { storage } = deps
  let isBounded = false
  let timeZone = 'UTC'
  const moment = (): Moment => ({ at: deps.clock(), timeZone })

  async function refresh(): Promise<void> {
    ;[isBounded, timeZone] = await Promise.all([storage.exist(), deps.timeZone()])
  }

  async function applyChange(): Promise<void> {
    await refresh()
    deps.publishChange()
  }

  async function toBudgets(rows: BudgetRow[]): Promise<Budget[]> {
    const [names, currencies] = await Promise.all([deps.providerNames(), deps.currencies()])
    return rows.map(row => toBudget(row, names, currencies))
  }

  async function toOne(row: BudgetRow): Promise<{ budget: Budget }> {
    const [budget] = await toBudgets([row])
    return { budget: budget! }
  }

  const handlers: Handlers<typeof budgetOperations> = {
    async 'budget:list'() {
      await refresh()
      return { budgets: await toBudgets(await storage.list(moment())), time_zone: timeZone }
    },

    async 'budget:create'({ amount, ...fields }, call) {
      const { provider_id } = fields
      if (provider_id !== null && !deps.isProvider(provider_id))
        throw invalid('provider_id', 'is no provider')
      await refresh()
      const row: NewBudget = { id: newId(), ...fields, amount: amount.toFixed(amountDecimals) }
      const { language } = call.caller
      const budget = await storage.create(
        { ...row, language },
        moment(),
        auditOf(call, 'budget:create', row.id, { after: row }),
      )
      if (!budget) throw invalid('person_id', 'has no account')
      await applyChange()
      return toOne(budget)
    },

    async 'budget:update'({ budget_id, amount, at_limit }, call) {
      const change = { id: budget_id, amount: amount?.toFixed(amountDecimals), at_limit }
      const budget = await storage.update(change, moment(), (before, after) =>
        auditOf(call, 'budget:update', budget_id, { before, after }),
      )
      if (!budget) throw noSuchBudget()
      await applyChange()
      return toOne(budget)
    },

    async 'budget:delete'({ budget_id }, call) {
      const isRemoved = await storage.remove(budget_id, before =>
        auditOf(call, 'budget:delete', budget_id, { before }),
      )
      if (!isRemoved) throw noSuchBudget()
      await applyChange()
      return null
    },
  }

  const bounds = { isBounded: () => isBounded, moment }
  const { settleLeft, ...calls } = reserveCalls({ ...deps, ...bounds })
  const warnOfNear = createWarner({ ...deps, ...bounds })

  return {
    handlers,
    refresh,
    ...calls,
    /** Of the whole installation for the month that runs, in money; of several the one that is nearest its end. */
    async overallOfMonth(): Promise<Overview['cost']['budget']> {
      const rows = await storage.list(moment())
      const [nearest] = rows
        .filter(({ scope, period }) => scope === 'overall' && period === 'month')
        .flatMap(({ currency, amount, spent }) =>
          currency === null ? [] : [{ currency, amount: Number(amount), spent: Number(spent) }],
        )
        .sort((one, other) => shareOf(other) - shareOf(one))
      return nearest ?? null
    },
    /** What is due now and then: what is left to be counted, and whom to tell. */
    async runRound(): Promise<void> {
      await settleLeft()
      await warnOfNear()
    },
  }
}

const amountDecimals = 6

const shareOf = ({ amount, spent }: { amount: number; spent: number }) => (amount > 0 ? spent / amount : 1)

function auditOf(
  call: Call,
  action: string,
  subject: string,
  what: Pick<AuditEntry, 'before' | 'after'>,
): AuditEntry {
  return { actor: actorOf(call), scope: 'budget', action, subject, ...what }
}

function noSuchBudget(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such budget.')
}

function toBudget(
  { person_name, amount, spent, reserved, ...row }: BudgetRow,
  names: ReadonlyMap<string, string>,
  currencies: ModelCurrency[],
): Budget {
  const { provider_id, currency } = row
  const uncounted = currencies.filter(
    entry => entry.currency !== currency && (provider_id === null || entry.provider === provider_id),
  )
  return {
    ...row,
    name: provider_id === null ? person_name : (names.get(provider_id) ?? provider_id),
    amount: Number(amount),
    spent: Number(spent),
    reserved: Number(reserved),
    uncounted_models: currency === null ? [] : [...new Set(uncounted.map(({ model }) => model))],
  }
}
