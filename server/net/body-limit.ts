import { type HttpBinding, OperationError, type Role, roleAtLeast } from '#protocol'
import { smallBodyBytes } from './body-budget.ts'

/** Of a route whose operation takes nothing but what stands in its path. */
const emptyBytes = 1024
const signedInBytes = 262_144
const staffBytes = 1_048_576
/** A document or a catalogue of 10 MB in its wrapping. */
const fileBytes = 11_000_000

/** How long a body may be, in bytes, for who sends it. @param fields of the operation's input */
export function bodyLimit(fields: readonly string[], binding: HttpBinding, role: Role): number {
  if (binding.body === 'multipart') return binding.maxBytes ?? fileBytes
  const implied = [...Object.keys(binding.fixed ?? {}), ...pathFields(binding.path)]
  if (fields.every(field => implied.includes(field))) return emptyBytes
  if (roleAtLeast(role, 'agent')) return staffBytes
  return roleAtLeast(role, 'visitor') ? signedInBytes : smallBodyBytes
}

function pathFields(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1]!)
}

/** Deeper than any valid input. */
const maxDepth = 32

/** Counted on the bytes, before anything is made of them. @throws OperationError VALIDATION_ERROR */
export function assertShallowJson(bytes: Uint8Array): void {
  let depth = 0
  let quoted = false
  for (let at = 0; at < bytes.length; at++) {
    const sign = bytes[at]
    if (quoted) {
      if (sign === 0x5c) at++
      else if (sign === 0x22) quoted = false
    } else if (sign === 0x22) quoted = true
    else if (sign === 0x5b || sign === 0x7b) {
      if (++depth > maxDepth) throw invalidBody(`must not be nested more than ${maxDepth} levels deep`)
    } else if (sign === 0x5d || sign === 0x7d) depth--
  }
}

/** What is wrong with a body as a whole. */
export function invalidBody(reason: string): OperationError {
  return new OperationError('VALIDATION_ERROR', `The body ${reason}.`, [{ field: '', reason }])
}
