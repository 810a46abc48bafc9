import type { Language, OperationOutput, Product, Reference } from '#protocol'
import { type Fact, factsOf } from '../../../answering/retrieval/catalogue/facts.ts'
import type { Question } from '../../../answering/retrieval/evidence.ts'
import { informativeTerms } from '../../../answering/retrieval/lexicon/informative.ts'
import type { Constraints } from '../../../answering/retrieval/question/constraints.ts'
import type { ActiveCatalogue } from '../catalogue/ports.ts'
import { namedProducts } from './by-name.ts'
import type { ProductDeps, ProductHandlers, Ranked } from './deps.ts'
import { languageOf } from './language.ts'
import { searchProducts } from './search.ts'
import { productWords } from './words.ts'

type Recommendation = OperationOutput<'product:recommend'>
const reasonFacts = 4

export function recommendHandler(deps: ProductDeps): ProductHandlers['product:recommend'] {
  return async ({ query, top_n, language, context }, call) => {
    const current = await deps.readActive()
    if (!current) return { products: [], reasons: [], references: [] }
    const question = {
      text: query,
      earlier: [],
      language: languageOf(language, call, query),
      context: context ?? {},
    }
    return recommend(deps, current, question, top_n)
  }
}

/** The best `count` products that meet every condition of the question, or none: a condition is never given up. */
async function recommend(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  question: Question,
  count: number,
): Promise<Recommendation> {
  const { items, constraints } = await searchProducts(deps, catalogue, {
    query: question.text,
    limit: count,
    offset: 0,
  })
  const chosen =
    items.length > 0 ? items : await productsNamedIn(deps, catalogue, question, count, constraints)
  const reasons = chosen.map((ranked, place) => reasonFor(ranked, place, question, constraints))
  return {
    products: chosen.map(({ product, score }) => ({ ...product, score })),
    reasons: reasons.map(reason => reason.text),
    references: chosen.map((ranked, place) => referenceTo(ranked, place + 1, reasons[place]!.facts)),
  }
}

async function productsNamedIn(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  question: Question,
  count: number,
  constraints: Constraints,
): Promise<Ranked[]> {
  if (constraints.filters.length > 0) return []
  const named = await namedProducts(deps, catalogue, question.text)
  return named.slice(0, count).map(product => ({ product, score: 0.9 }))
}

interface Reason {
  text: string
  facts: Fact[]
}

/** Built from columns only: those the conditions are about, else those that share words with the question. */
function reasonFor(
  { product }: Ranked,
  place: number,
  { text, language }: Question,
  { filters, sort }: Constraints,
): Reason {
  const facts = factsOf(product, language)
  const keys = new Set([...filters.map(filter => filter.key), ...(sort ? [sort.key] : [])])
  const conditional = facts.filter(fact => keys.has(fact.key)).slice(0, reasonFacts)
  if (conditional.length > 0)
    return { text: sentenceOf(conditional, language, sort !== null && place === 0), facts: conditional }
  const questionTerms = new Set(informativeTerms(text))
  const shared = facts
    .filter(fact => informativeTerms(fact.sentence).some(term => questionTerms.has(term)))
    .slice(0, reasonFacts)
  if (shared.length > 0) return { text: sentenceOf(shared, language, false), facts: shared }
  const described = describedBy(product, questionTerms)
  const fallback = facts.slice(0, 2)
  const words = productWords[language]
  const reason = words.closest(fallback.map(partOf).join(words.comma))
  return described ? { text: described, facts: fallback } : { text: reason, facts: fallback }
}

function sentenceOf(facts: Fact[], language: Language, isFirst: boolean): string {
  const { comma, first, fits } = productWords[language]
  return (isFirst ? first : fits)(facts.map(partOf).join(comma))
}

function partOf({ label, value }: Fact): string {
  return /\p{Script=Han}/u.test(label)
    ? `${label} ${value}`
    : `${label.charAt(0).toLowerCase()}${label.slice(1)} ${value}`
}

function describedBy(product: Product, questionTerms: ReadonlySet<string>): string | null {
  const description = product.short_description.trim()
  const fits =
    description.length > 0 &&
    description.length <= 200 &&
    informativeTerms(description).some(term => questionTerms.has(term))
  return fits ? description : null
}

function referenceTo({ product, score }: Ranked, number: number, facts: Fact[]): Reference {
  return {
    number,
    source: 'product',
    source_id: product.id,
    title: product.name,
    url: product.url,
    quote:
      facts.map(fact => fact.sentence).join(' ') || product.short_description.slice(0, 300) || product.name,
    score,
    updated_at: product.updated_at,
  }
}
