import type { Database } from '../engine/transaction.ts'

export type LeaderStorage = ReturnType<typeof leaderStorage>

/** Leases of which one node at a time has each, by the database's clock; the table is called `duties`. */
export function leaderStorage({ sql, withDeadline }: Database) {
  return {
    /** Takes or keeps the lease of a name for so many seconds. @returns whether this node has it */
    async acquire(name: string, nodeId: string, seconds: number): Promise<boolean> {
      const rows = await withDeadline(sql`
        with free as (
          select name from duties where name = ${name} and (holder = ${nodeId} or until < now()) for update skip locked),
        taken as (
          update duties d set holder = ${nodeId}, until = now() + make_interval(secs => ${seconds})
          from free where d.name = free.name returning 1),
        made as (
          insert into duties (name, holder, until)
          select ${name}, ${nodeId}, now() + make_interval(secs => ${seconds})
          where not exists (select 1 from duties where name = ${name})
          on conflict do nothing returning 1)
        select 1 from taken union all select 1 from made`)
      return rows.length > 0
    },

    async release(name: string, nodeId: string): Promise<void> {
      await withDeadline(sql`update duties set until = now() where name = ${name} and holder = ${nodeId}`)
    },
  }
}
