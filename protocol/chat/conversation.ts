import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { tagMaxLength, tagsMax } from '../core/limits.ts'
import { name } from '../core/name.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import {
  author,
  conversation,
  handoff,
  id,
  incarnation,
  key,
  language,
  languageHint,
  message,
  metadata,
  page,
  pageHints,
  paging,
  seq,
  text,
  time,
} from '../core/shapes.ts'

const staff = ['agent'] as const
const both = ['visitor', 'agent'] as const
const notFound = ['CONVERSATION_NOT_FOUND'] as const

/** What staff tell each other about a conversation, or in private the assistant that answers there. */
export const note = v.object({
  id,
  conversation_id: id,
  kind: v.pipe(
    v.picklist(['note', 'guide']),
    v.description('`guide`: a hint to the assistant, which the visitor never sees'),
  ),
  author,
  content: v.string(),
  created_at: v.string(),
})
export type Note = v.InferOutput<typeof note>

const tag = v.pipe(text(tagMaxLength), v.trim(), v.minLength(1, 'must not be empty'))

export const conversationOperations = {
  'conversation:open': operation({
    summary:
      'Join a conversation and read it: the newest messages, or with `since_seq` exactly the events missed. ' +
      "Without an id the caller's newest open conversation, made when there is none; `new` always makes one.",
    role: 'visitor',
    access: 'read',
    namespaces: both,
    ordered: false,
    rate: 'message',
    example: { new: true, key: 'open-1', language: 'en', context: { product_id: 'lamp-7' } },
    input: v.pipe(
      v.object({
        conversation_id: v.optional(id),
        since_seq: v.optional(seq),
        new: v.optional(v.boolean()),
        key: v.optional(key),
        language: languageHint,
        context: v.optional(pageHints),
        auto_title: v.pipe(
          v.optional(v.boolean()),
          v.description('With `new`: its first question gives it a title'),
        ),
      }),
      v.forward(
        v.check(input => !input.new || input.key !== undefined, 'is required with `new`'),
        ['key'],
      ),
      v.forward(
        v.check(input => !input.new || input.conversation_id === undefined, 'cannot be given with `new`'),
        ['conversation_id'],
      ),
    ),
    output: v.object({
      conversation,
      messages: v.pipe(v.array(message), v.description('Ascending by seq; empty when `events` answers')),
      events: v.array(v.object({ seq, event: v.string(), payload: v.looseObject({}) })),
      snapshot: v.pipe(
        v.boolean(),
        v.description(
          'True when `messages` is the state to start from, false when `events` continues the known one',
        ),
      ),
      seq,
      incarnation,
      handoff: v.nullable(handoff),
      read: v.record(v.string(), v.number()),
      notes: v.optional(v.array(note)),
    }),
    errors: [...notFound, 'CONFLICT'],
    http: [
      { method: 'GET', path: '/conversations/{conversation_id}' },
      { method: 'POST', path: '/conversations', fixed: { new: true }, keyed: true },
    ],
  }),
  'conversation:list': operation({
    summary: "The caller's conversations, newest first; for staff on the desk, everybody's.",
    role: 'visitor',
    access: 'read',
    namespaces: both,
    example: { page: 1, page_size: 20, status: 'open' },
    input: v.object({
      ...paging,
      search: v.optional(text(200, 0)),
      provider_id: v.optional(text(128)),
      mode: v.optional(v.picklist(['ai', 'queued', 'human'])),
      status: v.optional(v.picklist(['open', 'closed'])),
      pinned: v.pipe(v.optional(v.boolean()), v.description('This and the next two: of the own ones')),
      archived: v.optional(v.boolean()),
      tag: v.optional(tag),
    }),
    output: page(conversation),
    http: [{ method: 'GET', path: '/conversations' }],
  }),
  'conversation:search': operation({
    summary:
      'Messages that have all words of the query, as far as the caller sees their conversations: those that have it word for word first, then the newest; ' +
      'before them, where a name begins with it, the newest conversations of those people. On `/visitor` in the own ones, and before them those with it in their title.',
    role: 'visitor',
    access: 'read',
    namespaces: both,
    example: { query: 'refund lamp', filters: { from: '2026-11-01T00:00:00.000Z' } },
    input: v.object({
      query: text(200),
      filters: v.optional(
        v.object({
          from: v.optional(time),
          to: v.optional(time),
          agent_id: v.optional(v.pipe(id, v.description('Who has it, or had it last'))),
          person: v.optional(v.pipe(text(100), v.description("The beginning of the visitor's name"))),
          tag: v.optional(text(tagMaxLength)),
          mode: v.optional(v.picklist(['ai', 'queued', 'human'])),
          status: v.optional(v.picklist(['open', 'closed'])),
        }),
      ),
      cursor: v.optional(
        v.pipe(v.string(), v.maxLength(100), v.description('`next_cursor` of the page before')),
      ),
      limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 20),
    }),
    output: v.object({
      items: v.array(
        v.object({
          conversation,
          message: v.pipe(v.nullable(message), v.description('null where the name or the title was found')),
          highlights: v.pipe(
            v.array(v.object({ start: v.number(), end: v.number() })),
            v.description("Where the words stand in the message's content, in UTF-16 units"),
          ),
        }),
      ),
      next_cursor: v.nullable(v.string()),
    }),
  }),
  'conversation:history': operation({
    summary: 'The newest messages below a seq, ascending.',
    role: 'visitor',
    access: 'read',
    namespaces: both,
    example: { conversation_id: exampleIds.conversation_id, limit: 50 },
    input: v.object({
      conversation_id: id,
      before_seq: v.optional(seq),
      limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 50),
    }),
    output: v.object({ messages: v.array(message), has_more: v.boolean() }),
    errors: notFound,
    http: [{ method: 'GET', path: '/conversations/{conversation_id}/messages' }],
  }),
  'conversation:update': operation({
    summary:
      'Change title, metadata, language or status; on the desk for the agent who has it, and administrators. What is the visitor’s alone: ' +
      'whether it is pinned or archived, its tags, and which provider and model answer there (null: the installation’s).',
    role: 'visitor',
    access: 'manage',
    consent: ['title', 'metadata', 'tags'],
    namespaces: both,
    ordered: true,
    rate: 'message',
    example: { conversation_id: exampleIds.conversation_id, title: 'A lamp for the desk' },
    input: v.object({
      conversation_id: id,
      title: v.optional(name(200)),
      metadata: v.optional(metadata),
      language: v.optional(language),
      status: v.optional(v.picklist(['open', 'closed'])),
      pinned: v.optional(v.boolean()),
      archived: v.optional(v.boolean()),
      tags: v.optional(v.pipe(v.array(tag), v.maxLength(tagsMax))),
      provider_id: v.optional(v.nullable(text(128))),
      model: v.optional(v.nullable(text(128))),
    }),
    output: v.object({ conversation }),
    errors: [...notFound, 'CONFLICT', 'PROVIDER_NOT_ACCESSIBLE', 'PROVIDER_INACTIVE'],
    http: [{ method: 'PUT', path: '/conversations/{conversation_id}' }],
  }),
  'conversation:snooze': operation({
    summary:
      'Let a conversation rest that a person has: it leaves their list, and is back at `until`, or as soon as the visitor writes; null waits for the ' +
      'visitor alone. Nobody takes it meanwhile because its agent has left. Visitors are not told.',
    role: 'agent',
    access: 'manage',
    namespaces: staff,
    rate: 'message',
    example: { conversation_id: exampleIds.conversation_id, until: null },
    input: v.object({ conversation_id: id, until: v.nullable(time) }),
    output: v.object({ conversation }),
    errors: [...notFound, 'CONFLICT'],
    http: [{ method: 'POST', path: '/admin/conversations/{conversation_id}/snooze' }],
  }),
  'conversation:unsnooze': operation({
    summary: 'Take a conversation up again that rests.',
    role: 'agent',
    access: 'manage',
    namespaces: staff,
    rate: 'message',
    example: { conversation_id: exampleIds.conversation_id },
    input: v.object({ conversation_id: id }),
    output: v.object({ conversation }),
    errors: [...notFound, 'CONFLICT'],
    http: [{ method: 'POST', path: '/admin/conversations/{conversation_id}/unsnooze' }],
  }),
  'conversation:reopen': operation({
    summary: 'Open a conversation again that was closed; who is to answer takes it over then.',
    role: 'agent',
    access: 'take',
    namespaces: staff,
    rate: 'message',
    example: { conversation_id: exampleIds.conversation_id },
    input: v.object({ conversation_id: id }),
    output: v.object({ conversation }),
    errors: [...notFound, 'CONFLICT'],
    http: [{ method: 'POST', path: '/admin/conversations/{conversation_id}/reopen' }],
  }),
  'conversation:delete': operation({
    summary:
      'Delete a conversation with everything in it; on the desk for the agent who has it, and administrators.',
    role: 'visitor',
    access: 'manage',
    namespaces: both,
    ordered: true,
    rate: 'message',
    example: { conversation_id: exampleIds.conversation_id },
    input: v.object({ conversation_id: id }),
    output: v.null(),
    errors: [...notFound, 'CONFLICT'],
    http: [{ method: 'DELETE', path: '/conversations/{conversation_id}' }],
  }),
} satisfies Operations

export const conversationEvents = {
  'conversation:updated': event({
    summary: 'Title, metadata, language or status changed, or whether it rests.',
    durable: true,
    namespaces: both,
    payload: v.object({ conversation_id: id, seq, conversation }),
  }),
  'conversation:deleted': event({
    summary: 'The conversation is gone with everything in it; what is said next begins a new one.',
    durable: false,
    namespaces: both,
    payload: v.object({ conversation_id: id }),
  }),
}
