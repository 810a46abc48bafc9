import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { memoryMaxLength, memoryTopKMax } from '../core/limits.ts'
import { type Operations, operation } from '../core/operation.ts'
import { id, key, page, paging, text, time } from '../core/shapes.ts'

export const memorySource = v.picklist(['chat', 'manual'])

export const memory = v.object({
  id,
  content: v.string(),
  source: v.pipe(memorySource, v.description('Said in a conversation, or written by the person')),
  source_conversation_id: v.nullable(id),
  source_message_id: v.nullable(id),
  use_count: v.pipe(v.number(), v.description('How many answers were given it')),
  created_at: time,
  updated_at: v.pipe(time, v.description('Since when it says what it says')),
  last_used_at: v.nullable(time),
})
export type Memory = v.InferOutput<typeof memory>

export const memoryDetails = v.object({
  ...memory.entries,
  usage_records: v.pipe(
    v.array(
      v.object({
        conversation_id: id,
        conversation_title: v.nullable(v.string()),
        message_id: id,
        used_at: time,
      }),
    ),
    v.description('The answers that were given it, the newest first; at most 100'),
  ),
  history: v.pipe(
    v.array(v.object({ content: v.string(), source: memorySource, valid_from: time, valid_until: time })),
    v.description('What it said before, the newest first; at most 100'),
  ),
})
export type MemoryDetails = v.InferOutput<typeof memoryDetails>

export const memorySettings = v.object({
  enabled: v.pipe(v.boolean(), v.description('Off until the person switches it on')),
  memory_top_k: v.pipe(v.number(), v.description('How many memories an answer is given at most')),
})
export type MemorySettings = v.InferOutput<typeof memorySettings>

const content = text(memoryMaxLength)
const ofMemory = { memory_id: id }
const example = { memory_id: exampleIds.memory_id }
/** The person's own and nobody else's: no role sees another's. */
const own = { role: 'user', access: 'self', namespaces: ['visitor'] } as const

export const memoryOperations = {
  'memory:list': operation({
    ...own,
    summary: 'What is remembered of the caller, the newest first. Nobody else can read it.',
    example: { page: 1, page_size: 20 },
    input: v.object({ source: v.optional(memorySource), ...paging }),
    output: page(memory),
    http: [{ method: 'GET', path: '/memories' }],
  }),
  'memory:settings': operation({
    ...own,
    summary: 'Whether the caller lets things be remembered, and how many an answer is given at most.',
    example: {},
    input: v.object({}),
    output: v.object({ settings: memorySettings }),
    http: [{ method: 'GET', path: '/memories/settings' }],
  }),
  'memory:configure': operation({
    ...own,
    summary:
      'Switch memory on or off, or say how many an answer is given. Switched off, nothing is remembered or used; what there is stays until it is deleted.',
    example: { enabled: true, memory_top_k: 5 },
    input: v.object({
      enabled: v.optional(v.boolean()),
      memory_top_k: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(memoryTopKMax))),
    }),
    output: v.object({ settings: memorySettings }),
    rate: 'message',
    http: [{ method: 'PUT', path: '/memories/settings' }],
  }),
  'memory:get': operation({
    ...own,
    summary: 'One memory, with the answers that were given it and what it said before.',
    example,
    input: v.object(ofMemory),
    output: memoryDetails,
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/memories/{memory_id}' }],
  }),
  'memory:add': operation({
    ...own,
    consent: true,
    summary:
      'Remember this. What is remembered about the same already is replaced, with its history kept. Secrets, what is sensitive, and facts about others are refused.',
    example: { key: 'memory-1', content: 'My shoe size is 42' },
    input: v.object({ key, content }),
    output: v.object({ memory }),
    errors: ['CONFLICT'],
    rate: 'message',
    http: [{ method: 'POST', path: '/memories', keyed: true }],
  }),
  'memory:update': operation({
    ...own,
    consent: true,
    summary: 'Put it right: what it said before stays in its history.',
    example: { ...example, content: 'I collect stamps' },
    input: v.object({ ...ofMemory, content }),
    output: v.object({ memory }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    rate: 'message',
    http: [{ method: 'PUT', path: '/memories/{memory_id}' }],
  }),
  'memory:delete': operation({
    ...own,
    summary: 'Forget it, with its history and wherever it was used.',
    example,
    input: v.object(ofMemory),
    output: v.null(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'DELETE', path: '/memories/{memory_id}' }],
  }),
  'memory:clear': operation({
    ...own,
    summary: 'Forget everything that is remembered of the caller.',
    example: {},
    input: v.object({}),
    output: v.object({ deleted: v.number() }),
    http: [{ method: 'DELETE', path: '/memories' }],
  }),
} satisfies Operations
