import { createHash } from 'node:crypto'
import type { ChatModel, ChatRequest } from '../../providers/model.ts'
import { objectionTo } from '../memory/screen.ts'
import type { Evidence, Question } from '../retrieval/evidence.ts'
import { asking } from '../retrieval/lexicon/asking.ts'
import { toSimplified } from '../retrieval/text/simplified.ts'

/** Raised where the same request is to be answered otherwise: by another prompt, say. */
const version = 1
/** Longer questions are not asked twice. */
const questionMax = 300
/** Numbers of orders, customers, telephones. */
const longNumber = /\d{5,}/

/**
 * The digest of all that shapes a model's answer to a first question: who asks it in the same words on the same page, of the same
 * sources, gets the same answer, and what a source says otherwise is another key. Null where the answer is one person's own: it
 * leans on what was said before, on memories, files or what staff have told the assistant, or the question tells something of who asks.
 */
export function answerKey(
  { provider, model, maxTokens }: Pick<ChatModel, 'provider' | 'model' | 'maxTokens'>,
  { question, history, evidence, memories = [], guidance = [], instructions }: ChatRequest,
): string | null {
  const isFirst = history.length === 0 && question.earlier.length === 0
  const hasOwn =
    memories.length > 0 ||
    guidance.length > 0 ||
    (question.uploads?.length ?? 0) > 0 ||
    instructions !== undefined
  if (!isFirst || hasOwn || evidence.length === 0 || isPersonal(question.text)) return null
  const parts = [
    version,
    [provider, model, maxTokens ?? null],
    normalize(question.text),
    question.language,
    pageOf(question),
    evidence.map(sourceOf),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

function isPersonal(text: string): boolean {
  return (
    text.length > questionMax ||
    longNumber.test(text) ||
    asking.ownOrder.test(text) ||
    objectionTo(text) !== null
  )
}

/** Case, width, blanks and the marks at the end make no other question. */
function normalize(text: string): string {
  return toSimplified(text.normalize('NFKC').toLowerCase())
    .replace(/\s+/g, ' ')
    .replace(/[\s.!?。！？…]+$/u, '')
    .trim()
}

function pageOf({ context }: Question): (string | null)[] {
  const { product_id = null, sku_id = null, url } = context
  return [product_id, sku_id, url?.replace(/[?#].*$/s, '') ?? null]
}

/** All that a model reads of a source, and where its reference leads. */
function sourceOf({ source, source_id, title, url, text }: Evidence): (string | null)[] {
  return [source, source_id, title, url, text]
}
