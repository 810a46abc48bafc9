import * as v from 'valibot'
import { note } from '../chat/conversation.ts'
import { exampleIds } from '../core/example.ts'
import {
  cannedContentMaxLength,
  cannedShortcutMaxLength,
  messageMaxLength,
  noteMaxLength,
} from '../core/limits.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import { conversation, id, key, language, pageContext, reference, text, time } from '../core/shapes.ts'

const staff = ['agent'] as const
const notFound = ['CONVERSATION_NOT_FOUND'] as const

function isRequiredForNew<K extends string>(name: K) {
  return v.check(
    (input: { reply_id?: string } & { [N in K]?: string }) =>
      input.reply_id !== undefined || input[name] !== undefined,
    'is required for a new one',
  )
}

export const cannedReply = v.object({
  id,
  shortcut: v.string(),
  language: v.nullable(language),
  content: v.pipe(
    v.string(),
    v.description('With `{{visitor.name}}`, `{{agent.name}}`, `{{page.url}}`, `{{page.product}}`'),
  ),
  text: v.pipe(v.string(), v.description('Filled in for the conversation it was listed for')),
})
export type CannedReply = v.InferOutput<typeof cannedReply>

/** By what its browser says of itself. */
export const device = v.object({
  browser: v.nullable(v.string()),
  system: v.nullable(v.string()),
  kind: v.nullable(v.picklist(['phone', 'tablet', 'computer'])),
})
export type Device = v.InferOutput<typeof device>

/** Who asks, and what is known of the way here. */
export const visitorFacts = v.object({
  id,
  name: v.nullable(v.string()),
  email: v.nullable(v.string()),
  signed_in: v.boolean(),
  first_seen_at: time,
  device: v.pipe(v.nullable(device), v.description('That of the newest message')),
  pages: v.pipe(
    v.array(v.object({ ...pageContext.entries, at: time })),
    v.description('Where questions were asked, oldest first; a page is named once for several in a row'),
  ),
  conversations: v.pipe(
    v.array(
      v.object({
        id,
        status: conversation.entries.status,
        opening: v.pipe(v.nullable(v.string()), v.description('The beginning of the first question')),
        message_count: v.number(),
        created_at: time,
        rating: v.nullable(v.number()),
        tags: v.array(v.string()),
        readable: v.pipe(v.boolean(), v.description('Whether the caller may open it')),
      }),
    ),
    v.description('The other ones, newest first, at most 20'),
  ),
})
export type VisitorFacts = v.InferOutput<typeof visitorFacts>

export const deskOperations = {
  'visitor:get': operation({
    summary: 'Who the visitor of a conversation is: pages asked from, earlier conversations.',
    role: 'agent',
    access: 'read',
    namespaces: staff,
    example: { conversation_id: exampleIds.conversation_id },
    input: v.object({ conversation_id: id }),
    output: v.object({ visitor: visitorFacts }),
    errors: notFound,
  }),
  'note:add': operation({
    summary: 'Leave a private note in a conversation; `@name` in it mentions a colleague.',
    role: 'agent',
    access: 'read',
    namespaces: staff,
    rate: 'message',
    example: {
      conversation_id: exampleIds.conversation_id,
      key: 'n-1',
      content: 'Has ordered twice before.',
    },
    input: v.object({ conversation_id: id, key, content: text(noteMaxLength) }),
    output: v.object({ note }),
    errors: [...notFound, 'CONFLICT'],
  }),
  'draft:suggest': operation({
    summary: 'What the AI would answer now: to be edited and sent by the agent. Nothing is written.',
    role: 'agent',
    access: 'read',
    namespaces: staff,
    rate: 'message',
    example: { conversation_id: exampleIds.conversation_id },
    input: v.object({ conversation_id: id }),
    output: v.object({ text: v.string(), references: v.array(reference) }),
    errors: [...notFound, 'CONFLICT', 'AI_SERVICE_ERROR', 'INSUFFICIENT_QUOTA'],
  }),
  'text:translate': operation({
    summary:
      'Text of a conversation, or for it, in another language: by the configured model. Nothing is written.',
    role: 'agent',
    access: 'read',
    namespaces: staff,
    rate: 'message',
    example: {
      conversation_id: exampleIds.conversation_id,
      content: 'Your parcel arrives tomorrow.',
      language: 'zh',
    },
    input: v.object({ conversation_id: id, content: text(messageMaxLength), language }),
    output: v.object({ text: v.string() }),
    errors: [...notFound, 'NOT_CONFIGURED', 'AI_SERVICE_ERROR', 'INSUFFICIENT_QUOTA'],
  }),
  'canned:list': operation({
    summary: 'Ready-made replies that fit the search, filled in for a conversation where one is named.',
    role: 'agent',
    access: 'read',
    namespaces: staff,
    example: { search: 'ship', language: 'en' },
    input: v.object({
      search: v.optional(text(100, 0)),
      language: v.optional(language),
      conversation_id: v.optional(id),
    }),
    output: v.object({ replies: v.array(cannedReply) }),
    errors: notFound,
    http: [{ method: 'GET', path: '/admin/canned' }],
  }),
  'canned:save': operation({
    summary: 'Make a ready-made reply, or change the one of that id; what is not given stays.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: { shortcut: 'shipping', language: 'en', content: 'We ship within two days.' },
    input: v.pipe(
      v.object({
        reply_id: v.optional(id),
        shortcut: v.optional(
          v.pipe(
            text(cannedShortcutMaxLength),
            v.regex(
              /^(?:(?!\p{Default_Ignorable_Code_Point})[\p{L}\d_-])+$/u,
              'must be letters, digits, _ and -',
            ),
          ),
        ),
        language: v.optional(v.nullable(language)),
        content: v.optional(text(cannedContentMaxLength)),
      }),
      v.forward(isRequiredForNew('shortcut'), ['shortcut']),
      v.forward(isRequiredForNew('content'), ['content']),
    ),
    output: v.object({ reply: cannedReply }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [
      { method: 'POST', path: '/admin/canned' },
      { method: 'PUT', path: '/admin/canned/{reply_id}' },
    ],
  }),
  'canned:delete': operation({
    summary: 'Remove a ready-made reply.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: { reply_id: exampleIds.reply_id },
    input: v.object({ reply_id: id }),
    output: v.null(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'DELETE', path: '/admin/canned/{reply_id}' }],
  }),
} satisfies Operations

export const deskEvents = {
  'note:created': event({
    summary: 'A private note was left in a conversation.',
    durable: false,
    namespaces: staff,
    payload: v.object({ conversation_id: id, note }),
  }),
}
