import {
  type Agent,
  type Attachment,
  conversationNotFound,
  type EventPayload,
  type Handoff,
  type Language,
  type Message,
  OperationError,
  type PageContext,
  roleAtLeast,
  toPage,
} from '#protocol'
import type { conversationOperations, Note } from '#protocol/chat/conversation'
import type {
  ConversationRow,
  ConversationStorage,
  NewConversation,
  StoredEvent,
  StoredMessage,
} from '#storage/chat/conversation'
import type { StoredHandoff } from '#storage/desk/handoff'
import type { Needs } from '#storage/realtime/participants'
import {
  assertMayManage,
  assertMayRead,
  assertMayWrite,
  maskConversation,
  readsListInFull,
} from '../../core/access.ts'
import { actorOf, type Call, type Caller, type Handlers, type Person, personOf } from '../../core/call.ts'
import { newId } from '../../core/ids.ts'
import { createPresentation } from '../../core/presentation.ts'
import { projectConversation, projectEvent, projectMessage } from '../../core/projection.ts'
import type { Journal } from '../../realtime/journal/append.ts'
import { fingerprintOf } from '../../realtime/journal/change.ts'
import { type Draft, toWire } from '../../realtime/journal/draft.ts'

export interface ConversationDeps {
  storage: ConversationStorage
  journal: Journal
  /** Where a question asks for a person: hands the conversation over in the change that commits it, or says why not. */
  readRequest(
    content: string,
    network: string,
  ): ((draft: Draft, question: StoredMessage) => HandoffOutcome | null) | null
  followUpHandoff(handoff: Handoff, row: StoredHandoff): void
  /** Part of the change that closes the conversation: nobody waits in it or is served any more. The visitor is told where staff did it. */
  closeHandoff(draft: Draft, byStaff: boolean): void
  /** After the commit: a handoff is not what it was. */
  onHandoffCommitted(row: StoredHandoff): void
  /** A question was said: decides within the same transaction whether an answer begins, and returns its message. */
  beginReply(draft: Draft, question: StoredMessage): StoredMessage | null
  /** After the commit: has the answer to `question` written. */
  runReply(reply: StoredMessage, question: StoredMessage): void
  /** The conversation is gone: whoever writes in it stops. */
  abortReplies(conversationId: string): void
  /** A reader here was given everything up to `seq`. */
  markDelivered(conversationId: string, seq: number, head: ConversationRow): void
  /** The present handoff, or the last; what staff noted. */
  handoffOf(head: ConversationRow, caller: Caller): Promise<Handoff | null>
  notesOf(conversationId: string): Promise<Note[]>
  agent(id: string): Agent
  /** Names this life of the database; `refresh` notices at once that it is another. */
  incarnation: { readonly id: string; refresh(): Promise<void> }
  /** A reader came back with a seq. */
  countResume(answer: 'events' | 'snapshot'): void
  emitTyping(payload: EventPayload<'typing:changed'>): void
  emitSeen(payload: EventPayload<'message:seen'>): void
  emitDeleted(payload: EventPayload<'conversation:deleted'>): void
}

/** A question asked for a person, and `notice` says what came of it. */
export interface HandoffOutcome {
  queued: { handoff: Handoff; row: StoredHandoff } | null
  notice: StoredMessage
}

export interface OpenInput {
  new?: boolean
  key?: string
  language?: Language
  context?: PageContext
}

export interface SendInput {
  conversation_id: string
  key: string
  content: string
  attachments: string[]
  context?: PageContext
  provider_id?: string
  model?: string
}

/** Newest messages of a snapshot. */
const snapshotMessages = 50
/** A client further behind than this gets a snapshot: cheaper for both than the events. */
const replayMax = 500
/** What one answer may carry, in UTF-16 units of payload: well below what may wait for a slow reader. */
const replayMaxLength = 600_000

export function conversationArea(deps: ConversationDeps) {
  const { storage, journal } = deps
  const { toConversation, presentTo } = createPresentation(deps)

  const handlers: Handlers<typeof conversationOperations> = {
    async 'conversation:open'(input, call) {
      const caller = personOf(call)
      const head = input.conversation_id
        ? await joinAndRead(await requireReadable(input.conversation_id, caller), call)
        : await openOwn(input, caller, call)
      journal.cacheRow(head)
      // Nobody knows more than is stored: a backup was put back.
      if ((input.since_seq ?? 0) > head.seq) await deps.incarnation.refresh()
      const isStaff = caller.audience === 'agent'
      const [replay, read, handoff, notes, [shown]] = await Promise.all([
        replayOf(head, input.since_seq),
        head.seq === 0 ? {} : storage.reads(head.id),
        deps.handoffOf(head, caller),
        isStaff ? deps.notesOf(head.id) : [],
        presentTo(caller, [head]),
      ])
      const seq = replay.events.at(-1)?.seq ?? head.seq
      deps.markDelivered(head.id, seq, head)
      if (input.since_seq !== undefined) deps.countResume(replay.snapshot ? 'snapshot' : 'events')
      return {
        conversation: shown!,
        messages: replay.messages.map(message => projectMessage(toWire(message), caller.audience)),
        events: replay.events.map(({ seq, event, payload }) => ({
          seq,
          event,
          payload: projectEvent(event, payload, caller.audience) as Record<string, unknown>,
        })),
        snapshot: replay.snapshot,
        seq,
        incarnation: deps.incarnation.id,
        handoff,
        read: isStaff ? read : readsShown(read, head),
        ...(isStaff && { notes }),
      }
    },

    async 'conversation:list'(input, call) {
      const { caller } = call
      const everybody = caller.audience === 'agent'
      const { heads, total } = await storage.list({
        ...input,
        personId: everybody ? null : caller.id,
        handedOver: everybody && !roleAtLeast(caller.role, 'admin'),
      })
      const shown = await presentTo(caller, heads)
      const items = heads.map((head, index) =>
        readsListInFull(caller, head.agent_id) ? shown[index]! : maskConversation(shown[index]!),
      )
      return toPage(items, total, input)
    },

    async 'conversation:history'({ conversation_id, before_seq, limit }, call) {
      await requireReadable(conversation_id, call.caller)
      const rows = await storage.messagesBefore({
        conversation_id,
        before: before_seq ?? Number.MAX_SAFE_INTEGER,
        limit: limit + 1,
      })
      const has_more = rows.length > limit
      const messages = (has_more ? rows.slice(1) : rows).map(message =>
        projectMessage(toWire(message), call.caller.audience),
      )
      return { messages, has_more }
    },

    async 'conversation:update'({ conversation_id, metadata, ...fields }, call) {
      const { caller } = call
      let ended: StoredHandoff | undefined
      const conversation = await journal.append({
        conversationId: conversation_id,
        needs: fields.status === 'closed' ? { handoff: [{ conversation_id }] } : undefined,
        actor: actorOf(call),
        decide(draft) {
          assertMayManage(draft.head, caller)
          const isStaff = caller.audience === 'agent'
          const { status } = draft.head
          if (fields.status === 'closed') deps.closeHandoff(draft, isStaff && status === 'open')
          ended = draft.staged.handoff?.at(-1)
          const changes = metadata && (isStaff ? { staff_metadata: metadata } : { metadata })
          Object.assign(draft.head, fields, changes)
          if (isStaff) {
            // What it was called stays out of the log: it outlives the people in it.
            const changed = Object.keys({ ...fields, ...changes })
            const entry = { scope: 'conversation', action: 'conversation:update', subject: conversation_id }
            const after = { status: draft.head.status, changed }
            draft.stage('audit', { actor: draft.actor, ...entry, before: { status }, after })
          }
          draft.emit('conversation:updated', {
            conversation: toConversation({ ...draft.head, seq: draft.head.seq + 1, updated_at: draft.at }),
          })
          return toConversation(draft.head)
        },
      })
      if (ended) deps.onHandoffCommitted(ended)
      return { conversation: projectConversation(conversation, caller.audience) }
    },

    async 'conversation:delete'({ conversation_id }, call) {
      const { caller } = call
      const removed = await storage.remove(
        conversation_id,
        head => assertMayManage(head, caller),
        caller.audience === 'agent' ? actorOf(call) : null,
      )
      if (!removed) throw conversationNotFound()
      deps.abortReplies(conversation_id)
      deps.emitDeleted({ conversation_id })
      return null
    },

    async 'message:send'(input, call) {
      const { message } = await sendMessage(input, personOf(call), call)
      return { message: projectMessage(message, call.caller.audience) }
    },

    async 'message:read'({ conversation_id, seq }, call) {
      const { id, audience } = personOf(call)
      const isMember = audience === 'visitor' && call.listens(conversation_id)
      const head = isMember ? null : await requireReadable(conversation_id, call.caller)
      const stored = await storage.markRead(conversation_id, id, seq)
      const isObserver = audience === 'agent' && head?.agent_id !== id
      if (stored > 0)
        deps.emitSeen({ conversation_id, by: id, seq: stored, ...(isObserver && { staff_only: true }) })
      return null
    },

    async 'message:feedback'({ message_id, rating, comment }, call) {
      const message = await rateMessage({ message_id, rating, comment: comment ?? null }, call)
      return { message: projectMessage(message, call.caller.audience) }
    },

    async 'typing:set'({ conversation_id, typing }, call) {
      const { id, name, audience } = personOf(call)
      if (audience === 'agent' || !call.listens(conversation_id))
        assertMayWrite(await requireConversation(conversation_id), call.caller)
      deps.emitTyping({ conversation_id, author: { id, name }, role: audience, typing })
      return null
    },
  }

  async function requireConversation(id: string): Promise<ConversationRow> {
    const head = await storage.find(id)
    if (!head) throw conversationNotFound()
    return head
  }

  async function requireReadable(id: string, caller: Caller): Promise<ConversationRow> {
    const head = await requireConversation(id)
    assertMayRead(head, caller)
    return head
  }

  /** Joined first, read second: what happens in between arrives twice rather than never (law D4). */
  async function joinAndRead(head: ConversationRow, call: Call): Promise<ConversationRow> {
    await call.listen(head.id)
    return (await storage.find(head.id)) ?? head
  }

  async function openOwn(input: OpenInput, caller: Person, call: Call): Promise<ConversationRow> {
    const fresh = {
      id: newId(),
      personId: caller.id,
      role: caller.role,
      name: caller.name,
      key: input.new ? (input.key ?? null) : null,
      fingerprint: fingerprintOf('conversation:open', input.language, input.context),
      language: input.language ?? caller.language ?? 'en',
      context: input.context ?? {},
    }
    // Joined before it is there: a conversation that this call makes need not be read again.
    await call.listen(fresh.id)
    try {
      const head = await (input.new ? create(fresh) : storage.openNewest(fresh))
      if (head.id === fresh.id) return head
      call.leave(fresh.id)
      return await joinAndRead(head, call)
    } catch (error) {
      call.leave(fresh.id)
      throw error
    }
  }

  async function create(fresh: NewConversation): Promise<ConversationRow> {
    const { head, fingerprint } = await storage.create(fresh)
    if (fingerprint !== fresh.fingerprint) {
      throw new OperationError('CONFLICT', 'This key was used before, for something else.')
    }
    return head
  }

  /** Commits what somebody says, and in the same transaction the beginning of its answer. */
  async function sendMessage(
    input: SendInput,
    caller: Person,
    { requestId, device, network }: Pick<Call, 'requestId' | 'device' | 'network'>,
  ) {
    const { conversation_id, key, ...body } = input
    const handOver = caller.audience === 'visitor' ? deps.readRequest(body.content, network) : null
    const result = await journal.append<{
      message: Message
      question?: StoredMessage
      reply: StoredMessage | null
      person: HandoffOutcome | null
      mode: ConversationRow['mode']
    }>({
      conversationId: conversation_id,
      needs: needsOf(body.attachments, handOver === null ? null : conversation_id),
      sender: { id: caller.id, key, fingerprint: fingerprintOf('message:send', body) },
      actor: { id: caller.id, role: caller.role, address: null, request_id: requestId },
      decide(draft) {
        assertMayWrite(draft.head, caller)
        assertOpen(draft.head)
        const message = draft.addMessage({
          role: caller.audience === 'visitor' ? 'user' : 'agent',
          content: body.content,
          attachments: attachmentsOf(draft, body.attachments, caller),
          status: 'complete',
          key,
          author: { id: caller.id, name: caller.name },
          asked: {
            context: body.context,
            provider_id: body.provider_id,
            model: body.model,
            device: (caller.audience === 'visitor' && device) || undefined,
            request_id: requestId,
          },
        })
        attachUploads(draft, message)
        if (message.role === 'agent') draft.head.unanswered_id = null
        const isQuestion = message.role === 'user'
        const person = handOver?.(draft, message) ?? null
        const reply = isQuestion && !person ? deps.beginReply(draft, message) : null
        return { message: toWire(message), question: message, mode: draft.head.mode, reply, person }
      },
      onDuplicate: payload => ({
        message: payload.message as Message,
        mode: 'ai',
        reply: null,
        person: null,
      }),
    })
    const queued = result.person?.queued
    if (queued) deps.followUpHandoff(queued.handoff, queued.row)
    if (result.question && result.reply) deps.runReply(result.reply, result.question)
    return result
  }

  async function rateMessage(
    { message_id, rating, comment }: { message_id: string; rating: -1 | 1; comment: string | null },
    call: Call,
  ) {
    const notFound = () => new OperationError('NOT_FOUND', 'There is no such message.')
    const found = await storage.findMessage(message_id)
    if (!found || found.head.person_id !== call.caller.id) throw notFound()
    return journal.append({
      conversationId: found.head.id,
      messageId: message_id,
      decide(draft) {
        const { message } = draft
        if (!message) throw notFound()
        if (message.role === 'user' || message.status === 'streaming') {
          throw new OperationError('CONFLICT', 'Only a finished answer can be rated.')
        }
        return toWire(draft.updateMessage(message, { feedback: rating, feedback_comment: comment }))
      },
    })
  }

  /** What a client that has everything up to `since` is missing; without `since`, or too far behind, a snapshot. */
  async function replayOf(
    head: ConversationRow,
    since: number | undefined,
  ): Promise<{ messages: StoredMessage[]; events: StoredEvent[]; snapshot: boolean }> {
    const nothing = { messages: [], events: [] }
    if (since === head.seq) return { ...nothing, snapshot: false }
    if (head.seq === 0) return { ...nothing, snapshot: true }
    if (since !== undefined && since <= head.seq && head.seq - since <= replayMax) {
      const found = await storage.eventsAfter({ conversation_id: head.id, seq: since, limit: replayMax + 1 })
      // What came after the head was read arrives live: the answer is of one moment.
      const events = found.filter(event => event.seq <= head.seq)
      if (JSON.stringify(events).length <= replayMaxLength) return { messages: [], events, snapshot: false }
    }
    // Read after the head: it may show the effect of a later event already, and applying that again changes nothing.
    return {
      messages: await storage.messagesBefore({
        conversation_id: head.id,
        before: head.seq + 1,
        limit: snapshotMessages,
      }),
      events: [],
      snapshot: true,
    }
  }

  return { handlers, sendMessage, openOwn }
}

/** What a visitor sees of who has read: themselves, and the agent who has the conversation. */
function readsShown(
  read: Record<string, number>,
  { person_id, agent_id }: ConversationRow,
): Record<string, number> {
  return Object.fromEntries(Object.entries(read).filter(([id]) => id === person_id || id === agent_id))
}

/** Law S2: one's own files, each once. Another's look like what does not exist. */
function attachmentsOf({ seen }: Draft, ids: string[], caller: Person): Attachment[] {
  return ids.map((uploadId, index) => {
    const upload = seen.upload.get(uploadId)
    if (upload?.person_id !== caller.id) throw new OperationError('NOT_FOUND', 'There is no such upload.')
    if (upload.message_id !== null || ids.indexOf(uploadId) !== index)
      throw new OperationError('CONFLICT', 'A file is attached once.', { upload_id: uploadId })
    const { id, name, mime, bytes, extracted } = upload
    return { id, name, mime, bytes, extracted }
  })
}

function attachUploads(draft: Draft, { id: message_id, conversation_id, attachments }: StoredMessage): void {
  for (const { id } of attachments)
    draft.stage('upload', { ...draft.seen.upload.get(id)!, conversation_id, message_id })
}

/** What a message needs to see: its files, and the queue where it asks for a person. */
function needsOf(attachments: string[], queueing: string | null): Needs | undefined {
  if (attachments.length === 0 && queueing === null) return undefined
  return {
    upload: attachments,
    ...(queueing !== null && { handoff: [{ conversation_id: queueing, queues: true }] }),
  }
}

function assertOpen(head: ConversationRow): void {
  if (head.status === 'closed') {
    throw new OperationError('CONFLICT', 'The conversation is closed.', { status: head.status })
  }
}
