import type { Database } from '../engine/transaction.ts'

export interface WidgetFileStorage {
  /** Of this build. What no build has had for `days` is removed. */
  save(name: string, content: Uint8Array, days: number): Promise<void>
  names(): Promise<string[]>
  find(name: string): Promise<Uint8Array | null>
}

/** The widget's second file, of this build and those before. */
export function widgetFileStorage({ sql, withDeadline, transaction }: Database): WidgetFileStorage {
  return {
    save: (name, content, days) =>
      transaction(async inner => {
        await inner`
          insert into widget_files (name, content) values (${name}, ${content})
          on conflict (name) do update set served_at = now()`
        await inner`delete from widget_files where served_at < now() - make_interval(days => ${days})`
      }),
    async names() {
      const rows = await withDeadline(sql<{ name: string }[]>`select name from widget_files`)
      return rows.map(({ name }) => name)
    },
    async find(name) {
      const [row] = await withDeadline(
        sql<{ content: Uint8Array }[]>`select content from widget_files where name = ${name}`,
      )
      return row?.content ?? null
    },
  }
}
