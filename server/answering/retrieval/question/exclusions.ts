import type { Product } from '#protocol'
import { negation } from '../lexicon/negation.ts'
import { isStopTerm } from '../lexicon/stopwords.ts'
import { toSimplified } from '../text/simplified.ts'
import { tokenize } from '../text/tokens.ts'

/** What is ruled out, as written, and where it stands. */
export interface Exclusion {
  text: string
  start: number
  end: number
}

/** Longer is no list of things. */
const scopeMax = 80

/** What a question rules out: "not black or grey", "anything except A and B", "不要羊毛的". Limits ("no more than") rule out nothing. */
export function exclusionsIn(text: string): Exclusion[] {
  const innocent = [...text.matchAll(negation.innocent)].map(
    ({ index, 0: { length } }) => [index, index + length] as const,
  )
  const found: Exclusion[] = []
  for (const match of text.matchAll(negation.rulesOut)) {
    const { index } = match
    if (innocent.some(([from, to]) => index >= from && index < to)) continue
    const start = index + match[0].length
    if (found.some(one => one.end > index)) continue
    const rest = text.slice(start, start + scopeMax)
    const end = negation.scopeEnd.exec(rest)?.index ?? rest.length
    found.push(...itemsIn(rest.slice(0, end), start))
  }
  return found
}

const coordination = new RegExp(`(${negation.coordination.source})`, 'iu')
const onlyCoordination = new RegExp(`^(?:${negation.coordination.source})$`, 'iu')

function itemsIn(scope: string, offset: number): Exclusion[] {
  let at = 0
  const items: Exclusion[] = []
  for (const part of scope.split(coordination)) {
    const text = part.trim().replace(negation.article, '')
    const isThing =
      text.length > 0 && tokenize(text).some(term => !isStopTerm(term)) && !onlyCoordination.test(part)
    if (isThing)
      items.push({
        text,
        start: offset + at + part.indexOf(text),
        end: offset + at + part.indexOf(text) + text.length,
      })
    at += part.length
  }
  return items
}

/** What a product says in words, one text a line. */
function wordsOf({ name, category, short_description, specs }: Product): string {
  const values = Object.values(specs).filter(value => typeof value === 'string')
  return toSimplified([name, category ?? '', short_description, ...values].join('\n'))
}

/** Whether a text has all words of what is ruled out; Chinese ones as they are written. */
function namesIn(text: string): (excluded: string) => boolean {
  const terms = new Set(tokenize(text))
  return excluded =>
    /\p{Script=Han}/u.test(excluded)
      ? text.includes(excluded)
      : tokenize(excluded)
          .filter(term => !isStopTerm(term))
          .every(term => terms.has(term))
}

/** Whether a product says itself that it has none of what is ruled out: "caffeine-free", "不含咖啡因". */
export function saysItHasNone(product: Product, excluded: readonly string[]): boolean {
  if (excluded.length === 0) return false
  const words = wordsOf({ ...product, category: null })
  return excluded.every(namesIn(words.match(negation.hasNone)?.join('\n') ?? ''))
}

/** Whether name, kind, description or a column of a product has all words of what is ruled out. */
export function isExcluded(product: Product, excluded: readonly string[]): boolean {
  if (excluded.length === 0) return false
  // "Gluten-free" and "no palm oil" have none of it.
  return excluded.some(namesIn(wordsOf(product).replace(negation.hasNone, ' ')))
}
