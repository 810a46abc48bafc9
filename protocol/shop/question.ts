import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import { id, language, page, paging, time } from '../core/shapes.ts'

const staff = ['agent'] as const

/** Why a question is listed: no source answered it, its answer was rated badly, or a person was asked for after it. */
export const signal = v.picklist(['unanswered', 'disliked', 'person'])
export type Signal = v.InferOutput<typeof signal>

const status = v.picklist(['open', 'answered', 'dismissed'])

/** Questions that ask the same. Numbers and addresses of people in them are masked. */
export const question = v.object({
  id,
  question: v.pipe(v.string(), v.description('As it was asked last')),
  language,
  count: v.pipe(v.number(), v.description('How often it was asked in the period')),
  signals: v.pipe(
    v.object({ unanswered: v.number(), disliked: v.number(), person: v.number() }),
    v.description('How many of them for which reason; one may have several'),
  ),
  last_asked_at: time,
  conversation_id: v.pipe(id, v.description('Where it was asked last')),
  examples: v.pipe(
    v.array(
      v.object({
        question: v.string(),
        conversation_id: id,
        asked_at: time,
        signals: v.array(signal),
      }),
    ),
    v.description('The newest ones, at most five'),
  ),
  status: v.pipe(
    status,
    v.description(
      '`answered`: by a curated answer, and not asked in vain since; `dismissed`: not to be answered',
    ),
  ),
  article_id: v.pipe(v.nullable(id), v.description('The curated answer that was written to it')),
})
export type Question = v.InferOutput<typeof question>

export const questionOperations = {
  'question:list': operation({
    summary:
      'What visitors asked in the last days and was not answered well, in groups of the same question, the newest first: what documents, ' +
      'products or curated answers could say.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { days: 7 },
    input: v.object({
      ...paging,
      days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(90)), 7),
      status: v.optional(status),
      signal: v.optional(signal),
      sort: v.pipe(
        v.optional(v.picklist(['newest', 'count']), 'newest'),
        v.description('`count`: what is asked most first'),
      ),
    }),
    output: page(question),
    http: [{ method: 'GET', path: '/admin/questions' }],
  }),
  'question:dismiss': operation({
    summary: 'Put a question aside that the shop will not answer, or take it up again.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { group_id: exampleIds.group_id, dismissed: true },
    input: v.object({ group_id: id, dismissed: v.optional(v.boolean(), true) }),
    output: v.null(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'PUT', path: '/admin/questions/{group_id}' }],
  }),
} satisfies Operations

export const questionEvents = {
  'question:changed': event({
    summary: 'Something was asked in vain, or put aside: `question:list` has changed.',
    durable: false,
    namespaces: ['agent'],
    payload: v.object({}),
  }),
}
