import { askingEn } from './asking.en.ts'
import { askingZh } from './asking.zh.ts'
import { joinAlternatives, joinPatterns, type Patterns } from './patterns.ts'

/**
 * How people ask. What a pattern matches tells what is asked for:
 * `whether` a yes or no; `how` the steps; `why` a reason; `howMuch` a price; `comparison` products side by side;
 * `products` some of them, not something about one; `wish` something that is sought or needed; `anything` whatever there
 * is; `refersBack` something of a product that was meant before; `continues` something of what was talked about;
 * `category` which category.
 */
export type AskingCue =
  | 'whether'
  | 'how'
  | 'why'
  | 'howMuch'
  | 'comparison'
  | 'products'
  | 'wish'
  | 'anything'
  | 'refersBack'
  | 'continues'
  | 'category'

/** What people say without asking for anything. */
export type SmallTalk = 'greeting' | 'thanks' | 'person'

/** Kinds of answers that are asked for by name: an amount of money, a span of time, a time, a number. */
export type AnswerKind = 'price' | 'duration' | 'time' | 'count'

/** How a language asks. */
export interface Asking {
  cues: Patterns<AskingCue>
  smallTalk: Patterns<SmallTalk>
  answers: Patterns<AnswerKind>
  /** How headings call such answers, as terms. */
  headings: Readonly<Record<AnswerKind, readonly string[]>>
  /** What stands between two questions of one message. */
  nextQuestion: RegExp
}

const languages: readonly [Asking, ...Asking[]] = [askingEn, askingZh]

function joined<Key extends string>(part: (language: Asking) => Patterns<Key>): Patterns<Key> {
  const [first, ...others] = languages
  return joinPatterns(part(first), ...others.map(part))
}

/** How people ask, in any language. */
export const asking: Asking = {
  cues: joined(language => language.cues),
  smallTalk: joined(language => language.smallTalk),
  answers: joined(language => language.answers),
  headings: {
    price: languages.flatMap(({ headings }) => headings.price),
    duration: languages.flatMap(({ headings }) => headings.duration),
    time: languages.flatMap(({ headings }) => headings.time),
    count: languages.flatMap(({ headings }) => headings.count),
  },
  nextQuestion: joinAlternatives(languages.map(({ nextQuestion }) => nextQuestion)),
}
