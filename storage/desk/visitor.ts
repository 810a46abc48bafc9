import type { PageContext } from '#protocol'
import type { VisitorFacts } from '#protocol/desk/desk'
import { inScope, type Scope } from '../chat/scope.ts'
import type { Database } from '../engine/transaction.ts'

const shownPages = 50
const shownConversations = 20
const openingLength = 160

/** Who is on the other side of a conversation. */
export function visitorStorage({ sql, withDeadline }: Database) {
  async function nameOf(personId: string): Promise<string | null> {
    const [person] = await withDeadline(
      sql<{ name: string | null }[]>`select name from people where id = ${personId}`,
    )
    return person?.name ?? null
  }

  /** The visitor of a conversation; `readable` are those within the scope. */
  async function visitorOf(conversationId: string, scope: Scope | null): Promise<VisitorFacts | null> {
    const [[person], pages, conversations] = await withDeadline(
      Promise.all([
        sql<Omit<VisitorFacts, 'pages' | 'conversations'>[]>`
          select p.id, p.name, p.email, p.role <> 'visitor' as signed_in, p.created_at as first_seen_at, (
            select m.asked->'device' from messages m
            where m.conversation_id = c.id and m.asked ? 'device' order by seq desc limit 1) as device
          from conversations c join people p on p.id = c.person_id where c.id = ${conversationId}`,
        sql<{ context: PageContext; at: string }[]>`
          select context, at from (
            select m.asked->'context' as context, m.created_at as at, m.seq,
              lag(m.asked->'context') over (order by m.seq) as before
            from messages m where m.conversation_id = ${conversationId} and m.asked->'context' is not null) asked
          where context is distinct from before order by seq desc limit ${shownPages}`,
        sql<VisitorFacts['conversations']>`
          select o.id, o.status, o.message_count, o.created_at, h.rating, coalesce(h.tags, '[]') as tags,
            (${inScope(sql, scope, 'o') ?? sql`true`}) as readable,
            (select left(content, ${openingLength}) from messages
             where conversation_id = o.id and role = 'user' order by seq limit 1) as opening
          from conversations c join conversations o on o.person_id = c.person_id and o.id <> c.id
          left join lateral (
            select rating, tags from handoffs where conversation_id = o.id order by created_at desc limit 1) h on true
          where c.id = ${conversationId} order by o.created_at desc limit ${shownConversations}`,
      ]),
    )
    if (!person) return null
    const trail = pages.map(({ context, at }) => ({ ...context, at })).reverse()
    return { ...person, pages: trail, conversations: [...conversations] }
  }

  return { nameOf, visitorOf }
}
