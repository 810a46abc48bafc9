import type { Note } from '#protocol/conversation'
import type { Database } from './transaction.ts'

export interface NewNote {
  id: string
  conversation_id: string
  author_id: string
  author_name: string | null
  key: string
  content: string
}

export type DeskStorage = ReturnType<typeof deskStorage>

export function deskStorage({ sql, within }: Database) {
  type NoteRow = Omit<NewNote, 'key'> & { created_at: string }

  /** The note, or with a key used before the one written then. */
  async function addNote(note: NewNote): Promise<{ note: Note; fresh: boolean }> {
    const [added] = await within(sql<NoteRow[]>`
      insert into notes ${sql({ ...note })} on conflict (conversation_id, author_id, key) do nothing returning *`)
    if (added) return { note: toNote(added), fresh: true }
    const [known] = await within(sql<NoteRow[]>`
      select * from notes
      where conversation_id = ${note.conversation_id} and author_id = ${note.author_id} and key = ${note.key}`)
    return { note: toNote(known!), fresh: false }
  }

  async function notesOf(conversationId: string): Promise<Note[]> {
    const rows = await within(sql<NoteRow[]>`
      select * from notes where conversation_id = ${conversationId} order by created_at, id`)
    return rows.map(toNote)
  }

  function toNote({ id, conversation_id, author_id, author_name, content, created_at }: NoteRow): Note {
    return { id, conversation_id, author: { id: author_id, name: author_name }, content, created_at }
  }

  return { addNote, notesOf }
}
