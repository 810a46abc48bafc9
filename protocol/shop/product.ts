import * as v from 'valibot'
import { type Operations, operation } from '../core/operation.ts'
import {
  languageHint,
  page,
  pageHints,
  paging,
  product,
  productId,
  reference,
  text,
  time,
} from '../core/shapes.ts'

const both = ['visitor', 'agent'] as const

export const productOperations = {
  'product:search': operation({
    summary:
      'Products for a query; words and numeric limits ("under 1000 euros", "1000 欧元以内") both count.',
    role: 'anyone',
    access: 'role',
    namespaces: both,
    example: { query: 'lamp', page: 1, page_size: 20 },
    input: v.object({ query: v.optional(text(1000, 0), ''), ...paging, category: v.optional(text(200)) }),
    output: page(product),
    http: [{ method: 'GET', path: '/products' }],
  }),
  'product:recommend': operation({
    summary:
      'The best products for a need, each with its reason and reference; three arrays of equal length.',
    role: 'anyone',
    access: 'role',
    namespaces: both,
    rate: 'message',
    example: { query: 'a lamp under 50 euros', top_n: 3, language: 'en' },
    input: v.object({
      query: text(1000),
      top_n: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)), 3),
      language: languageHint,
      context: v.optional(pageHints),
    }),
    output: v.object({
      products: v.array(product),
      reasons: v.array(v.string()),
      references: v.array(reference),
    }),
    http: [{ method: 'POST', path: '/recommend' }],
  }),
  'product:compare': operation({
    summary: 'Two to four products side by side; every value is the catalogue row’s own (law A3).',
    role: 'anyone',
    access: 'role',
    namespaces: both,
    example: { product_ids: ['lamp-7', 'lamp-8'], language: 'en' },
    input: v.object({
      product_ids: v.pipe(
        v.array(productId),
        v.minLength(2, 'must name at least 2 products'),
        v.maxLength(4, 'must name at most 4 products'),
        v.check(ids => new Set(ids).size === ids.length, 'must not name a product twice'),
      ),
      language: languageHint,
    }),
    output: v.object({
      comparison: v.object({
        columns: v.array(v.object({ product_id: v.string(), name: v.string() })),
        rows: v.array(
          v.object({
            field: v.string(),
            label: v.string(),
            values: v.array(v.union([v.string(), v.number(), v.boolean(), v.null()])),
            differs: v.boolean(),
          }),
        ),
      }),
      as_of: time,
    }),
    errors: ['NOT_FOUND'],
    http: [{ method: 'POST', path: '/compare' }],
  }),
} satisfies Operations
