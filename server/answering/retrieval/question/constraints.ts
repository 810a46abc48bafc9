import { type CatalogueProfile, sharedFigure } from '../catalogue/profile.ts'
import { asking } from '../lexicon/asking.ts'
import { blanked } from '../text/blanked.ts'
import { halfWidth } from '../text/quantities.ts'
import { type Bound, boundsIn } from './bounds.ts'
import { type ColumnMention, columnMentionsIn, keysOfAdjective } from './column-mentions.ts'
import { exclusionsIn } from './exclusions.ts'
import { type AskedProductTypes, askedProductTypes } from './product-types.ts'
import { comparedSort, type Sort, sortIn } from './superlatives.ts'
import { currencyOf, figureFor, isForeign, type Target, unitFigures } from './targets.ts'
import { readerOf, textFiltersIn } from './text-filters.ts'

/** A number of a product must lie in a range. */
export interface NumberFilter {
  kind: 'number'
  key: string
  /** `price`, or which numbers of the key count (see numbersOf). */
  figure: string
  /** In base units of the figure; the price as it is. */
  min: number | null
  max: number | null
  /** Whether the limits themselves are outside. */
  above: boolean
  below: boolean
  /** Only prices in this currency count: amounts are not converted. */
  currency: string | null
  /** As written, of an amount without a word of limit: it may be of something else ("for my 15 inch laptop"). */
  loose?: string
}

/** A column must, or must not, have one of these texts. */
export interface TextFilter {
  kind: 'text'
  /** `category` or a key of `specs`. */
  key: string
  values: string[]
  exclude: boolean
}

export interface BooleanFilter {
  kind: 'boolean'
  key: string
  value: boolean
}

export type Filter = NumberFilter | TextFilter | BooleanFilter

/** What a question asks of the catalogue's columns. */
export interface Constraints {
  filters: Filter[]
  productTypes: AskedProductTypes
  sort: Sort | null
  /** Columns named without a condition: what is asked about. */
  askedKeys: string[]
  /** The question without the words that became filters and sorting. */
  rest: string
  /** The currency of an amount that is not the catalogue's own: the amount was not applied. */
  foreignCurrency: string | null
  /** Conditions on something the catalogue does not list, as written. */
  unknown: string[]
  /** Ruled out in words that no column has: no word of a product may be among them. */
  excluded: string[]
}

/** Reads limits, equalities, exclusions and superlatives in English or Chinese, on any column of the catalogue. */
export function readConstraints(question: string, catalogue: CatalogueProfile): Constraints {
  const profile = { ...catalogue, reader: catalogue.reader ?? readerOf(catalogue) }
  const { names } = profile.reader
  const text = halfWidth(question)
  const exclusions = exclusionsIn(text)
  const ruledOut = exclusions.map(({ start, end }) => [start, end] as [number, number])
  const productTypes = askedProductTypes(blanked(text, exclusions), profile.kinds, names)
  const { spans } = productTypes
  const isKind = (mention: ColumnMention) =>
    spans.some(([from, to]) => mention.start < to && mention.end > from)
  const mentions = columnMentionsIn(text, names).filter(mention => !isKind(mention))
  const bounds = boundsIn(text).map(bound => asMoney(bound, text, profile))
  const found: Constraints = {
    filters: [],
    productTypes,
    sort: null,
    askedKeys: [],
    rest: '',
    foreignCurrency: null,
    unknown: [],
    excluded: [],
  }
  const used: [number, number][] = []
  const claimed = new Set<ColumnMention>()
  // "Under 400 that weighs less than 2 kg": a number without a unit takes what those with one have left.
  const measured = bounds.filter(({ dimension }) => dimension !== null)
  for (const bound of [...measured, ...bounds.filter(({ dimension }) => dimension === null)])
    applyBound({ bound, text, profile, mentions, claimed, used, found })
  const sorted = sortIn(text, profile, mentions)
  if (sorted) {
    found.sort = sorted.sort
    used.push(sorted.span)
    if (sorted.mention) claimed.add(sorted.mention)
  }
  // "Which lock is longer?"
  else if (
    productTypes.sold.length > 0 &&
    asking.cues.refersToSeveral.test(text) &&
    !asking.cues.comparison.test(text)
  )
    found.sort = comparedSort(text, profile)
  const named = textFiltersIn(text, profile, mentions, { used: [...used, ...spans], ruledOut })
  found.filters.push(...named.filters)
  used.push(...named.spans)
  for (const mention of named.mentions) claimed.add(mention)
  // "The lightest power tool" asks for no power.
  const isAttributive = ({ start, end }: ColumnMention) =>
    sorted !== null && start > sorted.span[0] && spans.some(([from]) => from === end + 1)
  const free = mentions.filter(
    mention =>
      !claimed.has(mention) &&
      !isAttributive(mention) &&
      !named.spans.some(([from, to]) => mention.start < to && mention.end > from),
  )
  found.askedKeys = [...new Set(free.flatMap(mention => mention.keys))]
  if (
    found.askedKeys.length === 0 &&
    found.filters.length === 0 &&
    !found.sort &&
    asking.cues.whether.test(text)
  )
    found.askedKeys = keysOfMeasure(text, profile)
  if (
    found.askedKeys.length === 0 &&
    found.filters.length === 0 &&
    profile.price &&
    asking.cues.howMuch.test(text)
  )
    found.askedKeys = ['price']
  for (const mention of claimed) used.push([mention.start, mention.end])
  const overlaps = ({ start, end }: { start: number; end: number }) =>
    used.some(([from, to]) => start < to && end > from)
  found.excluded = exclusions.filter(each => !overlaps(each)).map(({ text }) => text)
  used.push(...spans, ...ruledOut)
  found.rest = without(text, used)
  return found
}

/** "Under 2 pounds" is a price where prices are in pounds, unless it is said to be a weight. */
function asMoney(bound: Bound, text: string, { currencies }: CatalogueProfile): Bound {
  if (bound.unit !== 'lb' || !currencies.includes('GBP')) return bound
  const written = text.slice(bound.start, bound.end)
  if (!/pounds?$/i.test(written.trim()) || /weigh|heav|light/i.test(text)) return bound
  return { ...bound, dimension: 'currency:GBP', unit: 'GBP', lowValue: bound.low, highValue: bound.high }
}

/** "Is it heavy?" asks for the weight. */
function keysOfMeasure(text: string, profile: CatalogueProfile): string[] {
  // "Does it have a light?" asks for a thing.
  for (const [word] of text
    .toLowerCase()
    .matchAll(/(?<!\b(?:an?|the|any)\s)\b[a-z]{3,12}\b|[\u4e00-\u9fff](?=吗|不)/g)) {
    const found = keysOfAdjective(word, profile)
    if (found) return found.keys
  }
  return []
}

interface Applying {
  bound: Bound
  text: string
  profile: CatalogueProfile
  mentions: ColumnMention[]
  claimed: Set<ColumnMention>
  used: [number, number][]
  found: Constraints
}

function applyBound({ bound, text, profile, mentions, claimed, used, found }: Applying) {
  const written = text.slice(bound.start, bound.end).trim()
  if (isForeign(bound.dimension, profile)) {
    found.foreignCurrency = bound.dimension!.slice('currency:'.length)
    used.push([bound.start, bound.end])
    return
  }
  // "8 GB RAM under 900": a column that has its number is not that of the next.
  const free = bound.dimension === null ? mentions.filter(mention => !claimed.has(mention)) : mentions
  const target = figureFor(bound, text, profile, free)
  if (target === 'ambiguous' || target === null) {
    if (bound.dimension !== null && bound.operator !== 'equal') found.unknown.push(written)
    return
  }
  used.push([bound.start, bound.end])
  if (target.mention) claimed.add(target.mention)
  const isLoose = bound.operator === 'equal' && target.key !== 'price' && target.mention === null
  const filter = { ...filterOf(bound, target, profile), ...(isLoose && { loose: written }) }
  const mixed = filter.figure === 'price' && profile.currencies.length > 1
  found.filters.push(mixed ? { ...filter, currency: currencyOf(bound.dimension, profile) } : filter)
}

function filterOf(bound: Bound, { key, figure }: Target, { keys }: CatalogueProfile): NumberFilter {
  const [low, high] = unitFigures(bound, key, figure)
  const base = {
    kind: 'number',
    key,
    figure: figure === 'price' ? 'price' : sharedFigure(key, figure, keys),
    above: false,
    below: false,
    currency: null,
  } as const
  // A terabyte is 1000 or 1024 gigabytes; amounts are compared up to rounding.
  const slack = figure !== 'price' && figure.dimension === 'data' ? 1.024 : 1 + 1e-9
  switch (bound.operator) {
    case 'below':
      return { ...base, min: null, max: high, below: true }
    case 'most':
      return { ...base, min: null, max: high * slack }
    case 'above':
      return { ...base, min: low, max: null, above: true }
    case 'least':
      return { ...base, min: low / (1 + 1e-9), max: null }
    case 'between':
      return { ...base, min: Math.min(low, high) / (1 + 1e-9), max: Math.max(low, high) * slack }
    case 'around':
      return { ...base, min: low * 0.85, max: high * 1.15 }
    case 'equal':
      return equalFilter(bound, base, low, slack)
  }
}

/** "for 1000 euros" is a budget; "a 15 inch screen" has 15 point something; anything else is what it says. */
function equalFilter(
  bound: Bound,
  base: Omit<NumberFilter, 'min' | 'max'>,
  value: number,
  slack: number,
): NumberFilter {
  if (base.figure === 'price') return { ...base, min: null, max: value }
  if (bound.unit === 'inches' && Number.isInteger(bound.low))
    return { ...base, min: value, max: value + 25.4, below: true }
  return { ...base, min: value / (1 + 1e-9), max: value * slack }
}

function without(text: string, spans: [number, number][]): string {
  const signs = Array.from(text)
  let at = 0
  const remaining = signs.map(sign => {
    const inside = spans.some(([from, to]) => at >= from && at < to)
    at += sign.length
    return inside ? ' ' : sign
  })
  return remaining.join('').replace(/\s+/g, ' ').trim()
}
