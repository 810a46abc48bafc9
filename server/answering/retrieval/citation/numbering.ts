import type { Reference } from '#protocol'
import type { Evidence } from '../evidence.ts'
import type { LruCache } from '../text/lru-cache.ts'
import { quoteMax, readSource, type Source, supportedBy } from './support.ts'

export interface Numbering {
  /** The reader's numbers for the issued ones whose source supports the claim; each source once. */
  settle(issued: number[], claim: string): number[]
  /** What was cited so far, by number. */
  references(): Reference[]
}

/** Gives sources their reader's numbers in order of first use; passages of one source share a number (law A1). */
export function createNumbering(evidence: readonly Evidence[], sources: LruCache<Source>): Numbering {
  const cited = new Map<string, Reference>()

  const sourcesRead = new Map<Evidence, Source>()

  /** Read when a mark first names it; passages are asked about more often than they change. */
  function sourceOf(one: Evidence): Source {
    const read =
      sourcesRead.get(one) ?? sources.get(`${one.source}\n${one.title}\n${one.text}`, () => readSource(one))
    sourcesRead.set(one, read)
    return read
  }

  /** With the other passages of the same sources: a number stands for all of one. */
  function supportOf(named: readonly Evidence[], claim: string): Map<string, string> {
    const keys = new Set(named.map(keyOf))
    const passages = [...named, ...evidence.filter(each => !named.includes(each) && keys.has(keyOf(each)))]
    const read = passages.map(sourceOf)
    const found = supportedBy(claim, read) ?? []
    return new Map(found.map(({ source, quote }) => [keyOf(passages[read.indexOf(source)]!), quote]))
  }

  /** What each source says of the claim: all of it, else the part that they say together. */
  function quotesOf(named: readonly Evidence[], claim: string): Map<string, string> {
    const quotes = new Map(named.flatMap(each => [...supportOf([each], claim)]))
    if (quotes.size === named.length || named.length < 2) return quotes
    return new Map([...supportOf(named, claim), ...quotes])
  }

  return {
    settle(issued, claim) {
      const named = [...new Set(issued)].flatMap(number => evidence[number - 1] ?? [])
      const quotes = quotesOf(named, claim)
      const numbers = new Set<number>()
      for (const each of named) {
        const key = keyOf(each)
        const quote = quotes.get(key)
        if (quote === undefined) continue
        const known = cited.get(key)
        const reference = known
          ? { ...known, quote: joinQuotes(known.quote, quote) }
          : referTo(each, quote, cited.size + 1)
        cited.set(key, reference)
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
  return joined.length <= quoteMax ? joined : known
}
