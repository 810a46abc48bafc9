import { createProfiler } from '../../../answering/retrieval/catalogue/profile.ts'
import { derivation } from '../../../answering/retrieval/derivation.ts'
import { yieldToLoop } from '../../../core/turns.ts'
import type { CatalogueParts } from './deps.ts'
import { slicesOf } from './product-index.ts'
import { derivedOf } from './read-catalogue.ts'

/** What answers are found by: derived of a version's products, and their index. */
export function createDerivations({ storage, active, index, indexedProducts, serialized }: CatalogueParts) {
  /** What is derived of a version's products is made anew, in slices; each serves as it was until it is new. */
  async function derive(version: number, signal?: AbortSignal): Promise<void> {
    const profiler = createProfiler()
    for await (const rows of slicesOf(storage, version)) {
      signal?.throwIfAborted()
      const derived = rows.map(row => ({ id: row.id, ...derivedOf(row) }))
      for (const [at, row] of rows.entries()) profiler.add(row, derived[at]!.kinds)
      await storage.setDerived(version, derived)
      await yieldToLoop()
    }
    await storage.setProfile(version, profiler.profile(), derivation)
    active.evictProfile()
  }

  /** Whether an older derivation made what answers are found by, or the index was made of another version. */
  async function isOutdated(): Promise<boolean> {
    const current = await storage.active()
    const indexed = await indexedProducts()
    if (current === null) return indexed.version !== null
    return (
      current.derivation < derivation ||
      indexed.derivation < derivation ||
      indexed.version !== current.version
    )
  }

  return {
    derive,
    isOutdated,

    /** Derives and indexes the active version's products anew; with `outdatedOnly` where that is due. */
    rebuild: (signal: AbortSignal, { outdatedOnly }: { outdatedOnly: boolean }): Promise<void> =>
      serialized(async () => {
        if (outdatedOnly && !(await isOutdated())) return
        const current = await storage.active()
        if (current === null) return index.clear()
        await derive(current.version, signal)
        await index.fill(current.version)
        await storage.removeAbandoned()
      }),
  }
}
