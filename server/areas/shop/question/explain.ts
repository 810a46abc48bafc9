import type { Reference } from '#protocol'
import type { Explanation, Found, questionOperations } from '#protocol/shop/question'
import { isOnlyNear } from '../../../answering/builtin/phrases.ts'
import { isCurated } from '../../../answering/curated/answer.ts'
import { readKey } from '../../../answering/retrieval/catalogue/columns.ts'
import type { Evidence, Question } from '../../../answering/retrieval/evidence.ts'
import type { Filter } from '../../../answering/retrieval/question/constraints.ts'
import { asSearched, partQuestions, readQuestion } from '../../../answering/retrieval/question/reading.ts'
import { type Handlers, personOf } from '../../../core/call.ts'
import { yieldToLoop } from '../../../core/turns.ts'

/** A passage of a document in its place, with what put it there. */
type ExplainedPassage = Pick<
  Found,
  'source_id' | 'title' | 'url' | 'text' | 'score' | 'words' | 'meaning' | 'coverage' | 'matched' | 'boosts'
> & { isNear: boolean }

interface PreviewedAnswer {
  status: string
  content: string
  references: Reference[]
  degraded: boolean
  usage: { provider_id: string | null; model: string | null; duration_ms: number } | null
  error: { reason?: string | undefined; message: string } | null
}

export interface ExplainDeps {
  /** What is searched through for a question, best first, with those that say too little. */
  explainDocuments(question: Question, limit: number): Promise<ExplainedPassage[]>
  /** What would be answered, and from what; nothing of it is stored. */
  preview(
    question: Question,
    askedBy: string,
    signal: AbortSignal,
  ): Promise<{ ending: PreviewedAnswer; evidence: Evidence[] }>
}

const passagesMax = 10
/** A reference quotes a part of its passage, which may be put together. */
const quoteStart = 40

/** Answers a question as it would be answered, and says how it came to that. */
export function explainHandler({
  explainDocuments,
  preview,
}: ExplainDeps): Handlers<typeof questionOperations>['question:explain'] {
  return async ({ question: text, language, context }, call) => {
    const question: Question = { text, earlier: [], language, context }
    // Retrieval reads it without its misspelt words; what follows goes by that reading.
    const { ending, evidence } = await preview(question, personOf(call).id, call.signal)
    const reading = readQuestion(question)
    const passages = []
    if (!isCurated(evidence))
      for (const part of partQuestions(question)) {
        await yieldToLoop()
        passages.push(...(await explainDocuments(asSearched(part), passagesMax)))
      }
    await yieldToLoop()
    const { references, content, usage, degraded, error } = ending
    const isWritten = ending.status === 'complete'
    const answer = isWritten
      ? {
          text: content,
          references,
          provider_id: usage?.provider_id ?? null,
          model: usage?.model ?? null,
          degraded,
          duration_ms: usage?.duration_ms ?? 0,
        }
      : null
    return {
      reading: {
        text: reading.text,
        language: reading.language,
        small_talk: reading.smallTalk,
        parts: reading.parts.map((part, at) => ({
          text: part.text,
          terms: part.terms.map(term => term.replace(/^=/, '')),
          policies: [...part.policies],
          filters: filtersFor(evidence, at),
        })),
      },
      found: listFound(evidence, passages, references),
      evidence: decisionOf(evidence, ending),
      answer,
      error: isWritten ? null : (error?.reason ?? error?.message ?? 'It was not finished.'),
    }
  }
}

function decisionOf(evidence: Evidence[], { references, content }: PreviewedAnswer): Explanation['evidence'] {
  if (isCurated(evidence)) return 'curated'
  if (references.length === 0) return 'none'
  return isOnlyNear(content) ? 'near' : 'enough'
}

/** What was there to answer from, then what was weaker, each passage once. */
function listFound(evidence: Evidence[], passages: ExplainedPassage[], references: Reference[]): Found[] {
  const explained = new Map(passages.map(passage => [keyOf(passage), passage]))
  const available = evidence.map((one): Found => {
    const { source, source_id, title, url, text, score } = one
    const {
      words = null,
      meaning = null,
      coverage = null,
      matched = [],
      boosts = [],
    } = explained.get(keyOf(one)) ?? {}
    const outcome = references.some(reference => isOf(reference, one)) ? 'cited' : 'given'
    return { source, source_id, title, url, text, score, words, meaning, coverage, matched, boosts, outcome }
  })
  const known = new Set(evidence.map(keyOf))
  const others = [...explained.values()]
    .filter(passage => !known.has(keyOf(passage)))
    .map(
      ({ isNear, source_id, title, url, text, score, words, meaning, coverage, matched, boosts }): Found => ({
        source: 'document',
        source_id,
        title,
        url,
        text,
        score,
        words,
        meaning,
        coverage,
        matched,
        boosts,
        outcome: isNear ? 'weaker' : 'too_little',
      }),
    )
    .sort((a, b) => b.score - a.score)
  return [...available, ...others]
}

function keyOf({ source_id, text }: Pick<Evidence, 'source_id' | 'text'>): string {
  return `${source_id}\n${text}`
}

function isOf({ source, source_id, quote }: Reference, evidence: Evidence): boolean {
  return (
    source === evidence.source &&
    source_id === evidence.source_id &&
    (source !== 'document' ||
      quote.split(' … ').some(part => evidence.text.includes(part.slice(0, quoteStart))))
  )
}

/** What a question asks of columns, as it would be written: "price ≤ 1000". */
function filtersFor(evidence: Evidence[], part: number): string[] {
  const one = evidence.find(({ parts, constraints }) =>
    parts ? parts.some(each => each.part === part && each.constraints) : constraints,
  )
  const constraints = one?.parts?.find(each => each.part === part)?.constraints ?? one?.constraints
  if (!constraints) return []
  const { filters, sort, excluded, unknown } = constraints
  return [
    ...filters.map(filterText),
    ...excluded.map(word => `≠ ${word}`),
    ...unknown.map(words => `? ${words}`),
    ...(sort ? [`${sort.direction === 'descending' ? '↓' : '↑'} ${sort.key}`] : []),
  ]
}

function filterText(filter: Filter): string {
  const { key } = filter
  if (filter.kind === 'boolean') return `${key} = ${filter.value}`
  if (filter.kind === 'text') return `${key} ${filter.exclude ? '≠' : '='} ${filter.values.join(' / ')}`
  const { min, max, above, below, currency } = filter
  // In the unit that the column is in.
  const amount = (value: number) => Number((value / (readKey(key).unit?.factor ?? 1)).toPrecision(4))
  const limits = [
    ...(min === null ? [] : [`${above ? '>' : '≥'} ${amount(min)}`]),
    ...(max === null ? [] : [`${below ? '<' : '≤'} ${amount(max)}`]),
  ]
  return [key, limits.join(' '), currency ?? ''].filter(Boolean).join(' ')
}
