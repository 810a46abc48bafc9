import { asking } from '../lexicon/asking.ts'
import { informativeTerms } from '../lexicon/informative.ts'
import { LruCache } from '../text/lru-cache.ts'
import { coreQuestion } from './focus.ts'

/** What stands nearest above a passage. */
interface Heading {
  text: string
  /** Its informative terms. */
  terms: ReadonlySet<string>
  /** Those of the case that it asks for: "… if it was a gift?", "… without a receipt?". None where it asks in general. */
  caseTerms: ReadonlySet<string>
}

/** A shop's headings are those of every question. */
const headings = new LruCache<Heading>(1024)

/** @param title of a passage: its document's and the headings above it, "Service › Returns" */
export function readHeading(title: string): Heading {
  const text = title.split(' › ').at(-1)!
  return headings.get(text, () => ({
    text,
    terms: new Set(informativeTerms(text)),
    caseTerms: new Set(informativeTerms(coreQuestion(text).condition || (asking.lack.exec(text)?.[0] ?? ''))),
  }))
}
