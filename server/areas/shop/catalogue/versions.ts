import { toPage } from '#protocol'
import type { VersionRow } from '#storage/shop/versions'
import type { CatalogueDeps, CatalogueHandlers } from './deps.ts'

export function versionsHandler({ storage }: CatalogueDeps): CatalogueHandlers['catalogue:versions'] {
  return async ({ page, page_size }) => {
    const { items, total } = await storage.versions(page_size, (page - 1) * page_size)
    return toPage(items.map(withoutHash), total, { page, page_size })
  }
}

function withoutHash({ hash: _hash, derivation: _derivation, ...row }: VersionRow) {
  return row
}
