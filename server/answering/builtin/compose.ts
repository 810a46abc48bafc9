import type { ChatRequest } from '../../models/model.ts'
import type { Question } from '../retrieval/evidence.ts'
import { informativeTerms } from '../retrieval/lexicon/informative.ts'
import { policiesNamed } from '../retrieval/lexicon/policies.ts'
import { isWeakTerm } from '../retrieval/lexicon/stopwords.ts'
import { withoutAttributes } from '../retrieval/question/column-mentions.ts'
import { withoutNames } from '../retrieval/question/product-names.ts'
import { asRead } from '../retrieval/question/reading.ts'
import { namesAttribute, splitQuestions } from '../retrieval/question/split-question.ts'
import type { PassageCache } from './candidates.ts'
import { joinQuotes, type NumberedEvidence, type Quote, quotesFor } from './documents.ts'
import { phrases, smallTalkIn } from './phrases.ts'
import { answerFromProducts, namedScore, type ProductAnswer, shownProducts } from './products.ts'

/** A document this sure of itself answers before products that merely share words with the question. */
const sureQuote = 0.5

/** The whole answer to a request, each quoted sentence with the number of its source. */
export function compose({ question: asked, evidence }: ChatRequest, read: PassageCache): string {
  const question = asRead(asked)
  const say = phrases[question.language]
  const nothing = question.uploads?.some(({ now }) => now) ? say.nothingInFile : say.nothing
  const talk = smallTalkIn(question.text)
  if (talk) return say[talk]
  if (informativeTerms(question.text).length === 0 && evidence.length === 0) return say.whatElse
  const shown = shownProducts(evidence)
  if (shown.length === 0 && isBare(question.text)) return say.whichProduct
  if (evidence.length === 0) return isThin(question) ? say.whichProduct : nothing
  const documents = evidence.map((one, at) => ({ ...one, number: at + 1 })).filter(one => !one.product)
  const named = shown.filter(({ score }) => score >= namedScore || policiesNamed(question.text).length > 0)
  const text = withoutNames(
    question.text,
    named.map(({ title }) => title),
  )
  const parts = splitQuestions(text)
  const quotesOf = (asked: string[]) => quotesForParts(asked, question, { documents, read })
  const fromProducts = answerFromProducts(question, shown, { say, read })
  const rest = parts.filter(part =>
    policiesNamed(part).length > 0 ? !answersPolicyOf(part, fromProducts) : !namesAttribute(part),
  )
  if (fromProducts?.sure && rest.length > 0 && rest.length < parts.length) {
    const others = quotesOf(rest).filter(
      ({ score }) => score >= sureQuote || policiesNamed(rest.join('\n')).length > 0,
    )
    return [fromProducts.text, ...(others.length > 0 ? [joinQuotes(others, question, say)] : [])].join('\n\n')
  }
  const quotes = quotesOf(parts)
  const aboutRule = policiesNamed(question.text).length > 0 && (quotes[0]?.score ?? 0) > 0
  const told = answersPolicyOf(question.text, fromProducts)
  if (fromProducts?.sure && (!aboutRule || told)) return fromProducts.text
  const sure = quotes.length > 0 && (quotes[0]!.score >= sureQuote || aboutRule || !fromProducts)
  if (sure) return joinQuotes(quotes, question, say)
  return fromProducts?.text ?? nothing
}

/** Each of several questions gets its answer. */
function quotesForParts(
  parts: string[],
  question: Question,
  { documents, read }: { documents: NumberedEvidence[]; read: PassageCache },
): Quote[] {
  const quotes = parts.flatMap(text => quotesFor({ ...question, text }, documents, read))
  return quotes.filter((quote, at) => quotes.findIndex(other => other.text === quote.text) === at)
}

/** A column of the product tells it: the warranty of this one. */
function answersPolicyOf(text: string, fromProducts: ProductAnswer | null): boolean {
  return policiesNamed(text).some(policy => fromProducts?.policies.includes(policy))
}

/** Only names of columns, and no policy of the shop: "price?", "how heavy?". */
function isBare(text: string): boolean {
  const rest = withoutAttributes(text)
  const named = rest !== text || /\bhow much\b|多少钱/i.test(text)
  return named && informativeTerms(rest).every(isWeakTerm) && policiesNamed(text).length === 0
}

/** "Price?" names what is asked but not of what. */
function isThin({ text }: Question): boolean {
  return informativeTerms(text).length <= 1 && text.length < 40
}
