import { limitsEn } from './limits.en.ts'
import { limitsZh } from './limits.zh.ts'
import { joinAlternatives, joinPatterns, type Patterns } from './patterns.ts'

/** How limits are said. */
export interface LimitPatterns {
  /** In a question, in front of an amount; an adjective of the condition is its group `word`. */
  before: Patterns<'most' | 'least' | 'below' | 'above' | 'around'>
  /** What may stand between such words and the amount: "a budget of 500". */
  filler: RegExp
  /** Behind one. */
  after: Patterns<'most' | 'least' | 'around'>
  /** In a statement, in front of a number and behind it. */
  stated: Patterns<'least' | 'most' | 'leastAfter' | 'mostAfter'>
  /**
   * What makes two amounts a range: the words between them, of which the loose ones need others around them; in front of
   * the first, and behind the second.
   */
  range: Patterns<'joint' | 'loose' | 'opening' | 'between' | 'closing' | 'betweenAfter'>
}

const before = joinPatterns(limitsEn.before, limitsZh.before)
const filler = joinAlternatives([limitsEn.filler, limitsZh.filler])

function upToAmount({ source, flags }: RegExp): RegExp {
  return new RegExp(String.raw`(?:${source})(?:\s*(?:${filler.source}))?\s*$`, flags)
}

/** How limits are said, in any language. */
export const limits: LimitPatterns = {
  before: {
    most: upToAmount(before.most),
    least: upToAmount(before.least),
    below: upToAmount(before.below),
    above: upToAmount(before.above),
    around: before.around,
  },
  filler,
  after: joinPatterns(limitsEn.after, limitsZh.after),
  stated: joinPatterns(limitsEn.stated, limitsZh.stated),
  range: joinPatterns(limitsEn.range, limitsZh.range),
}
