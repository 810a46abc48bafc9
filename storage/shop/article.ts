import type { Language } from '#protocol'
import type { Database } from '../engine/transaction.ts'
import { containing } from '../engine/where.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'

/** A curated answer as it is stored. */
export interface ArticleRow {
  id: string
  questions: string[]
  answer: string
  language: Language
  valid_from: string | null
  valid_until: string | null
  created_at: string
  updated_at: string
}

export type ArticleFields = Pick<
  ArticleRow,
  'questions' | 'answer' | 'language' | 'valid_from' | 'valid_until'
>

export type SavedArticle =
  | { outcome: 'saved'; article: ArticleRow }
  | { outcome: 'not_found' }
  | { outcome: 'too_many' }
  | { outcome: 'ends_first' }

export type ArticleStorage = ReturnType<typeof articleStorage>

/** Curated answers. */
export function articleStorage({ sql, withDeadline, transaction }: Database) {
  const columns = sql`id, questions, answer, language, valid_from, valid_until, created_at, updated_at`

  return {
    /** Newest first; `search` is found in questions and answers. */
    async list(query: { page: number; page_size: number; search?: string }) {
      const like = containing((query.search ?? '').trim())
      const where = sql`where answer ilike ${like} or array_to_string(questions, ' ') ilike ${like}`
      const items = await withDeadline(sql<ArticleRow[]>`
        select ${columns} from articles ${where} order by updated_at desc, id desc
        limit ${query.page_size} offset ${(query.page - 1) * query.page_size}`)
      const [row] = await withDeadline(
        sql<{ total: number }[]>`select count(*)::int as total from articles ${where}`,
      )
      return { items: [...items], total: row!.total }
    },

    async get(id: string): Promise<ArticleRow | null> {
      const [row] = await withDeadline(sql<ArticleRow[]>`select ${columns} from articles where id = ${id}`)
      return row ?? null
    },

    /** All of them with what they were read from, another after each change; null where that is `known`. */
    async all(known: string | null): Promise<{ state: string; articles: ArticleRow[] } | null> {
      const [row] = await withDeadline(sql<{ state: string }[]>`
        select count(*) || ' ' || coalesce(max(updated_at)::text, '') as state from articles`)
      if (row!.state === known) return null
      const articles = await withDeadline(sql<ArticleRow[]>`
        select ${columns} from articles order by updated_at desc, id desc`)
      return { state: row!.state, articles: [...articles] }
    },

    /** What is not given stays. @param group of the asked questions that it answers */
    async save(
      id: string,
      changes: { [K in keyof ArticleFields]?: ArticleFields[K] | undefined },
      { isNew, groupId, max, actor }: { isNew: boolean; groupId: string | null; max: number; actor: Actor },
    ): Promise<SavedArticle> {
      return transaction(async inner => {
        const [before] = await inner<ArticleRow[]>`select * from articles where id = ${id} for update`
        if (!isNew && !before) return { outcome: 'not_found' }
        if (isNew) {
          const [row] = await inner<{ count: number }[]>`select count(*)::int as count from articles`
          if (row!.count >= max) return { outcome: 'too_many' }
        }
        const changed = Object.entries(changes).filter(([, value]) => value !== undefined)
        const fields = {
          valid_from: null,
          valid_until: null,
          ...before,
          ...Object.fromEntries(changed),
        } as ArticleRow
        const { questions, answer, language, valid_from, valid_until } = fields
        if (valid_from && valid_until && Date.parse(valid_until) <= Date.parse(valid_from))
          return { outcome: 'ends_first' }
        if (groupId !== null) {
          const [group] = await inner`select 1 from question_groups where id = ${groupId} for update`
          if (!group) return { outcome: 'not_found' }
        }
        const [article] = await inner<ArticleRow[]>`
          insert into articles (id, questions, answer, language, valid_from, valid_until)
          values (${id}, ${questions}::text[], ${answer}, ${language}, ${valid_from}, ${valid_until})
          on conflict (id) do update set questions = excluded.questions, answer = excluded.answer,
            language = excluded.language, valid_from = excluded.valid_from, valid_until = excluded.valid_until,
            updated_at = clock_timestamp()
          returning ${columns}`
        if (groupId !== null)
          await inner`update question_groups set article_id = ${id}, dismissed = false where id = ${groupId}`
        await recordAudit(inner, {
          actor,
          scope: 'knowledge',
          action: 'article:save',
          subject: id,
          before: before && auditOf(before),
          after: auditOf(article!),
        })
        return { outcome: 'saved', article: article! }
      })
    },

    async remove(id: string, actor: Actor): Promise<boolean> {
      return transaction(async inner => {
        const [before] = await inner<ArticleRow[]>`delete from articles where id = ${id} returning *`
        if (before)
          await recordAudit(inner, {
            actor,
            scope: 'knowledge',
            action: 'article:delete',
            subject: id,
            before: auditOf(before),
          })
        return before !== undefined
      })
    },
  }
}

/** An answer of the shop is no message of a person's; its questions may be in a visitor's words. */
function auditOf({ questions, answer, language, valid_from, valid_until }: ArticleRow) {
  return { questions: questions.length, answer, language, valid_from, valid_until }
}
