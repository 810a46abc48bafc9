import { providerTypes } from '#protocol/models/provider'
import type { SystemStatistics } from '#protocol/platform/statistics'
import { hasBegun } from '../desk/facts.ts'
import type { Database } from '../engine/transaction.ts'

/** Two days to compare, in milliseconds since the epoch. */
export interface DayComparison {
  today: number
  lastWeek: {
    start: number
    /** As far as today has come. */
    soFar: number
    end: number
  }
}

/** What the shop has; demo products and documents are none of its own. */
export interface Stock {
  products: number
  documents: number
  own_products: boolean
  own_documents: boolean
  /** Accounts of staff that may sign in. */
  staff: number
  /** Administrators whose password alone lets in. */
  single_factor: number
}

/** How much there is of everything that is stored. */
export type Inventory = Pick<SystemStatistics, 'users' | 'providers' | 'conversations'>

export type OverviewStorage = ReturnType<typeof overviewStorage>

/** Figures of the whole installation. */
export function overviewStorage({ sql, withDeadline }: Database) {
  return {
    async conversations({ today, lastWeek }: DayComparison) {
      const at = (ms: number) => sql`${new Date(ms).toISOString()}::text::timestamptz`
      const [row] = await withDeadline(
        sql<{ today: number; last_week_so_far: number; last_week: number }[]>`
          select count(*) filter (where created_at >= ${at(today)}) as today,
            count(*) filter (where created_at < ${at(lastWeek.soFar)}) as last_week_so_far,
            count(*) filter (where created_at < ${at(lastWeek.end)}) as last_week
          from conversations c
          where (created_at >= ${at(today)} or (created_at >= ${at(lastWeek.start)} and created_at < ${at(lastWeek.end)}))
            and ${hasBegun(sql)}`,
      )
      return row!
    },

    /** By the calendar of a time zone; `now` in milliseconds since the epoch. */
    async inventory(now: number, timeZone: string): Promise<Inventory> {
      const since = (unit: string) =>
        sql`date_trunc(${unit}, ${new Date(now).toISOString()}::text::timestamptz, ${timeZone})`
      const [[users], [providers], [conversations]] = await withDeadline(
        Promise.all([
          sql<Inventory['users'][]>`
            select count(*) as total, count(*) filter (where active) as active,
              count(*) filter (where created_at >= ${since('month')}) as new_this_month
            from people where role <> 'visitor'`,
          sql<Inventory['providers'][]>`
            select count(*) as total, count(*) filter (where scope = 'organization') as organization,
              count(*) filter (where scope = 'personal') as personal,
              json_build_object(${sql.unsafe(
                providerTypes
                  .map(type => `'${type}', count(*) filter (where provider_type = '${type}')`)
                  .join(', '),
              )}) as by_type
            from providers`,
          sql<Inventory['conversations'][]>`
            select count(*) as total, count(*) filter (where created_at >= ${since('day')}) as today,
              count(*) filter (where created_at >= ${since('week')}) as this_week
            from conversations where message_count > 0`,
        ]),
      )
      return { users: users!, providers: providers!, conversations: conversations! }
    },

    async stock(): Promise<Stock> {
      const [row] = await withDeadline(sql<Stock[]>`
        select coalesce(max(v.count), 0) as products,
          coalesce(bool_or(v.count > 0 and not v.demo), false) as own_products,
          (select count(*) from documents) as documents,
          exists (select 1 from documents where not demo) as own_documents,
          (select count(*) from people where role in ('agent', 'admin', 'super_admin') and active) as staff,
          (select count(*) from people p where role in ('admin', 'super_admin') and active
            and not exists (select 1 from second_factors f where f.person_id = p.id and f.confirmed)) as single_factor
        from catalogue_versions v where v.active`)
      return row!
    },
  }
}
