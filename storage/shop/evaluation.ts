import type { Language, PageContext, Reference } from '#protocol'
import type { ExpectedSource } from '#protocol/shop/evaluation'
import type { AnySql, Database, TransactionSql } from '../engine/transaction.ts'
import { containing } from '../engine/where.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'
import type { JobStorage } from '../platform/jobs.ts'
import { evaluationRunStorage } from './evaluation-run.ts'

/** A question with what its answer has to be. */
export interface CaseRow {
  id: string
  question: string
  language: Language
  earlier: { question: string; answer: string }[]
  product_id: string | null
  expects: 'answer' | 'refusal'
  sources: ExpectedSource[]
  facts: string[]
  /** As long as it is in a visitor's words alone. */
  message_id: string | null
  created_at: string
  updated_at: string
}

export type CaseFields = Omit<CaseRow, 'id' | 'created_at' | 'updated_at'>

/** What was said, as it was said. */
export interface SpokenQuestion {
  message_id: string
  question: string
  /** Of its conversation. */
  language: Language
  context: PageContext
  earlier: CaseRow['earlier']
  /** Of the answer, where that was not rated unhelpful. */
  references: Reference[]
}

export type SavedCase =
  | { outcome: 'saved'; case: CaseRow }
  | { outcome: 'not_found' }
  | { outcome: 'too_many' }
  | { outcome: 'exists' }

const earlierMax = 3

export type EvaluationStorage = ReturnType<typeof evaluationStorage>

/** Questions by which the shop checks its answers, and what came of them. */
export function evaluationStorage(database: Database, jobs: JobStorage) {
  return { ...caseStorage(database), ...originStorage(database), ...evaluationRunStorage(database, jobs) }
}

function caseStorage({ sql, withDeadline, transaction }: Database) {
  const columns = caseColumns(sql)

  return {
    /** Newest first; `search` is found in the question. */
    async cases(query: { page: number; page_size: number; search?: string }) {
      const matching = sql`where question ilike ${containing((query.search ?? '').trim())}`
      const items = await withDeadline(sql<CaseRow[]>`
        select ${columns} from evaluation_cases ${matching} order by created_at desc, id desc
        limit ${query.page_size} offset ${(query.page - 1) * query.page_size}`)
      const [row] = await withDeadline(
        sql<{ total: number }[]>`select count(*)::int as total from evaluation_cases ${matching}`,
      )
      return { items: [...items], total: row!.total }
    },

    /** What is not given stays; what somebody has edited is the shop's own. */
    saveCase(
      id: string,
      changes: { [K in keyof CaseFields]?: CaseFields[K] | undefined },
      { isNew, max, actor }: { isNew: boolean; max: number; actor: Actor },
    ): Promise<SavedCase> {
      return transaction(async inner => {
        const [before] = await inner<CaseRow[]>`
          select ${columns} from evaluation_cases where id = ${id} for update`
        if (!isNew && !before) return { outcome: 'not_found' }
        if (isNew && (await isFull(inner, max))) return { outcome: 'too_many' }
        const changed = Object.entries(changes).filter(([, value]) => value !== undefined)
        const fields = { ...empty, ...before, ...Object.fromEntries(changed), message_id: null }
        const same = await findSame(inner, fields)
        if (same && same.id !== id) return { outcome: 'exists' }
        const saved = await insertCase(inner, id, fields)
        await recordAudit(inner, {
          actor,
          scope: 'knowledge',
          action: 'evaluation:save',
          subject: id,
          before: before && auditOf(before),
          after: auditOf(saved),
        })
        return { outcome: 'saved', case: saved }
      })
    },

    /** Those that are there already stay as they are. @returns all of them, and how many are new; null where it would be too many */
    addCases(
      cases: (CaseFields & { id: string })[],
      { max, actor }: { max: number; actor: Actor },
    ): Promise<{ cases: CaseRow[]; added: number } | null> {
      return transaction(async inner => {
        const rows: CaseRow[] = []
        let added = 0
        for (const { id, ...fields } of cases) {
          const same = await findSame(inner, fields)
          if (same) {
            rows.push(same)
            continue
          }
          if (await isFull(inner, max)) return null
          const row = await insertCase(inner, id, fields)
          await recordAudit(inner, {
            actor,
            scope: 'knowledge',
            action: 'evaluation:adopt',
            subject: id,
            after: auditOf(row),
          })
          rows.push(row)
          added++
        }
        return { cases: rows, added }
      })
    },

    removeCase(id: string, actor: Actor): Promise<boolean> {
      return transaction(async inner => {
        const [before] = await inner<CaseRow[]>`
          delete from evaluation_cases where id = ${id} returning ${columns}`
        if (before)
          await recordAudit(inner, {
            actor,
            scope: 'knowledge',
            action: 'evaluation:delete',
            subject: id,
            before: auditOf(before),
          })
        return before !== undefined
      })
    },
  }
}

/** Another that asks the same after the same. */
async function findSame(inner: TransactionSql, { question, language, earlier }: CaseFields) {
  const [row] = await inner<CaseRow[]>`
    select ${caseColumns(inner)} from evaluation_cases
    where lower(question) = lower(${question}) and language = ${language} and earlier = ${inner.json(earlier as never)}::jsonb`
  return row
}

async function insertCase(inner: TransactionSql, id: string, fields: CaseFields): Promise<CaseRow> {
  const { question, language, earlier, product_id, expects, sources, facts, message_id } = fields
  const [row] = await inner<CaseRow[]>`
    insert into evaluation_cases (id, question, language, earlier, product_id, expects, sources, facts, message_id)
    values (${id}, ${question}, ${language}, ${inner.json(earlier as never)}, ${product_id}, ${expects},
      ${inner.json(sources as never)}, ${facts}::text[], ${message_id})
    on conflict (id) do update set question = excluded.question, language = excluded.language, earlier = excluded.earlier,
      product_id = excluded.product_id, expects = excluded.expects, sources = excluded.sources, facts = excluded.facts,
      message_id = excluded.message_id, updated_at = clock_timestamp()
    returning ${caseColumns(inner)}`
  return row!
}

async function isFull(inner: TransactionSql, max: number): Promise<boolean> {
  const [row] = await inner<{ count: number }[]>`select count(*)::int as count from evaluation_cases`
  return row!.count >= max
}

/** Where questions of real life stand. */
function originStorage({ sql, withDeadline }: Database) {
  return {
    /** The question that a message is, or answers; null where it is neither. */
    async spoken(messageId: string): Promise<SpokenQuestion | null> {
      const [row] = await withDeadline(sql<SpokenQuestion[]>`
        select q.id as message_id, q.content as question, c.language,
          c.context || coalesce(q.asked -> 'context', '{}') as context,
          coalesce((
            select jsonb_agg(jsonb_build_object('question', t.question, 'answer', t.answer) order by t.seq) from (
              select u.content as question, a.content as answer, a.seq from messages a
                join messages u on u.id = a.in_reply_to
              where a.conversation_id = q.conversation_id and a.role = 'assistant' and a.status = 'complete'
                and u.seq < q.seq and u.content <> '' and a.content <> ''
              order by a.seq desc limit ${earlierMax}) t), '[]') as earlier,
          coalesce((
            select a.sources from messages a
            where a.conversation_id = q.conversation_id and a.in_reply_to = q.id and a.role = 'assistant'
              and a.status = 'complete' and a.feedback is distinct from -1
            order by a.id = m.id desc, a.seq desc limit 1), '[]') as "references"
        from messages m
          join messages q on q.id = case when m.role = 'assistant' then m.in_reply_to else m.id end and q.role = 'user'
          join conversations c on c.id = q.conversation_id
        where m.id = ${messageId} and q.removed is null and q.content <> ''`)
      return row ?? null
    },

    /** The newest question of a group that was asked in vain, and the curated answer that was written to it. */
    async ofGroup(groupId: string): Promise<{ message_id: string; article_id: string | null } | null> {
      const [row] = await withDeadline(sql<{ message_id: string; article_id: string | null }[]>`
        select s.message_id, g.article_id from question_signals s join question_groups g on g.id = s.group_id
        where g.id = ${groupId} order by s.at desc, s.message_id limit 1`)
      return row ?? null
    },

    async article(id: string): Promise<{ questions: string[]; language: Language } | null> {
      const [row] = await withDeadline(sql<{ questions: string[]; language: Language }[]>`
        select questions, language from articles where id = ${id}`)
      return row ?? null
    },
  }
}

const empty: CaseFields = {
  question: '',
  language: 'en',
  earlier: [],
  product_id: null,
  expects: 'answer',
  sources: [],
  facts: [],
  message_id: null,
}

export function caseColumns(sql: AnySql) {
  return sql`id, question, language, earlier, product_id, expects, sources, facts, message_id, created_at, updated_at`
}

/** A question may be in a visitor's words: it is not kept in the log. */
function auditOf({ language, expects, sources, facts }: CaseRow) {
  return { language, expects, sources: sources.map(({ title }) => title), facts }
}
