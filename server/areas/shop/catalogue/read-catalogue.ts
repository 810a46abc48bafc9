import { createHash } from 'node:crypto'
import type { ProductInput } from '#protocol/shop/catalogue'
import type { NewProduct } from '#storage/shop/import'
import { productTypesOf } from '../../../answering/retrieval/catalogue/product-types.ts'
import {
  type CatalogueProfile,
  numbersOf,
  profileOf,
} from '../../../answering/retrieval/catalogue/profile.ts'
import { openThread } from '../../../core/thread.ts'
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

/** Small, so that on the embedded database's one connection nobody waits long. */
const sliceRows = 100
/** More than this is read in a thread of its own. */
const inlineMaxBytes = 128 * 1024

/** @throws OperationError as `parseBytes` and `readRows` */
export function readCatalogue(input: ImportedBytes): Promise<ReadCatalogue> {
  return input.bytes.byteLength > inlineMaxBytes
    ? readInThread(input)
    : readInline(readRows(parseBytes(input)))
}

export async function readInline(rows: readonly ProductInput[]): Promise<ReadCatalogue> {
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

/** What the thread gives: once what it read, then its rows. */
type ThreadValue = Pick<ReadCatalogue, 'count' | 'hash' | 'profile'> | string

async function readInThread(input: ImportedBytes): Promise<ReadCatalogue> {
  const thread = openThread<ThreadValue>(new URL('./import-worker.ts', import.meta.url), input)
  try {
    const read = (await thread.next()) as Exclude<ThreadValue, string>
    return { ...read, nextRows: () => thread.next() as Promise<string | null>, close: thread.close }
  } catch (error) {
    await thread.close()
    throw error
  }
}
