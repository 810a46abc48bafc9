import type { Question } from '../../retrieval/evidence.ts'
import { withoutConcepts } from '../../retrieval/mentions.ts'
import { withoutNames } from '../../retrieval/names.ts'
import { contentTerms, isWeakTerm, rulesNamed } from '../../retrieval/vocabulary.ts'
import type { ChatRequest } from '../model.ts'
import type { ReadPassages } from './candidates.ts'
import { joinQuotes, type Numbered, type Quote, quotesFor } from './documents.ts'
import { phrases, smallTalkIn } from './phrases.ts'
import { answerFromProducts, namedScore, shownProducts } from './products.ts'

const severalQuestions =
  /[?？\n]+|[,，]?\s+and (?=(?:how|what|when|where|which|who|can|do|does|is|are)\b)|[,，]\s*(?=(?:多久|多少|怎么|什么|可以|能不能|有没有))/i

/** A document this sure of itself answers before products that merely share words with the question. */
const sureQuote = 0.5

/** The whole answer to a request, each quoted sentence with the number of its source. */
export function compose({ question, evidence }: ChatRequest, read: ReadPassages): string {
  const say = phrases[question.language]
  const nothing = question.uploads?.some(({ now }) => now) ? say.nothingInFile : say.nothing
  const talk = smallTalkIn(question.text)
  if (talk) return say[talk]
  if (contentTerms(question.text).length === 0 && evidence.length === 0) return say.whatElse
  const shown = shownProducts(evidence)
  if (shown.length === 0 && isBare(question.text)) return say.whichProduct
  if (evidence.length === 0) return isThin(question) ? say.whichProduct : nothing
  const documents = evidence.map((one, at) => ({ ...one, number: at + 1 })).filter(one => !one.product)
  const named = shown.filter(({ score }) => score >= namedScore || rulesNamed(question.text).length > 0)
  const text = withoutNames(
    question.text,
    named.map(({ title }) => title),
  )
  const quotes = quotesForParts({ ...question, text }, documents, read)
  const fromProducts = answerFromProducts(question, shown, { say, read })
  const aboutRule = rulesNamed(question.text).length > 0 && (quotes[0]?.score ?? 0) > 0
  const told = rulesNamed(question.text).some(rule => fromProducts?.rules.includes(rule))
  if (fromProducts?.sure && (!aboutRule || told)) return fromProducts.text
  const sure = quotes.length > 0 && (quotes[0]!.score >= sureQuote || aboutRule || !fromProducts)
  if (sure) return joinQuotes(quotes, question, say)
  return fromProducts?.text ?? nothing
}

/** "Can I pay with PayPal, and how long is delivery?": each of several questions gets its answer. */
function quotesForParts(question: Question, documents: Numbered[], read: ReadPassages): Quote[] {
  const parts = question.text.split(severalQuestions).filter(part => contentTerms(part).length > 0)
  const quotes = (parts.length > 1 ? parts : [question.text]).flatMap(text =>
    quotesFor({ ...question, text }, documents, read),
  )
  return quotes.filter((quote, at) => quotes.findIndex(other => other.text === quote.text) === at)
}

/** Only names of columns, and no rule of the shop: "price?", "how heavy?". */
function isBare(text: string): boolean {
  const rest = withoutConcepts(text)
  const named = rest !== text || /\bhow much\b|多少钱/i.test(text)
  return named && contentTerms(rest).every(isWeakTerm) && rulesNamed(text).length === 0
}

/** "Price?" names what is asked but not of what. */
function isThin({ text }: Question): boolean {
  return contentTerms(text).length <= 1 && text.length < 40
}
