import { readKey } from '../catalogue/columns.ts'
import type { CatalogueProfile, FigureProfile } from '../catalogue/profile.ts'
import { clauseBreaks } from '../lexicon/clauses.ts'
import { type Dimension, factorsOf } from '../text/units.ts'
import type { Bound } from './bounds.ts'
import { type ColumnMention, keysOfAdjective, positive } from './column-mentions.ts'

export interface Target {
  key: string
  figure: FigureProfile | 'price'
  mention: ColumnMention | null
}

/** Signs and words that several currencies share. */
const sharedSigns: Readonly<Record<string, RegExp>> = {
  USD: /^(?:USD|CAD|AUD|SGD|NZD|HKD|TWD)$/,
  CNY: /^(?:CNY|RMB|TWD|HKD|JPY)$/,
}

/** Whether an amount is in a currency the catalogue has no prices in: nothing is converted. */
export function isForeign(dimension: Dimension | null, profile: CatalogueProfile): boolean {
  if (!dimension?.startsWith('currency:') || profile.currencies.length === 0) return false
  return !profile.currencies.some(currency => isCurrency(dimension, currency))
}

/** The catalogue's currency that is meant; null where none is named. */
export function currencyOf(dimension: Dimension | null, profile: CatalogueProfile): string | null {
  if (dimension === null) return null
  return profile.currencies.find(currency => isCurrency(dimension, currency)) ?? null
}

function isCurrency(dimension: Dimension, currency: string): boolean {
  const code = dimension.slice('currency:'.length)
  return code === currency || sharedSigns[code]?.test(currency) === true
}

/** Which numbers of the catalogue a condition is about; null where it lists none such, 'ambiguous' where it cannot be told. */
export function figureFor(
  bound: Bound,
  text: string,
  profile: CatalogueProfile,
  mentions: ColumnMention[],
): Target | 'ambiguous' | null {
  const near = nearestMention(bound, text, mentions)
  const price = {
    key: 'price',
    figure: 'price',
    mention: near?.keys.includes('price') ? near : null,
  } as const
  if (bound.dimension?.startsWith('currency:')) return profile.price ? price : null
  const adjective = adjectiveKeys(bound, profile)
  const named = adjective ?? near?.keys ?? null
  if (bound.dimension === null) {
    const people =
      named === null && isForPeople(bound, text)
        ? bareFigure([...keysNamed('people', profile), ...keysNamed('capacity', profile)], profile)
        : null
    return people ? { ...people, mention: null } : bareTarget(bound, profile, { near, named, price })
  }
  const candidates = figuresWith(bound.dimension, profile)
  const among = candidates.filter(candidate => named?.includes(candidate.key))
  if (among.length > 0) return narrow(bound, text, among, adjective ? null : near)
  if (candidates.length === 0) {
    const bare = named && bareFigure(named, profile)
    return bare ? { ...bare, mention: near } : null
  }
  return narrow(bound, text, candidates, null)
}

const forPeople = /\bfor\s+(?:the\s+)?$/i
const peopleBehind = /^\s*(?:$|[?.!,;]|of us\b)/i

/** "A tent for 2". */
function isForPeople({ operator, start, end }: Bound, text: string): boolean {
  return operator === 'equal' && forPeople.test(text.slice(0, start)) && peopleBehind.test(text.slice(end))
}

function keysNamed(id: string, { keys }: CatalogueProfile): string[] {
  return keys.map(({ key }) => key).filter(key => readKey(key).attribute?.id === id)
}

interface Candidate {
  key: string
  figure: FigureProfile
}

function figuresWith(dimension: Dimension | null, profile: CatalogueProfile): Candidate[] {
  return profile.keys.flatMap(({ key, figures, count }) =>
    figures
      // A stray number in a few rows does not make a column of that kind.
      .filter(figure => figure.dimension === dimension && (figure.word !== null || figure.count * 5 >= count))
      .map(figure => ({ key, figure })),
  )
}

/** By the word behind the amount ("512 GB SSD"), then by what the catalogue's numbers can be, then by what memory usually is. */
function narrow(
  bound: Bound,
  text: string,
  candidates: Candidate[],
  mention: ColumnMention | null,
): Target | 'ambiguous' | null {
  const behind = /^[\s-]?([a-z]{2,12})\b/i.exec(text.slice(bound.end))?.[1]?.toLowerCase()
  const worded = candidates.find(({ figure }) => figure.word !== null && figure.word === behind)
  if (worded) return { ...worded, mention }
  const plain = candidates.filter(({ figure }) => figure.word === null)
  if (plain.length === 1) return { ...plain[0]!, mention }
  const holding = plain.filter(({ figure }) => bound.lowValue <= figure.max && bound.highValue >= figure.min)
  const [only] = holding.length > 0 ? holding : plain
  if (holding.length === 1) return { ...only!, mention }
  if (bound.dimension === 'data') {
    const attribute = bound.highValue <= 64_000 ? 'memory' : 'storage'
    const preferred = plain.find(({ key }) => readKey(key).attribute?.id === attribute)
    if (preferred) return { ...preferred, mention }
  }
  return plain.length === 0 ? null : 'ambiguous'
}

interface Named {
  near: ColumnMention | null
  named: string[] | null
  price: Target
}

/** A number without a unit: of the column that is named, else of the price where it is a limit ("under 1000", "1000以内"). */
function bareTarget(bound: Bound, profile: CatalogueProfile, { near, named, price }: Named): Target | null {
  if (named?.includes('price')) return profile.price ? price : null
  const figure = named && (bareFigure(named, profile) ?? firstFigure(named, bound.high, profile))
  // "A set of four" is no number of a column whose numbers are others.
  const isOther = (found: Candidate) =>
    found.figure.word === null && (bound.high < found.figure.min || bound.low > found.figure.max)
  if (figure && bound.operator === 'equal' && isOther(figure)) return null
  if (figure) return { ...figure, mention: near }
  if (bound.operator === 'equal' || !profile.price || named) return null
  // "Up to 4" is a price where things cost so little.
  return bound.high >= Math.min(10, profile.price.min / 2) ? price : null
}

function bareFigure(keys: string[], profile: CatalogueProfile): Candidate | null {
  return (
    figuresWith(null, profile).find(({ key, figure }) => keys.includes(key) && figure.word === null) ?? null
  )
}

/** A number this many times beyond all the column has is not of it. */
const plausible = 10

/** "Weight under 2": in the unit the column is kept in. */
function firstFigure(keys: string[], amount: number, profile: CatalogueProfile): Candidate | null {
  for (const { key, figures } of profile.keys) {
    const [figure] = figures
    if (!keys.includes(key) || !figure) continue
    const value = amount * factorOf(key, figure, amount)
    if (value * plausible >= figure.min && value <= figure.max * plausible) return { key, figure }
  }
  return null
}

/** What a number without a unit is multiplied with: by the unit the column's name ends with, else by the first its values may be in. */
function factorOf(key: string, { dimension, min, max }: FigureProfile, amount: number): number {
  const { unit } = readKey(key)
  if (unit) return unit.factor
  const factors = dimension === null ? [] : factorsOf(dimension)
  return factors.find(factor => amount * factor * 2 >= min && amount * factor <= max * 2) ?? 1
}

/** The limits in the figure's base units. */
export function unitFigures(bound: Bound, key: string, figure: FigureProfile | 'price'): [number, number] {
  if (figure === 'price') return [bound.lowValue, bound.highValue]
  if (figure.dimension === null) return [bound.low, bound.high]
  const factor = bound.dimension === null ? factorOf(key, figure, bound.high) : null
  return factor === null ? [bound.lowValue, bound.highValue] : [bound.low * factor, bound.high * factor]
}

function adjectiveKeys(bound: Bound, profile: CatalogueProfile): string[] | null {
  if (!bound.adjective) return null
  for (const word of positive(bound.adjective)) {
    const found = keysOfAdjective(word, profile)
    if (found) return found.keys
  }
  return null
}

/** A name this far from the amount is not of it, blanks between them included. */
const gapMax = 60

/** The column named nearest to the amount in its clause; right behind it ("16 GB RAM") counts as nearest. */
function nearestMention(bound: Bound, text: string, mentions: ColumnMention[]): ColumnMention | null {
  let best: ColumnMention | null = null
  let bestDistance = 30
  for (const mention of mentions) {
    if (mention.start > bound.end + gapMax || mention.end < bound.start - gapMax) continue
    const inside = mention.start >= bound.start && mention.end <= bound.end
    const gap =
      mention.start >= bound.end ? text.slice(bound.end, mention.start) : text.slice(mention.end, bound.start)
    if (!inside && (clauseBreaks.limit.test(gap) || /\d/.test(gap))) continue
    const distance = inside ? 0 : gap.trim().length + (mention.end <= bound.start ? 1 : 0)
    if (distance < bestDistance) {
      best = mention
      bestDistance = distance
    }
  }
  return best
}
