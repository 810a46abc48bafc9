import { asking } from '../lexicon/asking.ts'
import { informativeTerms } from '../lexicon/informative.ts'

/** Each is searched for: what asks more is taken as one. */
export const questionsMax = 4

/** "Can I pay with PayPal, and how long is delivery?" is two questions; those that say something, in order. */
export function splitQuestions(text: string): string[] {
  const parts = text.split(asking.nextQuestion).filter(part => informativeTerms(part).length > 0)
  return parts.length > 1 && parts.length <= questionsMax ? parts : [text]
}
