import * as v from 'valibot'

/** Lists that are read page by page. */
export function page<T extends v.GenericSchema>(item: T) {
  return v.object({
    items: v.array(item),
    pagination: v.object({
      page: v.number(),
      page_size: v.number(),
      total: v.number(),
      total_pages: v.number(),
      has_next: v.boolean(),
      has_prev: v.boolean(),
    }),
  })
}
export interface Page<T> {
  items: T[]
  pagination: {
    page: number
    page_size: number
    total: number
    total_pages: number
    has_next: boolean
    has_prev: boolean
  }
}

/** `page` from 1, `page_size` 1..100. */
export const paging = {
  page: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)), 1),
  page_size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 20),
}

export function toPage<T>(
  items: T[],
  total: number,
  { page, page_size }: { page: number; page_size: number },
): Page<T> {
  const total_pages = Math.ceil(total / page_size)
  return {
    items,
    pagination: { page, page_size, total, total_pages, has_next: page < total_pages, has_prev: page > 1 },
  }
}
