import type { Question } from '../../retrieval/evidence.ts'
import { contentTerms, rulesNamed } from '../../retrieval/vocabulary.ts'
import type { ChatRequest } from '../model.ts'
import { type Quote, quotesFor } from './documents.ts'
import { type Phrases, phrases, smallTalkIn } from './phrases.ts'
import { answerFromProducts, shownProducts } from './products.ts'

/** A document this sure of itself answers before products that merely share words with the question. */
const sureQuote = 0.5

/** The whole answer to a request, each quoted sentence with the number of its source. */
export function compose({ question, evidence }: ChatRequest): string {
  const say = phrases[question.language]
  const talk = smallTalkIn(question.text)
  if (talk) return say[talk]
  if (contentTerms(question.text).length === 0 && evidence.length === 0) return say.whatElse
  if (evidence.length === 0) return isThin(question) ? say.whichProduct : say.nothing
  const shown = shownProducts(evidence)
  const quotes = quotesFor(question, evidence, new Set(evidence.filter(one => one.product)))
  const fromProducts = answerFromProducts(question, shown, say)
  const aboutRule = rulesNamed(question.text).length > 0 && (quotes[0]?.score ?? 0) > 0
  if (fromProducts?.sure && !aboutRule) return fromProducts.text
  const sure = quotes.length > 0 && (quotes[0]!.score >= sureQuote || aboutRule || !fromProducts)
  if (sure) return quoted(quotes, question, say)
  return fromProducts?.text ?? say.nothing
}

/** "Price?" names what is asked but not of what. */
function isThin({ text }: Question): boolean {
  return contentTerms(text).length <= 1 && text.length < 40
}

function quoted(quotes: Quote[], { language }: Question, say: Phrases): string {
  const text = quotes.map(quote => withMark(quote)).join(language === 'zh' ? '' : ' ')
  return quotes.every(quote => quote.otherLanguage) ? `${say.otherLanguage} ${text}` : text
}

/** The mark stands before the full stop, so that it belongs to its sentence for every reader. */
function withMark({ text, number }: Quote): string {
  const stop = /[.!。！…]+["'”’」』）)]*$/.exec(text)
  const at = stop?.index ?? text.length
  const end = text.slice(at) || (/\p{Script=Han}/u.test(text) ? '。' : '.')
  return `${text.slice(0, at).trimEnd()} [${number}]${end}`
}
