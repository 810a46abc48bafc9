import * as v from 'valibot'
import { type FieldProblem, OperationError } from '#protocol'
import { type ProductInput, productInput } from '#protocol/shop/catalogue'

export const importMaxBytes = 10 * 1024 * 1024
const problemsMax = 100

/** A catalogue as it came in. */
export interface ImportedBytes {
  bytes: Uint8Array
  /** Null for the body of a request. */
  fileName: string | null
}

/** The JSON that came in. @throws OperationError as `parseFile`, or VALIDATION_ERROR for a body that is none */
export function parseBytes({ bytes, fileName }: ImportedBytes): unknown {
  if (fileName !== null) return parseFile(bytes, fileName)
  try {
    return JSON.parse(new TextDecoder('utf-8').decode(bytes))
  } catch {
    throw new OperationError('VALIDATION_ERROR', 'The body is not valid JSON.', [
      { field: '', reason: 'is not valid JSON' },
    ])
  }
}

/** The JSON a file holds. @throws OperationError UNPROCESSABLE_FILE, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE */
export function parseFile(bytes: Uint8Array, name: string): unknown {
  if (bytes.byteLength > importMaxBytes)
    throw new OperationError('PAYLOAD_TOO_LARGE', 'A catalogue file may have at most 10 MB.')
  if (/\.(?:csv|tsv|xlsx?|ods|xml|ya?ml|pdf|zip|gz)$/i.test(name))
    throw new OperationError('UNSUPPORTED_MEDIA_TYPE', 'A catalogue is a JSON file.')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new OperationError('UNPROCESSABLE_FILE', 'The file is not UTF-8 text.')
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new OperationError('UNPROCESSABLE_FILE', `The file is not valid JSON: ${(error as Error).message}`)
  }
}

/**
 * Checks every product of an import: an array, or an object with `products` or `items`. A nested object in `specs` is
 * flattened by one level, a list of texts or numbers becomes one text.
 * @throws OperationError VALIDATION_ERROR naming at most 100 fields like "17.price"
 */
export function readRows(data: unknown): ProductInput[] {
  const rows = listOf(data)
  const problems: FieldProblem[] = []
  const products: ProductInput[] = []
  const seen = new Map<string, number>()
  for (const [index, row] of rows.entries()) {
    if (problems.length >= problemsMax) break
    const result = v.safeParse(productInput, flattened(row))
    if (!result.success) {
      problems.push(...result.issues.map(issue => problemOf(index, issue)))
      continue
    }
    const first = seen.get(result.output.id)
    if (first !== undefined) problems.push({ field: `${index}.id`, reason: `is that of row ${first} too` })
    seen.set(result.output.id, first ?? index)
    products.push(result.output)
  }
  if (problems.length > 0) throw refuse(problems.slice(0, problemsMax))
  return products
}

function listOf(data: unknown): unknown[] {
  const holder = data as { products?: unknown; items?: unknown } | null
  const rows = Array.isArray(data) ? data : (holder?.products ?? holder?.items)
  if (!Array.isArray(rows)) throw refuse([{ field: '', reason: 'must be a list of products' }])
  if (rows.length === 0) throw refuse([{ field: '', reason: 'must hold at least one product' }])
  return rows
}

function refuse(problems: FieldProblem[]): OperationError {
  const [first] = problems
  const message = `The catalogue was not imported: ${first!.field || 'it'} ${first!.reason}.`
  return new OperationError('VALIDATION_ERROR', message, problems)
}

function problemOf(index: number, issue: v.BaseIssue<unknown>): FieldProblem {
  const path = v.getDotPath(issue)
  const missing = issue.received === 'undefined' ? 'is missing' : null
  const reason =
    missing ??
    (issue.path?.some(part => part.key === 'specs') && issue.type === 'union'
      ? 'must be a text, a number, true, false or null'
      : issue.message.replace(/^Invalid /, 'invalid '))
  return { field: path ? `${index}.${path}` : String(index), reason }
}

function flattened(row: unknown): unknown {
  const specs = (row as { specs?: unknown } | null)?.specs
  if (typeof specs !== 'object' || specs === null || Array.isArray(specs)) return row
  const flat: [string, unknown][] = []
  for (const [key, value] of Object.entries(specs)) {
    if (isPlain(value))
      flat.push(
        ...Object.entries(value).map(
          ([inner, part]) => [`${key}_${inner}`, joined(part)] as [string, unknown],
        ),
      )
    else flat.push([key, joined(value)])
  }
  return { ...(row as object), specs: Object.fromEntries(flat) }
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function joined(value: unknown): unknown {
  const list = Array.isArray(value) && value.every(part => ['string', 'number'].includes(typeof part))
  return list ? value.join(', ') : value
}
