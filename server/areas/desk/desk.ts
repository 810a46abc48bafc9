import {
  conversationNotFound,
  type EventPayload,
  type Language,
  OperationError,
  type Reference,
  roleAtLeast,
} from '#protocol'
import type { Note } from '#protocol/chat/conversation'
import type { deskOperations } from '#protocol/desk/desk'
import type { ConversationRow } from '#storage/chat/conversation'
import type { DeskStorage } from '#storage/desk/desk'
import type { Colleague } from '#storage/desk/note'
import { type FindConversation, requireReadable } from '../../core/access.ts'
import { mentionsIn } from '../../core/at-mentions.ts'
import { actorOf, type Caller, type Handlers, type Person, personOf } from '../../core/call.ts'
import { newId } from '../../core/ids.ts'
import { keyReused } from '../../core/refusals.ts'

export interface DeskDeps {
  storage: DeskStorage
  findConversation: FindConversation
  emitNote(payload: EventPayload<'note:created'>): void
  /** To one of the desk, on every node. */
  notify(personId: string, payload: EventPayload<'notification:created'>): void
  /** Null where no model is configured. @throws ModelError */
  translate(text: string, language: Language, signal: AbortSignal): Promise<string | null>
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
    async 'visitor:get'({ conversation_id }, call) {
      const { id, role } = personOf(call)
      await requireReadable(deps.findConversation, conversation_id, call.caller)
      const visitor = await storage.visitorOf(conversation_id, { id, all: roleAtLeast(role, 'admin') })
      if (!visitor) throw conversationNotFound()
      return { visitor }
    },

    async 'note:add'({ conversation_id, key, content }, call) {
      const head = await requireReadable(deps.findConversation, conversation_id, call.caller)
      return { note: await addNote(head, personOf(call), key, content) }
    },

    async 'draft:suggest'({ conversation_id }, call) {
      await requireReadable(deps.findConversation, conversation_id, call.caller)
      const draft = await deps.suggest(conversation_id, call.signal)
      if (!draft) throw new OperationError('CONFLICT', 'The visitor has not asked anything yet.')
      return draft
    },

    async 'text:translate'({ conversation_id, content, language }, call) {
      await requireReadable(deps.findConversation, conversation_id, call.caller)
      const text = await deps.translate(content, language, call.signal)
      if (text === null) throw new OperationError('NOT_CONFIGURED', 'No language model is configured.')
      return { text }
    },

    async 'canned:list'({ conversation_id, ...query }, call) {
      const values = await valuesFor(conversation_id, call.caller)
      const replies = await storage.cannedReplies(query)
      return { replies: replies.map(reply => ({ ...reply, text: fill(reply.content, values) })) }
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

  async function addNote(
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
    if (note.content !== content) throw keyReused()
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
  async function leaveNote(
    conversationId: string,
    author: Pick<Person, 'id' | 'name'>,
    key: string,
    content: string,
  ): Promise<void> {
    const head = await deps.findConversation(conversationId)
    if (head) await addNote(head, author, key, content)
  }

  /** Colleagues that a note names, as far as they may read the conversation (law O1b). */
  async function findMentioned(content: string, head: ConversationRow): Promise<Colleague[]> {
    if (!/[@＠]/.test(content)) return []
    const colleagues = (await storage.colleagues()).filter(
      ({ role }) => head.epoch > 0 || roleAtLeast(role, 'admin'),
    )
    const namesOf = ({ name, username }: Colleague) => [name, username].filter(name => name !== null)
    const named = new Set(mentionsIn(content, colleagues.flatMap(namesOf)).map(({ name }) => name))
    return colleagues.filter(colleague => namesOf(colleague).some(name => named.has(name)))
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

  return { handlers, leaveNote, notesOf: storage.notesOf }
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
