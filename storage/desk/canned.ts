import type { Language } from '#protocol'
import type { CannedReply } from '#protocol/desk/desk'
import type { Database } from '../engine/transaction.ts'
import { containing } from '../engine/where.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'

export type StoredReply = Omit<CannedReply, 'text'>

/** Replies that staff have at hand. */
export function cannedStorage({ sql, withDeadline, transaction }: Database) {
  const replyColumns = sql`id, shortcut, language, content`

  /** Those of the language, or of none, that hold the words. */
  async function cannedReplies({
    search,
    language,
  }: {
    search?: string
    language?: Language
  }): Promise<StoredReply[]> {
    const pattern = containing(search ?? '')
    return withDeadline(sql<StoredReply[]>`
      select ${replyColumns} from canned_replies
      where (shortcut ilike ${pattern} or content ilike ${pattern})
        and (${language ?? null}::text is null or language is null or language = ${language ?? null}::text)
      order by shortcut limit 200`)
  }

  /** What is not given stays. False where another has the shortcut; null where there is none of the id. */
  async function saveReply(
    { id, ...changes }: Pick<StoredReply, 'id'> & { [K in keyof StoredReply]?: StoredReply[K] | undefined },
    isNew: boolean,
    actor: Actor,
  ): Promise<StoredReply | false | null> {
    return transaction(async inner => {
      const conflicting =
        await inner`select 1 from canned_replies where shortcut = ${changes.shortcut ?? null} and id <> ${id}`
      if (conflicting.length > 0) return false
      const [before] = await inner<Omit<StoredReply, 'id'>[]>`
        select shortcut, language, content from canned_replies where id = ${id} for update`
      const fields = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
      const [saved] = isNew
        ? await inner<
            StoredReply[]
          >`insert into canned_replies ${inner({ id, ...fields })} returning ${replyColumns}`
        : await inner<StoredReply[]>`
            update canned_replies set ${inner({ id, ...fields })}, updated_at = now() where id = ${id}
            returning ${replyColumns}`
      if (!saved) return null
      const { id: _, ...after } = saved
      await recordAudit(inner, { actor, scope: 'handoff', action: 'canned:save', subject: id, before, after })
      return saved
    })
  }

  function removeReply(id: string, actor: Actor): Promise<boolean> {
    return transaction(async inner => {
      const [before] =
        await inner`delete from canned_replies where id = ${id} returning shortcut, language, content`
      if (before)
        await recordAudit(inner, { actor, scope: 'handoff', action: 'canned:delete', subject: id, before })
      return before !== undefined
    })
  }

  return { cannedReplies, saveReply, removeReply }
}
