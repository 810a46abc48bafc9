import { limits } from '../lexicon/limits.ts'
import { type Quantity, quantities } from '../text/quantities.ts'
import type { Dimension } from '../text/units.ts'

export type Operator = 'below' | 'most' | 'above' | 'least' | 'between' | 'around' | 'equal'

/** An amount of a question with its condition; `low` and `high` differ for ranges only. */
export interface Bound {
  operator: Operator
  /** As written, and in base units of the dimension. */
  low: number
  high: number
  lowValue: number
  highValue: number
  dimension: Dimension | null
  unit: string | null
  /** An adjective in the condition that tells the column: "lighter" than. */
  adjective: string | null
  /** Condition and amount in the text. */
  start: number
  end: number
}

/** The first that fits counts: "no more than" ends with "more than". */
const operatorsBefore = ['most', 'least', 'below', 'above', 'around'] as const
const operatorsAfter = ['most', 'least', 'around'] as const

/** The amounts of a question with their conditions, in order. */
export function boundsIn(text: string): Bound[] {
  const found: Bound[] = []
  const amounts = quantities(text)
  for (let at = 0; at < amounts.length; at++) {
    const first = amounts[at]!
    const second = amounts[at + 1]
    if (second && isRange(text, first, second)) {
      found.push(rangeOf(text, first, second))
      at += 1
    } else found.push(single(text, first))
  }
  return found
}

function isRange(text: string, first: Quantity, second: Quantity): boolean {
  const gap = text.slice(first.end, second.start)
  if (!limits.range.joint.test(gap)) return false
  if (first.dimension !== null && first.dimension !== second.dimension && second.dimension !== null)
    return false
  return (
    !limits.range.loose.test(gap) ||
    limits.range.between.test(text.slice(0, first.start)) ||
    limits.range.betweenAfter.test(text.slice(second.end))
  )
}

function rangeOf(text: string, first: Quantity, second: Quantity): Bound {
  const unit = second.unit ?? first.unit
  const factor = unit?.factor ?? 1
  const opening = limits.range.opening.exec(text.slice(0, first.start))
  const closing = limits.range.closing.exec(text.slice(second.end))
  return {
    operator: 'between',
    low: first.amount,
    high: second.amount,
    lowValue: first.unit ? first.value : first.amount * factor,
    highValue: second.unit ? second.value : second.amount * factor,
    dimension: unit?.dimension ?? null,
    unit: unit?.name ?? null,
    adjective: null,
    start: opening?.index ?? first.start,
    end: second.end + (closing?.[0].length ?? 0),
  }
}

function single(text: string, { amount, value, dimension, unit, start, end }: Quantity): Bound {
  const same = {
    low: amount,
    high: amount,
    lowValue: value,
    highValue: value,
    dimension,
    unit: unit?.name ?? null,
  }
  const head = text.slice(Math.max(0, start - 40), start)
  const tail = text.slice(end, end + 20)
  for (const operator of operatorsAfter) {
    const match = limits.after[operator].exec(tail)
    if (match) return { ...same, operator, adjective: null, start, end: end + match[0].length }
  }
  for (const operator of operatorsBefore) {
    const match = limits.before[operator].exec(head)
    if (!match) continue
    const adjective = match.groups?.word ?? null
    return { ...same, operator, adjective, start: start - (head.length - match.index), end }
  }
  return { ...same, operator: 'equal', adjective: null, start, end }
}
