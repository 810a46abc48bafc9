import type { EventPayload, Role } from '#protocol'
import type { Note } from '#protocol/chat/conversation'
import type { ConversationRow } from '#storage/chat/conversation'
import type { Scope } from '#storage/chat/scope'
import type { DeskStorage } from '#storage/desk/desk'
import type { Colleague } from '#storage/desk/note'
import { type FindConversation, isSeenBy } from '../../../core/access.ts'
import { mentionsIn } from '../../../core/at-mentions.ts'
import type { Person } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { keyReused } from '../../../core/refusals.ts'

export interface NoteDeps {
  storage: Pick<DeskStorage, 'addNote' | 'colleagues'>
  findConversation: FindConversation
  /** Which conversations a colleague sees; null: all of them. */
  scopeOf(colleague: { id: string; role: Role }): Scope | null
  emitNote(payload: EventPayload<'note:created'>): void
  /** To one of the desk, on every node. */
  notify(personId: string, payload: EventPayload<'notification:created'>): void
}

/** What the desk writes beside a conversation, and whom it names there. */
export function createNotes(deps: NoteDeps) {
  const { storage } = deps

  async function add(
    head: ConversationRow,
    { id, name }: Pick<Person, 'id' | 'name'>,
    key: string,
    content: string,
  ): Promise<Note> {
    const conversation_id = head.id
    const mentions = (await findMentioned(content, head))
      .filter(colleague => colleague.id !== id)
      .map(colleague => ({ id: newId(), person_id: colleague.id }))
    const { note, fresh } = await storage.addNote(
      { id: newId(), conversation_id, author_id: id, author_name: name, key, content },
      mentions,
    )
    if (note.kind !== 'note' || note.content !== content) throw keyReused()
    if (!fresh) return note
    deps.emitNote({ conversation_id, note })
    const { author, content: text, created_at } = note
    for (const { id, person_id } of mentions)
      deps.notify(person_id, {
        notification: { id, kind: 'mention', conversation_id, author, text, created_at, read_at: null },
      })
    return note
  }

  /** What an agent leaves behind with a conversation stands in it, as what they noted before. */
  async function leave(
    conversationId: string,
    author: Pick<Person, 'id' | 'name'>,
    key: string,
    content: string,
  ): Promise<void> {
    const head = await deps.findConversation(conversationId)
    if (head) await add(head, author, key, content)
  }

  /** Colleagues that a note names, as far as they may read the conversation (law O1b). */
  async function findMentioned(content: string, head: ConversationRow): Promise<Colleague[]> {
    if (!/[@＠]/.test(content)) return []
    const colleagues = (await storage.colleagues()).filter(({ id, role }) =>
      isSeenBy(head, { role, scope: deps.scopeOf({ id, role }) }),
    )
    const namesOf = ({ name, username }: Colleague) => [name, username].filter(name => name !== null)
    const named = new Set(mentionsIn(content, colleagues.flatMap(namesOf)).map(({ name }) => name))
    return colleagues.filter(colleague => namesOf(colleague).some(name => named.has(name)))
  }

  return { add, leave }
}
