import { type AnswerKind, asking } from '../lexicon/asking.ts'
import type { Quantity } from '../text/quantities.ts'

/** What is asked for besides the words: a kind of number, and how headings call it, as terms. */
export interface AnswerType {
  isAnswer(quantity: Quantity): boolean
  headings: readonly string[]
}

const isDuration = ({ dimension }: Quantity) =>
  dimension === 'time' || dimension === 'workdays' || dimension === 'months'

const isAnswer: Readonly<Record<AnswerKind, AnswerType['isAnswer']>> = {
  price: ({ dimension }) => dimension?.startsWith('currency:') === true || dimension === 'percent',
  duration: isDuration,
  time: quantity => isDuration(quantity) || quantity.dimension === 'clock' || quantity.dimension === null,
  count: () => true,
}

/** The first that fits is expected. */
const kinds = ['price', 'duration', 'time', 'count'] as const

/** What a question expects to be answered with by its words, or null. */
export function expectedAnswerType(text: string): AnswerType | null {
  const kind = kinds.find(each => asking.answers[each].test(text))
  if (!kind) return null
  const headings = kind === 'price' ? ['=price', ...asking.headings.price] : asking.headings[kind]
  return { isAnswer: isAnswer[kind], headings }
}
