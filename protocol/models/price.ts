import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { type Operations, operation } from '../core/operation.ts'
import { currency, id, text, time } from '../core/shapes.ts'

/** Money per million tokens: kept as it was written, to six decimals. */
const rate = v.pipe(
  v.number(),
  v.minValue(0),
  v.maxValue(1_000_000),
  v.description('Per million tokens, to six decimals'),
)

export const price = v.object({
  id: v.pipe(v.nullable(id), v.description('Null for one of the list that comes with the program')),
  model: v.string(),
  currency: v.string(),
  input: rate,
  cached_input: v.pipe(v.nullable(rate), v.description('Null: as other input')),
  output: rate,
  minute: v.pipe(
    v.optional(v.nullable(v.number())),
    v.description('Per minute of sound, to six decimals, of a model that understands or speaks'),
  ),
  source: v.pipe(v.string(), v.description('`owner`, or the list and its version')),
  valid_from: v.nullable(time),
})
export type Price = v.InferOutput<typeof price>

export const priceOperations = {
  'price:list': operation({
    summary: 'What the models cost that are configured or were asked in the last 90 days.',
    role: 'admin',
    access: 'role',
    example: {},
    input: v.object({}),
    output: v.object({
      prices: v.array(price),
      unpriced: v.pipe(v.array(v.string()), v.description('Models whose price is not known')),
    }),
    http: [{ method: 'GET', path: '/admin/prices' }],
  }),
  'price:set': operation({
    summary: 'What a model costs from now on. What was asked before keeps its cost.',
    role: 'admin',
    access: 'role',
    example: { model: 'qwen-plus', currency: 'CNY', input: 0.8, output: 2 },
    input: v.object({
      model: text(200),
      currency,
      input: rate,
      cached_input: v.optional(v.nullable(rate), null),
      output: rate,
      minute: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000))), null),
    }),
    output: v.object({ price }),
    http: [{ method: 'POST', path: '/admin/prices' }],
  }),
  'price:delete': operation({
    summary: 'Ends a price of the owner’s: the list that comes with the program holds again.',
    role: 'admin',
    access: 'role',
    example: { price_id: exampleIds.price_id },
    input: v.object({ price_id: id }),
    output: v.null(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'DELETE', path: '/admin/prices/{price_id}' }],
  }),
} satisfies Operations
