import type { Product } from '#protocol'
import { readKey } from '../../../answering/retrieval/catalogue/columns.ts'
import { productText } from '../../../answering/retrieval/catalogue/facts.ts'
import { satisfies, sortValue } from '../../../answering/retrieval/catalogue/satisfies.ts'
import type { Evidence, Question } from '../../../answering/retrieval/evidence.ts'
import { informativeTerms, isGeneralTerm } from '../../../answering/retrieval/lexicon/informative.ts'
import { comparedKeys, withoutAttributes } from '../../../answering/retrieval/question/column-mentions.ts'
import { type Constraints, readConstraints } from '../../../answering/retrieval/question/constraints.ts'
import { interleaveByName, withoutNames } from '../../../answering/retrieval/question/product-names.ts'
import { type Reading, readInstead, readQuestion } from '../../../answering/retrieval/question/reading.ts'
import { waitForTurn } from '../../../core/turns.ts'
import type { ActiveCatalogue } from '../catalogue/ports.ts'
import { namedProducts, pageProduct } from './by-name.ts'
import type { ProductDeps, Ranked } from './deps.ts'
import { searchByMeaning } from './search.ts'

const sureScore = 0.95
const pageScore = 0.5
/** Of a product named in a question about a policy of the shop: documents answer it. */
const policyScore = 0.3
/** How many earlier questions, and products of one name, are looked at. */
const earlierMax = 4

/**
 * The products a question is about, best first: those it names, else the one it leans on (of the page, or named before),
 * else those that satisfy its conditions and words. A product that violates a condition is none of them.
 */
export async function findProducts(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  question: Question,
  limit: number,
): Promise<Evidence[]> {
  const { ranked, constraints } = await rankedFor(
    deps,
    catalogue,
    aboutProducts(readQuestion(question), catalogue),
    limit,
  )
  return ranked.slice(0, limit).map(({ product, score }) => ({
    source: 'product',
    source_id: product.id,
    title: product.name,
    url: product.url,
    text: productText(product, question.language),
    score,
    updated_at: product.updated_at,
    product,
    constraints,
  }))
}

/** "How heavy is it, and can I send it back?": documents answer the other part, which may still say what is meant. */
function aboutProducts(reading: Reading, catalogue: ActiveCatalogue): Reading {
  const own = reading.parts.filter(part => !isAboutPolicy(part, catalogue))
  if (own.length === reading.parts.length || !own.some(part => part.namesAttribute)) return reading
  const others = reading.parts.filter(part => !own.includes(part))
  return readInstead(reading, own.map(textOf).join('\n'), [...reading.earlier, ...others.map(textOf)])
}

function textOf({ text }: Reading): string {
  return text
}

interface Found {
  ranked: Ranked[]
  constraints: Constraints
}

async function rankedFor(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  reading: Reading,
  limit: number,
): Promise<Found> {
  const { text, asks } = reading
  const named = await namedProducts(deps, catalogue, text)
  await waitForTurn(text.length)
  if (named.length > 0) return foundByName(deps, catalogue, reading, named)
  const constraints = readConstraints(text, catalogue.profile)
  const policy = isAboutPolicy(reading, catalogue)
  const conditional = constraints.filters.length > 0 || constraints.sort !== null
  const asksOfOne =
    !policy &&
    (constraints.askedKeys.length > 0 ||
      comparedKeys(text, catalogue.profile).length > 0 ||
      (constraints.filters.length > 0 && asks.whether))
  if (asks.refersBack || (asksOfOne && !asks.products)) {
    const meant = await meantBefore(deps, catalogue, reading)
    const score = asksOfOne ? sureScore : policy ? policyScore : pageScore
    if (meant.length > 0) return { ranked: meant.map(product => ({ product, score })), constraints }
  }
  if (policy && !asks.products) return { ranked: [], constraints }
  // "Price?" names a column and no product.
  const terms =
    constraints.askedKeys.length > 0 ? informativeTerms(withoutAttributes(constraints.rest)) : reading.terms
  const words = terms.filter(term => !/^\d/.test(term))
  const bare = constraints.askedKeys.length > 0 && !asks.products && words.every(isGeneralTerm)
  if (!conditional && !constraints.productTypes.named && (bare || words.length === 0))
    return { ranked: [], constraints }
  await waitForTurn(text.length)
  const { items } = await searchByMeaning(deps, catalogue, { query: text, limit, offset: 0 }, constraints)
  return { ranked: items, constraints }
}

/** "How much is delivery?" asks about a policy or a service of the shop, unless the products have a column for it. */
function isAboutPolicy({ policies, namesService }: Reading, { profile }: ActiveCatalogue): boolean {
  const hasColumn = (name: string) => profile.keys.some(({ key }) => readKey(key).attribute?.id === name)
  return policies.length > 0 ? !policies.every(hasColumn) : namesService
}

async function foundByName(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  reading: Reading,
  named: Product[],
): Promise<Found> {
  const { text } = reading
  const score = isAboutPolicy(reading, catalogue) ? policyScore : sureScore
  const names = named.map(product => product.name)
  const rest = withoutNames(text, names)
  const constraints = readConstraints(rest, catalogue.profile)
  const chosen = ofNamed(named, reading, constraints)
  const restCues = readInstead(reading, rest).asks
  const compared = restCues.comparison || comparedKeys(rest, catalogue.profile).length > 0
  const other = compared && restCues.refersBack ? await meantBefore(deps, catalogue, reading) : []
  const all = [...other.filter(product => !chosen.some(({ id }) => id === product.id)), ...chosen]
  return { ranked: all.map(product => ({ product, score })), constraints }
}

/** Several of one name are told apart by the conditions; one that is asked about directly is shown whatever they are. */
function ofNamed(named: Product[], { asks }: Reading, { filters, sort }: Constraints): Product[] {
  const fitting = named.filter(product => satisfies(product, filters))
  const chosen = fitting.length > 0 || asks.products ? fitting : named
  if (!sort) return interleaveByName(chosen)
  const sign = sort.direction === 'ascending' ? 1 : -1
  const value = (product: Product) => sortValue(product, sort) ?? sign * Number.POSITIVE_INFINITY
  return chosen.sort((a, b) => sign * (value(a) - value(b)) || 0)
}

/** "This one" is that of the page; else what the latest question that meant one did, named or as the winner of a superlative. */
async function meantBefore(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  { text, context, earlier }: Reading,
): Promise<Product[]> {
  const page = await pageProduct(deps, catalogue, context)
  if (page && /\bthis\b|这/i.test(text)) return [page]
  for (const before of earlier.slice(-earlierMax).reverse()) {
    await waitForTurn(before.length)
    const named = await namedProducts(deps, catalogue, before)
    if (named.length > 0) return named.slice(0, earlierMax)
    if (!readConstraints(before, catalogue.profile).sort) continue
    const [winner] = (await searchByMeaning(deps, catalogue, { query: before, limit: 1, offset: 0 })).items
    if (winner) return [winner.product]
  }
  return page ? [page] : []
}
