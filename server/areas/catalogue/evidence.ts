import { policiesNamed } from '../../answering/retrieval/lexicon/policies.ts'
import { informativeTerms, isGeneralTerm } from '../../answering/retrieval/lexicon/informative.ts'
import type { Product } from '#protocol'
import { readKey } from '../../answering/retrieval/catalogue/columns.ts'
import { productText } from '../../answering/retrieval/catalogue/facts.ts'
import { satisfies, sortValue } from '../../answering/retrieval/catalogue/satisfies.ts'
import type { Evidence, Question } from '../../answering/retrieval/evidence.ts'
import { namesService } from '../../answering/retrieval/lexicon/synonyms.ts'
import { comparedKeys, withoutAttributes } from '../../answering/retrieval/question/column-mentions.ts'
import { type Constraints, readConstraints } from '../../answering/retrieval/question/constraints.ts'
import { interleaveByName, withoutNames } from '../../answering/retrieval/question/product-names.ts'
import { namesAttribute, splitQuestions } from '../../answering/retrieval/question/split-question.ts'
import { ownTurn } from '../../turns.ts'
import { namedProducts, pageProduct } from './by-name.ts'
import { searchByMeaning } from './search.ts'
import type { ActiveCatalogue, CatalogueDeps, Ranked } from './types.ts'

/** "it", "this laptop", "这款": leans on what was meant before. */
const pronoun =
  /\b(?:it|its|it['’]s|this|that|these|those|they|their|them|the same|one)\b|它|这款|这个|这台|这把|这盏|那款|那个|那台|该款|该产品|此款|这|那(?!么|些年)/iu
/** Asks for products, not about one. */
const listing =
  /\b(?:which|what (?:kind|sort|other)|any|show|list|recommend|suggest|find|looking for|search|need an?|want an?|options?|alternatives?|something|do you (?:have|sell)|is there an?|are there|cheapest|best|laptops|notebooks|computers|lamps|lights|bulbs|chairs|phones|tablets|desks|tables|products|items|models|devices)\b|哪些|哪款|哪个|哪种|哪台|有没有|有什么|推荐|想买|想要|找一|寻找|其他|其它|别的|最/iu
/** Asks for a yes or no: about one product, where one is meant. */
const whether = /^(?:and |but |so )?(?:does|do|is|are|has|have|can|could|will)\b|吗[?？]?$|是否/i
const comparing = /\b(?:compar\w*|versus|vs|difference|differ|better|against|or)\b|对比|比较|区别|相比|比/i
const sureScore = 0.95
const pageScore = 0.5
/** Of a product named in a question about a policy of the shop: documents answer it. */
const policyScore = 0.3
/** How many earlier questions, and products of one name, are looked at. */
const remembered = 4

/**
 * The products a question is about, best first: those it names, else the one it leans on (of the page, or named before),
 * else those that satisfy its conditions and words. A product that violates a condition is none of them.
 */
export async function findProducts(
  deps: CatalogueDeps,
  catalogue: ActiveCatalogue,
  question: Question,
  limit: number,
): Promise<Evidence[]> {
  const { ranked, constraints } = await rankedFor(deps, catalogue, ofProducts(question, catalogue), limit)
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
function ofProducts(question: Question, catalogue: ActiveCatalogue): Question {
  const parts = splitQuestions(question.text)
  const own = parts.filter(part => !asksAboutPolicy(part, catalogue))
  if (own.length === parts.length || !own.some(namesAttribute)) return question
  const others = parts.filter(part => !own.includes(part))
  return { ...question, text: own.join('\n'), earlier: [...question.earlier, ...others] }
}

interface Found {
  ranked: Ranked[]
  constraints: Constraints
}

async function rankedFor(
  deps: CatalogueDeps,
  catalogue: ActiveCatalogue,
  question: Question,
  limit: number,
): Promise<Found> {
  const { text } = question
  const named = await namedProducts(deps, catalogue, text)
  await ownTurn(text.length)
  if (named.length > 0) return foundByName(deps, catalogue, question, named)
  const constraints = readConstraints(text, catalogue.profile)
  const policy = asksAboutPolicy(text, catalogue)
  const wantsList = listing.test(text)
  const leans = pronoun.test(text)
  const conditional = constraints.filters.length > 0 || constraints.sort !== null
  const asks =
    !policy &&
    (constraints.asked.length > 0 ||
      comparedKeys(text, catalogue.profile).length > 0 ||
      (constraints.filters.length > 0 && whether.test(text)))
  if ((leans || asks) && !(wantsList && !leans)) {
    const meant = await meantBefore(deps, catalogue, question)
    const score = asks ? sureScore : policy ? policyScore : pageScore
    if (meant.length > 0) return { ranked: meant.map(product => ({ product, score })), constraints }
  }
  if (policy && !wantsList) return { ranked: [], constraints }
  // "Price?" names a column and no product.
  const words = informativeTerms(
    constraints.asked.length > 0 ? withoutAttributes(constraints.rest) : text,
  ).filter(term => !/^\d/.test(term))
  const bare = constraints.asked.length > 0 && !wantsList && words.every(isGeneralTerm)
  if (!conditional && !constraints.productTypes.named && (bare || words.length === 0))
    return { ranked: [], constraints }
  await ownTurn(text.length)
  const { items } = await searchByMeaning(deps, catalogue, { query: text, limit, offset: 0 }, constraints)
  return { ranked: items, constraints }
}

/** "How much is delivery?" asks about a policy or a service of the shop, unless the products have a column for it. */
function asksAboutPolicy(text: string, { profile }: ActiveCatalogue): boolean {
  const hasColumn = (name: string) => profile.keys.some(({ key }) => readKey(key).attribute?.id === name)
  const policies = policiesNamed(text)
  return policies.length > 0 ? !policies.every(hasColumn) : namesService(text)
}

async function foundByName(
  deps: CatalogueDeps,
  catalogue: ActiveCatalogue,
  question: Question,
  named: Product[],
): Promise<Found> {
  const { text } = question
  const score = asksAboutPolicy(text, catalogue) ? policyScore : sureScore
  const names = named.map(product => product.name)
  const rest = withoutNames(text, names)
  const constraints = readConstraints(rest, catalogue.profile)
  const chosen = ofNamed(named, text, constraints)
  const compared = comparing.test(rest) || comparedKeys(rest, catalogue.profile).length > 0
  const other = compared && pronoun.test(rest) ? await meantBefore(deps, catalogue, question) : []
  const all = [...other.filter(product => !chosen.some(({ id }) => id === product.id)), ...chosen]
  return { ranked: all.map(product => ({ product, score })), constraints }
}

/** Several of one name are told apart by the conditions; one that is asked about directly is shown whatever they are. */
function ofNamed(named: Product[], text: string, { filters, sort }: Constraints): Product[] {
  const fitting = named.filter(product => satisfies(product, filters))
  const chosen = fitting.length > 0 || listing.test(text) ? fitting : named
  if (!sort) return interleaveByName(chosen)
  const sign = sort.direction === 'ascending' ? 1 : -1
  const value = (product: Product) => sortValue(product, sort) ?? sign * Number.POSITIVE_INFINITY
  return chosen.sort((a, b) => sign * (value(a) - value(b)) || 0)
}

/** "This one" is that of the page; else what the latest question that meant one did, named or as the winner of a superlative. */
async function meantBefore(
  deps: CatalogueDeps,
  catalogue: ActiveCatalogue,
  { text, context, earlier }: Question,
): Promise<Product[]> {
  const page = await pageProduct(deps, catalogue, context)
  if (page && /\bthis\b|这/i.test(text)) return [page]
  for (const before of earlier.slice(-remembered).reverse()) {
    await ownTurn(before.length)
    const named = await namedProducts(deps, catalogue, before)
    if (named.length > 0) return named.slice(0, remembered)
    if (!readConstraints(before, catalogue.profile).sort) continue
    const [winner] = (await searchByMeaning(deps, catalogue, { query: before, limit: 1, offset: 0 })).items
    if (winner) return [winner.product]
  }
  return page ? [page] : []
}
