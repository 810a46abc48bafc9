import type { EvaluationProblem } from '#protocol/shop/evaluation'
import type { CaseRow } from '#storage/shop/evaluation'
import type { ResultRow } from '#storage/shop/evaluation-run'
import { isOnlyNear } from '../../../answering/builtin/phrases.ts'
import { markGroups } from '../../../answering/retrieval/citation/marks.ts'
import type { WrittenAnswer } from './ports.ts'

/** Holds an answer against what was expected of it. */
export function judgeAnswer(expected: CaseRow, { ending, written }: WrittenAnswer): ResultRow {
  const { status, content, references, usage, error } = ending
  const isWritten = status === 'complete'
  const isBuiltin = usage?.provider_id === 'builtin'
  const is_refusal = isWritten && (references.length === 0 || (isBuiltin && isOnlyNear(content)))
  const missing = expected.expects === 'answer' ? missingFacts(expected.facts, content) : []
  return {
    case_id: expected.id,
    question: expected.question,
    problems: isWritten ? problemsOf(expected, { is_refusal, missing, references }) : ['failed'],
    missing: isWritten ? missing : [],
    answer: isWritten ? content : (error?.reason ?? error?.message ?? ''),
    sources: references,
    is_refusal,
    // What is left of a mark that was moved or joined is counted as often as it was written.
    marks_written: isWritten ? Math.max(countMarks(written), countMarks(content)) : 0,
    marks_honest: isWritten ? countMarks(content) : 0,
    model: isBuiltin ? 'builtin' : (usage?.model ?? null),
    duration_ms: Math.round(usage?.duration_ms ?? 0),
    cost: isBuiltin ? null : (usage?.cost ?? null),
    currency: isBuiltin || usage?.cost == null ? null : usage.currency,
  }
}

function problemsOf(
  { expects, sources }: CaseRow,
  {
    is_refusal,
    missing,
    references,
  }: Pick<ResultRow, 'is_refusal' | 'missing'> & Pick<WrittenAnswer['ending'], 'references'>,
): EvaluationProblem[] {
  if (expects === 'refusal') return is_refusal ? [] : ['answered']
  if (is_refusal) return ['refused']
  const cites = sources.some(({ source, source_id }) =>
    references.some(reference => reference.source === source && reference.source_id === source_id),
  )
  return [
    ...(sources.length > 0 && !cites ? (['other_source'] as const) : []),
    ...(missing.length > 0 ? (['missing_fact'] as const) : []),
  ]
}

function countMarks(text: string): number {
  return markGroups(text, [], '').reduce((sum, { numbers }) => sum + numbers.length, 0)
}

/** Facts of which no wording stands in the answer. */
function missingFacts(facts: readonly string[], answer: string): string[] {
  const text = plainText(answer)
  return facts.filter(fact => {
    const wordings = fact
      .split('|')
      .map(plainText)
      .filter(wording => wording !== '')
    return wordings.length > 0 && !wordings.some(wording => hasWords(text, wording))
  })
}

/** As it is compared: without marks, Markdown, case, width, separators of thousands, and blanks beside Chinese. */
function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\[\d+\]/g, '')
    .replace(/[*_`#>]+/g, '')
    .toLowerCase()
    .replace(/(?<=\d)[, '’](?=\d{3}(?!\d))/g, '')
    .replace(/\s+/g, ' ')
    .replace(/(?<=\p{Script=Han}) | (?=\p{Script=Han})/gu, '')
    .trim()
}

/** Whole words and numbers: 30 is not in 130, nor in 30.5. */
function hasWords(text: string, wording: string): boolean {
  const before = /^[\p{Script=Latin}\p{N}]/u.test(wording)
    ? String.raw`(?<![\p{Script=Latin}\p{N}]|\d[.,])`
    : ''
  const after = /[\p{Script=Latin}\p{N}]$/u.test(wording)
    ? String.raw`(?![\p{Script=Latin}\p{N}]|[.,]\d)`
    : ''
  return new RegExp(before + wording.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`) + after, 'u').test(text)
}
