import type { Role } from '#protocol'
import type { Note } from '#protocol/chat/conversation'
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

type NoteRow = Omit<NewNote, 'key'> & { created_at: string }

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

  return { colleagues, addNote, notesOf }
}

function toNote({ id, conversation_id, author_id, author_name, content, created_at }: NoteRow): Note {
  return { id, conversation_id, author: { id: author_id, name: author_name }, content, created_at }
}
