import { labelsMax } from '#protocol/core/limits'
import type { Label } from '#protocol/desk/label'
import type { AnySql, Database, TransactionSql } from '../engine/transaction.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'

export type LabelStorage = ReturnType<typeof labelStorage>

type SavedLabel = { outcome: 'saved'; label: Label } | { outcome: 'not_found' | 'name_taken' | 'too_many' }

/** The columns of a label, of a table called `l`. */
function labelColumns(sql: AnySql) {
  return sql`l.id, l.name, l.color`
}

/** The tags that the desk is offered. */
export function labelStorage({ sql, withDeadline, transaction }: Database) {
  async function labels(): Promise<Label[]> {
    return withDeadline(sql<Label[]>`select ${labelColumns(sql)} from labels l order by lower(l.name)`)
  }

  /** What is not given stays. */
  function saveLabel(
    { id, name, color }: Pick<Label, 'id'> & { [K in 'name' | 'color']?: Label[K] | undefined },
    isNew: boolean,
    actor: Actor,
  ): Promise<SavedLabel> {
    return transaction(async (inner): Promise<SavedLabel> => {
      // One at a time: neither a name nor the count can be passed by two at once.
      await inner`lock table labels in share row exclusive mode`
      const [state] = await inner<{ taken: boolean; count: number }[]>`
        select count(*) as count, coalesce(bool_or(lower(name) = lower(${name ?? null}::text) and id <> ${id}), false) as taken from labels`
      if (state!.taken) return { outcome: 'name_taken' }
      if (isNew && state!.count >= labelsMax) return { outcome: 'too_many' }
      const [before] = await inner<Label[]>`select ${labelColumns(inner)} from labels l where id = ${id}`
      if (!before && !isNew) return { outcome: 'not_found' }
      const label: Label = { id, name: name ?? before!.name, color: color ?? before?.color ?? 'grey' }
      await inner`
        insert into labels ${inner({ ...label })}
        on conflict (id) do update set name = excluded.name, color = excluded.color`
      if (before && before.name !== label.name) await renameTag(inner, before.name, label.name)
      const entry = { actor, scope: 'handoff', action: 'label:save', subject: id } as const
      await recordAudit(inner, { ...entry, before: before ?? null, after: label })
      return { outcome: 'saved', label }
    })
  }

  function removeLabel(id: string, actor: Actor): Promise<boolean> {
    return transaction(async inner => {
      const [before] = await inner`delete from labels where id = ${id} returning name, color`
      if (before)
        await recordAudit(inner, { actor, scope: 'handoff', action: 'label:delete', subject: id, before })
      return before !== undefined
    })
  }

  return { labels, saveLabel, removeLabel }
}

/** Under the locks that every change of a conversation takes, in their order. */
async function renameTag(sql: TransactionSql, before: string, after: string): Promise<void> {
  const isTagged = sql`tags @> ${sql.json([before])}`
  await sql`
    select 1 from conversations where id in (select conversation_id from handoffs where ${isTagged}) order by id for update`
  await sql`
    update handoffs set tags = (
      select jsonb_agg(tag order by place) from (
        select case tag when ${before}::text then ${after}::text else tag end as tag, min(place) as place
        from jsonb_array_elements_text(tags) with ordinality t(tag, place) group by 1) renamed)
    where ${isTagged}`
}
