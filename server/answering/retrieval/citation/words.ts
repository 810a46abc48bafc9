import { canonicalTerm } from '../lexicon/attributes.ts'
import { tokenize } from '../text/tokens.ts'
import { compact, type Licence } from './facts.ts'

export const han = /^\p{Script=Han}+$/u

/** Chinese words by their signs: 1 where they stand as written, less where only all their signs do. */
export function spelled(id: string, licences: readonly Licence[]): number {
  if (!han.test(id)) return 0
  if (licences.some(({ plain }) => plain.includes(id))) return 1
  return id.length > 1 && [...id].every(sign => licences.some(({ plain }) => plain.includes(sign))) ? 0.5 : 0
}

export function hasName(name: string, licences: readonly Licence[]): boolean {
  return (
    licences.some(licence => licensesName(name, licence)) ||
    (/\s/.test(name) === false &&
      tokenize(name).every(term => licences.some(({ tokens }) => tokens.has(term))) &&
      !/^\p{Lu}{1,6}$/u.test(name))
  )
}

function licensesName(name: string, { tokens, letters, plain, compact: row, ids }: Licence): boolean {
  if (name.length === 1) return letters.has(name)
  if (/^\p{Lu}{2,6}$/u.test(name) && tokenize(name)[0] !== name.toLowerCase())
    return hasWord(plain, name.toLowerCase())
  const terms = tokenize(name)
  if (!/\s/.test(name) && terms.every(term => tokens.has(term))) return true
  const general = terms.length === 1 ? canonicalTerm(terms[0]!) : ''
  if (general !== terms[0] && ids.has(general)) return true
  if (!/\d/.test(name)) return false
  // "XPS13" for "XPS 13", and "Windows 10" in its order; no digit may follow or "MX15" would be in "MX150".
  const target = compact(name)
  for (let at = row.indexOf(target); at >= 0; at = row.indexOf(target, at + 1))
    if (
      !/\d/.test(row[at + target.length] ?? '') &&
      !/\d/.test(at > 0 && /^\d/.test(target) ? row[at - 1]! : '')
    )
      return true
  return false
}

/** Part of the same word: Chinese signs stand beside Latin words without a blank. */
const joins = /(?!\p{Script=Han})[\p{L}\p{N}]/u

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!joins.test(text[at - 1] ?? '') && !joins.test(text[at + word.length] ?? '')) return true
  return false
}
