import type { Product } from '#protocol'
import type { CatalogueStorage } from '#storage/shop/catalogue'
import { productText } from '../../../answering/retrieval/catalogue/facts.ts'
import type { CatalogueDeps, ProductPassage } from './deps.ts'

/** Small, so that neither the loop nor the embedded database's one connection is held for long. */
export const sliceRows = 100

export type ProductIndex = ReturnType<typeof createProductIndex>

/** The products of a version, as passages in the index. */
export function createProductIndex({
  storage,
  replaceProductPassages,
}: Pick<CatalogueDeps, 'storage' | 'replaceProductPassages'>) {
  /** @param onProgress hears how many products have been indexed */
  async function* passagesOf(
    version: number,
    onProgress: (done: number) => void,
  ): AsyncGenerator<ProductPassage> {
    let done = 0
    for await (const rows of slicesOf(storage, version)) {
      yield* rows.map(passageOf)
      done += rows.length
      onProgress(done)
    }
  }

  return {
    fill: (version: number, onProgress: (done: number) => void = () => {}): Promise<void> =>
      replaceProductPassages(passagesOf(version, onProgress), version),
    clear: (): Promise<void> => replaceProductPassages(noPassages(), null),
  }
}

/** A version's products in slices, by their places. */
export async function* slicesOf(storage: Pick<CatalogueStorage, 'slice'>, version: number) {
  for (let from = 0; ; ) {
    const rows = await storage.slice(version, from, sliceRows)
    if (rows.length === 0) return
    yield rows
    from = rows.at(-1)!.position + 1
  }
}

function passageOf(product: Product) {
  return {
    source_id: product.id,
    title: product.name,
    url: product.url,
    text: productText(product, 'en'),
    updated_at: product.updated_at,
  }
}

async function* noPassages(): AsyncGenerator<ProductPassage> {}
