import type { Language } from '#protocol'
import { readKey } from '../retrieval/catalogue/columns.ts'
import { type Fact, factsOf, labelOf } from '../retrieval/catalogue/facts.ts'
import { profileOf } from '../retrieval/catalogue/profile.ts'
import { satisfies, sortValue } from '../retrieval/catalogue/satisfies.ts'
import type { Evidence } from '../retrieval/evidence.ts'
import { attributes } from '../retrieval/lexicon/attributes.ts'
import { isGeneralTerm } from '../retrieval/lexicon/informative.ts'
import { attributeMentions, comparedKeys } from '../retrieval/question/column-mentions.ts'
import { type Constraints, readConstraints } from '../retrieval/question/constraints.ts'
import { withoutNames } from '../retrieval/question/product-names.ts'
import { type Reading, readInstead } from '../retrieval/question/reading.ts'
import type { PassageCache } from './candidates.ts'
import { joinQuotes, quotesFor } from './documents.ts'
import { literal } from './literal.ts'
import type { Phrases } from './phrases.ts'

type ProductEvidence = Evidence & { product: NonNullable<Evidence['product']> }

/** A product among the sources, with its source's number. */
export interface Shown extends ProductEvidence {
  number: number
}

export interface ProductAnswer {
  text: string
  /** It answers what was asked about the products, not merely something near it. */
  sure: boolean
  /** Attributes of the columns it tells. */
  policies: string[]
}

const listMax = 4
const factsMax = 4
/** From this score on a product is one the question names or leans on. */
export const namedScore = 0.9
/** Below this a product is only of the kind that is asked for. */
const fittingScore = 0.6
export function shownProducts(evidence: readonly Evidence[]): Shown[] {
  return evidence.flatMap((one, at) =>
    one.product ? [{ ...one, product: one.product, number: at + 1 }] : [],
  )
}

/** An answer from the columns of the products among the evidence; null where the question is not about them. */
export function answerFromProducts(
  question: Reading,
  shown: readonly Shown[],
  { say, passages }: Pick<AnswerInput, 'say' | 'passages'>,
): ProductAnswer | null {
  if (shown.length === 0) return null
  const named = shown.filter(({ score }) => score >= namedScore)
  const text = withoutNames(
    question.text,
    named.flatMap(({ title, source_id }) => [title, source_id]),
  )
  const constraints =
    shown[0]!.constraints ?? readConstraints(text, profileOf(shown.map(({ product }) => product)))
  const reading = text === question.text ? question : readInstead(question, text)
  const input = { reading, constraints, say, passages }
  const body = named.length > 0 ? aboutNamed(named, input) : aboutFound(shown, input)
  return (
    body && {
      text: [...notesOn(constraints, shown[0]!.product.currency?.toUpperCase(), say), body.text].join(' '),
      sure: body.sure,
      policies: policiesAnswered(constraints),
    }
  )
}

/** Policies of the shop that a column answers: the warranty of this one. */
function policiesAnswered({ askedKeys }: Constraints): string[] {
  return askedKeys.flatMap(key => readKey(key).attribute?.id ?? [])
}

type Body = Omit<ProductAnswer, 'policies'>

interface AnswerInput {
  /** Without the names of the products. */
  reading: Reading
  constraints: Constraints
  say: Phrases
  passages: PassageCache
}

function aboutFound(shown: readonly Shown[], { reading, constraints, say }: AnswerInput): Body | null {
  const { language, terms, asks } = reading
  const fitting = shown.filter(({ product }) => satisfies(product, constraints.filters))
  if (fitting.length === 0) return null
  const conditional = constraints.filters.length > 0 || constraints.sort !== null
  if (
    fitting.length === 1 &&
    !conditional &&
    !constraints.productTypes.named &&
    fitting[0]!.score < namedScore
  )
    return { text: `${say.catalogueSays}\n${summary(fitting[0]!, language, say)}`, sure: false }
  const general = !conditional && terms.every(isGeneralTerm)
  if (!conditional && !general && fitting.every(({ score }) => score < fittingScore))
    return { text: list(fitting, constraints, language, { say, lead: say.ofKind }), sure: false }
  const sought = constraints.productTypes.named && asks.wish
  const lead =
    general || constraints.foreignCurrency ? say.some : say.fitting(Math.min(listMax, fitting.length))
  return {
    text: list(fitting, constraints, language, { say, lead }),
    sure: conditional || general || sought || constraints.foreignCurrency !== null,
  }
}

function notesOn({ foreignCurrency, unknown }: Constraints, own: string | undefined, say: Phrases): string[] {
  const notes = foreignCurrency && own ? [say.foreignCurrency(foreignCurrency, own)] : []
  return unknown.length > 0 ? [...notes, say.unlisted(unknown.join(', '))] : notes
}

function aboutNamed(named: Shown[], { reading, constraints, say, passages }: AnswerInput): Body {
  const { language, terms, asks } = reading
  const names = new Set(named.map(({ title }) => title))
  const keys = keysInQuestion(reading, named, constraints)
  if (names.size > 1) return { text: comparison(named, keys, language, say), sure: true }
  const first = named[0]!
  if (keys.length === 0) {
    // What no column says the description may.
    const quotes = quotesFor(reading, named, passages)
    if (quotes.length > 0) return { text: joinQuotes(quotes, say), sure: true }
  }
  const missing = missingAttributes(reading, named)
  if (keys.length === 0 && missing.length > 0) {
    const labels = missing.map(one => say.inline(one.label[language])).join(', ')
    return { text: say.unlisted(`${literal(first.title)}, ${labels}`), sure: false }
  }
  if (constraints.sort)
    return { text: list(named, constraints, language, { say, lead: say.fitting(1) }), sure: true }
  if (named.length > 1) return { text: listVariants(named, keys, language, say), sure: true }
  if (keys.length === 0) {
    const plain = terms.every(isGeneralTerm)
    const lead = plain ? '' : say.catalogueSays + say.space
    return { text: lead + summary(first, language, say), sure: plain }
  }
  const whether = constraints.filters.length > 0 && asks.whether
  const verdict = whether
    ? (satisfies(first.product, constraints.filters) ? say.yes : say.no) + say.space
    : ''
  return { text: verdict + factLine(first, keys, language, say), sure: true }
}

/** Columns that are named, limited or compared ("cheaper", "更轻"). */
function keysInQuestion(
  { text, asks }: Reading,
  named: Shown[],
  { askedKeys, filters, sort }: Constraints,
): string[] {
  const profile = profileOf(named.map(({ product }) => product))
  const keys = [
    ...askedKeys,
    ...filters.map(filter => filter.key),
    ...(sort ? [sort.key] : []),
    ...comparedKeys(text, profile).slice(0, 1),
  ]
  return [...new Set(keys)].filter(key => key !== 'category' || asks.category)
}

/** What the question names in the vocabulary's words and none of the products has a column for. */
function missingAttributes({ text, policies }: Reading, named: Shown[]) {
  const keys = named.flatMap(({ product }) => ['price', 'category', ...Object.keys(product.specs)])
  const known = new Set(keys.map(key => readKey(key).attribute?.id))
  const mentioned = new Set(attributeMentions(text).flatMap(mention => mention.keys))
  return attributes.filter(
    ({ id }) =>
      mentioned.has(id) && !known.has(id) && !policies.includes(id) && id !== 'model' && id !== 'size',
  )
}

/** "The weight of the X is 1.37 kg [1]." for one fact, "X: price €575, memory 8 GB [1]." for several. */
function factLine(one: Shown, keys: string[], language: Language, say: Phrases): string {
  const facts = factsOf(one.product, language).filter(fact => keys.includes(fact.key))
  const [only, ...others] = facts
  if (!only) return summary(one, language, say)
  if (others.length > 0 || yesOrNo.test(only.value)) return line(one, facts, say)
  return say.fact(literal(one.title), say.inline(only.label), literal(only.value), markOf(one))
}

function summary(one: Shown, language: Language, say: Phrases): string {
  return line(one, factsOf(one.product, language).slice(0, factsMax + 1), say)
}

function line(one: Shown, facts: Fact[], say: Phrases): string {
  const parts = facts.map(({ label, value }) =>
    (yesOrNo.test(value) ? say.answered : say.valued)(say.inline(label), literal(value)),
  )
  return say.facts(literal(one.title), parts, markOf(one))
}

function markOf({ number }: Shown): string {
  return `[${number}]`
}

const yesOrNo = /^(?:yes|no|是|否)$/

interface Leading {
  say: Phrases
  lead: string
}

function list(
  shown: Shown[],
  { filters, sort }: Constraints,
  language: Language,
  { say, lead }: Leading,
): string {
  const keys = new Set([...(sort ? [sort.key] : []), 'price', ...filters.map(filter => filter.key)])
  const sorted = sort ? inOrder(shown, sort) : shown
  const lines = sorted.slice(0, listMax).map(one => `- ${line(one, chosenFacts(one, keys, language), say)}`)
  if (!sort) return `${lead}\n${lines.join('\n')}`
  const [winner, ...others] = lines
  const label = say.inline(labelOf(sort.key, language))
  const extreme = say.extreme(readKey(sort.key).attribute, sort.direction === 'ascending')
  const best = `${say.best(label, extreme)}\n${winner}`
  return others.length > 0 ? `${best}\n\n${say.next}\n${others.slice(0, 2).join('\n')}` : best
}

function inOrder(shown: Shown[], sort: NonNullable<Constraints['sort']>): Shown[] {
  const sign = sort.direction === 'ascending' ? 1 : -1
  const value = ({ product }: Shown) => sortValue(product, sort) ?? sign * Number.POSITIVE_INFINITY
  return [...shown].sort((a, b) => sign * (value(a) - value(b)) || 0)
}

function chosenFacts(one: Shown, keys: ReadonlySet<string>, language: Language): Fact[] {
  const facts = factsOf(one.product, language)
  const chosen = [...keys].flatMap(key => facts.find(fact => fact.key === key) ?? []).slice(0, factsMax)
  return chosen.length > 0 ? chosen : facts.slice(0, factsMax)
}

/** Several of one name, told apart by the columns they differ in. */
function listVariants(variants: Shown[], keys: string[], language: Language, say: Phrases): string {
  const shown = variants.slice(0, listMax)
  const informative = differing(shown, language)
    .filter(key => key !== 'price' && !keys.includes(key))
    .slice(0, 2)
  const lines = shown.map(one => {
    const facts = factsOf(one.product, language)
    const listed = [...(keys.length > 0 ? keys : ['price']), ...informative].flatMap(
      key => facts.find(fact => fact.key === key) ?? [],
    )
    return `- ${line(one, listed, say)}`
  })
  return `${say.variants(variants.length, literal(shown[0]!.title))}\n${lines.join('\n')}`
}

function differing(shown: Shown[], language: Language): string[] {
  const values = new Map<string, Set<string>>()
  for (const { product } of shown)
    for (const { key, value } of factsOf(product, language))
      values.set(key, (values.get(key) ?? new Set()).add(value))
  return [...values]
    .filter(([, different]) => different.size > 1)
    .sort((a, b) => b[1].size - a[1].size)
    .map(([key]) => key)
}

/** One product of each name, with what was asked about, else with what differs (law A3: the columns' own values). */
function comparison(named: Shown[], requestedKeys: string[], language: Language, say: Phrases): string {
  const each = named
    .filter((one, at) => named.findIndex(other => other.title === one.title) === at)
    .slice(0, listMax)
  const different = differing(each, language).filter(key => !['price', 'category', 'brand'].includes(key))
  const keys = new Set(
    requestedKeys.length > 0 ? requestedKeys : ['price', ...different.slice(0, factsMax + 1)],
  )
  const facts = (one: Shown) => factsOf(one.product, language).filter(fact => keys.has(fact.key))
  const lines = each.map(one => `- ${line(one, facts(one), say)}`)
  return `${say.comparison}\n${lines.join('\n')}`
}
