import type { MessageTerms, SearchedMessage } from '#storage/chat/message-terms'
import { isStopTerm } from '../../../answering/retrieval/lexicon/stopwords.ts'
import { termId } from '../../../answering/retrieval/ranking/bm25.ts'
import { toSimplified } from '../../../answering/retrieval/text/simplified.ts'
import { tokenize } from '../../../answering/retrieval/text/tokens.ts'
import { createTextTurns } from '../../../core/turns.ts'

/** More say nothing of where it belongs. */
const termsMax = 400
const hanRun = /\p{Script=Han}+/gu
const words = /[\p{L}\p{N}](?:[\p{L}\p{N}'’.,·/_-]*[\p{L}\p{N}])?/gu

/** What a message is found by: its words, and every sign and pair of signs of Chinese, which no dictionary has to agree about. */
function searchTermsOf(text: string): number[] {
  const pairs = hanRunsOf(text).flatMap(run => [...[...run], ...pairsOf(run)])
  return toIds([...latinTermsOf(text), ...pairs], termsMax)
}

/** Of messages however many and long: others are served between. */
export async function readTerms(messages: SearchedMessage[]): Promise<MessageTerms[]> {
  const found: MessageTerms[] = []
  const giveWay = createTextTurns()
  for (const { id, conversation_id, content } of messages) {
    await giveWay(content.length)
    found.push({ message_id: id, conversation_id, terms: searchTermsOf(content) })
  }
  return found
}

/** What a message must have to be found; empty where nothing was said. */
export function queryTermsOf(text: string): number[] {
  return toIds(queryWordsOf(text))
}

export interface Highlight {
  start: number
  end: number
}

/** Where the words of the query stand in the text, in UTF-16 units, ascending and apart. */
export function highlightsOf(text: string, query: string): Highlight[] {
  const queried = new Set(queryWordsOf(query))
  const found: Highlight[] = []
  for (const { 0: word, index } of text.matchAll(words)) {
    if (!latinTermsOf(word).some(term => queried.has(term))) continue
    found.push({ start: index, end: index + word.length })
  }
  for (const { 0: run, index } of text.matchAll(hanRun)) {
    const signs = toSimplified(run)
    for (let at = 0; at < signs.length; at++)
      for (const length of [1, 2])
        if (queried.has(signs.slice(at, at + length)) && at + length <= run.length)
          found.push({ start: index + at, end: index + at + length })
  }
  return merged(found)
}

function queryWordsOf(text: string): string[] {
  return [...latinTermsOf(text), ...hanRunsOf(text).flatMap(run => (run.length === 1 ? [run] : pairsOf(run)))]
}

function latinTermsOf(text: string): string[] {
  return tokenize(text.replaceAll(hanRun, ' ')).filter(term => !isStopTerm(term))
}

function hanRunsOf(text: string): string[] {
  return toSimplified(text.normalize('NFKC')).match(hanRun) ?? []
}

function pairsOf(run: string): string[] {
  return Array.from({ length: run.length - 1 }, (_, at) => run.slice(at, at + 2))
}

function toIds(terms: string[], max = Number.POSITIVE_INFINITY): number[] {
  return [...new Set(terms)].slice(0, max).map(term => termId('document', term))
}

function merged(found: Highlight[]): Highlight[] {
  const apart: Highlight[] = []
  for (const next of found.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = apart.at(-1)
    if (last && next.start <= last.end) last.end = Math.max(last.end, next.end)
    else apart.push({ ...next })
  }
  return apart
}
