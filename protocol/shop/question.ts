import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { triedQuestionMaxLength } from '../core/limits.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import { id, language, page, pageContext, paging, reference, text, time } from '../core/shapes.ts'

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

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

/** Something that was found for a question, and why it stands where it stands. */
export const found = v.object({
  source: v.picklist(['document', 'product', 'upload', 'article']),
  source_id: v.string(),
  title: v.string(),
  url: v.nullable(v.string()),
  text: v.string(),
  score: v.pipe(share, v.description('By which it stands in the list, boosts included')),
  words: v.pipe(v.nullable(share), v.description('By its words alone; null where these were not compared')),
  meaning: v.pipe(v.nullable(share), v.description('By its meaning; null without an embedding model')),
  coverage: v.pipe(
    v.nullable(share),
    v.description('The share of the informative words that it has, rare ones counting more'),
  ),
  matched: v.pipe(
    v.array(v.string()),
    v.description('Words of the question, or others for the same, that it has'),
  ),
  boosts: v.array(
    v.object({
      kind: v.picklist(['same_page', 'other_language', 'heading', 'other_case']),
      factor: v.number(),
    }),
  ),
  outcome: v.pipe(
    v.picklist(['cited', 'given', 'weaker', 'too_little']),
    v.description(
      '`cited`: the answer rests on it; `given`: it was there to answer from; `weaker`: others were; `too_little`: it says too little of the question',
    ),
  ),
})
export type Found = v.InferOutput<typeof found>

export const explanation = v.object({
  reading: v.object({
    text: v.pipe(v.string(), v.description('With misspelt words as the shop writes them')),
    language,
    small_talk: v.nullable(v.string()),
    parts: v.pipe(
      v.array(
        v.object({
          text: v.string(),
          terms: v.array(v.string()),
          policies: v.array(v.string()),
          filters: v.pipe(v.array(v.string()), v.description('Columns of the catalogue that it has to fit')),
        }),
      ),
      v.description('The questions it consists of'),
    ),
  }),
  found: v.array(found),
  evidence: v.pipe(
    v.picklist(['curated', 'enough', 'near', 'none']),
    v.description('Whether what was found answers it: written by the shop, yes, only near, no'),
  ),
  answer: v.nullable(
    v.object({
      text: v.string(),
      references: v.array(reference),
      provider_id: v.nullable(v.string()),
      model: v.nullable(v.string()),
      degraded: v.boolean(),
      duration_ms: v.number(),
    }),
  ),
  error: v.pipe(v.nullable(v.string()), v.description('Why there is no answer')),
})
export type Explanation = v.InferOutput<typeof explanation>

export const questionOperations = {
  'question:explain': operation({
    summary:
      'What is found for a question, in which order and why, and what the answer would be. Nothing of it is stored; a configured model is asked.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    rate: 'message',
    example: { question: 'How long do I have to return a laptop?', language: 'en' },
    input: v.object({
      question: text(triedQuestionMaxLength),
      language: v.pipe(v.optional(language, 'en'), v.description("Of the visitor's page")),
      context: v.optional(pageContext, {}),
    }),
    output: explanation,
    http: [{ method: 'POST', path: '/admin/questions/explain' }],
  }),
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
