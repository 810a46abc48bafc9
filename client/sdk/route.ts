import { apiPath } from '#protocol/core/routes'

interface FilledRoute {
  method: string
  /** Below the address of the server. */
  path: string
  /** What of the input is not in the path. */
  rest: Record<string, unknown>
}

const field = /\{(\w+)\}/g

/**
 * A binding with its path filled in from the input: `PUT /admin/users/{id}` with `{ id: 7, name }` leaves `{ name }`. Of several it is the one that takes
 * the most from the input: what changes a thing before what makes one.
 */
export function fillRoute(bindings: readonly string[], input: object): FilledRoute {
  const rest: Record<string, unknown> = { ...input }
  const fieldsOf = (binding: string) => [...binding.matchAll(field)].map(([, name]) => name as string)
  const [chosen = ''] = bindings
    .filter(binding => fieldsOf(binding).every(name => rest[name] !== undefined))
    .sort((a, b) => fieldsOf(b).length - fieldsOf(a).length)
  const [method = '', template = ''] = chosen.split(' ')
  const path = template.replace(field, (_, name) => {
    const value = String(rest[name])
    delete rest[name]
    return encodeURIComponent(value)
  })
  return { method, path: apiPath + path, rest }
}
