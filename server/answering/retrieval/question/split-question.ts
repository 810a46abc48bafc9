import { informativeTerms } from '../lexicon/informative.ts'
import { quantities } from '../text/quantities.ts'
import { withoutAttributes } from './column-mentions.ts'

const between =
  /[?？\n]+|[,，]?\s+and (?=(?:how|what|when|where|which|who|can|do|does|is|are)\b)|[,，]\s*(?=(?:多久|多少|怎么|什么|可以|能不能|有没有))/i

/** Each is searched for: what asks more is taken as one. */
const questionsMax = 4

/** "Can I pay with PayPal, and how long is delivery?" is two questions; those that say something, in order. */
export function splitQuestions(text: string): string[] {
  const parts = text.split(between).filter(part => informativeTerms(part).length > 0)
  return parts.length > 1 && parts.length <= questionsMax ? parts : [text]
}

/** "How heavy is it", "has it 16 GB": names a column or an amount. */
export function namesAttribute(text: string): boolean {
  return withoutAttributes(text) !== text || quantities(text).some(({ unit }) => unit !== null)
}
