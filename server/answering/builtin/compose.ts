import type { ChatRequest } from '../../models/model.ts'
import type { Question } from '../retrieval/evidence.ts'
import { contentTerms, isWeakTerm, rulesNamed } from '../retrieval/lexicon/attributes.ts'
import { withoutConcepts } from '../retrieval/question/column-mentions.ts'
import { withoutNames } from '../retrieval/question/product-names.ts'
import { asRead } from '../retrieval/question/reading.ts'
import { namesColumn, questionsIn } from '../retrieval/question/split-question.ts'
import type { ReadPassages } from './candidates.ts'
import { joinQuotes, type Numbered, type Quote, quotesFor } from './documents.ts'
import { phrases, smallTalkIn } from './phrases.ts'
import { answerFromProducts, namedScore, type ProductAnswer, shownProducts } from './products.ts'

/** A document this sure of itself answers before products that merely share words with the question. */
const sureQuote = 0.5

/** The whole answer to a request, each quoted sentence with the number of its source. */
export function compose({ question: asked, evidence }: ChatRequest, read: ReadPassages): string {
  const question = asRead(asked)
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
  const parts = questionsIn(text)
  const quotesOf = (asked: string[]) => quotesForParts(asked, question, { documents, read })
  const fromProducts = answerFromProducts(question, shown, { say, read })
  const rest = parts.filter(part =>
    rulesNamed(part).length > 0 ? !tellsRuleOf(part, fromProducts) : !namesColumn(part),
  )
  if (fromProducts?.sure && rest.length > 0 && rest.length < parts.length) {
    const others = quotesOf(rest).filter(
      ({ score }) => score >= sureQuote || rulesNamed(rest.join('\n')).length > 0,
    )
    return [fromProducts.text, ...(others.length > 0 ? [joinQuotes(others, question, say)] : [])].join('\n\n')
  }
  const quotes = quotesOf(parts)
  const aboutRule = rulesNamed(question.text).length > 0 && (quotes[0]?.score ?? 0) > 0
  const told = tellsRuleOf(question.text, fromProducts)
  if (fromProducts?.sure && (!aboutRule || told)) return fromProducts.text
  const sure = quotes.length > 0 && (quotes[0]!.score >= sureQuote || aboutRule || !fromProducts)
  if (sure) return joinQuotes(quotes, question, say)
  return fromProducts?.text ?? nothing
}

/** Each of several questions gets its answer. */
function quotesForParts(
  parts: string[],
  question: Question,
  { documents, read }: { documents: Numbered[]; read: ReadPassages },
): Quote[] {
  const quotes = parts.flatMap(text => quotesFor({ ...question, text }, documents, read))
  return quotes.filter((quote, at) => quotes.findIndex(other => other.text === quote.text) === at)
}

/** A column of the product tells it: the warranty of this one. */
function tellsRuleOf(text: string, fromProducts: ProductAnswer | null): boolean {
  return rulesNamed(text).some(rule => fromProducts?.rules.includes(rule))
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
