import type { Language, PageContext, Role } from '#protocol'
import type { Note } from '#protocol/chat/conversation'
import type { CannedReply, VisitorFacts } from '#protocol/desk/desk'
import type { Database } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'

export interface NewNote {
  id: string
  conversation_id: string
  author_id: string
  author_name: string | null
  key: string
  content: string
}

export interface Colleague {
  id: string
  role: Role
  name: string | null
  username: string | null
}

/** Whose notification of what id. */
export interface Mentioned {
  id: string
  person_id: string
}

const mentionRows = unnestRows({ id: 'uuid', person_id: 'uuid' })

const shownPages = 50
const shownConversations = 20
const openingLength = 160

export type DeskStorage = ReturnType<typeof deskStorage>

export type StoredReply = Omit<CannedReply, 'text'>

export function deskStorage({ sql, withDeadline, transaction }: Database) {
  type NoteRow = Omit<NewNote, 'key'> & { created_at: string }

  /** Who may be named in a note. */
  async function colleagues(): Promise<Colleague[]> {
    return withDeadline(sql<Colleague[]>`
      select id, role, name, username from people where role in ('agent', 'admin', 'super_admin') and active`)
  }

  /** The note, or with a key used before the one written then; those it names are told with it. */
  async function addNote(note: NewNote, mentions: Mentioned[]): Promise<{ note: Note; fresh: boolean }> {
    const [added] = await withDeadline(sql<NoteRow[]>`
      with added as (
        insert into notes ${sql({ ...note })} on conflict (conversation_id, author_id, key) do nothing returning *),
      told as (
        insert into notifications (id, person_id, kind, conversation_id, note_id)
        select x.id, x.person_id, 'mention', added.conversation_id, added.id
        from added, ${mentionRows.of(sql, mentions)})
      select * from added`)
    if (added) return { note: toNote(added), fresh: true }
    const [known] = await withDeadline(sql<NoteRow[]>`
      select * from notes
      where conversation_id = ${note.conversation_id} and author_id = ${note.author_id} and key = ${note.key}`)
    return { note: toNote(known!), fresh: false }
  }

  async function notesOf(conversationId: string): Promise<Note[]> {
    const rows = await withDeadline(sql<NoteRow[]>`
      select * from notes where conversation_id = ${conversationId} order by created_at, id`)
    return rows.map(toNote)
  }

  function toNote({ id, conversation_id, author_id, author_name, content, created_at }: NoteRow): Note {
    return { id, conversation_id, author: { id: author_id, name: author_name }, content, created_at }
  }

  const replyColumns = sql`id, shortcut, language, content`

  /** Those of the language, or of none, that hold the words. */
  async function cannedReplies({
    search,
    language,
  }: {
    search?: string
    language?: Language
  }): Promise<StoredReply[]> {
    const pattern = `%${(search ?? '').replaceAll(/[\\%_]/g, '\\$&')}%`
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

  async function nameOf(personId: string): Promise<string | null> {
    const [person] = await withDeadline(
      sql<{ name: string | null }[]>`select name from people where id = ${personId}`,
    )
    return person?.name ?? null
  }

  /** The visitor of a conversation; `readable` for those that administrators or this agent may open. */
  async function visitorOf(
    conversationId: string,
    reader: { id: string; all: boolean },
  ): Promise<VisitorFacts | null> {
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
            (${reader.all} or o.mode <> 'ai' or o.agent_id is not distinct from ${reader.id}::uuid) as readable,
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

  return { visitorOf, colleagues, addNote, notesOf, cannedReplies, saveReply, removeReply, nameOf }
}
