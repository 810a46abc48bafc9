import type { Language } from '#protocol'
import { type Constraints, readConstraints } from '../../retrieval/constraints.ts'
import type { Evidence, Question } from '../../retrieval/evidence.ts'
import { type Fact, factsOf, labelOf } from '../../retrieval/facts.ts'
import { mentionsIn } from '../../retrieval/mentions.ts'
import { profileOf, readKey } from '../../retrieval/profile.ts'
import { satisfies, sortValue } from '../../retrieval/satisfies.ts'
import { concepts, rulesNamed } from '../../retrieval/vocabulary.ts'
import type { Phrases } from './phrases.ts'

type ProductEvidence = Evidence & { product: NonNullable<Evidence['product']> }

/** A product among the sources, with its source's number. */
export interface Shown extends ProductEvidence {
  number: number
}

export interface ProductAnswer {
  text: string
  /** It answers what was asked about the products, not merely something near it. */
  sure: boolean
}

const listMax = 4
const factsMax = 4
const namedScore = 0.9
const compares =
  /\b(?:compare[ds]?|comparison|vs\.?|versus|differences?|differ|better|or|between)\b|比较|对比|区别|不同|还是|哪个更|哪款更|相比/i
const asksWhether = /^(?:does|do|is|are|has|have|can|could|will)\b|吗[?？]?$|是否|有没有|能不能/i

export function shownProducts(evidence: readonly Evidence[]): Shown[] {
  return evidence.flatMap((one, at) =>
    one.product ? [{ ...one, product: one.product, number: at + 1 }] : [],
  )
}

/** An answer from the columns of the products among the evidence; null where the question is not about them. */
export function answerFromProducts(
  question: Question,
  shown: readonly Shown[],
  say: Phrases,
): ProductAnswer | null {
  if (shown.length === 0) return null
  const profile = profileOf(shown.map(({ product }) => product))
  const constraints = readConstraints(question.text, profile)
  const notes = notesOn(constraints, profile.currencies[0], say)
  const body = bodyFor(question, shown, constraints, say)
  return body && { text: [...notes, body.text].join(' '), sure: body.sure }
}

function bodyFor(
  question: Question,
  shown: readonly Shown[],
  constraints: Constraints,
  say: Phrases,
): ProductAnswer | null {
  const { language, text } = question
  const named = shown.filter(({ score }) => score >= namedScore)
  const names = new Set(named.map(({ title }) => title))
  if (names.size > 1 && compares.test(text))
    return { text: comparison(named, constraints, language, say), sure: true }
  if (named.length > 0) return aboutNamed(named, constraints, question, say)
  const conditional = constraints.filters.length > 0 || constraints.sort !== null
  const fitting = shown.filter(({ product }) => satisfies(product, constraints.filters))
  if (fitting.length === 0) return null
  return {
    text: list(fitting, constraints, language, say),
    sure: conditional || constraints.foreignCurrency !== null,
  }
}

function notesOn({ foreignCurrency, unknown }: Constraints, own: string | undefined, say: Phrases): string[] {
  const notes = foreignCurrency && own ? [say.foreignCurrency(foreignCurrency, own)] : []
  return unknown.length > 0 ? [...notes, say.unlisted(unknown.join(', '))] : notes
}

function aboutNamed(
  named: Shown[],
  constraints: Constraints,
  question: Question,
  say: Phrases,
): ProductAnswer {
  const { language, text } = question
  const conditional = [
    ...constraints.filters.map(filter => filter.key),
    ...(constraints.sort ? [constraints.sort.key] : []),
  ]
  const first = named[0]!
  const asked = [...new Set([...constraints.asked, ...conditional])].filter(
    key => key !== 'category' || /categor|类/i.test(text),
  )
  const missing = missingConcepts(text, named)
  if (asked.length === 0 && missing.length > 0)
    return {
      text: say.unlisted(
        `${first.title}, ${missing.map(one => one.label[language].toLowerCase()).join(', ')}`,
      ),
      sure: false,
    }
  const keys = asked.length > 0 ? asked : null
  const variants = named.filter(({ title }) => title === first.title)
  if (constraints.sort) return { text: list(named.slice(0, listMax), constraints, language, say), sure: true }
  if (variants.length > 1) return { text: listVariants(variants, keys, language, say), sure: true }
  const others = named.filter(({ title }) => title !== first.title).slice(0, listMax - 1)
  const lines = [first, ...others].map(one => (keys ? factLine(one, keys, language) : summary(one, language)))
  const verdict =
    constraints.filters.length > 0 && asksWhether.test(text) && others.length === 0
      ? `${satisfies(first.product, constraints.filters) ? say.yes : say.no}${language === 'zh' ? '' : ' '}`
      : ''
  return {
    text:
      verdict +
      (lines.length > 1
        ? lines
            .map(line => `\n- ${line}`)
            .join('')
            .trim()
        : lines[0]!),
    sure: keys !== null,
  }
}

/** What the question names in the vocabulary's words and none of the products has a column for. */
function missingConcepts(text: string, named: Shown[]) {
  const rules = rulesNamed(text)
  const keys = named.flatMap(({ product }) => ['price', 'category', ...Object.keys(product.specs)])
  const known = new Set(keys.map(key => readKey(key).concept?.id))
  const names = new Map(
    concepts.flatMap(concept => concept.words.map(word => [word, [concept.id]] as [string, string[]])),
  )
  const longest = new Map([...names].sort(([a], [b]) => b.length - a.length))
  const mentioned = new Set(mentionsIn(text, longest).flatMap(mention => mention.keys))
  return concepts.filter(
    ({ id }) => mentioned.has(id) && !known.has(id) && !rules.includes(id) && id !== 'model' && id !== 'size',
  )
}

/** "The weight of the X is 1.37 kg [1]." for one fact, "X: price €575, memory 8 GB [1]." for several. */
function factLine(one: Shown, keys: string[], language: Language): string {
  const facts = factsOf(one.product, language).filter(fact => keys.includes(fact.key))
  const [only, ...others] = facts
  if (!only) return summary(one, language)
  if (others.length > 0 || /^(?:yes|no|是|否)$/.test(only.value)) return line(one, facts, language)
  const { title, number } = one
  if (language === 'zh') return `${title} 的${only.label}是 ${only.value} [${number}]。`
  return `The ${lowerFirst(only.label)} of the ${title} is ${only.value} [${number}].`
}

function summary(one: Shown, language: Language): string {
  return line(one, factsOf(one.product, language).slice(0, factsMax + 1), language)
}

function line({ title, number }: Shown, facts: Fact[], language: Language, detail = ''): string {
  const name = detail ? `${title} (${detail})` : title
  if (language === 'zh')
    return `${name}：${facts.map(fact => `${fact.label} ${fact.value}`).join('，')} [${number}]。`
  return `${name}: ${facts.map(fact => `${lowerFirst(fact.label)} ${fact.value}`).join(', ')} [${number}].`
}

function lowerFirst(label: string): string {
  return /^\p{Lu}{2}/u.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1)
}

function list(shown: Shown[], { filters, sort }: Constraints, language: Language, say: Phrases): string {
  const keys = new Set([...(sort ? [sort.key] : []), 'price', ...filters.map(filter => filter.key)])
  const sorted = sort ? inOrder(shown, sort) : shown
  const lines = sorted
    .slice(0, listMax)
    .map(one => `- ${line(one, chosenFacts(one, keys, language), language)}`)
  const [winner, ...others] = lines
  if (!sort) return `${say.fitting(lines.length)}\n${lines.join('\n')}`
  const label = language === 'zh' ? labelOf(sort.key, language) : lowerFirst(labelOf(sort.key, language))
  const best = `${say.best(label, sort.direction === 'ascending')}\n${winner}`
  return others.length > 0 ? `${best}\n\n${say.next}\n${others.slice(0, 2).join('\n')}` : best
}

function inOrder(shown: Shown[], sort: NonNullable<Constraints['sort']>): Shown[] {
  const sign = sort.direction === 'ascending' ? 1 : -1
  const value = ({ product }: Shown) => sortValue(product, sort) ?? sign * Number.POSITIVE_INFINITY
  return [...shown].sort((a, b) => sign * (value(a) - value(b)) || 0)
}

function chosenFacts(one: Shown, keys: ReadonlySet<string>, language: Language): Fact[] {
  const facts = factsOf(one.product, language)
  const chosen = [...keys].flatMap(key => facts.find(fact => fact.key === key) ?? []).slice(0, factsMax)
  return chosen.length > 0 ? chosen : facts.slice(0, factsMax)
}

/** Several of one name, told apart by the columns they differ in. */
function listVariants(variants: Shown[], keys: string[] | null, language: Language, say: Phrases): string {
  const shown = variants.slice(0, listMax)
  const telling = differing(shown, language)
    .filter(key => key !== 'price' && !keys?.includes(key))
    .slice(0, 2)
  const lines = shown.map(one => {
    const facts = factsOf(one.product, language)
    const listed = [...(keys ?? ['price']), ...telling].flatMap(
      key => facts.find(fact => fact.key === key) ?? [],
    )
    return `- ${line(one, listed, language)}`
  })
  return `${say.variants(variants.length, shown[0]!.title)}\n${lines.join('\n')}`
}

function differing(shown: Shown[], language: Language): string[] {
  const values = new Map<string, Set<string>>()
  for (const { product } of shown)
    for (const { key, value } of factsOf(product, language))
      values.set(key, (values.get(key) ?? new Set()).add(value))
  return [...values]
    .filter(([, different]) => different.size > 1)
    .sort((a, b) => b[1].size - a[1].size)
    .map(([key]) => key)
}

/** One product of each name, with what was asked about, else with what differs (law A3: the columns' own values). */
function comparison(
  named: Shown[],
  { asked, filters, sort }: Constraints,
  language: Language,
  say: Phrases,
): string {
  const each = named
    .filter((one, at) => named.findIndex(other => other.title === one.title) === at)
    .slice(0, listMax)
  const wanted = [...new Set([...asked, ...filters.map(filter => filter.key), ...(sort ? [sort.key] : [])])]
  const different = ['price', ...differing(each, language)]
  const keys = new Set(wanted.length > 0 ? wanted : different.slice(0, factsMax + 2))
  const lines = each.map(
    one =>
      `- ${line(
        one,
        factsOf(one.product, language).filter(fact => keys.has(fact.key)),
        language,
      )}`,
  )
  return `${say.comparison}\n${lines.join('\n')}`
}
