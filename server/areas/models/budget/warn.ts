import type { Moment } from '#storage/models/budget'
import type { NearBudget, WarningStorage } from '#storage/models/warning'
import { letters } from '../../../mail/letters.ts'
import type { Mail } from '../../../mail/mail.ts'

export interface WarnDeps {
  warnings: WarningStorage
  mail: Pick<Mail, 'seal' | 'wake'>
  /** Of providers, by id. */
  providerNames(): Promise<ReadonlyMap<string, string>>
  /** The page of the console with the budgets. */
  consoleUrl: string
  isBounded(): boolean
  moment(): Moment
}

/** Administrators are told by mail, once in each period, that most of a budget is used. */
export function createWarner({ warnings, mail, providerNames, consoleUrl, isBounded, moment }: WarnDeps) {
  return async function warnOfNear(): Promise<void> {
    if (!isBounded()) return
    const due = await warnings.due(moment())
    if (due.length === 0) return
    const [addresses, names] = await Promise.all([warnings.administrators(), providerNames()])
    for (const budget of due) {
      const values = { ...budget, subject: subjectOf(budget, names), link: consoleUrl }
      const sealed = addresses.map(to => mail.seal(letters.budget({ to, language: budget.language }, values)))
      if (await warnings.warn(budget.id, moment(), sealed)) mail.wake()
    }
  }
}

/** Whose it is, where it is not everybody's. */
function subjectOf(
  { provider_id, role, person_name }: NearBudget,
  names: ReadonlyMap<string, string>,
): string | null {
  return provider_id === null ? (role ?? person_name) : (names.get(provider_id) ?? provider_id)
}
