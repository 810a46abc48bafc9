import * as v from 'valibot'
import { type Code, codes } from '../core/errors.ts'
import { exampleIds } from '../core/example.ts'
import {
  agentCapacityMax,
  bulkMax,
  noteMaxLength,
  ratingCommentMaxLength,
  reasonMaxLength,
  tagMaxLength,
  tagsMax,
} from '../core/limits.ts'
import { name } from '../core/name.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import {
  agent,
  author,
  conversation,
  handoff,
  handoffStatus,
  id,
  key,
  page,
  paging,
  seq,
  slaClock,
  text,
  time,
} from '../core/shapes.ts'

const both = ['visitor', 'agent'] as const
const visitor = ['visitor'] as const
const staff = ['agent'] as const

/** What somebody of the staff does in a conversation that they see. */
const watchState = v.picklist(['watching', 'typing', 'gone'])

const done = v.object({ handoff })
const requested = v.object({ handoff: v.nullable(handoff) })

/** Where a conversation goes that an agent gives away. */
export const destination = v.union([
  v.picklist(['ai', 'queue']),
  v.pipe(v.string(), v.regex(/^team:[0-9a-f-]{36}$/i, 'must be ai, queue, team:<id> or an agent id')),
  id,
])

/** Words that a conversation is sorted by: those of `label:list`, or any others. */
const tags = v.pipe(v.array(name(tagMaxLength)), v.maxLength(tagsMax))

const ending = v.object({
  handoff_id: id,
  key,
  note: v.optional(text(noteMaxLength)),
  tags: v.optional(tags),
  to: v.optional(destination),
})

/** What was done in one of many conversations, or why it was not. */
export const bulkResult = v.object({
  conversation_id: id,
  handoff: v.pipe(v.nullable(handoff), v.description('null where it was refused')),
  error: v.nullable(
    v.object({
      code: v.picklist(Object.keys(codes) as Code[]),
      message: v.string(),
      details: v.optional(v.looseObject({})),
    }),
  ),
})
export type BulkResult = v.InferOutput<typeof bulkResult>

/** A handoff as the queue shows it. */
export const queued = v.object({
  ...handoff.entries,
  conversation,
  preview: v.pipe(v.nullable(v.string()), v.description("The beginning of the visitor's newest words")),
})
export type Queued = v.InferOutput<typeof queued>

const oneSession = { aliases: { session_id: 'conversation_id' } } as const

export const handoffOperations = {
  'handoff:request': operation({
    summary:
      'Ask for a person. The same handoff is answered while one is pending or active; a visitor waits in one conversation at a time.',
    role: 'visitor',
    access: 'own',
    consent: ['reason'],
    namespaces: visitor,
    ordered: true,
    rate: 'message',
    example: {
      conversation_id: exampleIds.conversation_id,
      key: 'h-1',
      reason: 'A question about my invoice',
    },
    input: v.object({ conversation_id: id, key, reason: v.optional(text(reasonMaxLength)) }),
    output: done,
    errors: ['CONVERSATION_NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'POST', path: '/handoff', keyed: true, ...oneSession }],
  }),
  'handoff:get': operation({
    summary: 'The present or last handoff of a conversation, with its place in the queue.',
    role: 'visitor',
    access: 'read',
    namespaces: visitor,
    example: { conversation_id: exampleIds.conversation_id },
    input: v.object({ conversation_id: id }),
    output: requested,
    errors: ['CONVERSATION_NOT_FOUND'],
    http: [{ method: 'GET', path: '/handoff/queue', ...oneSession }],
  }),
  'handoff:cancel': operation({
    summary: 'Back to the AI: no longer wait, or end the talk with a person.',
    role: 'visitor',
    access: 'own',
    namespaces: visitor,
    ordered: true,
    rate: 'message',
    example: { conversation_id: exampleIds.conversation_id },
    input: v.object({ conversation_id: id }),
    output: done,
    errors: ['CONVERSATION_NOT_FOUND', 'CONFLICT'],
  }),
  'handoff:rate': operation({
    summary: 'Rate the talk with a person after its end.',
    role: 'visitor',
    access: 'own',
    consent: ['comment'],
    namespaces: visitor,
    ordered: true,
    rate: 'message',
    example: { conversation_id: exampleIds.conversation_id, rating: 5, comment: 'Quick and friendly.' },
    input: v.object({
      conversation_id: id,
      rating: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5)),
      comment: v.optional(text(ratingCommentMaxLength)),
    }),
    output: done,
    errors: ['CONVERSATION_NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'POST', path: '/handoff/rating', ...oneSession }],
  }),
  'queue:list': operation({
    summary:
      'Handoffs with their conversations: those waiting in the order of the queue, others newest first.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: { status: 'pending', page: 1, page_size: 20 },
    input: v.object({
      ...paging,
      status: v.optional(handoffStatus, 'pending'),
      mine: v.optional(v.boolean()),
      handoff_ids: v.optional(
        v.pipe(v.array(id), v.maxLength(100), v.description('These, whatever their status')),
      ),
    }),
    output: page(queued),
    http: [{ method: 'GET', path: '/admin/handoff/queue' }],
  }),
  'handoff:accept': operation({
    summary: 'Take a waiting conversation over. An answer being written ends in the same moment.',
    role: 'agent',
    access: 'take',
    namespaces: staff,
    rate: 'message',
    example: { handoff_id: exampleIds.handoff_id, key: 'a-1' },
    input: v.object({ handoff_id: id, key }),
    output: done,
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'POST', path: '/admin/handoff/{handoff_id}/accept', keyed: true }],
  }),
  'handoff:take': operation({
    summary:
      'Take a conversation over that the AI answers, without being asked, or one that waits. An answer being written ends in the ' +
      'same moment. CONFLICT where somebody has it, or where it is closed.',
    role: 'agent',
    access: 'take',
    namespaces: staff,
    rate: 'message',
    example: { conversation_id: exampleIds.conversation_id, key: 't-1' },
    input: v.object({ conversation_id: id, key, note: v.optional(text(noteMaxLength)) }),
    output: done,
    errors: ['CONVERSATION_NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'POST', path: '/admin/handoff/take', keyed: true }],
  }),
  'handoff:complete': operation({
    summary: 'Done: the conversation returns to the AI, or goes to whom `to` says.',
    role: 'agent',
    access: 'manage',
    namespaces: staff,
    rate: 'message',
    example: {
      handoff_id: exampleIds.handoff_id,
      key: 'c-1',
      note: 'Sent the invoice again.',
      tags: ['invoice'],
    },
    input: ending,
    output: done,
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'POST', path: '/admin/handoff/{handoff_id}/complete', keyed: true }],
  }),
  'handoff:release': operation({
    summary:
      'Give a conversation away: back to the queue (the default), to a team, to a colleague, or to the AI, which then ' +
      'answers what was left unanswered.',
    role: 'agent',
    access: 'manage',
    namespaces: staff,
    rate: 'message',
    example: { handoff_id: exampleIds.handoff_id, key: 'r-1', to: 'queue' },
    input: ending,
    output: done,
    errors: ['NOT_FOUND', 'CONFLICT'],
  }),
  'handoff:tag': operation({
    summary:
      'The tags of the present handoff of a conversation, or of the last; these take the place of those it has.',
    role: 'agent',
    access: 'read',
    namespaces: staff,
    rate: 'message',
    example: { handoff_id: exampleIds.handoff_id, tags: ['invoice'] },
    input: v.object({ handoff_id: id, tags }),
    output: done,
    errors: ['NOT_FOUND', 'CONVERSATION_NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'PUT', path: '/admin/handoff/{handoff_id}/tags' }],
  }),
  'handoff:bulk': operation({
    summary:
      'Tag, assign or complete many conversations, each by itself: done, or refused with the reason. `tags` come beside those that are there. Whoever sees a ' +
      'conversation tags it, and takes one that nobody has; who has it completes it or hands it on; administrators and leads assign any. A repeat does ' +
      'again only what was refused.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    rate: 'message',
    example: { conversation_ids: [exampleIds.conversation_id], key: 'b-1', tags: ['invoice'] },
    input: v.pipe(
      v.object({
        conversation_ids: v.pipe(v.array(id), v.minLength(1, 'must not be empty'), v.maxLength(bulkMax)),
        key,
        tags: v.optional(tags, []),
        to: v.pipe(
          v.optional(v.union([v.literal('complete'), destination])),
          v.description('`complete`: done; else who goes on with it, as `to` of `handoff:release`'),
        ),
      }),
      v.forward(
        v.check(({ tags, to }) => tags.length > 0 || to !== undefined, 'is required where there are no tags'),
        ['to'],
      ),
    ),
    output: v.object({ results: v.pipe(v.array(bulkResult), v.description('In the order of the ids')) }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'POST', path: '/admin/handoff/bulk', keyed: true }],
  }),
  'presence:set': operation({
    summary: 'Say whether one is there, and how many conversations may be assigned. Connecting means online.',
    role: 'agent',
    access: 'self',
    namespaces: staff,
    example: { presence: 'online', capacity: 4 },
    input: v.object({
      presence: agent.entries.presence,
      capacity: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(agentCapacityMax))),
    }),
    output: v.object({ agent }),
  }),
  'presence:watch': operation({
    summary:
      'Say that one looks at a conversation, writes in it, or does neither any more: colleagues who look at it too are told, the visitor is not. ' +
      'To be renewed every 20 s; it ends with the connection.',
    role: 'agent',
    access: 'read',
    namespaces: staff,
    example: { conversation_id: exampleIds.conversation_id, state: 'watching' },
    input: v.object({ conversation_id: id, state: watchState }),
    output: v.null(),
    errors: ['CONVERSATION_NOT_FOUND'],
  }),
  'presence:list': operation({
    summary: 'Everybody who has answered or may: presence, capacity and load.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: {},
    input: v.object({}),
    output: v.object({ agents: v.array(agent) }),
    http: [{ method: 'GET', path: '/admin/handoff/agents' }],
  }),
} satisfies Operations

const inConversation = { conversation_id: id, seq }

export const handoffEvents = {
  'handoff:changed': event({
    summary:
      "Who owns the conversation has changed. `mode`, `epoch` and the handoff's agent are the conversation's from here on.",
    durable: true,
    namespaces: both,
    payload: v.object({
      ...inConversation,
      handoff,
      mode: conversation.entries.mode,
      epoch: conversation.entries.epoch,
      at: time,
    }),
  }),
  'handoff:moved': event({
    summary: 'The place in the queue or the estimate has changed.',
    durable: false,
    namespaces: both,
    payload: v.object({
      conversation_id: id,
      handoff_id: id,
      queue_position: v.number(),
      estimated_wait_ms: v.nullable(v.number()),
    }),
  }),
  'queue:changed': event({
    summary: 'How many wait, how many are served and by how many; `handoffs` are those that changed.',
    durable: false,
    namespaces: staff,
    payload: v.object({
      pending: v.number(),
      active: v.number(),
      online_agents: v.number(),
      handoffs: v.array(handoff),
    }),
  }),
  'sla:passed': event({
    summary: 'Somebody waits longer than the settings allow.',
    durable: false,
    namespaces: staff,
    payload: v.object({
      handoff,
      clock: slaClock,
      since: v.pipe(time, v.description('When the clock began')),
    }),
  }),
  'presence:watching': event({
    summary:
      'A colleague looks at a conversation, writes in it, or is gone. Forget it after 45 s without renewal.',
    durable: false,
    namespaces: staff,
    payload: v.object({ conversation_id: id, agent: author, state: watchState }),
  }),
  'presence:changed': event({
    summary: "An agent's presence, capacity or load has changed.",
    durable: false,
    namespaces: staff,
    payload: v.object({ agent }),
  }),
}
