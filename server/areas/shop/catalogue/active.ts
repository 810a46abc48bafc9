import type { CatalogueStorage } from '#storage/shop/catalogue'
import type { VersionRow } from '#storage/shop/versions'
import type { CatalogueProfile } from '../../../answering/retrieval/catalogue/profile.ts'
import { readerOf } from '../../../answering/retrieval/question/text-filters.ts'
import type { ActiveCatalogue } from './ports.ts'

const activeVersionCacheMs = 250

export type ActiveVersion = ReturnType<typeof createActiveVersion>

/** The version that is active, and its profile. */
export function createActiveVersion(storage: Pick<CatalogueStorage, 'active' | 'profile'>) {
  let cached: ActiveCatalogue | null = null
  let lastLookup: { at: number; active: Promise<VersionRow | null> } | null = null

  /** Read once per version. */
  async function read(): Promise<ActiveCatalogue | null> {
    const active = await activeVersion()
    if (active === null) return null
    if (cached?.version === active.version) return cached
    // A version of before there were kinds has none.
    const stored = (await storage.profile(active.version)) as CatalogueProfile
    const profile = { ...stored, kinds: stored.kinds ?? {} }
    cached = {
      version: active.version,
      demo: active.demo,
      profile: { ...profile, reader: readerOf(profile) },
    }
    return cached
  }

  /** Which version is active, asked once for all questions of a moment: imports of other nodes are seen that much later. */
  function activeVersion(): Promise<VersionRow | null> {
    if (lastLookup && performance.now() - lastLookup.at < activeVersionCacheMs) return lastLookup.active
    const active = storage.active()
    lastLookup = { at: performance.now(), active }
    active.catch(() => {
      lastLookup = null
    })
    return active
  }

  return {
    read,
    /** Another version may be active now. */
    expireLookup(): void {
      lastLookup = null
    },
    /** The version has another profile. */
    evictProfile(): void {
      cached = null
    },
  }
}
