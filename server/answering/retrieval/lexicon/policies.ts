import { attributes } from './attributes.ts'
import { informativeTerms } from './informative.ts'

/** What shops have policies about: of the attributes, those that products rarely have a column for. */
export const policies = ['delivery', 'return', 'refund', 'payment', 'warranty'] as const

const unspacedNames = policies.map(policy => ({
  policy,
  names: attributes.find(({ id }) => id === policy)!.words.filter(word => /[\p{Script=Han} ]/u.test(word)),
}))

/** The policies a text names. */
export function policiesNamed(text: string): string[] {
  const terms = new Set(informativeTerms(text))
  const plain = text.toLowerCase()
  return unspacedNames
    .filter(({ policy, names }) => terms.has(`=${policy}`) || names.some(name => plain.includes(name)))
    .map(({ policy }) => policy)
}
