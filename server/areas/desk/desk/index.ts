import { conversationNotFound, type Language, OperationError, type Reference } from '#protocol'
import type { deskOperations } from '#protocol/desk/desk'
import type { DeskStorage } from '#storage/desk/desk'
import { requireReadable, scopeOf } from '../../../core/access.ts'
import { actorOf, type Caller, type Handlers, personOf } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { createNotes, type NoteDeps } from './notes.ts'

export interface DeskDeps extends NoteDeps {
  storage: DeskStorage
  /** Null where no model is configured. @throws ModelError */
  translate(text: string, language: Language, askedBy: string, signal: AbortSignal): Promise<string | null>
  /** What the AI would answer to what was said last; null where nothing was asked. */
  suggest(
    conversationId: string,
    askedBy: string,
    signal: AbortSignal,
  ): Promise<{ text: string; references: Reference[] } | null>
}

/** What people who answer have beside the conversation itself. */
export function deskArea(deps: DeskDeps) {
  const { storage } = deps
  const notes = createNotes(deps)

  const handlers: Handlers<typeof deskOperations> = {
    async 'visitor:get'({ conversation_id }, call) {
      await requireReadable(deps.findConversation, conversation_id, call.caller)
      const visitor = await storage.visitorOf(conversation_id, scopeOf(call.caller))
      if (!visitor) throw conversationNotFound()
      return { visitor }
    },

    async 'note:add'({ conversation_id, key, content }, call) {
      const head = await requireReadable(deps.findConversation, conversation_id, call.caller)
      return { note: await notes.add(head, personOf(call), key, content) }
    },

    async 'draft:suggest'({ conversation_id }, call) {
      await requireReadable(deps.findConversation, conversation_id, call.caller)
      const draft = await deps.suggest(conversation_id, personOf(call).id, call.signal)
      if (!draft) throw new OperationError('CONFLICT', 'The visitor has not asked anything yet.')
      return draft
    },

    async 'text:translate'({ conversation_id, content, language }, call) {
      await requireReadable(deps.findConversation, conversation_id, call.caller)
      const text = await deps.translate(content, language, personOf(call).id, call.signal)
      if (text === null) throw new OperationError('NOT_CONFIGURED', 'No language model is configured.')
      return { text }
    },

    async 'canned:list'({ conversation_id, ...query }, call) {
      const fill = await prepareFilling(conversation_id, call.caller)
      const replies = await storage.cannedReplies(query)
      return { replies: replies.map(reply => ({ ...reply, text: fill(reply.content) })) }
    },

    async 'canned:save'({ reply_id, ...fields }, call) {
      const input = { id: reply_id ?? newId(), ...fields }
      const reply = await storage.saveReply(input, reply_id === undefined, actorOf(call))
      if (reply === null) throw noSuchReply()
      if (reply === false) throw new OperationError('CONFLICT', 'A reply with this shortcut already exists.')
      return { reply: { ...reply, text: reply.content } }
    },

    async 'canned:delete'({ reply_id }, call) {
      if (!(await storage.removeReply(reply_id, actorOf(call)))) throw noSuchReply()
      return null
    },
  }

  /** What the variables of ready-made replies stand for in a conversation; without one they stay as they are. */
  async function valuesFor(id: string | undefined, caller: Caller): Promise<Record<string, string | null>> {
    if (id === undefined) return {}
    const { person_id, context } = await requireReadable(deps.findConversation, id, caller)
    return {
      'visitor.name': await storage.nameOf(person_id),
      'agent.name': caller.name,
      'page.url': context.url ?? null,
      'page.product': context.product_id ?? null,
    }
  }

  /** Puts values in for the variables of a text. @throws OperationError CONVERSATION_NOT_FOUND */
  async function prepareFilling(
    id: string | undefined,
    caller: Caller,
  ): Promise<(content: string) => string> {
    const values = await valuesFor(id, caller)
    return content => fill(content, values)
  }

  return { handlers, prepareFilling, leaveNote: notes.leave, notesOf: storage.notesOf }
}

/** `{{name}}`: a variable that has no value here leaves nothing, an unknown one stays for the agent to see. */
function fill(content: string, values: Record<string, string | null>): string {
  return content.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : whole,
  )
}

function noSuchReply(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such reply.')
}
