import { readKey } from '../retrieval/catalogue/columns.ts'
import { labelOf } from '../retrieval/catalogue/facts.ts'
import { profileOf } from '../retrieval/catalogue/profile.ts'
import { satisfies } from '../retrieval/catalogue/satisfies.ts'
import type { Evidence } from '../retrieval/evidence.ts'
import { informativeTerms, isGeneralTerm } from '../retrieval/lexicon/informative.ts'
import { kindOfMeaning, termsOf } from '../retrieval/lexicon/meanings.ts'
import { attributesAsked, dimensionsAsked } from '../retrieval/question/answer-type.ts'
import { comparedKeys } from '../retrieval/question/column-mentions.ts'
import { type Constraints, readConstraints } from '../retrieval/question/constraints.ts'
import { type Reading, readInstead } from '../retrieval/question/reading.ts'
import { comparedSort } from '../retrieval/question/superlatives.ts'
import { withoutNames } from '../retrieval/question/without-names.ts'
import type { PassageCache } from './candidates.ts'
import { describe } from './description.ts'
import { joinQuotes } from './documents.ts'
import { comparison, factLine, inOrder, list, listMax, listVariants, markOf, summary } from './lists.ts'
import { literal } from './literal.ts'
import { extremeOption, optionHolding, optionIn } from './options.ts'
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
  /** It lists what fits, none of which was named. */
  isList: boolean
  /** By limits or a superlative that the question sets. */
  isConditional: boolean
  /** Something of the kind is ruled out: only products answer that. */
  isNarrowed: boolean
  /** The kind is named, and which of it comes first. */
  isRanked: boolean
  /** Attributes of the columns it tells. */
  policies: string[]
}

/** From this score on a product is one the question names or leans on. */
export const namedScore = 0.9
/** Below this a product is only of the kind that is asked for. */
const fittingScore = 0.6

export function shownProducts(evidence: readonly (Evidence & { number: number })[]): Shown[] {
  return evidence.flatMap(one => (one.product ? [{ ...one, product: one.product }] : []))
}

/** An answer from the columns and descriptions of the products among the evidence; null where the question is not about them. */
export function answerFromProducts(
  question: Reading,
  shown: readonly Shown[],
  { say, passages }: Pick<AnswerInput, 'say' | 'passages'>,
): ProductAnswer | null {
  if (shown.length === 0) return null
  const named = shown.filter(({ score }) => score >= namedScore)
  const meant = named.length > 0 ? named : shown.filter(({ mayBeMeant }) => mayBeMeant)
  const text = withoutNames(
    question.text,
    meant.flatMap(({ title, source_id }) => [title, source_id]),
  )
  const constraints =
    shown[0]!.constraints ?? readConstraints(text, profileOf(shown.map(({ product }) => product)))
  const reading = text === question.text ? question : readInstead(question, text)
  const input = { question: question.text, reading, constraints, say, passages }
  const body =
    named.length > 0
      ? aboutNamed(named, input)
      : meant.length > 0
        ? ifDescribed(meant, input)
        : aboutFound(shown, input)
  return (
    body && {
      text: [...notesOn(constraints, shown[0]!.product.currency?.toUpperCase(), say), body.text].join(' '),
      sure: body.sure,
      isList: named.length === 0,
      isNarrowed: constraints.excluded.length > 0 && constraints.productTypes.named,
      isRanked: constraints.sort !== null && constraints.productTypes.named,
      isConditional: constraints.filters.length > 0 || constraints.sort !== null,
      policies: meant.length > named.length ? [...question.policies] : policiesAnswered(constraints),
    }
  )
}

/** Policies of the shop that a column answers: the warranty of this one. */
function policiesAnswered({ askedKeys }: Constraints): string[] {
  return askedKeys.flatMap(key => readKey(key).attribute?.id ?? [])
}

type Body = Pick<ProductAnswer, 'text' | 'sure'>

interface AnswerInput {
  /** As it was asked. */
  question: string
  /** Without the names of the products. */
  reading: Reading
  constraints: Constraints
  say: Phrases
  passages: PassageCache
}

function aboutFound(
  shown: readonly Shown[],
  { reading, constraints, say, passages }: AnswerInput,
): Body | null {
  const { language, terms, asks } = reading
  const fitting = shown.filter(({ product }) => satisfies(product, constraints.filters))
  if (fitting.length === 0) return null
  const conditional =
    constraints.filters.length > 0 || constraints.sort !== null || constraints.excluded.length > 0
  const general = !conditional && terms.every(isGeneralTerm)
  const columns = conditional ? null : aboutColumns(fitting, { reading, constraints, say })
  if (columns) return columns
  const because = new Map(
    conditional || general ? [] : fitting.slice(0, listMax).flatMap(one => reasonFor(one, reading, passages)),
  )
  const isSought = asks.products || asks.anything || constraints.productTypes.named
  const reasoned = fitting.slice(0, listMax).filter(one => because.has(one))
  if (reasoned.length > 0 && reasoned.length < Math.min(fitting.length, listMax))
    return {
      text: list(reasoned, constraints, language, { say, lead: say.fitting(reasoned.length), because }),
      sure: reasoned.some(({ score }) => score >= fittingScore),
    }
  if (!conditional && !general && fitting.every(({ score }) => score < fittingScore)) {
    const described = fitting.filter(one => because.has(one))
    if (described.length > 0 && (!isSought || described.length === Math.min(fitting.length, listMax)))
      return {
        text: list(described, constraints, language, { say, lead: say.fitting(described.length), because }),
        sure: false,
      }
    return isSought
      ? { text: list(fitting, constraints, language, { say, lead: say.ofKind, because }), sure: false }
      : null
  }
  const sought = asks.wish || constraints.productTypes.named
  const lead =
    general || constraints.foreignCurrency ? say.some : say.fitting(Math.min(listMax, fitting.length))
  return {
    text: list(fitting, constraints, language, { say, lead, because }),
    sure: conditional || general || sought || constraints.foreignCurrency !== null,
  }
}

/** What a column says of products of a kind: "which colours do the mugs come in?", "do you have red ones?" where none is red. */
function aboutColumns(
  found: readonly Shown[],
  { reading, constraints, say }: Pick<AnswerInput, 'reading' | 'constraints' | 'say'>,
): Body | null {
  const { language } = reading
  const unlisted = constraints.productTypes.named ? valueNotListed(reading.text, found) : null
  const requestedKeys = unlisted ? [unlisted.key] : constraints.askedKeys.filter(key => key !== 'category')
  const keys = requestedKeys.filter(
    key => key === 'price' || found.some(({ product }) => key in product.specs),
  )
  if (keys.length === 0 || !constraints.productTypes.named) return null
  const text = list(found, { ...constraints, askedKeys: keys }, language, { say, lead: say.some })
  return { text: unlisted ? `${say.unlisted(unlisted.written)}${say.space}${text}` : text, sure: true }
}

/** A colour or material that is asked for and that none of the products lists, where they list others. */
function valueNotListed(text: string, found: readonly Shown[]): { key: string; written: string } | null {
  for (const { id, start, end } of termsOf(text)) {
    const kind = kindOfMeaning(id)
    if (kind === null) continue
    const keys = found.flatMap(({ product }) => Object.keys(product.specs))
    const key = keys.find(each => `=${readKey(each).attribute?.id}` === kind)
    if (key !== undefined) return { key, written: text.slice(start, end) }
  }
  return null
}

/** Of products that may be meant: only what a description says. */
function ifDescribed(
  meant: readonly Shown[],
  { reading, say, passages }: Pick<AnswerInput, 'reading' | 'say' | 'passages'>,
): Body | null {
  for (const one of meant) {
    const { quotes, isSure, says } = describe(reading, one, passages)
    if (isSure && (says || reading.policies.length === 0))
      return { text: `${literal(one.title)}${say.colon}${joinQuotes(quotes, say)}`, sure: true }
  }
  return null
}

/** What of the description has the words that were asked for. */
function reasonFor(one: Shown, reading: Reading, passages: PassageCache): [Shown, string][] {
  const { quotes, isSure } = describe(reading, one, passages)
  return isSure && quotes[0] ? [[one, quotes[0].text]] : []
}

function notesOn({ foreignCurrency, unknown }: Constraints, own: string | undefined, say: Phrases): string[] {
  const notes = foreignCurrency && own ? [say.foreignCurrency(foreignCurrency, own)] : []
  return unknown.length > 0 ? [...notes, say.unlisted(unknown.join(', '))] : notes
}

function aboutNamed(named: Shown[], input: AnswerInput): Body {
  const { reading, constraints, say } = input
  const { language } = reading
  const names = new Set(named.map(({ title }) => title))
  const keys = keysInQuestion(reading, named, constraints)
  if (names.size > 1) {
    const measured = named.flatMap(one => keysMeasuredIn(dimensionsAsked(reading), one))
    return aboutSeveral(named, keys.length > 0 ? keys : [...new Set(measured)], input)
  }
  const first = named[0]!
  if (constraints.sort) {
    const { key, direction } = constraints.sort
    const option = extremeOption(first.product.specs[key], direction === 'descending')
    if (option === null)
      return { text: list(named, constraints, language, { say, lead: say.fitting(1) }), sure: true }
    const extreme = say.extreme(readKey(key).attribute, direction === 'ascending')
    const lead = say.best(say.inline(labelOf(key, language)), extreme)
    return {
      text: `${lead} ${literal(option)}${say.fullStop}${say.space}${factLine(first, [key], language, say)}`,
      sure: true,
    }
  }
  if (named.length > 1) return { text: listVariants(named, keys, language, say), sure: true }
  return aboutOne(first, keys, input)
}

function aboutOne(
  one: Shown,
  keys: readonly string[],
  { question, reading, constraints, say, passages }: AnswerInput,
): Body {
  const { language, terms, asks } = reading
  const holding = optionHolding(reading.text, one.product)
  if (holding && (keys.length === 0 || keys.includes(holding.key))) {
    const label = say.inline(labelOf(holding.key, language))
    return { text: say.fact(literal(one.title), label, literal(holding.option), markOf(one)), sure: true }
  }
  const option = optionIn(reading.text, one.product)
  // "The paint in black?"
  const isAsked = asks.whether || asks.wish || asks.products || /[?？]\s*$/.test(question)
  if (option && (asks.whether || asks.products))
    return {
      text: `${option.has ? say.yes : say.no}${say.space}${factLine(one, [option.key], language, say)}`,
      sure: true,
    }
  const unlisted = isAsked && constraints.filters.length === 0 ? valueNotListed(reading.text, [one]) : null
  if (unlisted)
    return { text: `${say.no}${say.space}${factLine(one, [unlisted.key], language, say)}`, sure: true }
  const [stock] = asks.available ? keys : []
  if (stock !== undefined && readKey(stock).attribute?.id === 'stock')
    return { text: factLine(one, [stock], language, say), sure: true }
  const filters = constraints.filters.filter(
    ({ key }) => key === 'price' || key === 'category' || key in one.product.specs,
  )
  const isAllSaid = informativeTerms(constraints.rest).every(isGeneralTerm)
  if (filters.length > 0 && !isAsked && keys.length === 0 && isAllSaid && satisfies(one.product, filters))
    return { text: list([one], constraints, language, { say, lead: say.fitting(1) }), sure: true }
  if (filters.length > 0 && isAsked && isAllSaid) {
    const verdict = satisfies(one.product, filters) ? say.yes : say.no
    return { text: verdict + say.space + factLine(one, keys, language, say), sure: true }
  }
  if (keys.some(key => key === 'price' || key === 'category' || key in one.product.specs))
    return { text: factLine(one, keys, language, say), sure: true }
  // "20寸行李箱" says what kind of thing it is.
  const kind = new Set(informativeTerms(one.product.category ?? ''))
  const isBare = terms.every(term => isGeneralTerm(term) || kind.has(term))
  if (isBare && attributesAsked(reading).length === 0)
    return { text: summary(one, language, say), sure: true }
  // What no column says the description may.
  const { quotes, isSure, missing } = describe(reading, one, passages)
  if (isSure) return { text: `${literal(one.title)}${say.colon}${joinQuotes(quotes, say)}`, sure: true }
  const measured = keysMeasuredIn(dimensionsAsked(reading), one)
  if (measured.length > 0) return { text: factLine(one, measured, language, say), sure: true }
  const what =
    missing.length > 0 ? missing : attributesAsked(reading).map(id => say.inline(labelOf(id, language)))
  const description = quotes.length > 0 ? joinQuotes(quotes, say) : summary(one, language, say)
  return {
    text: `${what.length > 0 ? say.unmentioned(literal(one.title), what) : say.catalogueSays}\n${description}`,
    sure: false,
  }
}

/** The columns that hold amounts of a kind: "how long does it last" is answered by "burn_time_h". */
function keysMeasuredIn(dimensions: readonly string[], { product }: Shown): string[] {
  return profileOf([product])
    .keys.filter(({ figures }) =>
      figures.some(({ dimension }) => dimension !== null && dimensions.includes(dimension)),
    )
    .map(({ key }) => key)
}

/** The question as it is asked of one of them: "is a groundsheet included with the tent" asks the tent of groundsheets. */
function withOthers(one: Shown, named: readonly Shown[], { reading, question }: AnswerInput): Reading {
  if (new Set(named.map(({ title }) => title)).size < 2) return reading
  return readInstead(reading, withoutNames(question, [one.title, one.source_id]))
}

/** Of a comparison the winner comes first. */
function aboutSeveral(named: readonly Shown[], keys: readonly string[], input: AnswerInput): Body {
  const { reading, constraints, say, passages } = input
  const { language, asks, terms } = reading
  const isGeneral = terms.every(isGeneralTerm) && attributesAsked(reading).length === 0
  if (keys.length === 0 && !constraints.sort && !asks.comparison && !isGeneral) {
    const described = named
      .slice(0, listMax)
      .map(one => ({ one, ...describe(withOthers(one, named, input), one, passages) }))
    const sure = described.filter(({ isSure }) => isSure)
    const lines = (sure.length > 0 ? sure : described).map(
      ({ one, quotes }) => `- ${literal(one.title)}${say.colon}${joinQuotes(quotes.slice(0, 1), say)}`,
    )
    const missing = [...new Set(described.flatMap(each => each.missing))]
    if (sure.length > 0) return { text: lines.join('\n'), sure: true }
    if (missing.length > 0)
      return {
        text: `${say.unmentioned(
          named
            .slice(0, listMax)
            .map(({ title }) => literal(title))
            .join(say.comma),
          missing,
        )}\n${lines.join('\n')}`,
        sure: false,
      }
  }
  const profile = profileOf(named.map(({ product }) => product))
  const sort = constraints.sort ?? comparedSort(reading.text, profile)
  const having = named.filter(({ product }) => keys.some(key => key === 'price' || key in product.specs))
  // "The torque of the drill", where one of the drills has no such column.
  if (!sort && !asks.comparison && having.length === 1)
    return { text: factLine(having[0]!, keys, language, say), sure: true }
  if (!sort) return { text: comparison(named, keys, language, say), sure: true }
  const each = named.filter((one, at) => named.findIndex(other => other.title === one.title) === at)
  return {
    text: list(inOrder(each, sort), { ...constraints, sort, filters: [] }, language, {
      say,
      lead: say.comparison,
    }),
    sure: true,
  }
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
    ...(asks.whether || asks.wish || asks.products ? filters.map(filter => filter.key) : []),
    ...(sort ? [sort.key] : []),
    ...comparedKeys(text, profile).slice(0, 1),
  ]
  const found = [...new Set(keys)].filter(key => key !== 'category' || asks.category)
  // "Which colours are available?" asks for the colours.
  if (askedKeys.length > 0 || !asks.available) return found
  return Object.keys(named[0]!.product.specs).filter(key => readKey(key).attribute?.id === 'stock')
}
