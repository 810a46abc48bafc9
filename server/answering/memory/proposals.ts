import { sentences } from '../retrieval/text/sentences.ts'
import { type Fact, isFirstPerson, isStated, readFact } from './facts.ts'
import { objectionTo } from './screen.ts'
import { canonicalSlot } from './subjects.ts'

/** What a model says a message states of its writer. */
export interface Proposal {
  subject: string
  /** The words that say it, as they stand in the message. */
  quote: string
}

const quoteMin = 3
const quoteMax = 200
const subjectForm = /^\p{L}[\p{L}\p{N} _-]{0,39}$/u

/** A model proposes, this decides: its words must stand in one sentence of the message, be about the writer, and be allowed. */
export function checkedFact({ subject, quote }: Proposal, text: string): Fact | null {
  const content = quote.trim()
  if (content.length < quoteMin || content.length > quoteMax) return null
  const sentence = sentences(text).find(one => one.includes(content))
  if (!sentence || /^[>＞|]/.test(sentence)) return null
  if (!isFirstPerson(content) || !isStated(sentence, content)) return null
  // The whole sentence is screened: "my brother says I like it" says nothing of the writer.
  if (objectionTo(sentence) || objectionTo(content)) return null
  const name = subject.trim().toLowerCase().replaceAll('_', ' ')
  if (!subjectForm.test(name)) return null
  return { subject: readFact(content)?.subject ?? canonicalSlot(name), content }
}
