import type { Database } from '../engine/transaction.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'

export interface SettingStorage {
  read(name: string): Promise<unknown>
  /** `next` makes the new value of the one before, while nobody else changes it. */
  write(name: string, next: (before: unknown) => object, actor: Actor): Promise<void>
}

/** What administrators set, one value an area. */
export function settingStorage(database: Database): SettingStorage {
  const { sql, withDeadline, transaction } = database
  return {
    async read(name) {
      const [row] = await withDeadline(
        sql<{ value: unknown }[]>`select value from settings where name = ${name}`,
      )
      return row?.value ?? null
    },
    write: (name, next, actor) =>
      transaction(async inner => {
        const [before] = await inner<{ value: unknown }[]>`
          select value from settings where name = ${name} for update`
        const value = next(before?.value ?? null)
        await inner`
          insert into settings (name, value) values (${name}, ${inner.json(value as never)})
          on conflict (name) do update set value = excluded.value, updated_at = now()`
        await recordAudit(inner, {
          actor,
          scope: 'settings',
          action: `${name}:set`,
          subject: name,
          before: before?.value,
          after: value,
        })
      }),
  }
}
