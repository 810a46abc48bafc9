import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { attachmentsMax, messageMaxLength } from '../core/limits.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import { id, key, message, pageHints, seq, text } from '../core/shapes.ts'

const both = ['visitor', 'agent'] as const
const notFound = ['CONVERSATION_NOT_FOUND'] as const

export const messageOperations = {
  'message:send': operation({
    summary: 'Say something. Acknowledged once committed; the answer follows as events.',
    role: 'visitor',
    access: 'own',
    consent: true,
    namespaces: both,
    ordered: true,
    rate: 'message',
    example: {
      conversation_id: exampleIds.conversation_id,
      key: 'm-1',
      content: 'How heavy is the desk lamp?',
    },
    input: v.pipe(
      v.object({
        conversation_id: id,
        key,
        content: text(messageMaxLength, 0),
        attachments: v.optional(v.pipe(v.array(id), v.maxLength(attachmentsMax)), []),
        context: v.optional(pageHints),
        parent_id: v.pipe(
          v.optional(v.nullable(id)),
          v.description(
            'The message that it follows, where that is not the newest; null for none: another branch, on which it is answered. Where a person ' +
              'has the conversation or is waited for, there is one thread, and this is left out of account',
          ),
        ),
        provider_id: v.optional(text(128)),
        model: v.optional(text(128)),
      }),
      v.forward(
        v.check(
          ({ content, attachments }) => content.trim() !== '' || attachments.length > 0,
          'must not be empty',
        ),
        ['content'],
      ),
    ),
    output: v.object({ message }),
    errors: [...notFound, 'CONFLICT', 'NOT_FOUND'],
  }),
  'message:read': operation({
    summary: 'Everything up to `seq` has been seen.',
    role: 'visitor',
    access: 'read',
    namespaces: both,
    example: { conversation_id: exampleIds.conversation_id, seq: 2 },
    input: v.object({ conversation_id: id, seq }),
    output: v.null(),
    errors: notFound,
  }),
  'message:feedback': operation({
    summary: 'Rate an answer.',
    role: 'visitor',
    access: 'own',
    consent: ['comment'],
    namespaces: ['visitor'],
    rate: 'message',
    example: { message_id: exampleIds.message_id, rating: 1, comment: 'Just what I needed.' },
    input: v.object({ message_id: id, rating: v.picklist([-1, 1]), comment: v.optional(text(2000, 0)) }),
    output: v.object({ message }),
    errors: ['NOT_FOUND', 'CONFLICT'],
  }),
  'message:retract': operation({
    summary:
      'Take back what one has just said, within ten seconds: nothing of it stays with the visitor, nor with the server.',
    role: 'agent',
    access: 'own',
    namespaces: ['agent'],
    rate: 'message',
    example: { message_id: exampleIds.message_id },
    input: v.object({ message_id: id }),
    output: v.object({ message }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'POST', path: '/admin/messages/{message_id}/retract' }],
  }),
  'message:edit': operation({
    summary: 'Correct what one has said, while one has the conversation: it says when (`edited_at`).',
    role: 'agent',
    access: 'own',
    namespaces: ['agent'],
    rate: 'message',
    example: { message_id: exampleIds.message_id, content: 'We open at nine.' },
    input: v.object({ message_id: id, content: text(messageMaxLength, 0) }),
    output: v.object({ message }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'PUT', path: '/admin/messages/{message_id}' }],
  }),
  'message:redact': operation({
    summary:
      'Remove the words of a message for good, whoever said it: from the conversation and its log, the search, memories and what was summed ' +
      'up or cached of it. That it was said, and when, stays.',
    role: 'admin',
    access: 'read',
    namespaces: ['agent'],
    example: { message_id: exampleIds.message_id },
    input: v.object({ message_id: id }),
    output: v.object({ message }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'POST', path: '/admin/messages/{message_id}/redact' }],
  }),
} satisfies Operations

const inConversation = { conversation_id: id, seq }

export const messageEvents = {
  'message:created': event({
    summary: 'A message, or the beginning of an answer (status `streaming`).',
    durable: true,
    namespaces: both,
    payload: v.object({ ...inConversation, message }),
  }),
  'message:updated': event({
    summary:
      'An answer finished, stopped or failed, or a message was rated, corrected or removed. Its `content` replaces what was assembled.',
    durable: true,
    namespaces: both,
    payload: v.object({ ...inConversation, message }),
  }),
  'message:seen': event({
    summary: 'Somebody has seen everything up to `seq`.',
    durable: false,
    namespaces: both,
    payload: v.object({
      conversation_id: id,
      by: id,
      seq,
      staff_only: v.pipe(
        v.optional(v.literal(true)),
        v.description('By a colleague who only looks on: visitors are not told'),
      ),
    }),
  }),
}
