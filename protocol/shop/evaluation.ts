import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import {
  articleQuestionMaxLength,
  evaluationFactMaxLength,
  evaluationFactsMax,
  evaluationSourcesMax,
} from '../core/limits.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import { id, language, page, paging, reference, text, time } from '../core/shapes.ts'

const staff = ['agent'] as const

const source = v.object({
  source: v.picklist(['document', 'product', 'article']),
  source_id: text(200),
  title: text(500),
})
export type ExpectedSource = v.InferOutput<typeof source>

const expects = v.pipe(
  v.picklist(['answer', 'refusal']),
  v.description('`refusal`: the shop does not know it, and the answer has to say so'),
)
const sources = v.pipe(
  v.array(source),
  v.maxLength(evaluationSourcesMax),
  v.description('One of these has to be cited; none: any source will do'),
)
const facts = v.pipe(
  v.array(text(evaluationFactMaxLength)),
  v.maxLength(evaluationFactsMax),
  v.description('Each has to stand in the answer; `30 days | a month`: one of them'),
)
const turn = v.object({ question: v.string(), answer: v.string() })

/** A question with what its answer has to be. */
export const evaluationCase = v.object({
  id,
  question: v.string(),
  language,
  earlier: v.pipe(
    v.array(turn),
    v.description(
      'What was said before it in the conversation it is from, oldest first, at most three turns',
    ),
  ),
  product_id: v.pipe(v.nullable(v.string()), v.description('Of the page that it is asked on')),
  expects,
  sources,
  facts,
  is_adopted: v.pipe(
    v.boolean(),
    v.description('As a visitor said it: it goes when their words are erased, unless it is edited before'),
  ),
  created_at: time,
  updated_at: time,
})
export type EvaluationCase = v.InferOutput<typeof evaluationCase>

/** Why an answer is not what it has to be. */
const problem = v.picklist(['failed', 'refused', 'answered', 'other_source', 'missing_fact'])
export type EvaluationProblem = v.InferOutput<typeof problem>

export const evaluationRun = v.object({
  id,
  status: v.picklist(['queued', 'running', 'done', 'cancelled', 'error']),
  trigger: v.pipe(
    v.picklist(['person', 'change']),
    v.description('Who began it: somebody, or a change of what answers rest on'),
  ),
  cases: v.pipe(v.number(), v.description('Questions to be asked')),
  asked: v.number(),
  passed: v.pipe(v.number(), v.description('Of those asked: the hit rate is `passed` / `asked`')),
  refusals: v.pipe(
    v.number(),
    v.description('Answers that say that nothing, or only something near, was found'),
  ),
  references: v.pipe(
    v.object({ written: v.number(), honest: v.number() }),
    v.description('Marks that answers were written with, and those of them whose source says so'),
  ),
  median_ms: v.pipe(v.nullable(v.number()), v.description('Of an answer')),
  cost: v.pipe(v.nullable(v.number()), v.description('In `currency`; null where no answer has a price')),
  currency: v.nullable(v.string()),
  models: v.pipe(v.array(v.string()), v.description('That have answered; `builtin` for none')),
  error: v.nullable(v.string()),
  created_at: time,
  ended_at: v.nullable(time),
})
export type EvaluationRun = v.InferOutput<typeof evaluationRun>

const outcome = { passed: v.boolean(), problems: v.array(problem) }

export const evaluationResult = v.object({
  case_id: id,
  question: v.pipe(v.string(), v.description('As it was asked then')),
  ...outcome,
  missing: v.pipe(v.array(v.string()), v.description('Facts that the answer lacks')),
  answer: v.string(),
  references: v.array(reference),
  model: v.nullable(v.string()),
  duration_ms: v.number(),
  cost: v.nullable(v.number()),
  currency: v.nullable(v.string()),
  before: v.pipe(
    v.nullable(v.object({ ...outcome, answer: v.string() })),
    v.description('In the run that it is compared with'),
  ),
  change: v.picklist(['better', 'worse', 'same', 'new']),
})
export type EvaluationResult = v.InferOutput<typeof evaluationResult>

const settings = v.object({
  automatic: v.pipe(
    v.boolean(),
    v.description(
      'Ask all of them again a while after documents, products, curated answers or models have changed',
    ),
  ),
})

export const evaluationOperations = {
  'evaluation:cases': operation({
    summary: 'The questions by which the shop checks its answers, the newest first.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { search: 'return' },
    input: v.object({ ...paging, search: v.optional(text(200, 0)) }),
    output: page(evaluationCase),
    http: [{ method: 'GET', path: '/admin/evaluations/cases' }],
  }),
  'evaluation:save': operation({
    summary:
      'Add a question with what its answer has to be, or change the one of that id; what is not given stays.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { question: 'How long can I return a laptop?', language: 'en', facts: ['30 days'] },
    input: v.pipe(
      v.object({
        case_id: v.optional(id),
        question: v.optional(text(articleQuestionMaxLength)),
        language: v.optional(language),
        has_earlier: v.pipe(
          v.optional(v.literal(false)),
          v.description('False: asked by itself from now on, without what was said before it'),
        ),
        product_id: v.optional(v.nullable(text(128))),
        expects: v.optional(expects),
        sources: v.optional(sources),
        facts: v.optional(facts),
      }),
      v.forward(
        v.check(
          ({ case_id, question }) => case_id !== undefined || question !== undefined,
          'is required for a new one',
        ),
        ['question'],
      ),
    ),
    output: v.object({ case: evaluationCase }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [
      { method: 'POST', path: '/admin/evaluations/cases' },
      { method: 'PUT', path: '/admin/evaluations/cases/{case_id}' },
    ],
  }),
  'evaluation:adopt': operation({
    summary:
      'Add a question from real life: that of a message or of its answer, with the sources of the answer as those that are expected; the newest ' +
      'of a group that was asked in vain; or those of a curated answer. Numbers and addresses of people are masked. What is there already stays as it is.',
    role: 'admin',
    access: 'read',
    namespaces: staff,
    example: { article_id: exampleIds.article_id },
    input: v.pipe(
      v.object({
        message_id: v.optional(id),
        group_id: v.optional(id),
        article_id: v.optional(id),
      }),
      v.check(
        ({ message_id, group_id, article_id }) =>
          [message_id, group_id, article_id].filter(value => value !== undefined).length === 1,
        'one of message_id, group_id and article_id is required',
      ),
    ),
    output: v.object({
      cases: v.array(evaluationCase),
      added: v.pipe(v.number(), v.description('How many of them are new')),
    }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'POST', path: '/admin/evaluations/adopt' }],
  }),
  'evaluation:delete': operation({
    summary: 'Remove a question, and what came of it in every run.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { case_id: exampleIds.case_id },
    input: v.object({ case_id: id }),
    output: v.null(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'DELETE', path: '/admin/evaluations/cases/{case_id}' }],
  }),
  'evaluation:start': operation({
    summary:
      'Ask every question as a visitor would, one after another, and hold the answers against what is expected. Nothing of it becomes a conversation; a ' +
      'configured model is asked, and budgets hold. While a run is under way, that one is returned.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: {},
    input: v.object({}),
    output: v.object({ run: evaluationRun }),
    errors: ['CONFLICT'],
    http: [{ method: 'POST', path: '/admin/evaluations/runs' }],
  }),
  'evaluation:cancel': operation({
    summary: 'End a run after the question that it is at. One that has ended stays as it is.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { run_id: exampleIds.run_id },
    input: v.object({ run_id: id }),
    output: v.object({ run: evaluationRun }),
    errors: ['NOT_FOUND'],
    http: [{ method: 'POST', path: '/admin/evaluations/runs/{run_id}/cancel' }],
  }),
  'evaluation:runs': operation({
    summary: 'The runs, the newest first; the last two hundred are kept.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: {},
    input: v.object(paging),
    output: page(evaluationRun),
    http: [{ method: 'GET', path: '/admin/evaluations/runs' }],
  }),
  'evaluation:get': operation({
    summary: 'A run question by question, compared with the whole run before it, what became worse first.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { run_id: exampleIds.run_id },
    input: v.object({ run_id: id }),
    output: v.object({
      run: evaluationRun,
      before: v.pipe(v.nullable(evaluationRun), v.description('What it is compared with')),
      results: v.array(evaluationResult),
    }),
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/admin/evaluations/runs/{run_id}' }],
  }),
  'evaluation:settings': operation({
    summary: 'Whether the questions are asked by themselves after a change.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: {},
    input: v.object({}),
    output: v.object({ settings }),
    http: [{ method: 'GET', path: '/admin/evaluations/settings' }],
  }),
  'evaluation:set': operation({
    summary: 'Change that.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { automatic: true },
    input: settings,
    output: v.object({ settings }),
    http: [{ method: 'PUT', path: '/admin/evaluations/settings' }],
  }),
} satisfies Operations

export const evaluationEvents = {
  'evaluation:changed': event({
    summary: 'A question of the evaluation was written or removed, or a run is further.',
    durable: false,
    namespaces: ['agent'],
    payload: v.object({ run_id: v.nullable(id) }),
  }),
}
