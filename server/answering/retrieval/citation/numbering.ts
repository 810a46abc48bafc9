import type { Reference } from '#protocol'
import type { Evidence } from '../evidence.ts'
import type { LruCache } from '../text/lru-cache.ts'
import { readSource, type Source, supportingQuote } from './support.ts'

export interface Numbering {
  /** The reader's numbers for the issued ones whose source supports the claim; each source once. */
  settle(issued: number[], claim: string): number[]
  /** What was cited so far, by number. */
  references(): Reference[]
}

const quotesMax = 300

/** Gives sources their reader's numbers in order of first use; passages of one source share a number (law A1). */
export function createNumbering(evidence: readonly Evidence[], sources: LruCache<Source>): Numbering {
  const cited = new Map<string, Reference>()

  /** Read when a mark first names it; passages are asked about more often than they change. */
  function sourceOf({ title, text }: Evidence): Source {
    return sources.get(`${title}\n${text}`, () => readSource({ title, text }))
  }

  /** The passage that was named first, then the others of the same source. */
  function quoteOf(named: Evidence, claim: string): string | null {
    const siblings = evidence.filter(other => other !== named && keyOf(other) === keyOf(named))
    for (const passage of [named, ...siblings]) {
      const quote = supportingQuote(claim, sourceOf(passage))
      if (quote !== null) return quote
    }
    return null
  }

  return {
    settle(issued, claim) {
      const numbers = new Set<number>()
      for (const number of new Set(issued)) {
        const named = evidence[number - 1]
        const quote = named && quoteOf(named, claim)
        if (!named || typeof quote !== 'string') continue
        const known = cited.get(keyOf(named))
        const reference = known
          ? { ...known, quote: joinQuotes(known.quote, quote) }
          : referTo(named, quote, cited.size + 1)
        cited.set(keyOf(named), reference)
        numbers.add(reference.number)
      }
      return [...numbers]
    },
    references: () => [...cited.values()],
  }
}

function keyOf(evidence: Evidence): string {
  return `${evidence.source}\n${evidence.source_id}`
}

function referTo(
  { source, source_id, title, url, score, updated_at }: Evidence,
  quote: string,
  number: number,
): Reference {
  return { number, source, source_id, title, url, quote, score, updated_at }
}

function joinQuotes(known: string, next: string): string {
  if (known.includes(next)) return known
  const joined = `${known} … ${next}`
  return joined.length <= quotesMax ? joined : known
}
