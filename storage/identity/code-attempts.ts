import { v7 } from 'uuid'
import type { Database, TransactionSql } from '../engine/transaction.ts'

/** Who asks, as the limits know them. */
export interface Asker {
  email_hash: Buffer
  /** Null for a caller without a token: their network stands for them. */
  asker_id: string | null
  network: string
}

/** How many an hour. */
export interface CodeLimits {
  sends: { address: number; asker: number; network: number; overall: number }
  wrong: { asker: number; network: number; overall: number }
}

export type Limited = { outcome: 'limited'; retry_after_ms: number }

export const hourSeconds = 3600

/** How often codes were sent and mistaken: what limits them is counted where every node counts. */
export function codeAttempts({ transaction }: Database, limits: CodeLimits) {
  async function overLimit(
    inner: TransactionSql,
    kind: 'send' | 'wrong',
    { email_hash, asker_id, network }: Asker,
  ): Promise<Limited | null> {
    const maxima = kind === 'send' ? limits.sends : { address: null, ...limits.wrong }
    const [count] = await inner<{ wait: number | null }[]>`
      with hour as (
        select at, email_hash = ${email_hash} as address, network = ${network} as network,
          ${asker_id ? inner`asker_id = ${asker_id}` : inner`asker_id is null and network = ${network}`} as asker
        from code_attempts where kind = ${kind} and at > now() - make_interval(secs => ${hourSeconds})),
      full_ones as (
        select min(at) as at from hour where address having count(*) >= ${maxima.address ?? 2 ** 31 - 1}
        union all select min(at) from hour where asker having count(*) >= ${maxima.asker}
        union all select min(at) from hour where network having count(*) >= ${maxima.network}
        union all select min(at) from hour having count(*) >= ${maxima.overall})
      select extract(epoch from max(at) - now())::float8 + ${hourSeconds} as wait from full_ones`
    const wait = count?.wait ?? null
    return wait === null ? null : { outcome: 'limited', retry_after_ms: Math.max(1, Math.ceil(wait * 1000)) }
  }

  async function count(inner: TransactionSql, kind: 'send' | 'wrong', asker: Asker): Promise<void> {
    await inner`insert into code_attempts ${inner({ id: v7(), kind, ...asker })}`
  }

  /**
   * Does `work` unless a limit is reached, one at a time over all nodes: they are rare, and two at once must not both be
   * the last that is allowed.
   */
  function withinLimit<T>(
    kind: 'send' | 'wrong',
    asker: Asker,
    work: (inner: TransactionSql) => Promise<T>,
  ): Promise<T | Limited> {
    return transaction(async inner => {
      await inner`lock table code_attempts in share row exclusive mode`
      return (await overLimit(inner, kind, asker)) ?? work(inner)
    }, 5000)
  }

  return { withinLimit, count }
}
