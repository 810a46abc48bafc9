import type { Distribution } from '#protocol/models/provider'
import type { Database } from '../engine/transaction.ts'
import { type AuditEntry, recordAudit } from '../identity/audit.ts'

export type DistributionStorage = ReturnType<typeof distributionStorage>

/** An organization's providers in the hands of single people. */
export function distributionStorage({ sql, withDeadline, transaction }: Database) {
  return {
    /** Who was given what. */
    async all(): Promise<{ provider_id: string; user_id: string }[]> {
      return withDeadline(
        sql<
          { provider_id: string; user_id: string }[]
        >`select provider_id, user_id from provider_distributions`,
      )
    },

    /** Gives it to people who have an account; to whom it was given before, it stays given as it was. */
    distribute(
      input: { provider_id: string; ids: { id: string; user_id: string }[]; by: string },
      audit: AuditEntry,
    ): Promise<{ distributed_at: string; unknown: string[] }> {
      return transaction(async inner => {
        const userIds = input.ids.map(({ user_id }) => user_id)
        const known = await inner<{ id: string }[]>`
          select id from people where id = any(${userIds}::uuid[]) and role <> 'visitor'`
        const unknown = userIds.filter(userId => !known.some(({ id }) => id === userId))
        const [now] = await inner<{ at: string }[]>`select now() as at`
        if (unknown.length > 0) return { distributed_at: now!.at, unknown }
        await inner`
          insert into provider_distributions (id, provider_id, user_id, distributed_by)
          select x.id, ${input.provider_id}::uuid, x.user_id, ${input.by}::uuid
          from unnest(${input.ids.map(({ id }) => id)}::uuid[], ${userIds}::uuid[]) as x(id, user_id)
          on conflict (provider_id, user_id) do nothing`
        await recordAudit(inner, audit)
        return { distributed_at: now!.at, unknown }
      })
    },

    /** @returns whether they had it */
    revoke(providerId: string, userId: string, audit: AuditEntry): Promise<boolean> {
      return transaction(async inner => {
        const rows = await inner`
          delete from provider_distributions where provider_id = ${providerId} and user_id = ${userId} returning 1`
        if (rows.length > 0) await recordAudit(inner, audit)
        return rows.length > 0
      })
    },

    /** Who has it, since when and by whom. */
    async list(providerId: string): Promise<Distribution[]> {
      return withDeadline(sql<Distribution[]>`
        select d.id, d.user_id, d.distributed_by, d.distributed_at, u.active as is_active,
          jsonb_build_object('id', u.id, 'username', u.username, 'email', u.email) as user,
          jsonb_build_object('id', d.distributed_by, 'username', b.username, 'email', b.email) as distributor
        from provider_distributions d join people u on u.id = d.user_id left join people b on b.id = d.distributed_by
        where d.provider_id = ${providerId} order by d.distributed_at, d.id`)
    },
  }
}
