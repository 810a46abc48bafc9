import { limits } from '../lexicon/limits.ts'
import type { Term } from '../lexicon/meanings.ts'
import { rates } from '../lexicon/rates.ts'
import { halfWidth, type Quantity, quantities, sameQuantity } from '../text/quantities.ts'

/** A number with what is said of it. */
export interface Figure {
  quantity: Quantity
  limit: Limit | null
  /** Of a range, or of what opens and closes: which of its ends. */
  end: 'start' | 'end' | null
  /** Meanings of the words that stand nearer to it than to other numbers of their clause. */
  about: ReadonlySet<string>
}

type Limit = 'least' | 'most' | 'above' | 'below'

/** A text as its numbers are read: times of day by the clock, "one and a half" as one number. */
export function withPlainNumbers(text: string): string {
  let plain = halfWidth(text)
  for (const [pattern, replace] of rates.times) plain = plain.replace(pattern, replace)
  return plain
}

/** The numbers of a text in order; what they are about is filled in by `tieFigures`. */
export function figuresIn(text: string): Figure[] {
  const found = withoutRates(text, joinRanges(text, quantities(text)))
  return found.map(({ quantity, end }) => ({
    quantity,
    end: end ?? endOf(text, quantity),
    limit: limitOf(text, quantity),
    about: new Set(),
  }))
}

interface Ranged {
  quantity: Quantity
  end: Figure['end']
}

/** "5 to 7 days": both are days. */
function joinRanges(text: string, found: Quantity[]): Ranged[] {
  const joined: Ranged[] = found.map(quantity => ({ quantity, end: null }))
  for (let at = joined.length - 2; at >= 0; at--) {
    const first = joined[at]!
    const second = joined[at + 1]!
    const between = text.slice(first.quantity.end, second.quantity.start)
    if (between.length > 12 || !rates.rangeJoint.test(between)) continue
    const { quantity } = first
    const { unit, dimension } = second.quantity
    if (quantity.dimension === null && unit && dimension) {
      const half = dimension === 'clock' && second.quantity.value >= 780 && quantity.amount < 12 ? 720 : 0
      const value = dimension === 'clock' ? quantity.amount * 60 + half : quantity.amount * unit.factor
      first.quantity = { ...quantity, unit, dimension, value }
    }
    if (quantity.dimension !== null && quantity.dimension !== dimension) continue
    if (first.quantity.value > second.quantity.value && dimension !== 'clock') continue
    if (rates.loose.test(between) && !rates.opening.test(text.slice(0, quantity.start))) continue
    first.end = 'start'
    second.end = 'end'
  }
  return joined
}

/** "A month" behind a price says how often, not how long. */
function withoutRates(text: string, found: Ranged[]): Ranged[] {
  return found.filter(({ quantity: { start, end } }) => !rates.rate.test(text.slice(start, end)))
}

function endOf(text: string, { start, end }: Quantity): Figure['end'] {
  const before = text.slice(Math.max(0, start - 40), start)
  if (rates.startBefore.test(before) || rates.startAfter.test(text.slice(end, end + 8))) return 'start'
  return rates.endBefore.test(before) || rates.endAfter.test(text.slice(end, end + 8)) ? 'end' : null
}

function limitOf(text: string, quantity: Quantity): Limit | null {
  const before = text.slice(Math.max(0, quantity.start - 24), quantity.start)
  const after = text.slice(quantity.end, quantity.end + 12)
  // "No more than" ends with "more than".
  if (limits.stated.most.test(before) && !rates.below.test(before)) return 'most'
  if (limits.stated.mostAfter.test(after) || rates.mostAfter.test(after)) return 'most'
  if (rates.below.test(before) || rates.belowAfter.test(after)) return 'below'
  if (rates.above.test(before)) return 'above'
  if (limits.stated.least.test(before) || limits.stated.leastAfter.test(after)) return 'least'
  return rates.leastAfter.test(after) || rates.leastBefore.test(before) ? 'least' : null
}

/** Ties the words of a text to the nearest number of their clause. */
export function tieFigures(text: string, figures: Figure[], terms: readonly Term[]) {
  if (figures.length === 0) return
  const breaks = Array.from(text.matchAll(rates.clause), ({ index }) => index)
  const clauseOf = (at: number) => breaks.filter(each => each < at).length
  const clauses = figures.map(({ quantity }) => clauseOf(quantity.end))
  const about = figures.map(() => new Set<string>())
  for (const term of terms) {
    if (term.isCarrying) continue
    const clause = clauseOf(term.end)
    let nearest = -1
    let distance = Number.POSITIVE_INFINITY
    for (const [at, { quantity }] of figures.entries()) {
      if (clauses[at] !== clause) continue
      const gap = quantity.start >= term.end ? quantity.start - term.end : term.start - quantity.end
      if (gap < distance) {
        nearest = at
        distance = gap
      }
    }
    if (nearest >= 0) about[nearest]!.add(term.id)
  }
  for (const [at, figure] of figures.entries()) figure.about = about[at]!
}

const upward = (limit: Limit) => limit === 'least' || limit === 'above'

/** Whether a number of a source says that of a sentence. */
export function saysFigure(source: Figure, claim: Figure): boolean {
  if (claim.end && source.end && claim.end !== source.end && claim.quantity.dimension === 'clock')
    return false
  if (claim.limit && source.limit && upward(claim.limit) !== upward(source.limit)) return false
  const same = sameQuantity(claim.quantity, source.quantity) || isBareSame(claim, source)
  if (!claim.limit || source.limit) return same
  // "At least" of the upper end of a range is no lower bound.
  if (same && source.end !== null && upward(claim.limit) !== (source.end === 'start')) return false
  if (claim.limit === 'least' || claim.limit === 'most') return same
  if (claim.quantity.dimension !== source.quantity.dimension || claim.quantity.dimension === null)
    return false
  return claim.limit === 'above'
    ? source.quantity.value > claim.quantity.value
    : source.quantity.value < claim.quantity.value
}

/** "The weight is 1.37": a bare number counts where the source says the same of it with its unit. */
function isBareSame({ quantity, about }: Figure, source: Figure): boolean {
  if (quantity.dimension !== null || quantity.amount !== source.quantity.amount) return false
  for (const id of about) if (source.about.has(id)) return true
  return false
}

/** Whether two numbers measure the same kind of thing. */
export function isComparable({ quantity: a }: Figure, { quantity: b }: Figure): boolean {
  if (a.dimension === b.dimension) return true
  const spans = ['time', 'workdays', 'months']
  return (
    (spans.includes(a.dimension ?? '') && spans.includes(b.dimension ?? '')) ||
    (a.dimension?.startsWith('currency') === true && b.dimension?.startsWith('currency') === true)
  )
}
