import { invalid, OperationError } from '#protocol'
import type { Actor } from '#storage/identity/audit'
import { derivation } from '../../../answering/retrieval/derivation.ts'
import { actorOf, type UploadedFile } from '../../../core/call.ts'
import type { CatalogueHandlers, CatalogueParts, ImportResult } from './deps.ts'
import { createImportProgress, type ImportProgress } from './import-progress.ts'
import type { ImportedBytes } from './import-rows.ts'
import { sliceRows } from './product-index.ts'
import { type ReadCatalogue, readCatalogue } from './read-catalogue.ts'

interface Importing {
  demo: boolean
  by: Actor
  /** The same content as the active version makes no new one. */
  skipIfUnchanged: boolean
}

export type ImportVersion = ReturnType<typeof createImporter>

export function importHandler(importVersion: ImportVersion): CatalogueHandlers['catalogue:import'] {
  return ({ file, body }, call) =>
    importVersion(() => readCatalogue(file === undefined ? bodyOf(body) : readUpload(file)), {
      demo: false,
      by: actorOf(call),
      skipIfUnchanged: false,
    })
}

/** Imports what is read as a new version, one after the other, and tells staff how far it is. */
export function createImporter({
  storage,
  active,
  index,
  serialized,
  removeDemo,
  progress,
  clock,
}: CatalogueParts) {
  /** A version becomes active once all of it is stored; nothing has changed if it does not. */
  async function importCatalogue(
    read: ReadCatalogue,
    { demo, by, skipIfUnchanged }: Importing,
    progress: ImportProgress,
  ): Promise<ImportResult> {
    const { count, hash, profile } = read
    const current = await storage.active()
    if (skipIfUnchanged && current?.hash === hash) return { count: current.count, version: current.version }
    const version = await storage.stage({ count, demo, hash, profile, derivation, by })
    try {
      let stored = 0
      for (let rows = await read.nextRows(); rows !== null; rows = await read.nextRows()) {
        await storage.addProducts(version, rows)
        stored += sliceRows
        progress.setProgress(stored / count / 2)
      }
      await storage.publish(version, { count, demo, by })
    } catch (error) {
      await storage.removeVersion(version).catch(() => {})
      throw error
    }
    active.expireLookup()
    await index.fill(version, done => progress.setProgress((1 + done / count) / 2))
    await storage.removeAbandoned()
    if (!demo) await removeDemo()
    return { count, version }
  }

  return (readInput: () => Promise<ReadCatalogue>, importing: Importing): Promise<ImportResult> =>
    serialized(async () => {
      const importProgress = createImportProgress(progress, clock)
      importProgress.setProgress(0)
      let read: ReadCatalogue | null = null
      try {
        read = await readInput()
        const result = await importCatalogue(read, importing, importProgress)
        importProgress.done()
        return result
      } catch (error) {
        importProgress.fail(
          error instanceof OperationError ? error.message : 'An internal error; the server log has it.',
        )
        throw error
      } finally {
        await read?.close()
      }
    })
}

function bodyOf(body: unknown): ImportedBytes {
  if (body === undefined) throw invalid('file', 'is missing')
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body))
  return { bytes, fileName: null }
}

function readUpload(file: unknown): ImportedBytes {
  const { bytes, name } = (file ?? {}) as Partial<UploadedFile>
  if (!(bytes instanceof Uint8Array)) throw invalid('file', 'must be a file')
  return { bytes, fileName: typeof name === 'string' ? name : '' }
}
