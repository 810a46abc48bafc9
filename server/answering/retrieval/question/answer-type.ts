import { type AnswerKind, asking } from '../lexicon/asking.ts'
import type { AttributeId } from '../lexicon/attributes.ts'
import { stating } from '../lexicon/stating.ts'
import { type Quantity, quantities } from '../text/quantities.ts'
import { type Dimension, unitNamed } from '../text/units.ts'
import { attributeMentions } from './column-mentions.ts'

/** What is asked for besides the words: a kind of number, and how headings call it, as terms. */
export interface AnswerType {
  isAnswer(quantity: Quantity): boolean
  /** What is as good as an amount: "free of charge". */
  worded?: RegExp
  /** What may stand in the place of an amount ("as soon as …"); undefined where more may than a pattern tells. */
  vague?: RegExp
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

const vague: Partial<Record<AnswerKind, RegExp>> = {
  price: stating.cost,
  duration: stating.span,
  clock: stating.hours,
}

/** The first that fits is expected. */
const kinds = ['price', 'duration', 'clock', 'time', 'count'] as const

/** What a question expects to be answered with by its words, or null. */
export function expectedAnswerType(text: string): AnswerType | null {
  const kind = kinds.find(each => asking.answers[each].test(text))
  if (!kind) return null
  const headings = kind === 'price' ? ['=price', ...asking.headings.price] : asking.headings[kind]
  return {
    isAnswer: isAnswer[kind],
    headings,
    worded: kind === 'price' ? stating.cost : undefined,
    vague: vague[kind],
  }
}

/** Whether a text has what is asked for besides the words. */
export function hasAnswer({ isAnswer, worded }: AnswerType, text: string): boolean {
  return quantities(text).some(isAnswer) || worded?.test(text) === true
}

/** Whether none of the texts has it, nor anything that may stand in its place. */
export function lacksAnswer(expects: AnswerType, texts: readonly string[]): boolean {
  const { vague } = expects
  return vague !== undefined && !texts.some(text => hasAnswer(expects, text) || vague.test(text))
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
  temperature: ['celsius'],
  'colour temperature': ['temperature'],
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
  const byUnit = unitsNamedIn(text).flatMap(word => unitNamed(word)?.dimension ?? [])
  const lasts: Dimension[] = expects?.isAnswer === isAnswer.duration ? ['time', 'months', 'workdays'] : []
  return [...new Set([...byAttribute, ...byUnit, ...lasts])]
}

const unspacedUnitMax = 3

/** Words that may be units: of a text with spaces all, of Chinese what stands behind "多少" in up to three signs. */
function unitsNamedIn(text: string): string[] {
  const behind = [...text.matchAll(/(?:多少|几)\s?(?<signs>\p{Script=Han}{1,3})/gu)].flatMap(({ groups }) =>
    Array.from({ length: unspacedUnitMax }, (_, at) => groups!.signs!.slice(0, at + 1)),
  )
  return [...(text.match(/[\p{L}]{3,}/gu) ?? []), ...behind]
}
