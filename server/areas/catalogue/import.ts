import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { OperationError } from '#protocol'
import type { ProductInput } from '#protocol/catalogue'
import type { NewProduct } from '#storage/catalogue'
import { productTypesOf } from '../../answering/retrieval/catalogue/product-types.ts'
import { type CatalogueProfile, numbersOf, profileOf } from '../../answering/retrieval/catalogue/profile.ts'
import { type ImportedBytes, parseBytes, readRows } from './import-rows.ts'

/** A catalogue that was read and checked as a whole, with what is derived of it. */
export interface ReadCatalogue {
  count: number
  hash: string
  profile: CatalogueProfile
  /** The next slice of rows, as JSON; null after the last. */
  nextRows(): Promise<string | null>
  close(): Promise<void>
}

/** What the worker answers, in this order: once what it read, then a slice each time it is asked. */
export type WorkerAnswer =
  | { read: Pick<ReadCatalogue, 'count' | 'hash' | 'profile'> }
  | { rows: string | null }
  | { refused: { code: OperationError['code']; message: string; details?: unknown } }

/** Small, so that on the embedded database's one connection nobody waits long. */
const sliceRows = 100
/** More than this is read in a thread of its own. */
const inlineMaxBytes = 128 * 1024
const workerHeapMb = 384

/** @throws OperationError as `parseBytes` and `readRows` */
export function readCatalogue(given: ImportedBytes): Promise<ReadCatalogue> {
  return given.bytes.byteLength > inlineMaxBytes ? readInWorker(given) : readHere(readRows(parseBytes(given)))
}

export async function readHere(rows: readonly ProductInput[]): Promise<ReadCatalogue> {
  const read = derive(rows)
  return { ...read, nextRows: async () => read.nextRows(), close: async () => {} }
}

/** All that is derived of checked rows. */
export function derive(rows: readonly ProductInput[]) {
  let at = 0
  return {
    count: rows.length,
    hash: hashOf(rows),
    profile: profileOf(rows),
    nextRows(): string | null {
      const slice = rows.slice(at, at + sliceRows)
      const from = at
      at += sliceRows
      if (slice.length === 0) return null
      return JSON.stringify(
        slice.map((row, index): NewProduct => ({ ...row, ...derivedOf(row), position: from + index })),
      )
    },
  }
}

/** What is stored of a product besides what its owner gave. */
export function derivedOf(row: Pick<ProductInput, 'name' | 'category' | 'short_description' | 'specs'>) {
  return { numbers: numbersOf(row.specs), kinds: productTypesOf(row) }
}

/** Of the JSON of all rows, made row by row. */
function hashOf(rows: readonly ProductInput[]): string {
  const hash = createHash('sha256').update('[')
  for (const [at, row] of rows.entries()) hash.update(`${at > 0 ? ',' : ''}${JSON.stringify(row)}`)
  return hash.update(']').digest('hex')
}

async function readInWorker(given: ImportedBytes): Promise<ReadCatalogue> {
  const worker = new Worker(new URL('./import-worker.ts', import.meta.url), {
    workerData: given,
    resourceLimits: { maxOldGenerationSizeMb: workerHeapMb },
  })
  const answer = async (): Promise<WorkerAnswer> => {
    const [message] = (await once(worker, 'message')) as [WorkerAnswer]
    return message
  }
  try {
    const first = await answer()
    if ('refused' in first)
      throw new OperationError(first.refused.code, first.refused.message, first.refused.details)
    if (!('read' in first)) throw new Error('The import worker answered out of turn.')
    return {
      ...first.read,
      async nextRows() {
        const next = answer()
        worker.postMessage('next')
        const slice = await next
        return 'rows' in slice ? slice.rows : null
      },
      close: async () => void (await worker.terminate()),
    }
  } catch (error) {
    await worker.terminate()
    if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY')
      throw new OperationError('PAYLOAD_TOO_LARGE', 'The catalogue takes too much memory to be read.')
    throw error
  }
}
