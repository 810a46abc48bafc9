import { asking } from '../lexicon/asking.ts'
import { sentences } from '../text/sentences.ts'

/** What of a message asks, and what is said beside it. */
export interface Focus {
  questions: string[]
  aside: string
}

/** A shorter message is a question as it stands. */
const longFrom = 140
const askedMax = 3

/** "Hello there! …" is greeted, not asked; of a long message the sentences that ask something are the question. */
export function focusOf(text: string): Focus {
  const plain = withoutOpening(text)
  const spoken = sentences(plain)
  if (plain.length < longFrom || spoken.length < 2) return { questions: [plain], aside: '' }
  const marked = spoken.filter(sentence => /[?？]$/.test(sentence))
  const questions = (
    marked.length > 0 ? marked : spoken.filter(sentence => asking.request.test(sentence))
  ).slice(-askedMax)
  if (questions.length === 0) return { questions: [plain], aside: '' }
  const aside = spoken.filter(sentence => !questions.includes(sentence)).join(' ')
  return { questions: questions.map(coreOf), aside }
}

/** What of a question asks, the situation it is asked in, which is not what is asked about, and the case it is asked for. */
export interface Core {
  core: string
  situation: string
  condition: string
}

/** "It doesn't fit, can I return it?" asks from its second clause on, "Can I return it if it doesn't fit?" up to it. */
export function coreQuestion(text: string): Core {
  const clauses = text.split(clauseEnd)
  const asksAt = clauses.findIndex(
    clause => asking.request.test(clause) || asking.cues.whether.test(clause.trim()),
  )
  const request = asksAt < 1 ? text : clauses.slice(asksAt).join(' ')
  const situation = asksAt < 1 ? '' : clauses.slice(0, asksAt).join(' ')
  const behind = asking.condition.exec(request)
  const core = behind ? request.slice(0, behind.index) : request
  return { core, situation, condition: behind ? request.slice(behind.index) : '' }
}

const clauseEnd = /(?<=[,，;；。.!！\n])\s*/

function withoutOpening(text: string): string {
  const plain = asking.idioms.reduce((spoken, [idiom, meaning]) => spoken.replace(idiom, meaning), text)
  const rest = plain.replace(asking.opening, '')
  return /[\p{L}\p{N}]/u.test(rest) ? rest : plain
}

/** "So before I walk there: is it still possible …" asks from where it begins to ask, up to a reason that is given. */
function coreOf(sentence: string): string {
  const begin = asking.request.exec(sentence)
  const core = begin && begin.index > 20 ? sentence.slice(begin.index) : sentence
  return core.replace(asking.reason, '')
}
