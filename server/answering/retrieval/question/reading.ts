import type { Question } from '../evidence.ts'

/** UTF-16 units of a question that are read for names, kinds, limits and superlatives: its two ends, where people say what they want. */
const headMax = 500
const tailMax = 300
/** More than this of a text finds nothing that its beginning does not: a search takes no more terms. */
const searchedMax = 4000

/**
 * The question as its structure is read. Reading grows faster than the text, and a message may have ten times what anybody
 * asks in one: the middle of a long one is searched for (see `asSearched`), but not taken apart.
 */
export function asRead(question: Question): Question {
  return { ...question, text: readPart(question.text), earlier: question.earlier.map(readPart) }
}

function readPart(text: string): string {
  if (text.length <= headMax + tailMax) return text
  return `${text.slice(0, headMax)}\n${text.slice(-tailMax)}`.toWellFormed()
}

/** The question as it is searched for. */
export function asSearched(question: Question): Question {
  const part = (text: string) => text.slice(0, searchedMax)
  return { ...question, text: part(question.text), earlier: question.earlier.map(part) }
}
