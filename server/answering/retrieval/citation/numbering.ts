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
  const cited = new Map<string, Cited>()
  const sourcesRead = new Map<Evidence, Source>()

  /** Read when a mark first names it; passages are asked about more often than they change. */
  function sourceOf(one: Evidence): Source {
    const read =
      sourcesRead.get(one) ?? sources.get(`${one.source}\n${one.title}\n${one.text}`, () => readSource(one))
    sourcesRead.set(one, read)
    return read
  }

  /** With the other passages of the same sources: a number stands for all of one. */
  function supportOf(named: readonly Evidence[], claim: string): Map<string, Quote> {
    const keys = new Set(named.map(keyOf))
    const passages = [...named, ...evidence.filter(each => !named.includes(each) && keys.has(keyOf(each)))]
    const read = passages.map(sourceOf)
    const found = supportedBy(claim, read) ?? []
    return new Map(
      found.map(({ source, quote }) => {
        const passage = passages[read.indexOf(source)]!
        return [keyOf(passage), { quote, place: placeOf(quote, passage), text: passage.text }]
      }),
    )
  }

  /** What each source says of the claim: all of it, else the part that they say together. */
  function quotesOf(named: readonly Evidence[], claim: string): Map<string, Quote> {
    const quotes = new Map(named.flatMap(each => [...supportOf([each], claim)]))
    if (quotes.size === named.length || named.length < 2) return quotes
    return new Map([...supportOf(named, claim), ...quotes])
  }

  return {
    settle(issued, claim) {
      const now = Date.now()
      const named = [...new Set(issued)]
        .flatMap(number => evidence[number - 1] ?? [])
        .filter(({ ends_at = Number.POSITIVE_INFINITY }) => now < ends_at)
      const quotes = quotesOf(named, claim)
      const numbers = new Set<number>()
      for (const each of named) {
        const key = keyOf(each)
        const quote = quotes.get(key)
        if (quote === undefined) continue
        const known = cited.get(key)
        const next = known ?? { reference: referTo(each, quote.quote, cited.size + 1), places: [] }
        cited.set(key, withQuote(next, quote))
        numbers.add(next.reference.number)
      }
      return [...numbers]
    },
    references: () => [...cited.values()].map(titled),
  }
}

/** What a source says, and where in its file. */
interface Quote {
  quote: string
  place: string | undefined
  /** What it was taken from. */
  text: string
}

interface Cited {
  reference: Reference
  /** Where its quotes stand, each once. */
  places: readonly string[]
}

const placesMax = 3

/** A reader who opens the file looks for the place: it is a part of the title that they are shown. */
function titled({ reference, places }: Cited): Reference {
  return { ...reference, title: [reference.title, places.join(', ')].filter(Boolean).join(' · ') }
}

function withQuote({ reference, places }: Cited, { quote, place, text }: Quote): Cited {
  const isNew = place !== undefined && !places.includes(place) && places.length < placesMax
  return {
    reference: { ...reference, quote: joinQuotes(reference.quote, quote, text) },
    places: isNew ? [...places, place] : places,
  }
}

/** So much of a quote that was put together, or cut off, is looked for in its passage. */
const prefixLength = 40

/** Of the line that the quote begins in, else of the passage's first. */
function placeOf(quote: string, { text, places }: Evidence): string | undefined {
  if (!places) return undefined
  const found = [quote, quote.slice(0, prefixLength)].map(each => text.indexOf(each)).find(at => at >= 0)
  return places[text.slice(0, found ?? 0).split('\n').length - 1]
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

/** Between quotes of one source that do not stand side by side. */
const gap = ' … '

function joinQuotes(known: string, next: string, text: string): string {
  if (known.includes(next)) return known
  const last = known.split(gap).at(-1)!
  const rest = text.includes(last) ? text.slice(text.indexOf(last) + last.length) : ''
  const blank = /^\s*/.exec(rest)![0]
  const joined = `${known}${rest.startsWith(blank + next) ? blank : gap}${next}`
  return joined.length <= quoteMax ? joined : known
}
