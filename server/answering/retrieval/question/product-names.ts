import type { Product } from '#protocol'
import { canonicalTerm } from '../lexicon/attributes.ts'
import { isGeneralTerm } from '../lexicon/informative.ts'
import { isStopTerm } from '../lexicon/stopwords.ts'
import { occurrences } from '../text/occurrences.ts'
import { quantities } from '../text/quantities.ts'
import { tokenize } from '../text/tokens.ts'

/** A question as names are looked for in it. */
interface QuestionText {
  terms: ReadonlySet<string>
  text: string
  /** Its words as written, lower case. */
  written: ReadonlySet<string>
}

/** Of the products whose name stands in the text, those with the most of it; each place of the text names one name. */
export function productsNamedIn(text: string, products: readonly Product[]): Product[] {
  const terms = tokenize(text).filter(term => !isStopTerm(term))
  const question: QuestionText = {
    terms: new Set(terms),
    text,
    written: new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu)),
  }
  const matches = products
    .map(product => ({ product, matched: matchedName(product, question) }))
    .filter(({ matched }) => matched !== null)
    .sort((a, b) => b.matched!.length - a.matched!.length)
  const found: Product[] = []
  const used = new Map<string, string>()
  for (const { product, matched } of matches) {
    // A shorter name inside a longer one that was found is not meant ("MacBook" in "MacBook Pro").
    const holder = matched!.map(term => used.get(term))
    const name = matched!.join(' ')
    if (holder.some(other => other === undefined || other === name)) {
      if (holder.every(other => other === undefined || other === name)) found.push(product)
      for (const term of matched!) if (!used.has(term)) used.set(term, name)
    }
  }
  return found
}

/** The part of the name that stands in the text, where it is enough to mean the product. */
function matchedName(product: Product, question: QuestionText): string[] | null {
  const brand = new Set(tokenize(String(product.specs.brand ?? '')))
  const words = product.name.split(/[\s/()]+/).filter(word => !isStopTerm(tokenize(word)[0] ?? ''))
  const matched = words.filter(word => isMentioned(word, question.terms))
  const whole = product.name.toLowerCase()
  // "Hush One": a brand and a word that says nothing by itself.
  if (/[^\p{L}]/u.test(whole) && occurrences(question.text.toLowerCase(), whole).length > 0)
    return lowered(words)
  // "32GB" in a name is no name.
  const isInformative = (word: string) =>
    !brand.has(tokenize(word)[0]!) &&
    !isGeneral(word, product) &&
    quantities(word).every(({ unit }) => unit === null)
  const informative = matched.filter(isInformative)
  if (informative.length === 0)
    return matched.length === words.length && words.length > 1 ? lowered(matched) : null
  // A model id is enough by itself ("GS63VR" of "MSI GS63VR 7RF").
  const isId = (word: string) => /\d/.test(word) && /\p{L}/u.test(word) && word.length >= 4
  const enough =
    informative.some(isId) ||
    (informative.length >= Math.ceil(words.filter(isInformative).length * 0.6) &&
      (matched.length > 1 || words.length === 1 || standsAlone(informative[0]!, question)))
  return enough ? lowered(matched) : null
}

/** One word of a longer name may be an ordinary one ("Writing" of a desk): it must be written so, and as a name or beside nothing else. */
function standsAlone(word: string, { terms, text, written }: QuestionText): boolean {
  if (!written.has(word.toLowerCase())) return false
  if (/^\p{Lu}/u.test(word) && text.indexOf(word) > 0) return true
  const own = new Set(tokenize(word))
  return [...terms].every(term => own.has(term) || isGeneralTerm(term) || canonicalTerm(term).startsWith('='))
}

function lowered(words: string[]): string[] {
  return words.map(word => word.toLowerCase())
}

/** Word by word: every part of a joined one must be there. */
function isMentioned(word: string, question: ReadonlySet<string>): boolean {
  const terms = tokenize(word)
  return terms.length > 0 && terms.every(term => question.has(term))
}

/** Words of the name that say what it is, not which: the category's, and those of any shop. */
function isGeneral(word: string, product: Product): boolean {
  const [term] = tokenize(word)
  return term === undefined || isGeneralTerm(term) || tokenize(product.category ?? '').includes(term)
}

/** Different names in turn, so that many of one do not crowd out the other. */
export function interleaveByName<T extends { name: string }>(products: readonly T[]): T[] {
  const groups = Map.groupBy(products, product => product.name)
  const longest = Math.max(0, ...Array.from(groups.values(), group => group.length))
  return Array.from({ length: longest }, (_, turn) =>
    [...groups.values()].flatMap(group => group[turn] ?? []),
  ).flat()
}

/** The text without the names it gives to these products, so that "Asus" in a name is no condition. */
export function withoutNames(text: string, names: readonly string[]): string {
  const terms = new Set(names.flatMap(name => name.toLowerCase().split(/[\s/()]+/)))
  return text.replace(/[\p{L}\p{N}][\p{L}\p{N}._-]*/gu, word =>
    terms.has(word.toLowerCase().replace(/['’]s$/, '')) ? ' ' : word,
  )
}
