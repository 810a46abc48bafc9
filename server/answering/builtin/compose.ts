import type { ChatRequest } from '../../providers/model.ts'
import { informativeTerms } from '../retrieval/lexicon/informative.ts'
import { isWeakTerm } from '../retrieval/lexicon/stopwords.ts'
import { withoutAttributes } from '../retrieval/question/column-mentions.ts'
import { withoutNames } from '../retrieval/question/product-names.ts'
import { type Reading, readInstead, readQuestion } from '../retrieval/question/reading.ts'
import type { PassageCache } from './candidates.ts'
import { joinQuotes, type NumberedEvidence, type Quote, quotesFor } from './documents.ts'
import { phrases } from './phrases.ts'
import { answerFromProducts, namedScore, type ProductAnswer, shownProducts } from './products.ts'

/** A document this sure of itself answers before products that merely share words with the question. */
const sureQuote = 0.5

/** The whole answer to a request, each quoted sentence with the number of its source. */
export function compose({ question, evidence }: ChatRequest, passages: PassageCache): string {
  const reading = readQuestion(question)
  const { smallTalk, terms, policies } = reading
  const say = phrases[reading.language]
  const nothing = reading.uploads.some(({ now }) => now) ? say.nothingInFile : say.nothing
  if (smallTalk) return say[smallTalk]
  if (terms.length === 0 && evidence.length === 0) return say.whatElse
  const shown = shownProducts(evidence)
  if (shown.length === 0 && isBare(reading)) return say.whichProduct
  if (evidence.length === 0) return isThin(reading) ? say.whichProduct : nothing
  const documents = evidence.map((one, at) => ({ ...one, number: at + 1 })).filter(one => !one.product)
  const fromProducts = answerFromProducts(reading, shown, { say, passages })
  const { parts } = withoutNamed(reading, shown)
  const others = parts.filter(part =>
    part.policies.length > 0 ? !answersPolicyOf(part, fromProducts) : !part.namesAttribute,
  )
  if (fromProducts?.sure && others.length > 0 && others.length < parts.length) {
    const isPolicy = others.some(part => part.policies.length > 0)
    const quotes = quotesForParts(others, documents, passages).filter(
      ({ score }) => score >= sureQuote || isPolicy,
    )
    return [fromProducts.text, ...(quotes.length > 0 ? [joinQuotes(quotes, say)] : [])].join('\n\n')
  }
  const quotes = quotesForParts(parts, documents, passages)
  const aboutPolicy = policies.length > 0 && (quotes[0]?.score ?? 0) > 0
  if (fromProducts?.sure && (!aboutPolicy || answersPolicyOf(reading, fromProducts))) return fromProducts.text
  const sure = quotes.length > 0 && (quotes[0]!.score >= sureQuote || aboutPolicy || !fromProducts)
  if (sure) return joinQuotes(quotes, say)
  return fromProducts?.text ?? nothing
}

/** The question without the names of the products it is about: "Asus" in a name is no word of a document. */
function withoutNamed(reading: Reading, shown: ReturnType<typeof shownProducts>): Reading {
  const named = shown.filter(({ score }) => score >= namedScore || reading.policies.length > 0)
  const text = withoutNames(
    reading.text,
    named.map(({ title }) => title),
  )
  return text === reading.text ? reading : readInstead(reading, text)
}

/** Each of several questions gets its answer. */
function quotesForParts(
  parts: readonly Reading[],
  documents: readonly NumberedEvidence[],
  passages: PassageCache,
): Quote[] {
  const quotes = parts.flatMap(part => quotesFor(part, documents, passages))
  return quotes.filter((quote, at) => quotes.findIndex(other => other.text === quote.text) === at)
}

/** A column of the product tells it: the warranty of this one. */
function answersPolicyOf({ policies }: Reading, fromProducts: ProductAnswer | null): boolean {
  return policies.some(policy => fromProducts?.policies.includes(policy))
}

/** Only names of columns, and no policy of the shop: "price?", "how heavy?". */
function isBare({ text, asks, policies }: Reading): boolean {
  const rest = withoutAttributes(text)
  const named = rest !== text || asks.howMuch
  return named && informativeTerms(rest).every(isWeakTerm) && policies.length === 0
}

/** "Price?" names what is asked but not of what. */
function isThin({ text, terms }: Reading): boolean {
  return terms.length <= 1 && text.length < 40
}
