import type { Settings } from '#protocol/desk/service'
import type { Database } from '../engine/transaction.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'
import { contactStorage } from './contact.ts'
import { feedbackStorage } from './feedback.ts'
import { statisticsStorage } from './statistics.ts'
import { teamStorage } from './team.ts'

export type ServiceStorage = ReturnType<typeof serviceStorage>

/** How the desk is run, and how it does. */
export function serviceStorage(database: Database) {
  return {
    ...settingsStorage(database),
    ...teamStorage(database),
    ...contactStorage(database),
    ...feedbackStorage(database),
    ...statisticsStorage(database),
  }
}

function settingsStorage({ sql, withDeadline, transaction }: Database) {
  async function settings(): Promise<Partial<Settings>> {
    const [row] = await withDeadline(sql<{ value: Partial<Settings> }[]>`select value from handoff_settings`)
    return row?.value ?? {}
  }

  /** `change` makes what is to be stored of what is, while nobody else can change it; it throws to refuse. */
  function configure(change: (stored: Partial<Settings>) => Partial<Settings>, actor: Actor): Promise<void> {
    return transaction(async inner => {
      await inner`insert into handoff_settings (value) values ('{}') on conflict do nothing`
      const [row] = await inner<{ value: Partial<Settings> }[]>`select value from handoff_settings for update`
      const changes = change(row!.value)
      const after = { ...row!.value, ...changes }
      await inner`update handoff_settings set value = ${inner.json(after as never)}, updated_at = now()`
      const previous = Object.fromEntries(
        Object.keys(changes).map(name => [name, row!.value[name as keyof Settings] ?? null]),
      )
      await recordAudit(inner, {
        actor,
        scope: 'handoff',
        action: 'handoff:configure',
        before: previous,
        after: changes,
      })
    })
  }

  return { settings, configure }
}
