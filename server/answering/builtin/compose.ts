import type { ChatRequest } from '../../providers/model.ts'
import { curatedText, isCurated } from '../curated/answer.ts'
import { asking } from '../retrieval/lexicon/asking.ts'
import { informativeTerms } from '../retrieval/lexicon/informative.ts'
import { policiesNamed } from '../retrieval/lexicon/policies.ts'
import { isWeakTerm } from '../retrieval/lexicon/stopwords.ts'
import { namesService } from '../retrieval/lexicon/synonyms.ts'
import { withoutAttributes } from '../retrieval/question/column-mentions.ts'
import { type Reading, readInstead, readQuestion } from '../retrieval/question/reading.ts'
import { withoutNames } from '../retrieval/question/without-names.ts'
import type { NumberedEvidence, PassageCache } from './candidates.ts'
import { answerFromDocuments, type DocumentAnswer, joinQuotes } from './documents.ts'
import { type Phrases, phrases } from './phrases.ts'
import { answerFromProducts, namedScore, type ProductAnswer, type Shown, shownProducts } from './products.ts'

/** The whole answer to a request, each quoted sentence with the number of its source. */
export function compose(request: ChatRequest, passages: PassageCache): string {
  const composing = composeInSteps(request, passages)
  for (;;) {
    const { done, value } = composing.next()
    if (done) return value
  }
}

/** As `compose`, with a step for each question of a message: other work may go on between them. */
export function* composeInSteps(
  { question, evidence }: ChatRequest,
  passages: PassageCache,
): Generator<void, string> {
  const reading = readQuestion(question)
  const { smallTalk, terms, parts } = reading
  const say = phrases[reading.language]
  if (isCurated(evidence)) return evidence.map(({ text }, at) => curatedText(text, at + 1)).join('\n\n')
  if (smallTalk) return say[smallTalk]
  if (terms.length === 0 && evidence.length === 0) return say.whatElse
  const numbered = evidence.map((one, at) => ({ ...one, number: at + 1 }))
  const answers: (string | null)[] = []
  for (const [at, part] of parts.entries()) {
    if (at > 0) yield
    answers.push(answerPart(part, foundFor(numbered, at), { say, passages }))
  }
  const composed = answers.filter(answer => answer !== null)
  const order = asking.ownOrder.test(reading.text) ? say.ownOrder : null
  if (composed.length > 0)
    return [...new Set([order, ...composed])].filter(text => text !== null).join('\n\n')
  if (order) return order
  if (asking.medical.test(reading.text)) return say.medical
  if (isThin(reading) && evidence.length === 0) return say.whichProduct
  return reading.uploads.some(({ now }) => now) ? say.nothingInFile : say.nothing
}

function foundFor(evidence: readonly NumberedEvidence[], part: number): NumberedEvidence[] {
  return evidence.flatMap(one => {
    if (!one.parts) return [one]
    const own = one.parts.find(each => each.part === part)
    return own ? [{ ...one, ...own }] : []
  })
}

/** A document that says so much of a question which does not look for products answers it before a list of them. */
const listOverride = 0.7
/** One that says nearly all of it answers before what is only near of a product that is named, */
const namedOverride = 0.9
/** and one that says so much goes before products that are only near. */
const nearOverride = 0.45

interface Means {
  say: Phrases
  passages: PassageCache
}

/** The answer to one question; null where nothing of it is known. */
function answerPart(
  reading: Reading,
  evidence: readonly NumberedEvidence[],
  { say, passages }: Means,
): string | null {
  const article = evidence.find(({ source }) => source === 'article')
  if (article) return curatedText(article.text, article.number)
  const shown = shownProducts(evidence)
  if (shown.length === 0 && isBare(reading) && !leansOnPolicy(reading)) return say.whichProduct
  if (evidence.length === 0) return null
  const fromProducts = answerFromProducts(reading, shown, { say, passages })
  const documents = evidence.filter(one => !one.product)
  const kinds = kindsOf(shown)
  const fromDocuments = answerFromDocuments(withoutNamed(reading, shown), documents, { passages, kinds })
  const isAnswered =
    fromProducts?.isList &&
    !fromProducts.isNarrowed &&
    !fromProducts.isRanked &&
    (!reading.asks.products || (reading.namesService && !fromProducts.isConditional)) &&
    fromDocuments?.isSure &&
    fromDocuments.covered >= listOverride
  if (isAnswered) return joinQuotes(fromDocuments!.quotes, say)
  if (fromProducts?.sure && !isAboutPolicy(reading, fromProducts, fromDocuments)) return fromProducts.text
  const isOfProduct = fromProducts !== null && !fromProducts.isList && !reading.namesService
  if (
    fromDocuments?.isSure &&
    (!isOfProduct || (fromDocuments.isBroad && fromDocuments.covered >= namedOverride) || reading.asks.how)
  )
    return joinQuotes(fromDocuments.quotes, say)
  const isNearer =
    fromDocuments !== null &&
    (reading.policies.length > 0 ||
      reading.namesService ||
      (fromProducts?.isList && !reading.asks.products && fromDocuments.covered >= nearOverride))
  if (fromProducts && !isNearer) return fromProducts.text
  if (!fromDocuments) return null
  return `${say.nearest(fromDocuments.missing)}\n${joinQuotes(fromDocuments.quotes, say)}`
}

/** A document answers what is asked of a policy, unless a column of the product tells it: the warranty of this one. */
function isAboutPolicy(
  { policies }: Reading,
  fromProducts: ProductAnswer,
  fromDocuments: DocumentAnswer | null,
): boolean {
  return (
    policies.length > 0 &&
    fromDocuments !== null &&
    !policies.some(policy => fromProducts.policies.includes(policy))
  )
}

/** The question without the names of the products it is about: "Asus" in a name is no word of a document. */
function withoutNamed(reading: Reading, shown: readonly Shown[]): Reading {
  const named = shown.filter(({ score }) => score >= namedScore || reading.policies.length > 0)
  const text = withoutNames(
    reading.text,
    named.map(({ title }) => title),
  )
  return text === reading.text ? reading : readInstead(reading, text)
}

/** The categories of the products that are meant. */
function kindsOf(shown: readonly Shown[]): string {
  const named = shown.filter(({ score, mayBeMeant }) => score >= namedScore || mayBeMeant)
  return [...new Set(named.map(({ product }) => product.category ?? ''))].join(', ')
}

/** Only names of columns, and no policy of the shop: "price?", "how heavy?". */
function isBare({ text, asks, policies }: Reading): boolean {
  const rest = withoutAttributes(text)
  const named = rest !== text || asks.howMuch || asks.available
  return named && informativeTerms(rest).every(isWeakTerm) && policies.length === 0
}

/** "Do you ship to Taiwan, and how much is it?" */
function leansOnPolicy({ asks, earlier }: Reading): boolean {
  const before = earlier.at(-1)
  return before !== undefined && asks.refersBack && (policiesNamed(before).length > 0 || namesService(before))
}

/** "Price?" names what is asked but not of what. */
function isThin({ text, terms }: Reading): boolean {
  return terms.length <= 1 && text.length < 40
}
