import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ProductInput } from '#protocol/shop/catalogue'
import { serverActor } from '../../../core/call.ts'
import { createActiveVersion } from './active.ts'
import type { CatalogueDeps, CatalogueHandlers, ImportResult } from './deps.ts'
import { createDerivations } from './derivations.ts'
import { createImporter, importHandler } from './import.ts'
import { readRows } from './import-rows.ts'
import { listHandler } from './list.ts'
import { createProductIndex } from './product-index.ts'
import { readCatalogue, readInline } from './read-catalogue.ts'
import { restoreHandler } from './restore.ts'
import { versionsHandler } from './versions.ts'

/** The versions of the shop's products: imported, active, restored, indexed. */
export function catalogueArea(deps: CatalogueDeps) {
  const { storage } = deps
  let importing: Promise<unknown> = Promise.resolve()
  const active = createActiveVersion(storage)
  const index = createProductIndex(deps)
  const parts = { ...deps, active, index, serialized }
  const importVersion = createImporter(parts)
  const { derive, isOutdated, rebuild } = createDerivations(parts)

  function serialized<T>(work: () => Promise<T>): Promise<T> {
    const running = importing.then(work).finally(active.expireLookup)
    importing = running.catch(() => {})
    return running
  }

  const handlers: CatalogueHandlers = {
    'catalogue:import': importHandler(importVersion),
    'catalogue:list': listHandler(deps),
    'catalogue:versions': versionsHandler(deps),
    'catalogue:restore': restoreHandler(parts, derive),
  }

  return {
    handlers,
    readActive: active.read,
    isOutdated,
    rebuild,

    /** The database is another: what was read of the one before does not count. */
    restart(): void {
      active.evictProfile()
      active.expireLookup()
    },

    /** For the command line and the environment: a file whose content is active already changes nothing. */
    async importFile(path: string): Promise<ImportResult> {
      const bytes = new Uint8Array(await readFile(path))
      return importVersion(() => readCatalogue({ bytes, fileName: basename(path) }), {
        demo: false,
        by: serverActor,
        skipIfUnchanged: true,
      })
    },

    /** The demo shop of a first start; the owner's first import removes it. */
    importDemo: (rows: ProductInput[]) =>
      importVersion(() => readInline(readRows(rows)), {
        demo: true,
        by: serverActor,
        skipIfUnchanged: true,
      }),

    /** The owner has begun to import elsewhere: the demo products go. */
    removeDemo: () =>
      serialized(async () => {
        if (await storage.removeDemo()) await index.clear()
      }),

    /** Whether anything was imported yet. */
    isEmpty: async () => (await storage.active()) === null,
  }
}
