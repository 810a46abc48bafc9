import type { Reference } from '#protocol'
import type { Evidence } from '../retrieval/evidence.ts'

/** Whether all that is asked has answers that a person of the shop wrote: they are given as they stand. */
export function isCurated(evidence: readonly Evidence[]): boolean {
  return evidence.length > 0 && evidence.every(({ source }) => source === 'article')
}

/** What a reference mark cannot stand behind: a row of a table, code, a line of its own. */
const blockEnd = /(?:\||```|~~~|^\s*[-*_]{3,})\s*$/
const fullStop = /[.!?。！？…]+["'”’」』）)]*$/

/** An answer of the shop's own, with the number of its source. */
export function curatedText(answer: string, number: number): string {
  const text = answer.trimEnd()
  if (blockEnd.test(text)) return `${text}\n\n[${number}]`
  const at = fullStop.exec(text)?.index ?? text.length
  return `${text.slice(0, at)} [${number}]${text.slice(at)}`
}

const quoteMax = 300

/** In the place of the citation check (law A1): text and source are the same words, and each source is cited once, in order. */
export function curatedCitations(evidence: readonly Evidence[]) {
  return {
    push: (text: string) => text,
    end: () => '',
    references: (): Reference[] =>
      evidence.map(({ source, source_id, title, url, text, score, updated_at }, at) => ({
        number: at + 1,
        source,
        source_id,
        title,
        url,
        quote: text.length > quoteMax ? `${text.slice(0, quoteMax).toWellFormed()}…` : text,
        score,
        updated_at,
      })),
  }
}
