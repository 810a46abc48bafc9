import * as v from 'valibot'
import { name } from '../core/name.ts'
import { type Operations, operation } from '../core/operation.ts'
import { page, paging, product, productId, text, time } from '../core/shapes.ts'

export const catalogueVersion = v.object({
  version: v.number(),
  count: v.number(),
  demo: v.boolean(),
  active: v.boolean(),
  created_at: time,
  created_by: v.nullable(v.string()),
})

/** One product as a shop hands it in. `id` may be a number; specs are flat. */
export const productInput = v.object({
  id: v.pipe(v.union([v.string(), v.number()]), v.transform(String), productId),
  name: name(500),
  category: v.optional(v.nullable(name(200)), null),
  url: v.optional(v.nullable(text(2048)), null),
  short_description: v.optional(text(10_000, 0), ''),
  price: v.optional(v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))), null),
  currency: v.optional(v.nullable(text(8)), null),
  specs: v.optional(
    v.record(text(100), v.union([text(2000, 0), v.pipe(v.number(), v.finite()), v.boolean(), v.null()])),
    {},
  ),
})
export type ProductInput = v.InferOutput<typeof productInput>

export const catalogueOperations = {
  'catalogue:import': operation({
    summary:
      'Replace the catalogue by a new version. All rows are checked first; one bad row refuses the whole.',
    role: 'admin',
    access: 'role',
    example: {
      body: [
        {
          id: 'lamp-7',
          name: 'Desk lamp Aria',
          category: 'Lamps',
          price: 39.9,
          currency: 'EUR',
          specs: { weight_kg: 1.2, lumens: 450 },
        },
        {
          id: 'lamp-8',
          name: 'Floor lamp Nova',
          category: 'Lamps',
          price: 89,
          currency: 'EUR',
          specs: { weight_kg: 4.5, lumens: 900 },
        },
      ],
    },
    input: v.object({ file: v.optional(v.any()), body: v.optional(v.any()) }),
    output: v.object({ count: v.number(), version: v.number() }),
    errors: ['UNPROCESSABLE_FILE', 'UNSUPPORTED_MEDIA_TYPE'],
    http: [{ method: 'POST', path: '/admin/products', body: 'multipart' }],
  }),
  'catalogue:list': operation({
    summary: 'The products of the active version, by id.',
    role: 'admin',
    access: 'role',
    example: { search: 'lamp', page: 1, page_size: 20 },
    input: v.object({ ...paging, search: v.optional(text(200, 0)) }),
    output: page(product),
    http: [{ method: 'GET', path: '/admin/products' }],
  }),
  'catalogue:versions': operation({
    summary: 'The imported versions, newest first.',
    role: 'admin',
    access: 'role',
    example: { page: 1, page_size: 20 },
    input: v.object({ ...paging }),
    output: page(catalogueVersion),
    http: [{ method: 'GET', path: '/admin/products/versions' }],
  }),
  'catalogue:restore': operation({
    summary: 'Make an earlier version the active one again.',
    role: 'admin',
    access: 'role',
    example: { version: 1 },
    input: v.object({ version: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1)) }),
    output: v.object({ count: v.number(), version: v.number() }),
    errors: ['NOT_FOUND'],
    http: [{ method: 'POST', path: '/admin/products/versions/{version}/restore' }],
  }),
} satisfies Operations
