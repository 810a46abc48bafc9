import { askingEn } from './asking.en.ts'
import { askingZh, comparedPartsZh } from './asking.zh.ts'
import { joinAlternatives, joinPatterns, type Patterns } from './patterns.ts'

/**
 * How people ask. What a pattern matches tells what is asked for:
 * `whether` a yes or no; `how` the steps; `why` a reason; `howMuch` a price; `comparison` products side by side, `versus` in so many words;
 * `products` some of them, not something about one; `wish` something that is sought or needed; `anything` whatever there
 * is; `refersBack` something of a product that was meant before; `continues` something of what was talked about; `refersToSeveral` to more than one of them; `pointsAtPage` to what is looked at; `available` whether, or
 * how many, can be had;
 * `category` which category.
 */
export type AskingCue =
  | 'whether'
  | 'how'
  | 'why'
  | 'howMuch'
  | 'comparison'
  | 'versus'
  | 'products'
  | 'wish'
  | 'anything'
  | 'refersBack'
  | 'continues'
  | 'refersToSeveral'
  | 'pointsAtPage'
  | 'available'
  | 'category'

/** What people say without asking for anything. */
export type SmallTalk =
  | 'greeting'
  | 'thanks'
  | 'goodbye'
  | 'person'
  | 'robot'
  | 'wellbeing'
  | 'abilities'
  | 'acknowledged'
  | 'anger'

/** Kinds of answers that are asked for by name: an amount of money, a span of time, a time of day, a time, a number. */
export type AnswerKind = 'price' | 'duration' | 'clock' | 'time' | 'count'

/** How a language asks. */
export interface Asking {
  cues: Patterns<AskingCue>
  smallTalk: Patterns<SmallTalk>
  answers: Patterns<AnswerKind>
  /** How headings call such answers, as terms. */
  headings: Readonly<Record<AnswerKind, readonly string[]>>
  /** What stands between two questions of one message. */
  nextQuestion: RegExp
  /** What stands between two things that are asked for in one question. */
  joint: RegExp
  /** What a message may open with before it asks. */
  opening: RegExp
  /** Where a long sentence begins to ask. */
  request: RegExp
  /** Where the case begins that something is asked for. */
  condition: RegExp
  /** The case that somebody lacks something, with what is lacked. */
  lack: RegExp
  /** A reason behind what is asked, to the end. */
  reason: RegExp
  /** Days and months: of what is said for others nothing follows. */
  calendar: RegExp
  /** What people say for something else, with what they mean. */
  idioms: readonly (readonly [RegExp, string])[]
  /** Whether something is needed rather than allowed. */
  must: RegExp
  /** One order, by its number. */
  ownOrder: RegExp
  /** What a doctor should be asked. */
  medical: RegExp
}

const languages: readonly [Asking, ...Asking[]] = [askingEn, askingZh]

function joined<Key extends string>(part: (language: Asking) => Patterns<Key>): Patterns<Key> {
  const [first, ...others] = languages
  return joinPatterns(part(first), ...others.map(part))
}

/** How people ask, in any language. */
export const asking: Asking & { comparedParts: RegExp } = {
  cues: joined(language => language.cues),
  smallTalk: joined(language => language.smallTalk),
  answers: joined(language => language.answers),
  headings: {
    price: languages.flatMap(({ headings }) => headings.price),
    duration: languages.flatMap(({ headings }) => headings.duration),
    clock: languages.flatMap(({ headings }) => headings.clock),
    time: languages.flatMap(({ headings }) => headings.time),
    count: languages.flatMap(({ headings }) => headings.count),
  },
  nextQuestion: joinAlternatives(languages.map(({ nextQuestion }) => nextQuestion)),
  joint: joinAlternatives(languages.map(({ joint }) => joint)),
  must: joinAlternatives(languages.map(({ must }) => must)),
  ownOrder: joinAlternatives(languages.map(({ ownOrder }) => ownOrder)),
  opening: joinAlternatives(languages.map(({ opening }) => opening)),
  request: joinAlternatives(languages.map(({ request }) => request)),
  condition: joinAlternatives(languages.map(({ condition }) => condition)),
  lack: joinAlternatives(languages.map(({ lack }) => lack)),
  reason: joinAlternatives(languages.map(({ reason }) => reason)),
  calendar: joinAlternatives(languages.map(({ calendar }) => calendar)),
  idioms: languages.flatMap(({ idioms }) => idioms),
  medical: joinAlternatives(languages.map(({ medical }) => medical)),
  comparedParts: comparedPartsZh,
}
