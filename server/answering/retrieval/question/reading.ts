import type { Question } from '../evidence.ts'
import { type AskingCue, asking, type SmallTalk } from '../lexicon/asking.ts'
import { informativeTerms } from '../lexicon/informative.ts'
import { policiesNamed } from '../lexicon/policies.ts'
import { namesService } from '../lexicon/synonyms.ts'
import { quantities } from '../text/quantities.ts'
import { type AnswerType, expectedAnswerType } from './answer-type.ts'
import { withoutAttributes } from './column-mentions.ts'
import { smallTalkIn } from './small-talk.ts'
import { splitQuestions } from './split-question.ts'

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
  const known = readings.get(question)
  if (known) return known
  const { language, context, uploads = [] } = question
  const earlier = question.earlier.map(endsOf)
  const reading = readWhole(endsOf(question.text), { earlier, language, context, uploads })
  readings.set(question, reading)
  return reading
}

/** The reading of another text in the place of a question's own: of a part of it, or without its names. */
export function readInstead(of: Reading, text: string, earlier = of.earlier): Reading {
  const { language, context, uploads } = of
  return readWhole(text, { earlier, language, context, uploads })
}

type Circumstances = Pick<Reading, 'earlier' | 'language' | 'context' | 'uploads'>

function readWhole(text: string, circumstances: Circumstances): Reading {
  const parts = splitQuestions(text)
  const reading = read(text, circumstances)
  return parts.length > 1 ? { ...reading, parts: parts.map(part => read(part, circumstances)) } : reading
}

function read(text: string, circumstances: Circumstances): Reading {
  const cues = Object.keys(asking.cues) as AskingCue[]
  const trimmed = text.trim()
  const reading = {
    text,
    ...circumstances,
    terms: informativeTerms(text),
    asks: Object.fromEntries(cues.map(cue => [cue, asking.cues[cue].test(trimmed)])) as Reading['asks'],
    smallTalk: smallTalkIn(text),
    expects: expectedAnswerType(text),
    policies: policiesNamed(text),
    namesService: namesService(text),
    namesAttribute: withoutAttributes(text) !== text || quantities(text).some(({ unit }) => unit !== null),
    parts: [] as Reading[],
  }
  reading.parts.push(reading)
  return reading
}

function endsOf(text: string): string {
  if (text.length <= headMax + tailMax) return text
  return `${text.slice(0, headMax)}\n${text.slice(-tailMax)}`.toWellFormed()
}

/** The question as it is searched for. */
export function asSearched(question: Question): Question {
  const part = (text: string) => text.slice(0, searchedMax)
  return { ...question, text: part(question.text), earlier: question.earlier.map(part) }
}
