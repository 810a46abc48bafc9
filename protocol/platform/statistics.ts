import * as v from 'valibot'
import { type Operations, operation } from '../core/operation.ts'
import { time } from '../core/shapes.ts'

/** What a new shop has to do before its visitors get the most of it, in the order in which it helps. */
export const setupSteps = [
  'products',
  'documents',
  'model',
  'widget',
  'staff',
  'mail',
  'second_factor',
] as const
export type SetupStep = (typeof setupSteps)[number]

const count = v.number()

export const overview = v.object({
  at: time,
  time_zone: v.pipe(v.string(), v.description('Whose days these are')),
  conversations: v.pipe(
    v.object({
      today: count,
      last_week_so_far: v.pipe(
        count,
        v.description('On the same weekday a week before, up to this time of day'),
      ),
      last_week: v.pipe(count, v.description('On that whole day')),
    }),
    v.description('Begun on that day, in which the visitor has said something or asked for a person'),
  ),
  week: v.pipe(
    v.object({
      conversations: count,
      resolved_by_ai: count,
      rating: v.object({ count, average: v.nullable(v.number()) }),
      unanswered: v.pipe(count, v.description('How often something was asked that no source answered')),
    }),
    v.description(
      'The last seven days, today included, by the definitions of handoff:statistics and question:list',
    ),
  ),
  waiting: v.object({
    count,
    longest_wait_ms: v.nullable(v.number()),
    online_agents: count,
  }),
  cost: v.object({
    month: v.pipe(v.string(), v.description('`2026-11`, the one that runs')),
    currency: v.nullable(v.string()),
    amount: v.pipe(v.number(), v.description('In `currency`')),
    answers: count,
    unpriced_answers: v.pipe(count, v.description('By models without a price: not in the amount')),
    budget: v.pipe(
      v.nullable(v.object({ currency: v.string(), amount: v.number(), spent: v.number() })),
      v.description('For everything asked of models this month; of several the one that is nearest its end'),
    ),
  }),
  index: v.object({
    status: v.picklist(['idle', 'building', 'error']),
    progress: v.number(),
    products: count,
    documents: count,
    ending_documents: v.pipe(count, v.description('Answers are taken from them for two weeks more at most')),
    expired_documents: v.pipe(count, v.description('Their last day is over: no answer is taken from them')),
  }),
  mail: v.object({
    is_configured: v.boolean(),
    queued: count,
    failed: v.pipe(count, v.description('Given up within the last day')),
  }),
  providers: v.pipe(
    v.array(v.object({ name: v.string(), model: v.string(), problem: v.nullable(v.string()) })),
    v.description(
      'Those that answer for the shop, in their order; none: answers are quoted from its sources',
    ),
  ),
  setup: v.array(v.object({ step: v.picklist(setupSteps), is_done: v.boolean() })),
})
export type Overview = v.InferOutput<typeof overview>

export const systemStatistics = v.object({
  time_zone: v.pipe(v.string(), v.description('Whose days, weeks and months these are')),
  users: v.pipe(
    v.object({ total: count, active: count, new_this_month: count }),
    v.description('Accounts; visitors have none'),
  ),
  providers: v.object({
    total: count,
    organization: count,
    personal: count,
    by_type: v.object({ openai: count, azure: count, anthropic: count, ollama: count, custom: count }),
  }),
  conversations: v.pipe(
    v.object({
      total: count,
      today: count,
      this_week: v.pipe(count, v.description('Since Monday')),
    }),
    v.description('In which something was said, by when they began'),
  ),
  usage: v.object({
    currency: v.pipe(
      v.nullable(v.string()),
      v.description('That of most of the money; null where nothing has a price'),
    ),
    total_tokens: count,
    total_cost: v.pipe(v.number(), v.description('In `currency`')),
    this_month_tokens: count,
    this_month_cost: v.pipe(v.number(), v.description('In `currency`')),
  }),
})
export type SystemStatistics = v.InferOutput<typeof systemStatistics>

export const statisticsOperations = {
  'statistics:system': operation({
    summary:
      'How much there is of everything: accounts, providers, conversations, and what models were asked.',
    role: 'admin',
    access: 'role',
    example: {},
    input: v.object({}),
    output: systemStatistics,
    http: [{ method: 'GET', path: '/admin/statistics/system' }],
  }),
  'statistics:overview': operation({
    summary:
      'What an owner looks at each morning: today and the week in figures, what needs a hand, what is left to set up.',
    role: 'admin',
    access: 'role',
    example: {},
    input: v.object({}),
    output: overview,
    http: [{ method: 'GET', path: '/admin/statistics/overview' }],
  }),
} satisfies Operations
