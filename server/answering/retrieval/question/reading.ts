import type { Question } from '../evidence.ts'
import { type AskingCue, asking, type SmallTalk } from '../lexicon/asking.ts'
import { informativeTerms } from '../lexicon/informative.ts'
import { nounPhrases } from '../lexicon/noun-phrases.ts'
import { policiesNamed } from '../lexicon/policies.ts'
import { productTypeMentions } from '../lexicon/product-types.ts'
import { namesService } from '../lexicon/synonyms.ts'
import { languageAsked } from '../text/language.ts'
import { quantities } from '../text/quantities.ts'
import { toSimplified } from '../text/simplified.ts'
import { type AnswerType, expectedAnswerType } from './answer-type.ts'
import { withoutAttributes } from './column-mentions.ts'
import { coreQuestion, focusOf } from './focus.ts'
import { smallTalkIn } from './small-talk.ts'
import { questionsMax, splitQuestions } from './split-question.ts'

/**
 * What a question says, read once and passed on to all that look for evidence or answer. What it asks of a catalogue's
 * columns is read by the catalogue (see `readConstraints`), and goes on with the products that were found.
 */
export interface Reading {
  /** What was read: of a long text its two ends. */
  text: string
  /** What was asked before, newest last, cut alike. */
  earlier: readonly string[]
  language: Question['language']
  context: Question['context']
  uploads: NonNullable<Question['uploads']>
  /** The informative terms, canonical, in order. */
  terms: readonly string[]
  /** How it asks. */
  asks: Readonly<Record<AskingCue, boolean>>
  smallTalk: SmallTalk | null
  expects: AnswerType | null
  /** Policies of the shop that it names. */
  policies: readonly string[]
  /** About what a shop does rather than what it sells. */
  namesService: boolean
  /** "How heavy is it", "has it 16 GB": names a column or an amount. */
  namesAttribute: boolean
  /** The questions it consists of; itself where it is one. */
  parts: readonly Reading[]
}

/** UTF-16 units of a question that are read: its two ends, where people say what they want. */
const headMax = 500
const tailMax = 300
/** More than this of a text finds nothing that its beginning does not: a search takes no more terms. */
const searchedMax = 4000

const readings = new WeakMap<Question, Reading>()

/**
 * The reading of a question, made when it is first asked for. Reading grows faster than the text, and a message may have
 * ten times what anybody asks in one: the middle of a long one is searched for (see `asSearched`), but not taken apart.
 */
export function readQuestion(question: Question): Reading {
  return readings.get(question) ?? readCorrected(question, question.text)
}

/** Reads a question by a text that says the same without its misspellings. */
export function readCorrected(question: Question, text: string): Reading {
  const plain = toSimplified(endsOf(text))
  const { language: usual, context, uploads = [] } = question
  const earlier = question.earlier.map(each => toSimplified(endsOf(each)))
  const reading = readWhole(plain, { earlier, language: languageAsked(plain, usual), context, uploads })
  readings.set(question, reading)
  return reading
}

/** The reading of another text in the place of a question's own: of a part of it, or without its names. */
export function readInstead(of: Reading, text: string, earlier = of.earlier): Reading {
  const { language, context, uploads } = of
  return read(text, { earlier, language, context, uploads })
}

type Circumstances = Pick<Reading, 'earlier' | 'language' | 'context' | 'uploads'>

function readWhole(text: string, circumstances: Circumstances): Reading {
  const { questions, aside } = focusOf(text)
  const earlier = aside ? [...circumstances.earlier, aside] : circumstances.earlier
  const texts = questions.flatMap(splitQuestions)
  const reading = read(text, circumstances)
  if (texts.length === 1 && texts[0] === text) return reading
  const parts = texts
    .slice(0, questionsMax)
    .map((part, at) => read(part, { ...circumstances, earlier: [...earlier, ...texts.slice(0, at)] }))
  return { ...reading, parts }
}

function read(text: string, circumstances: Circumstances): Reading {
  const cues = Object.keys(asking.cues) as AskingCue[]
  const trimmed = text.trim()
  const core = coreQuestion(trimmed).core.trim()
  const reading = {
    text,
    ...circumstances,
    terms: informativeTerms(text),
    asks: Object.fromEntries(
      cues.map(cue => [cue, asking.cues[cue].test(cue === 'whether' ? core : trimmed)]),
    ) as Record<AskingCue, boolean>,
    smallTalk: smallTalkIn(text),
    expects: expectedAnswerType(text),
    policies: policiesNamed(text),
    namesService: namesService(text),
    namesAttribute: withoutAttributes(text) !== text || quantities(text).some(({ unit }) => unit !== null),
    parts: [] as Reading[],
  }
  reading.asks.products ||=
    !reading.namesService && reading.policies.length === 0 && (namesSeveral(text) || namesOne(trimmed))
  reading.parts.push(reading)
  return reading
}

/** "Lamps under 50": things of a kind, which the shop may have or not. */
function namesSeveral(text: string): boolean {
  return productTypeMentions(text).some(({ start, end }) => /[^s]s$/i.test(text.slice(start, end)))
}

/** "A bike for a child of five": nothing is said but what is wanted. */
function namesOne(text: string): boolean {
  const [first] = productTypeMentions(text)
  return (
    first !== undefined &&
    nounPhrases.indefinite.test(text.slice(0, first.start)) &&
    /^(?:an?|some|any)\s/i.test(text)
  )
}

/** The parts as questions by themselves, each with those before it; of a long message that is one question all of it. */
export function partQuestions(question: Question): Question[] {
  const { text: whole, parts } = readQuestion(question)
  return parts.map(part => {
    const { text, language } = part
    const partQuestion = {
      ...question,
      text: text === whole && question.text.length > text.length ? question.text : text,
      language,
      earlier: [...part.earlier],
    }
    readings.set(partQuestion, part)
    return partQuestion
  })
}

export function endsOf(text: string): string {
  if (text.length <= headMax + tailMax) return text
  return `${text.slice(0, headMax)}\n${text.slice(-tailMax)}`.toWellFormed()
}

/** The question as it is searched for. */
export function asSearched(question: Question): Question {
  const part = (text: string) => text.slice(0, searchedMax)
  return { ...question, text: part(question.text), earlier: question.earlier.map(part) }
}
