import {
  conversationNotFound,
  type Language,
  type Message,
  OperationError,
  type PageContext,
} from '#protocol'
import type { ChatStreamEvent, chatOperations } from '#protocol/chat/chat'
import type { ConversationRow } from '#storage/chat/conversation'
import type { StoredMessage } from '#storage/chat/message'
import { type Call, type Handlers, type Person, personOf, type Session } from '../../core/call.ts'
import { projectMessage } from '../../core/projection.ts'
import { visitorError, visitorSentence } from '../../core/visitor-errors.ts'
import { toWire } from '../../realtime/journal/draft.ts'

export interface ChatDeps {
  newVisitor(): Promise<Session>
  openOwn(
    input: { new: true; key: string; language?: Language; context?: PageContext },
    caller: Person,
    call: Call,
  ): Promise<ConversationRow>
  sendMessage(
    input: {
      conversation_id: string
      key: string
      content: string
      attachments: string[]
      context?: PageContext
    },
    caller: Person,
    call: Pick<Call, 'requestId' | 'device' | 'network'>,
  ): Promise<{ message: Message; mode: ConversationRow['mode']; person: { notice: StoredMessage } | null }>
  awaitReply(
    conversationId: string,
    afterSeq: number,
    listener: { onStart?(reply: Message): void; onText?(offset: number, text: string): void },
    signal: AbortSignal,
  ): Promise<Message | null>
}

interface Question {
  message: string
  session_id?: string
  key?: string
  language?: Language
  context?: PageContext
}

/** One answer to a client without sockets: the same conversation, message and reply as on the socket. */
export function chatArea(deps: ChatDeps) {
  const handlers: Handlers<typeof chatOperations> = {
    async 'chat:ask'(input, call) {
      const { answer, session_id, token } = await ask(input, call)
      return {
        answer: answer.content,
        references: answer.references,
        token_usage: {
          prompt: answer.usage?.prompt_tokens ?? 0,
          completion: answer.usage?.completion_tokens ?? 0,
        },
        session_id,
        message_id: answer.id,
        error: answer.error && visitorError(answer.error),
        token,
      }
    },

    async 'chat:send'(input, call) {
      const { answer, question, session_id, token } = await ask(input, call)
      return {
        session_id,
        question: projectMessage(question, 'visitor'),
        message: projectMessage(answer, 'visitor'),
        token,
      }
    },

    async 'chat:stream'(input, call) {
      const { answer } = await ask(input, call, event => call.stream(event))
      return { type: 'end', message: projectMessage(answer, 'visitor') }
    },
  }

  async function ask(input: Question, call: Call, emit: (event: ChatStreamEvent) => void = () => {}) {
    const visitor = call.caller.id === null ? await deps.newVisitor() : null
    const caller = visitor
      ? { ...personOf({ ...call, caller: visitor.caller }), language: call.caller.language }
      : personOf(call)
    const token = visitor?.token ?? null
    const key = input.key!
    if (visitor && input.session_id) throw conversationNotFound()
    const session_id = input.session_id ?? (await deps.openOwn({ ...input, new: true, key }, caller, call)).id
    const body = {
      conversation_id: session_id,
      key,
      content: input.message,
      attachments: [],
      context: input.context,
    }
    const { message: question, mode, person } = await deps.sendMessage(body, caller, call)
    if (person) {
      const answer = toWire(person.notice)
      emit({ type: 'start', session_id, message_id: answer.id, token })
      emit({ type: 'content', content: answer.content, offset: 0 })
      return { answer, question, session_id, token }
    }
    if (mode !== 'ai')
      throw new OperationError('CONFLICT', 'A person has taken this conversation over.', { mode })
    const answer = await deps.awaitReply(
      session_id,
      question.seq,
      {
        onStart: reply => emit({ type: 'start', session_id, message_id: reply.id, token }),
        onText: (offset, content) => emit({ type: 'content', content, offset }),
      },
      call.signal,
    )
    if (!answer || (answer.status === 'failed' && answer.content === '')) {
      const code = answer?.error?.code === 'INSUFFICIENT_QUOTA' ? 'INSUFFICIENT_QUOTA' : 'AI_SERVICE_ERROR'
      throw new OperationError(code, visitorSentence(code, caller.language))
    }
    return { answer, question, session_id, token }
  }

  return { handlers }
}
