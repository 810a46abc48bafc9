import type { Language } from '#protocol'
import type { Signal } from '#protocol/shop/question'
import type { Database, TransactionSql } from '../engine/transaction.ts'
import { where } from '../engine/where.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'

/** A question that something speaks against the answer of. */
export interface SignalledQuestion {
  message_id: string
  kind: Signal
  at: string
  content: string
  language: Language
  /** The curated answer that it got. */
  article_id: string | null
  /** The group it is listed in already, for something else. */
  group_id: string | null
}

/** A question that tells what its group asks. */
export interface GroupedQuestion {
  group_id: string
  content: string
  terms: number[]
}

export interface NewSignal extends Pick<SignalledQuestion, 'message_id' | 'kind' | 'at' | 'article_id'> {
  group_id: string
  /** What its group is found by; none where others tell it already. */
  terms: number[]
}

export interface QuestionGroupRow {
  id: string
  language: Language
  status: 'open' | 'answered' | 'dismissed'
  article_id: string | null
  count: number
  signals: Record<Signal, number>
  examples: { question: string; conversation_id: string; asked_at: string; signals: Signal[] }[]
}

export interface QuestionQuery {
  since: number
  page: number
  page_size: number
  status?: QuestionGroupRow['status'] | undefined
  signal?: Signal | undefined
  sort: 'newest' | 'count'
}

/** What an answer that has ended, or was rated, or was followed by the wish for a person, says of its question. */
export interface AnswerSignal {
  /** The question; null: the last one that was answered before `before`. */
  message_id: string | null
  conversation_id: string
  before: number
  kind: Signal
  at: string
  article_id: string | null
}

const candidatesMax = 200
const examplesMax = 5

export type QuestionStorage = ReturnType<typeof questionStorage>

/** Questions that were not answered well, in groups of the same. */
export function questionStorage(database: Database) {
  return { ...signalStorage(database), ...groupStorage(database) }
}

/** What is put into the list, within the caller's transaction. */
function signalStorage({ sql, withDeadline, transaction }: Database) {
  /** Within the caller's transaction: the questions that are meant, those that were listed for this before left out. */
  async function findSignalled(inner: TransactionSql, signals: AnswerSignal[]): Promise<SignalledQuestion[]> {
    return inner<SignalledQuestion[]>`
      select q.id as message_id, s.kind, s.at, q.content, c.language, s.article_id,
        (select group_id from question_signals k where k.message_id = q.id limit 1) as group_id
      from jsonb_to_recordset(${inner.json(signals as never)}) as s(message_id uuid, conversation_id uuid, before bigint,
          kind text, at timestamptz, article_id uuid)
        join lateral (
          select coalesce(s.message_id, (select in_reply_to from messages a where a.conversation_id = s.conversation_id
            and a.role = 'assistant' and a.seq < s.before order by a.seq desc limit 1)) as id) meant on true
        join messages q on q.id = meant.id and q.role = 'user'
        join conversations c on c.id = q.conversation_id
      where not exists (select 1 from question_signals k where k.message_id = q.id and k.kind = s.kind)
      order by s.at`
  }

  /** Of the same language and with one of these terms, newest first. */
  async function findAlike(
    inner: TransactionSql,
    language: Language,
    terms: number[],
  ): Promise<GroupedQuestion[]> {
    return inner<GroupedQuestion[]>`
      select s.group_id, s.terms, m.content
      from question_signals s join question_groups g on g.id = s.group_id join messages m on m.id = s.message_id
      where s.terms && ${terms}::int[] and g.language = ${language}
      order by s.at desc, s.message_id limit ${candidatesMax}`
  }

  return {
    findSignalled,
    findAlike,

    async addGroup(inner: TransactionSql, id: string, language: Language): Promise<void> {
      await inner`insert into question_groups (id, language) values (${id}, ${language})`
    },

    async addSignals(inner: TransactionSql, signals: NewSignal[]): Promise<void> {
      await inner`
        insert into question_signals (message_id, kind, group_id, terms, at)
        select x.message_id, x.kind, x.group_id, array(select jsonb_array_elements_text(x.terms)::int), x.at
        from jsonb_to_recordset(${inner.json(signals as never)})
          as x(message_id uuid, kind text, group_id uuid, terms jsonb, at timestamptz)
        on conflict do nothing`
      for (const { group_id, article_id } of signals)
        if (article_id !== null)
          await inner`
            update question_groups set article_id = (select id from articles where id = ${article_id})
            where id = ${group_id} and article_id is null`
    },

    /** A rating was taken back; and groups of which nothing is left go. */
    async clear(inner: TransactionSql, noLongerDisliked: string[]): Promise<void> {
      await inner`
        delete from question_signals where kind = 'disliked' and message_id = any(${noLongerDisliked}::uuid[])`
      await inner`
        delete from question_groups g where article_id is null
          and not exists (select 1 from question_signals where group_id = g.id)`
    },

    /** What was asked before there was a list of it, as answers that ended then. */
    async unlisted(since: number, limit: number): Promise<AnswerSignal[]> {
      return withDeadline(sql<AnswerSignal[]>`
        select a.in_reply_to as message_id, a.conversation_id, a.seq as before, a.created_at as at, null as article_id,
          case when a.feedback = -1 then 'disliked' else 'unanswered' end as kind
        from messages a
        where a.role = 'assistant' and a.status = 'complete' and a.sources = '[]' and a.in_reply_to is not null
          and a.created_at >= ${new Date(since).toISOString()}::text::timestamptz
          and not exists (select 1 from question_signals where message_id = a.in_reply_to)
        order by a.created_at desc limit ${limit}`)
    },

    transaction,
  }
}

function groupStorage({ sql, withDeadline, transaction }: Database) {
  return {
    async list(query: QuestionQuery): Promise<{ items: QuestionGroupRow[]; total: number }> {
      const { since, status, signal, sort } = query
      const offset = (query.page - 1) * query.page_size
      const rows = await withDeadline(sql<(QuestionGroupRow & { total: number })[]>`
        with asked as (
          select group_id, message_id, max(at) as at, array_agg(kind order by kind) as kinds from question_signals
          where at >= ${new Date(since).toISOString()}::text::timestamptz group by group_id, message_id),
        grouped as (
          select group_id, count(*)::int as count, max(at) as last, jsonb_build_object(
            'unanswered', count(*) filter (where 'unanswered' = any(kinds)),
            'disliked', count(*) filter (where 'disliked' = any(kinds)),
            'person', count(*) filter (where 'person' = any(kinds))) as signals
          from asked ${signal ? sql`where ${signal} = any(kinds)` : sql``} group by group_id),
        listed as (
          select g.id, g.language, g.article_id, k.count, k.signals, k.last, case when g.dismissed then 'dismissed'
            when a.updated_at >= k.last and (a.valid_until is null or a.valid_until > now()) then 'answered'
            else 'open' end as status
          from grouped k join question_groups g on g.id = k.group_id left join articles a on a.id = g.article_id),
        chosen as (
          select *, count(*) over ()::int as total from listed ${where(sql, [status && sql`status = ${status}`])}
          order by ${sort === 'count' ? sql`count desc, last desc` : sql`last desc`}, id
          limit ${query.page_size} offset ${offset})
        select id, language, status, article_id, count, signals, total, (
          select jsonb_agg(jsonb_build_object('question', e.content, 'conversation_id', e.conversation_id,
            'asked_at', e.created_at, 'signals', e.kinds) order by e.at desc) from (
              select m.content, m.conversation_id, m.created_at, s.kinds, s.at from asked s
              join messages m on m.id = s.message_id where s.group_id = chosen.id
              order by s.at desc, m.id limit ${examplesMax}) e) as examples
        from chosen order by ${sort === 'count' ? sql`count desc, last desc` : sql`last desc`}, id`)
      return { items: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 }
    },

    /** How often something was asked that no source answered. */
    async count(since: number): Promise<number> {
      const [row] = await withDeadline(sql<{ count: number }[]>`
        select count(*)::int as count from question_signals
        where kind = 'unanswered' and at >= ${new Date(since).toISOString()}::text::timestamptz`)
      return row!.count
    },

    async dismiss(id: string, dismissed: boolean, actor: Actor): Promise<boolean> {
      return transaction(async inner => {
        const [before] = await inner<{ dismissed: boolean }[]>`
          select dismissed from question_groups where id = ${id} for update`
        if (!before) return false
        await inner`update question_groups set dismissed = ${dismissed} where id = ${id}`
        if (before.dismissed !== dismissed)
          await recordAudit(inner, {
            actor,
            scope: 'knowledge',
            action: 'question:dismiss',
            subject: id,
            before,
            after: { dismissed },
          })
        return true
      })
    },
  }
}
