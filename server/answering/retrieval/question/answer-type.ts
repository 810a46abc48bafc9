import { type AnswerKind, asking } from '../lexicon/asking.ts'
import type { AttributeId } from '../lexicon/attributes.ts'
import type { Quantity } from '../text/quantities.ts'
import { type Dimension, unitNamed } from '../text/units.ts'
import { attributeMentions } from './column-mentions.ts'

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
  clock: ({ dimension }) => dimension === 'clock',
  time: quantity => isDuration(quantity) || quantity.dimension === 'clock' || quantity.dimension === null,
  count: () => true,
}

/** The first that fits is expected. */
const kinds = ['price', 'duration', 'clock', 'time', 'count'] as const

/** What a question expects to be answered with by its words, or null. */
export function expectedAnswerType(text: string): AnswerType | null {
  const kind = kinds.find(each => asking.answers[each].test(text))
  if (!kind) return null
  const headings = kind === 'price' ? ['=price', ...asking.headings.price] : asking.headings[kind]
  return { isAnswer: isAnswer[kind], headings }
}

/** What each attribute is measured in. */
const dimensionsOf: Partial<Record<AttributeId, readonly Dimension[]>> = {
  weight: ['mass'],
  load: ['mass'],
  power: ['power'],
  battery: ['time', 'charge', 'energy'],
  capacity: ['charge', 'volume', 'data', 'mass'],
  volume: ['volume'],
  height: ['length'],
  width: ['length'],
  depth: ['length'],
  thickness: ['length'],
  length: ['length'],
  diameter: ['length'],
  size: ['length'],
  screen: ['length'],
  memory: ['data'],
  storage: ['data'],
  brightness: ['light'],
  voltage: ['voltage'],
  'refresh rate': ['frequency'],
  warranty: ['months', 'time'],
  lifetime: ['time', 'months'],
}

/** The attributes that a question names. */
export function attributesAsked({ text }: { text: string }): AttributeId[] {
  return [...new Set(attributeMentions(text).flatMap(({ keys }) => keys))] as AttributeId[]
}

/** In which kinds of amounts an answer may be given: "how heavy" in grams, "how many watts" in watts, "how long does it last" in hours. */
export function dimensionsAsked({
  text,
  expects,
}: {
  text: string
  expects: AnswerType | null
}): Dimension[] {
  const byAttribute = attributesAsked({ text }).flatMap(id => dimensionsOf[id] ?? [])
  const byUnit = (text.match(/[\p{L}]{3,}/gu) ?? []).flatMap(word => unitNamed(word)?.dimension ?? [])
  const lasts: Dimension[] = expects?.isAnswer === isAnswer.duration ? ['time', 'months', 'workdays'] : []
  return [...new Set([...byAttribute, ...byUnit, ...lasts])]
}
