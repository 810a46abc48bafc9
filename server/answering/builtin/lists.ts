import type { Language } from '#protocol'
import { readKey } from '../retrieval/catalogue/columns.ts'
import { type Fact, factsOf, labelOf } from '../retrieval/catalogue/facts.ts'
import { orderBy } from '../retrieval/catalogue/satisfies.ts'
import type { Constraints } from '../retrieval/question/constraints.ts'
import { sentences } from '../retrieval/text/sentences.ts'
import { literal } from './literal.ts'
import type { Phrases } from './phrases.ts'
import type { Shown } from './products.ts'

export const listMax = 4
const factsMax = 4
/** Of a description beside the facts. */
const descriptionMax = 240

const yesOrNo = /^(?:yes|no|是|否)$/

export function markOf({ number }: Shown): string {
  return `[${number}]`
}

/** "The weight of the X is 1.37 kg [1]." for one fact, "X: price €575, memory 8 GB [1]." for several. */
export function factLine(one: Shown, keys: readonly string[], language: Language, say: Phrases): string {
  const facts = factsOf(one.product, language).filter(fact => keys.includes(fact.key))
  const [only, ...others] = facts
  if (!only) return summary(one, language, say)
  if (others.length > 0 || yesOrNo.test(only.value)) return line(one, facts, say)
  return say.fact(literal(one.title), say.inline(only.label), literal(only.value), markOf(one))
}

/** The first columns, and what the description begins with. */
export function summary(one: Shown, language: Language, say: Phrases): string {
  const facts = line(one, factsOf(one.product, language).slice(0, factsMax + 1), say)
  const described = descriptionOf(one, say)
  return described ? `${facts}${say.space}${described}` : facts
}

function descriptionOf(one: Shown, say: Phrases): string {
  let length = 0
  return sentences(one.product.short_description)
    .filter(({ length: own }) => {
      length += own
      return length <= descriptionMax
    })
    .map(sentence => marked(sentence, one, say))
    .join(say.space)
}

export function marked(sentence: string, one: Shown, say: Phrases): string {
  const stop = /[.!。！…]+$/.exec(sentence)
  const end = stop?.[0] ?? say.fullStop
  return `${literal(sentence.slice(0, stop?.index).trimEnd())} ${markOf(one)}${end}`
}

export function line(one: Shown, facts: readonly Fact[], say: Phrases): string {
  const parts = facts.map(({ label, value }) =>
    (yesOrNo.test(value) ? say.answered : say.valued)(say.inline(label), literal(value)),
  )
  return say.facts(literal(one.title), parts, markOf(one))
}

interface Leading {
  say: Phrases
  lead: string
  /** Why each fits: what of its description has the words asked for. */
  because?: ReadonlyMap<Shown, string>
}

export function list(
  shown: readonly Shown[],
  { filters, sort, askedKeys }: Constraints,
  language: Language,
  { say, lead, because }: Leading,
): string {
  const keys = new Set([
    ...(sort ? [sort.key] : []),
    'price',
    ...filters.map(filter => filter.key),
    ...askedKeys,
  ])
  const sorted = sort ? inOrder(shown, sort) : shown
  const lines = sorted.slice(0, listMax).map(one => {
    const reason = because?.get(one)
    const facts = line(one, chosenFacts(one, keys, language), say)
    return `- ${facts}${reason ? say.space + marked(reason, one, say) : ''}`
  })
  if (!sort) return `${lead}\n${lines.join('\n')}`
  const [winner, ...others] = lines
  const label = say.inline(labelOf(sort.key, language))
  const extreme = say.extreme(readKey(sort.key).attribute, sort.direction === 'ascending')
  const best = `${say.best(label, extreme)}\n${winner}`
  return others.length > 0 ? `${best}\n\n${say.next}\n${others.slice(0, 2).join('\n')}` : best
}

export function inOrder(shown: readonly Shown[], sort: NonNullable<Constraints['sort']>): Shown[] {
  return orderBy(shown, sort, ({ product }) => product)
}

function chosenFacts(one: Shown, keys: ReadonlySet<string>, language: Language): Fact[] {
  const facts = factsOf(one.product, language)
  const chosen = [...new Set([...keys].flatMap(key => factNamed(key, facts) ?? []))].slice(0, factsMax)
  return chosen.length > 0 ? chosen : facts.slice(0, factsMax)
}

/** That of a column, or of the one that this product has for it: "weight_g" for "weight_kg". */
function factNamed(key: string, facts: readonly Fact[]): Fact | undefined {
  const { attribute } = readKey(key)
  return (
    facts.find(fact => fact.key === key) ??
    (attribute ? facts.find(fact => readKey(fact.key).attribute?.id === attribute.id) : undefined)
  )
}

/** Several of one name, told apart by the columns they differ in. */
export function listVariants(
  variants: readonly Shown[],
  keys: readonly string[],
  language: Language,
  say: Phrases,
): string {
  const shown = variants.slice(0, listMax)
  const informative = differing(shown, language)
    .filter(key => key !== 'price' && !keys.includes(key))
    .slice(0, 2)
  const lines = shown.map(one => {
    const facts = factsOf(one.product, language)
    const listed = [...(keys.length > 0 ? keys : ['price']), ...informative].flatMap(
      key => facts.find(fact => fact.key === key) ?? [],
    )
    return `- ${line(one, listed, say)}`
  })
  return `${say.variants(variants.length, literal(shown[0]!.title))}\n${lines.join('\n')}`
}

function differing(shown: readonly Shown[], language: Language): string[] {
  const values = new Map<string, Set<string>>()
  for (const { product } of shown)
    for (const { key, value } of factsOf(product, language))
      values.set(key, (values.get(key) ?? new Set()).add(value))
  return [...values]
    .filter(([, different]) => different.size > 1)
    .sort((a, b) => b[1].size - a[1].size)
    .map(([key]) => key)
}

/** One product of each name, with what was asked about, else with what differs (law A3: the columns' own values) and what each description says. */
export function comparison(
  named: readonly Shown[],
  requestedKeys: readonly string[],
  language: Language,
  say: Phrases,
): string {
  const each = named
    .filter((one, at) => named.findIndex(other => other.title === one.title) === at)
    .slice(0, listMax)
  const different = differing(each, language).filter(key => !['price', 'category', 'brand'].includes(key))
  const keys = new Set(
    requestedKeys.length > 0 ? requestedKeys : ['price', ...different.slice(0, factsMax + 1)],
  )
  const facts = (one: Shown) => factsOf(one.product, language).filter(fact => keys.has(fact.key))
  const lines = each.map(one => {
    const described = requestedKeys.length > 0 ? '' : descriptionOf(one, say)
    return `- ${line(one, facts(one), say)}${described ? say.space + described : ''}`
  })
  return `${say.comparison}\n${lines.join('\n')}`
}
