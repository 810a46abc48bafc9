import * as v from 'valibot'
import { messageMaxLength } from '../core/limits.ts'
import { type Operations, operation } from '../core/operation.ts'
import { id, key, languageHint, message, pageHints, reference, text } from '../core/shapes.ts'

const question = v.object({
  message: text(messageMaxLength),
  session_id: v.optional(
    v.pipe(id, v.description('A session is a conversation; without one a new one begins')),
  ),
  key: v.optional(key),
  language: languageHint,
  context: v.optional(pageHints),
})

const errors = ['CONVERSATION_NOT_FOUND', 'CONFLICT', 'AI_SERVICE_ERROR', 'INSUFFICIENT_QUOTA'] as const
const token = v.pipe(
  v.nullable(v.string()),
  v.description("The visitor's token where none was sent; send it as bearer next time"),
)

/** One event of the `POST /chat/stream` response, as the JSON of a `data:` line. */
export const chatStreamEvent = v.variant('type', [
  v.object({ type: v.literal('start'), session_id: id, message_id: id, token }),
  v.object({ type: v.literal('content'), content: v.string(), offset: v.number() }),
  v.object({ type: v.literal('end'), message }),
  v.object({ type: v.literal('error'), error: v.object({ code: v.string(), message: v.string() }) }),
])
export type ChatStreamEvent = v.InferOutput<typeof chatStreamEvent>

export const chatOperations = {
  'chat:ask': operation({
    summary: 'Ask and wait for the whole answer.',
    role: 'anyone',
    access: 'own',
    consent: true,
    rate: 'message',
    example: { message: 'How heavy is the desk lamp?', language: 'en' },
    input: question,
    output: v.object({
      answer: v.string(),
      references: v.array(reference),
      token_usage: v.object({ prompt: v.number(), completion: v.number() }),
      session_id: id,
      message_id: id,
      error: v.pipe(message.entries.error, v.description('Where the answer ended before it was whole')),
      token,
    }),
    errors,
    http: [{ method: 'POST', path: '/chat', keyed: true }],
  }),
  'chat:send': operation({
    summary: 'Ask and wait; answers with the question and the answer as messages.',
    role: 'anyone',
    access: 'own',
    consent: true,
    rate: 'message',
    example: { message: 'How heavy is the desk lamp?', language: 'en' },
    input: question,
    output: v.object({ session_id: id, question: message, message, token }),
    errors,
    http: [{ method: 'POST', path: '/chat/messages', keyed: true }],
  }),
  'chat:stream': operation({
    summary: 'Ask and read the answer as server-sent events.',
    role: 'anyone',
    access: 'own',
    consent: true,
    rate: 'message',
    example: { message: 'How heavy is the desk lamp?', language: 'en' },
    input: question,
    output: chatStreamEvent,
    errors,
    http: [{ method: 'POST', path: '/chat/stream', keyed: true, response: 'sse' }],
  }),
} satisfies Operations
