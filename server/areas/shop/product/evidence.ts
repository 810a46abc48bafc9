import type { Product } from '#protocol'
import { readKey } from '../../../answering/retrieval/catalogue/columns.ts'
import { productText } from '../../../answering/retrieval/catalogue/facts.ts'
import { orderBy, satisfies } from '../../../answering/retrieval/catalogue/satisfies.ts'
import type { Evidence, Question } from '../../../answering/retrieval/evidence.ts'
import { informativeTerms, isGeneralTerm } from '../../../answering/retrieval/lexicon/informative.ts'
import { kindOfMeaning, termsOf } from '../../../answering/retrieval/lexicon/meanings.ts'
import { nounPhrases } from '../../../answering/retrieval/lexicon/noun-phrases.ts'
import {
  attributeMentions,
  comparedKeys,
  withoutAttributes,
} from '../../../answering/retrieval/question/column-mentions.ts'
import { type Constraints, readConstraints } from '../../../answering/retrieval/question/constraints.ts'
import { interleaveByName } from '../../../answering/retrieval/question/product-names.ts'
import { type Reading, readInstead, readQuestion } from '../../../answering/retrieval/question/reading.ts'
import { comparedSort } from '../../../answering/retrieval/question/superlatives.ts'
import { isOptional } from '../../../answering/retrieval/question/text-filters.ts'
import { withoutNames } from '../../../answering/retrieval/question/without-names.ts'
import { waitForTurn } from '../../../core/turns.ts'
import type { ActiveCatalogue } from '../catalogue/ports.ts'
import { productsBeyond, relativeSort } from './beyond.ts'
import { namedByAmount } from './by-amount.ts'
import { namedProducts, pageProduct } from './by-name.ts'
import type { ProductDeps, Ranked } from './deps.ts'
import { meantBefore } from './meant.ts'
import { comparedOfKind, onlyOfKind } from './of-kind.ts'
import { searchByMeaning } from './search.ts'

const sureScore = 0.95
/** Of a product named in a question about a policy of the shop: documents answer it. */
const policyScore = 0.3
const leaningMax = 60
/** Before a kind of thing, in characters, stands what points at it. */
const leadMax = 60
/** Of a product that was talked about and may be meant. */
const leanScore = 0.44
/** Of one that satisfies what is asked for. */
const fittingScore = 0.8

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
  const { ranked, constraints } = await rankedFor(deps, catalogue, readQuestion(question), limit)
  return ranked.slice(0, limit).map(({ product, score, mayBeMeant }) => ({
    source: 'product',
    source_id: product.id,
    title: product.name,
    url: product.url,
    text: productText(product, question.language),
    score,
    updated_at: product.updated_at,
    product,
    mayBeMeant,
    constraints,
  }))
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
  const ofSeveral = named.length > 0 ? await foundOfSeveral(deps, catalogue, reading, { named, limit }) : null
  if (ofSeveral) return ofSeveral
  if (named.length > 1 || (named.length > 0 && !asks.comparison))
    return foundByName(deps, catalogue, reading, named)
  const constraints = readConstraints(text, catalogue.profile)
  // "The difference between the two mats" names none of them by its kind.
  const compared = asks.comparison ? await comparedOfKind(deps, catalogue, constraints) : []
  const isOfKind = compared.length > 1 && named.every(one => compared.some(({ id }) => id === one.id))
  if (isOfKind && (asks.versus || asks.refersToSeveral)) return foundAs(compared, sureScore, constraints)
  if (named.length > 0) return foundByName(deps, catalogue, reading, named)
  const byAmount = await namedByAmount(deps, catalogue, text, constraints)
  if (byAmount.length > 0)
    return saysOnlyKind(reading, constraints)
      ? foundAs(byAmount, fittingScore, { ...constraints, filters: [], unknown: [] })
      : foundByName(deps, catalogue, reading, byAmount)
  const wants = readWants(reading, constraints, catalogue)
  return (
    (await foundBefore(deps, catalogue, reading, { constraints, ...wants })) ??
    (await foundByWords(deps, catalogue, reading, { constraints, ...wants, limit }))
  )
}

/** "Which is lighter, Acme or Bolt?": the things of both brands, where a word of one happens to name a product. */
async function foundOfSeveral(
  { storage }: ProductDeps,
  { version, profile }: ActiveCatalogue,
  { text, asks }: Reading,
  { named, limit }: { named: readonly Product[]; limit: number },
): Promise<Found | null> {
  const sort = asks.refersToSeveral ? comparedSort(text, profile) : null
  if (!sort) return null
  const constraints = readConstraints(text, profile)
  const { filters, productTypes } = constraints
  const choice = filters.find(filter => filter.kind === 'text' && !filter.exclude && filter.values.length > 1)
  if (choice?.kind !== 'text') return null
  const isNamed = (value: string) => named.some(({ specs }) => String(specs[choice.key]) === value)
  if (choice.values.every(isNamed)) return null
  const { items } = await storage.find(version, {
    conditions: filters,
    kinds: productTypes.sold,
    order: sort,
    limit,
  })
  return items.length > 1 ? foundAs(items, fittingScore, { ...constraints, sort }) : null
}

function foundAs(products: readonly Product[], score: number, constraints: Constraints): Found {
  return { ranked: products.map(product => ({ product, score })), constraints }
}

/** What a question that names no product wants of the catalogue. */
interface Wants {
  /** Something a shop has a policy about, which no column tells. */
  policy: boolean
  /** There are limits, exclusions or a superlative. */
  conditional: boolean
  /** Something of one product, that of the page or one from before. */
  ofOne: boolean
  /** The words that choose a product. */
  words: string[]
}

function readWants(reading: Reading, constraints: Constraints, catalogue: ActiveCatalogue): Wants {
  const { asks, text, earlier, context, terms } = reading
  const { filters, sort, excluded, askedKeys, productTypes, rest } = constraints
  const isKindNamed = productTypes.named
  // "A rucksack for a weekend under 160", "安全座椅有黑色吗": nothing of a shop has a limit like that.
  const isLimited = isKindNamed && filters.some(filter => filter.kind === 'number' || !isNoOption(filter))
  // "安全" of "安全座椅" is no matter of safety.
  const others = isKindNamed ? readInstead(reading, rest) : reading
  const policy = !isLimited && isAboutPolicy(others, catalogue)
  const columnsAsked = askedKeys.length > 0
  const asksOfOne =
    !policy &&
    (columnsAsked ||
      (asks.available && !isKindNamed) ||
      comparedKeys(text, catalogue.profile).length > 0 ||
      (filters.length > 0 && asks.whether))
  const saysNoMore = (words: string) =>
    informativeTerms(words).every(term => isGeneralTerm(term) || (columnsAsked && isColour(term)))
  const picks = sort !== null && !isKindNamed && filters.length === 0 && saysNoMore(rest)
  // "… and which colours are there?"
  const asksMore = earlier.length > 0 && columnsAsked && !isKindNamed && saysNoMore(withoutAttributes(rest))
  const ofPage = asksOfOne && asks.whether && !isKindNamed && hasPage(context)
  // "Price?" names a column and no product.
  const chosenBy = columnsAsked ? informativeTerms(withoutAttributes(rest)) : terms
  return {
    policy,
    conditional: filters.length > 0 || sort !== null || excluded.length > 0,
    ofOne:
      asks.refersBack ||
      (asks.refersToSeveral && asksOfOne) ||
      picks ||
      (asksOfOne && !asks.products) ||
      ofPage ||
      asksMore,
    words: chosenBy.filter(term => !/^\d/.test(term)),
  }
}

interface Wanted extends Wants {
  constraints: Constraints
}

/** What was talked about before, or the page's own, or nothing where documents answer; null where the catalogue is to be searched. */
async function foundBefore(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  reading: Reading,
  { constraints, policy, conditional, ofOne, words }: Wanted,
): Promise<Found | null> {
  const { asks, text } = reading
  const { askedKeys, productTypes } = constraints
  const beyond = productTypes.named ? null : await foundBeyond(deps, catalogue, reading, constraints)
  if (beyond) return beyond
  if (ofOne) {
    const meant = await meantBefore(deps, catalogue, reading)
    if (meant.length > 0) return foundAs(meant, policy ? policyScore : sureScore, constraints)
  }
  if (policy && !asks.products) return foundAs([], 0, constraints)
  const onPage =
    asks.products || productTypes.named ? null : await pageProduct(deps, catalogue, reading.context)
  // "Tell me more", "what about the battery?": on a product's page it is meant, unless documents answer.
  if (onPage && !conditional) return foundAs([onPage], sureScore, constraints)
  const bare = askedKeys.length > 0 && !asks.products && words.every(isGeneralTerm)
  const asksForAny = asks.anything || asks.products
  const says = words.length > 0 && (asksForAny || !words.every(isGeneralTerm))
  if (!conditional && !productTypes.named && (bare || !says)) return foundAs([], 0, constraints)
  // "How many can I stack?" may be of what was talked about, where its description says so.
  const mayLean = !conditional && !asksForAny && !productTypes.named
  if (!mayLean || reading.earlier.length === 0 || text.length > leaningMax) return null
  const meant = await meantBefore(deps, catalogue, reading)
  if (meant.length === 0) return null
  return { ranked: meant.map(product => ({ product, score: leanScore, mayBeMeant: true })), constraints }
}

/** "Is there a cheaper one?": beyond what is meant, which is shown by itself where nothing is. */
async function foundBeyond(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  reading: Reading,
  constraints: Constraints,
): Promise<Found | null> {
  const sort = relativeSort(reading, catalogue)
  const [meant] = sort ? await meantBefore(deps, catalogue, reading) : []
  const beyond = meant && sort ? await productsBeyond(deps, catalogue, { meant, sort }) : null
  if (!beyond) return null
  const plain = { ...constraints, askedKeys: [] }
  return beyond.products.length > 0
    ? foundAs(beyond.products, fittingScore, { ...plain, sort: null, filters: [beyond.filter] })
    : foundAs([meant!], sureScore, { ...plain, sort, filters: [] })
}

async function foundByWords(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  reading: Reading,
  { constraints, conditional, words, limit }: Wanted & { limit: number },
): Promise<Found> {
  const { text, asks, namesService: ofService } = reading
  const only = asksOfKind(reading, constraints) ? await onlyOfKind(deps, catalogue, constraints) : null
  if (only) return foundAs([only], sureScore, constraints)
  await waitForTurn(text.length)
  const found = await searchByMeaning(deps, catalogue, { query: text, limit, offset: 0 }, constraints)
  const isOpen = conditional || asks.anything || asks.products || constraints.productTypes.named || ofService
  const [first, ...others] = found.items
  // No other product has these words: it is meant.
  const isMeant = !isOpen && first && others.length === 0 && sharesName(first.product, words)
  return isMeant
    ? foundAs([first.product], sureScore, found.constraints)
    : { ranked: found.items, constraints: found.constraints }
}

function sharesName({ name }: Product, terms: readonly string[]): boolean {
  const own = new Set(informativeTerms(name))
  return terms.some(term => own.has(term) && !isGeneralTerm(term))
}

/** "Do the boots come in 48?", "手环有 GPS 吗": more is said than the kind of thing, and nothing that chooses among many. */
function asksOfKind(
  { asks, text }: Reading,
  { productTypes, askedKeys, rest, sort, excluded }: Constraints,
): boolean {
  if (!productTypes.named || sort !== null || excluded.length > 0 || asks.comparison) return false
  const attributesAt = new Set(attributeMentions(text).map(({ start }) => start))
  const isMeant = productTypes.spans.some(
    ([start, end]) =>
      /\p{Script=Han}/u.test(text.slice(start, end)) ||
      attributesAt.has(end + 1) ||
      nounPhrases.definite.test(text.slice(Math.max(0, start - leadMax), start)),
  )
  if (!isMeant) return false
  return (
    asks.continues ||
    askedKeys.length > 0 ||
    /\d/.test(rest) ||
    informativeTerms(rest).some(term => !isGeneralTerm(term))
  )
}

/** "有20寸的吗", "a 20 inch suitcase": asks for such things, and nothing of them. */
function saysOnlyKind({ asks }: Reading, { rest, askedKeys, sort }: Constraints): boolean {
  return (
    askedKeys.length === 0 && sort === null && !asks.comparison && informativeTerms(rest).every(isGeneralTerm)
  )
}

/** "有红色吗": names the column with what is wanted of it, which no product has. */
function isColour(term: string): boolean {
  return termsOf(term).some(({ id }) => kindOfMeaning(id) === '=colour')
}

function hasPage({ sku_id, product_id, url }: Reading['context']): boolean {
  return sku_id !== undefined || product_id !== undefined || url !== undefined
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
  const names = named.flatMap(({ name, id }) => [name, id])
  const rest = withoutNames(text, names)
  const score = isAboutPolicy(readInstead(reading, rest), catalogue) ? policyScore : sureScore
  const constraints = readConstraints(rest, catalogue.profile)
  const chosen = ofNamed(named, reading, constraints)
  const restCues = readInstead(reading, rest).asks
  const compared = restCues.comparison || comparedKeys(rest, catalogue.profile).length > 0
  const other = compared && restCues.refersBack ? await meantBefore(deps, catalogue, reading) : []
  const others =
    restCues.comparison && constraints.productTypes.named
      ? await onlyOfKind(deps, catalogue, constraints)
      : null
  const all = [...(others ? [others] : []), ...other, ...chosen].filter(
    (product, at, every) => every.findIndex(({ id }) => id === product.id) === at,
  )
  const mayBeMeant = score < sureScore
  return { ranked: all.map(product => ({ product, score, mayBeMeant })), constraints }
}

function isNoOption({ kind, key }: Constraints['filters'][number]): boolean {
  return kind !== 'text' || !isOptional(key)
}

/** Several of one name are told apart by the conditions; one that is asked about directly is shown whatever they are. */
function ofNamed(named: Product[], { asks }: Reading, { filters, sort }: Constraints): Product[] {
  const strict = named.filter(product => satisfies(product, filters))
  // In which sizes and colours a product comes is told, whatever was asked for.
  const fitting =
    strict.length > 0 ? strict : named.filter(product => satisfies(product, filters.filter(isNoOption)))
  const isOneName = named.every(({ name }) => name === named[0]!.name)
  const chosen = fitting.length > 0 || (asks.products && !isOneName) ? fitting : named
  return sort ? orderBy(chosen, sort, product => product) : interleaveByName(chosen)
}
