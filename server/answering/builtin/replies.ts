import { asking } from '../retrieval/lexicon/asking.ts'
import { negation } from '../retrieval/lexicon/negation.ts'
import { stating } from '../retrieval/lexicon/stating.ts'
import { coreQuestion } from '../retrieval/question/focus.ts'
import type { Reading } from '../retrieval/question/reading.ts'
import type { Candidate } from './candidates.ts'
import { best, coverage, type QuestionTerm } from './question-terms.ts'

/** The question above a reply says this share of what the reply says of the question that is asked, or the reply is to something else. */
const sameQuestionShare = 0.4

/** What replies to other questions: "Can I change the date? Yes, in your account." says nothing of whether an account is needed. */
export function repliesElsewhere(
  sentences: readonly Candidate[],
  items: readonly QuestionTerm[],
): ReadonlySet<Candidate> {
  const informative = items.filter(item => item.informative)
  const found = new Set<Candidate>()
  if (informative.length === 0) return found
  for (const reply of sentences)
    if (reply.repliesTo && isElsewhere(reply, reply.repliesTo.terms, informative))
      for (const sentence of sentences.slice(reply.position))
        if (sentence.line === reply.line && (sentence === reply || !sentence.repliesTo)) found.add(sentence)
  return found
}

function isElsewhere(
  { terms }: Candidate,
  question: ReadonlySet<string>,
  informative: readonly QuestionTerm[],
): boolean {
  const own = coverage(informative, item => Math.max(best(item, terms), best(item, question)))
  return coverage(informative, item => best(item, question)) <= own * sameQuestionShare
}

/** The sentence without a "yes" that answers the opposite of what is asked, or something that is no question of yes or no. */
export function spokenTo({ text, repliesTo }: Candidate, reading: Reading): string {
  if (!repliesTo || (reading.asks.whether && isAskedAlike(coreQuestion(reading.text).core, repliesTo.text)))
    return text
  const rest = text.replace(stating.reply, '')
  return /[\p{L}\p{N}]/u.test(rest) ? rest.charAt(0).toUpperCase() + rest.slice(1) : text
}

/** "Do I need a receipt?" is answered by "no" where "Can I return it without one?" is by "yes". */
function isAskedAlike(asked: string, other: string): boolean {
  return isDenied(asked) === isDenied(other) && asking.must.test(asked) === asking.must.test(other)
}

const denial = new RegExp(negation.negator.source, 'iu')

function isDenied(text: string): boolean {
  return denial.test(text)
}
