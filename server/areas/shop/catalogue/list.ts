import { toPage } from '#protocol'
import type { CatalogueDeps, CatalogueHandlers } from './deps.ts'

export function listHandler({ storage }: CatalogueDeps): CatalogueHandlers['catalogue:list'] {
  return async ({ page, page_size, search }) => {
    const active = await storage.active()
    if (!active) return toPage([], 0, { page, page_size })
    const { items, total } = await storage.find(active.version, {
      search: search?.trim(),
      order: 'id',
      limit: page_size,
      offset: (page - 1) * page_size,
    })
    return toPage(items, total, { page, page_size })
  }
}
