import type { Role } from '#protocol'
import type { Note } from '#protocol/chat/conversation'
import { batched } from '../engine/batch.ts'
import type { Database } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'

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

type NoteRow = Omit<NewNote, 'key'> & { kind: Note['kind']; created_at: string }

/** The newest hints, which are what an answer is given. */
const guidesMax = 10

export type NoteStorage = ReturnType<typeof noteStorage>

/** What staff note on a conversation, and the colleagues whom a note may name. */
export function noteStorage({ sql, withDeadline }: Database) {
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
    return { note: (await findByKey(note))!, fresh: false }
  }

  /** As `addNote`, for the assistant: only while it has the conversation. Null where it does not. */
  async function addGuide(note: NewNote): Promise<{ note: Note; fresh: boolean } | null> {
    const [added] = await withDeadline(sql<NoteRow[]>`
      insert into notes (id, conversation_id, kind, author_id, author_name, key, content)
      select ${note.id}::uuid, id, 'guide', ${note.author_id}::uuid, ${note.author_name}::text, ${note.key}::text, ${note.content}::text
      from conversations where id = ${note.conversation_id} and mode = 'ai' and status = 'open'
      on conflict (conversation_id, author_id, key) do nothing returning *`)
    if (added) return { note: toNote(added), fresh: true }
    const known = await findByKey(note)
    return known && { note: known, fresh: false }
  }

  async function findByKey({ conversation_id, author_id, key }: NewNote): Promise<Note | null> {
    const [known] = await withDeadline(sql<NoteRow[]>`
      select * from notes where conversation_id = ${conversation_id} and author_id = ${author_id} and key = ${key}`)
    return known ? toNote(known) : null
  }

  /** What the assistant was told in private, oldest first. */
  const guidesOf = batched(async (ids: string[]): Promise<string[][]> => {
    const rows = await withDeadline(sql<{ conversation_id: string; content: string }[]>`
      select n.conversation_id, n.content from unnest(${[...new Set(ids)]}::uuid[]) as c(id) cross join lateral (
        select * from notes where conversation_id = c.id and kind = 'guide'
        order by created_at desc, id desc limit ${guidesMax}) n
      order by n.created_at, n.id`)
    return ids.map(id => rows.filter(row => row.conversation_id === id).map(({ content }) => content))
  })

  async function notesOf(conversationId: string): Promise<Note[]> {
    const rows = await withDeadline(sql<NoteRow[]>`
      select * from notes where conversation_id = ${conversationId} order by created_at, id`)
    return rows.map(toNote)
  }

  return { colleagues, addNote, addGuide, guidesOf, notesOf }
}

function toNote({ id, conversation_id, kind, author_id, author_name, content, created_at }: NoteRow): Note {
  return { id, conversation_id, kind, author: { id: author_id, name: author_name }, content, created_at }
}
