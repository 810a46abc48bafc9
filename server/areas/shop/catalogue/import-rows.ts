import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
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
    return parseJson(new TextDecoder('utf-8').decode(bytes))
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
    return parseJson(text)
  } catch (error) {
    throw new OperationError('UNPROCESSABLE_FILE', `The file is not valid JSON: ${(error as Error).message}`)
  }
}

const longId = /"id"\s*:\s*-?\d{16}/

/** A number above 2^53 as an id is kept as it is written: two of them would be one. */
function parseJson(text: string): unknown {
  if (!longId.test(text)) return JSON.parse(text)
  const keepIds = (key: string, value: unknown, context: { source?: string }) =>
    key === 'id' && typeof value === 'number' && !Number.isSafeInteger(value)
      ? (context.source ?? value)
      : value
  return JSON.parse(text, keepIds as Parameters<typeof JSON.parse>[1])
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

/** A null is an absent field, and text is text: its entities and tags are read, once. */
function flattened(given: unknown): unknown {
  const row = withPlainTexts(given)
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

const optional = ['category', 'url', 'short_description', 'price', 'currency', 'specs']
/** No field may be longer. */
const textMax = 10_000
const texts = ['name', 'category', 'short_description']
const markup =
  /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,31});|<\/?(?:a|b|br|div|em|font|h[1-6]|i|li|ol|p|small|span|strong|sub|sup|table|td|tr|u|ul)\b[^<>]{0,500}>/i

function withPlainTexts(row: unknown): unknown {
  if (!isPlain(row)) return row
  const present = Object.entries(row).filter(([key, value]) => value !== null || !optional.includes(key))
  return Object.fromEntries(
    present.map(([key, value]) => [
      key,
      texts.includes(key) ? plainText(value) : key === 'specs' && isPlain(value) ? plainTexts(value) : value,
    ]),
  )
}

function plainTexts(specs: object): object {
  return Object.fromEntries(Object.entries(specs).map(([key, value]) => [key, plainText(value)]))
}

function plainText(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > textMax || !markup.test(value)) return value
  return textOf(parseFragment(value.replace(/<(?:br|\/p|\/div|\/li|\/h[1-6]|\/tr)\b[^<>]{0,500}>/gi, '$& ')))
    .replace(/\s+/g, ' ')
    .trim()
}

function textOf(node: DefaultTreeAdapterTypes.Node): string {
  if (node.nodeName === '#text') return (node as DefaultTreeAdapterTypes.TextNode).value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function joined(value: unknown): unknown {
  const list = Array.isArray(value) && value.every(part => ['string', 'number'].includes(typeof part))
  return list ? value.join(', ') : value
}
