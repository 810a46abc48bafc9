import * as v from 'valibot'
import { type Operations, operation } from '../core/operation.ts'
import { text, timeZone } from '../core/shapes.ts'

const amounts = {
  requests: v.number(),
  tokens: v.number(),
  cost: v.pipe(v.number(), v.description('In `currency`')),
}

export const usageStatistics = v.object({
  currency: v.pipe(
    v.nullable(v.string()),
    v.description('That of most of the money; null where nothing has a price'),
  ),
  summary: v.object({
    total_requests: v.number(),
    total_tokens: v.number(),
    total_cost: v.number(),
    average_tokens_per_request: v.number(),
    prompt_tokens: v.number(),
    cached_tokens: v.pipe(v.number(), v.description('Of the prompt tokens')),
    completion_tokens: v.number(),
    sound_seconds: v.pipe(v.number(), v.description('Of speech that was understood or spoken')),
    unpriced_requests: v.pipe(v.number(), v.description('By models without a price: not in any cost')),
    other_costs: v.pipe(
      v.array(v.object({ currency: v.string(), cost: v.number() })),
      v.description('What was paid in other currencies: not in any other cost'),
    ),
  }),
  breakdown: v.pipe(
    v.array(v.object({ date: v.string(), ...amounts })),
    v.description('`2026-11-30`, `2026-11-30T14:00` or `2026-11`, each in order and without gaps'),
  ),
  by_provider: v.array(v.object({ provider_id: v.string(), provider_name: v.string(), ...amounts })),
  by_model: v.array(v.object({ provider_id: v.string(), model: v.string(), ...amounts })),
})
export type UsageStatistics = v.InferOutput<typeof usageStatistics>

const date = v.pipe(
  v.string(),
  v.isoDate('must be a day like 2026-11-30'),
  v.check(isDay, 'is no day of the calendar'),
  v.description('A day of `time_zone`'),
)

function isDay(text: string): boolean {
  const at = new Date(text)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** By name: of an offset, browsers and databases take the sign for different things. */
const namedTimeZone = v.pipe(
  timeZone,
  v.check(name => /^[A-Za-z]/.test(name), 'must be a name, not an offset'),
)

export const usageOperations = {
  'usage:statistics': operation({
    summary:
      'What models were asked, and what it cost: everybody’s to administrators, one’s own to others. Without dates the last 30 days.',
    role: 'user',
    access: 'self',
    example: { granularity: 'daily' },
    input: v.object({
      start_date: v.optional(date),
      end_date: v.optional(v.pipe(date, v.description('That day included'))),
      granularity: v.optional(v.picklist(['hourly', 'daily', 'monthly']), 'daily'),
      provider_id: v.optional(text(80)),
      time_zone: v.optional(namedTimeZone, 'UTC'),
    }),
    output: usageStatistics,
    http: [{ method: 'GET', path: '/statistics/usage' }],
  }),
} satisfies Operations
