import type { Database } from '../engine/transaction.ts'
import { type AuditEntry, recordAudit } from '../identity/audit.ts'

/** Decimals as text: money is never a floating point number here. */
export interface PriceRow {
  id: string
  model: string
  currency: string
  /** Per million tokens. */
  input: string
  /** Null: as other input. */
  cached_input: string | null
  output: string
  /** Per minute of sound; null where it is paid for by tokens alone. */
  minute: string | null
  valid_from: string
}

export type PriceStorage = ReturnType<typeof priceStorage>

/** What the owner says that models cost. */
export function priceStorage({ sql, withDeadline, transaction }: Database) {
  const columns = sql`id, model, currency, input::text, cached_input::text, output::text, minute::text, valid_from`

  return {
    /** Those that hold now. */
    async current(): Promise<PriceRow[]> {
      return withDeadline(
        sql<PriceRow[]>`select ${columns} from prices where valid_until is null order by model`,
      )
    },

    /** Ends the one before. */
    set(price: Omit<PriceRow, 'valid_from'>, audit: AuditEntry): Promise<PriceRow> {
      return transaction(async inner => {
        await inner`update prices set valid_until = now() where model = ${price.model} and valid_until is null`
        const [row] = await inner<PriceRow[]>`
          insert into prices (id, model, currency, input, cached_input, output, minute, created_by)
          values (${price.id}, ${price.model}, ${price.currency}, ${price.input}::text::numeric,
            ${price.cached_input}::text::numeric, ${price.output}::text::numeric,
            ${price.minute}::text::numeric, ${audit.actor.id})
          returning ${columns}`
        await recordAudit(inner, audit)
        return row!
      })
    },

    /** @returns whether there was one */
    end(id: string, audit: AuditEntry): Promise<boolean> {
      return transaction(async inner => {
        const rows = await inner`
          update prices set valid_until = now() where id = ${id} and valid_until is null returning 1`
        if (rows.length > 0) await recordAudit(inner, audit)
        return rows.length > 0
      })
    },

    /** The models that were asked lately. */
    async usedModels(): Promise<{ provider_id: string; model: string }[]> {
      return withDeadline(sql<{ provider_id: string; model: string }[]>`
        select distinct provider_id, model from usage_totals where slot > now() - interval '90 days' order by model`)
    },
  }
}
