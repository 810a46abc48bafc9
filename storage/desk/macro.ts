import { macrosMax } from '#protocol/core/limits'
import type { Macro } from '#protocol/desk/macro'
import type { AnySql, Database, TransactionSql } from '../engine/transaction.ts'
import type { Condition } from '../engine/where.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'

export type MacroStorage = ReturnType<typeof macroStorage>

/** What is saved of a macro: what is not given stays. */
type MacroInput = Pick<Macro, 'id'> & {
  [K in 'name' | 'content' | 'outcome']?: Macro[K] | undefined
} & { label_ids?: string[] | undefined }

type SavedMacro =
  | { outcome: 'saved'; macro: Macro }
  | { outcome: 'not_found' | 'name_taken' | 'too_many' | 'no_such_label' }

/** What agents do again and again. */
export function macroStorage({ sql, withDeadline, transaction }: Database) {
  async function macros(): Promise<Macro[]> {
    return withDeadline(selectMacros(sql, sql`true`))
  }

  async function findMacro(id: string): Promise<Macro | null> {
    const [macro] = await withDeadline(selectMacros(sql, sql`m.id = ${id}`))
    return macro ?? null
  }

  function saveMacro(
    { id, label_ids, ...changes }: MacroInput,
    isNew: boolean,
    actor: Actor,
  ): Promise<SavedMacro> {
    return transaction(async (inner): Promise<SavedMacro> => {
      // One at a time: neither a name nor the count can be passed by two at once.
      await inner`lock table macros in share row exclusive mode`
      const [state] = await inner<{ taken: boolean; count: number }[]>`
        select count(*) as count, coalesce(bool_or(lower(name) = lower(${changes.name ?? null}::text) and id <> ${id}), false) as taken
        from macros`
      if (state!.taken) return { outcome: 'name_taken' }
      if (isNew && state!.count >= macrosMax) return { outcome: 'too_many' }
      const [before] = await selectMacros(inner, inner`m.id = ${id}`)
      if (!before && !isNew) return { outcome: 'not_found' }
      const labelIds = [...new Set(label_ids)]
      const known = await inner`select id from labels where id = any(${labelIds}::uuid[]) for share`
      if (known.length < labelIds.length) return { outcome: 'no_such_label' }
      const base = before ?? { content: null, outcome: null }
      const fields = {
        ...base,
        ...Object.fromEntries(Object.entries(changes).filter(([, to]) => to !== undefined)),
      } as Macro
      const { name, content, outcome } = fields
      await inner`
        insert into macros ${inner({ id, name, content, outcome })}
        on conflict (id) do update
          set name = excluded.name, content = excluded.content, outcome = excluded.outcome, updated_at = now()`
      if (label_ids) await replaceLabels(inner, id, labelIds)
      const [macro] = await selectMacros(inner, inner`m.id = ${id}`)
      const entry = { actor, scope: 'handoff', action: 'macro:save', subject: id } as const
      await recordAudit(inner, { ...entry, before: before ? auditOf(before) : null, after: auditOf(macro!) })
      return { outcome: 'saved', macro: macro! }
    })
  }

  function removeMacro(id: string, actor: Actor): Promise<boolean> {
    return transaction(async inner => {
      const [before] = await selectMacros(inner, inner`m.id = ${id}`)
      if (!before) return false
      await inner`delete from macros where id = ${id}`
      const entry = { actor, scope: 'handoff', action: 'macro:delete', subject: id } as const
      await recordAudit(inner, { ...entry, before: auditOf(before) })
      return true
    })
  }

  return { macros, findMacro, saveMacro, removeMacro }
}

function selectMacros(sql: AnySql, chosen: Condition) {
  return sql<Macro[]>`
    select m.id, m.name, m.content, m.outcome, coalesce((
      select jsonb_agg(jsonb_build_object('id', l.id, 'name', l.name, 'color', l.color) order by lower(l.name))
      from macro_labels x join labels l on l.id = x.label_id where x.macro_id = m.id), '[]') as labels
    from macros m where ${chosen} order by lower(m.name)`
}

async function replaceLabels(sql: TransactionSql, id: string, labelIds: string[]): Promise<void> {
  await sql`delete from macro_labels where macro_id = ${id}`
  await sql`insert into macro_labels (macro_id, label_id) select ${id}, unnest(${labelIds}::uuid[])`
}

function auditOf({ name, content, outcome, labels }: Macro) {
  return { name, content, outcome, labels: labels.map(label => label.name) }
}
