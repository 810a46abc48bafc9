import { asking } from '../lexicon/asking.ts'
import { informativeTerms } from '../lexicon/informative.ts'
import { policies, policiesNamed } from '../lexicon/policies.ts'
import { isWeakTerm } from '../lexicon/stopwords.ts'
import { attributeMentions, withoutAttributes } from './column-mentions.ts'

/** Each is searched for: what asks more is taken as one. */
export const questionsMax = 4

/** "Can I pay with PayPal, and how long is delivery?" is two questions; those that say something, in order. */
export function splitQuestions(text: string): string[] {
  const parts = text.split(asking.nextQuestion).filter(part => informativeTerms(part).length > 0)
  return parts.length > 1 && parts.length <= questionsMax ? parts : splitTopics(text)
}

/** "Wool rug price and return" asks for a column of a product and for a policy of the shop. */
function splitTopics(text: string): string[] {
  const parts = text.split(asking.joint)
  if (parts.length !== 2) return [text]
  const [column, policy] = namesColumn(parts[0]!) ? parts : parts.toReversed()
  const isPolicy = policiesNamed(policy!).length > 0 && !namesColumn(policy!)
  return namesColumn(column!) && policiesNamed(column!).length === 0 && isPolicy ? parts : [text]
}

/** A column, and of what. */
function namesColumn(text: string): boolean {
  const names = attributeMentions(text).some(({ keys }) => !keys.some(isPolicy))
  return names && informativeTerms(withoutAttributes(text)).some(term => !isWeakTerm(term))
}

function isPolicy(key: string): boolean {
  return policies.some(policy => policy === key)
}
