import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { guideMaxLength } from '../core/limits.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import { id, key, message, messageStatus, text } from '../core/shapes.ts'
import { note } from './conversation.ts'

const both = ['visitor', 'agent'] as const
const offset = v.pipe(v.number(), v.integer(), v.minValue(0), v.description('UTF-16 code units'))

export const replyOperations = {
  'reply:stop': operation({
    summary: 'End the answer being written; what was written is kept.',
    role: 'visitor',
    access: 'own',
    namespaces: both,
    example: { message_id: exampleIds.message_id },
    input: v.object({ message_id: id }),
    output: v.object({ message }),
    errors: ['NOT_FOUND', 'CONFLICT'],
  }),
  'reply:rejoin': operation({
    summary: 'The text of an answer from `offset` on; live deltas continue after it.',
    role: 'visitor',
    access: 'read',
    namespaces: both,
    example: { message_id: exampleIds.message_id, offset: 0 },
    input: v.object({ message_id: id, offset }),
    output: v.object({ text: v.string(), offset, status: messageStatus }),
    errors: ['NOT_FOUND'],
  }),
  'reply:regenerate': operation({
    summary:
      'One more answer to a question, beside those it has: by another provider or model where one is named. `message_id` is the question, or an answer to it.',
    role: 'visitor',
    access: 'own',
    namespaces: ['visitor'],
    rate: 'message',
    example: { message_id: exampleIds.message_id, key: 'again-1' },
    input: v.object({
      message_id: id,
      key,
      provider_id: v.optional(text(128)),
      model: v.optional(text(128)),
    }),
    output: v.object({ message }),
    errors: ['NOT_FOUND', 'CONFLICT', 'PROVIDER_NOT_ACCESSIBLE', 'PROVIDER_INACTIVE'],
  }),
  'reply:guide': operation({
    summary:
      "A private hint that shapes the AI's next answers in a conversation while it has it: kept among the notes, which the visitor never " +
      'sees. A language model follows it; the built-in answerer quotes sources and follows none. CONFLICT says who has the conversation.',
    role: 'agent',
    access: 'read',
    namespaces: ['agent'],
    rate: 'message',
    example: {
      conversation_id: exampleIds.conversation_id,
      key: 'g-1',
      content: 'She has ordered twice before: offer free shipping.',
    },
    input: v.object({ conversation_id: id, key, content: text(guideMaxLength) }),
    output: v.object({ note }),
    errors: ['CONVERSATION_NOT_FOUND', 'CONFLICT'],
  }),
} satisfies Operations

export const replyEvents = {
  'reply:progress': event({
    summary: 'What is being done before the first word.',
    durable: false,
    namespaces: both,
    payload: v.object({
      conversation_id: id,
      message_id: id,
      phase: v.picklist(['retrieving', 'thinking', 'writing']),
    }),
  }),
  'reply:delta': event({
    summary:
      "More text of an answer, to be put at `offset`. Drop it when its epoch is older than the conversation's.",
    durable: false,
    namespaces: both,
    payload: v.object({ conversation_id: id, message_id: id, epoch: v.number(), offset, text: v.string() }),
  }),
}
