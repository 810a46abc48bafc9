import { conversationNotFound, type EventPayload, OperationError, type Reference } from '#protocol'
import type { deskOperations } from '#protocol/desk'
import type { Head } from '#storage/conversation'
import type { DeskStorage } from '#storage/desk'
import { type Caller, type Handlers, personOf } from '../call.ts'
import { newId } from '../ids.ts'
import { assertMayRead } from './access.ts'

export interface DeskDeps {
  storage: DeskStorage
  findHead(conversationId: string): Promise<Head | null>
  emitNote(payload: EventPayload<'note:created'>): void
  /** What the AI would answer to what was said last; null where nothing was asked. */
  suggest(
    conversationId: string,
    signal: AbortSignal,
  ): Promise<{ text: string; references: Reference[] } | null>
}

/** What people who answer have beside the conversation itself. */
export function deskArea(deps: DeskDeps) {
  const { storage } = deps

  const handlers: Handlers<typeof deskOperations> = {
    async 'note:add'({ conversation_id, key, content }, call) {
      const { id, name } = personOf(call)
      await readable(conversation_id, call.caller)
      const { note, fresh } = await storage.addNote({
        id: newId(),
        conversation_id,
        author_id: id,
        author_name: name,
        key,
        content,
      })
      if (note.content !== content)
        throw new OperationError('CONFLICT', 'This key was used before, for something else.')
      if (fresh) deps.emitNote({ conversation_id, note })
      return { note }
    },

    async 'draft:suggest'({ conversation_id }, call) {
      await readable(conversation_id, call.caller)
      const draft = await deps.suggest(conversation_id, call.signal)
      if (!draft) throw new OperationError('CONFLICT', 'The visitor has asked nothing yet.')
      return draft
    },
  }

  async function readable(id: string, caller: Caller): Promise<void> {
    const head = await deps.findHead(id)
    if (!head) throw conversationNotFound()
    assertMayRead(head, caller)
  }

  return { handlers, notesOf: storage.notesOf }
}
