import type { Rarity } from '../retrieval/evidence.ts'
import { asking } from '../retrieval/lexicon/asking.ts'
import { canonicalTerm } from '../retrieval/lexicon/attributes.ts'
import { isInEu, regionsTogether, wordsForEu } from '../retrieval/lexicon/countries.ts'
import { isGeneralTerm } from '../retrieval/lexicon/informative.ts'
import { policiesNamed, policies as shopPolicies } from '../retrieval/lexicon/policies.ts'
import { acceptedTypes, productTypeMentions } from '../retrieval/lexicon/product-types.ts'
import { isStopTerm, isWeakTerm } from '../retrieval/lexicon/stopwords.ts'
import { type Meaning, meaningsIn } from '../retrieval/lexicon/synonyms.ts'
import type { AnswerType } from '../retrieval/question/answer-type.ts'
import { inverseFrequency, termId } from '../retrieval/ranking/bm25.ts'
import { ableForms, tokenize } from '../retrieval/text/tokens.ts'
import { instanceForm, singular, weekForm } from './candidates.ts'

/** A word of the question with the other forms of what it says, each with how much of it that is. */
export interface QuestionTerm {
  forms: Map<string, number>
  /** The term as `tokenize` makes it; null for what no single word says. */
  term: string | null
  /** As it is named to who asked. */
  label: string
  /** The words of the question that say it: Latin ones as written, without a plural's ending. */
  words: readonly string[]
  /** As written, where an ending may change the meaning ("opened", "openings"). */
  written: string | null
  weight: number
  /** It says what the question is about. */
  informative: boolean
  /** A policy of the shop: a sentence about something else is no answer. */
  policy: boolean
  /** A word of shops: one of the vocabulary, or a kind of thing. */
  ofShops: boolean
  /** One of many things of its kind, as a country is: it tells which, not what is asked. By the form that says others of it. */
  instanceOf: string | null
  /** Of the question itself, not of the one before it. */
  isOwn: boolean
}

/** "How long does it take" tells little, "returns" tells what the question is about. */
const weakFactor = 0.15
const generalFactor = 0.5
const attributeFactor = 1.3
/** "On Sundays": what is said of other days is no answer. */
const calendarFactor = 2
const meaningFactor = 0.85
const productTypeFactor = 0.7
/** "Return shipping" is a matter of returns. */
const secondFactor = 0.4
/** "Stackable" says that a thing can be stacked. */
const ableFactor = 0.9
/** "Saturday 10 to 6" says when something is open; what says so in words does so more surely. */
const weekFactor = 0.6
/** What is said of all countries is said of one, less surely than what names it. */
const instanceFactor = 0.7
/** and what is said of another of them leaves it open. */
const siblingFactor = 0.4
/** "All countries of the EU" has each of them. */
export const unionFactor = 0.8
const headingWeight = 0.3

/** What the words of a question say, each with its forms and weight. */
export function readQuestionTerms(text: string, expects: AnswerType | null): QuestionTerm[] {
  const plain = text.toLowerCase()
  const all = tokenize(text)
  const meanings = meaningsIn(plain, all)
  const items = new Map<string, QuestionTerm>()
  const words = new Map(text.match(/[\p{L}\p{N}]+/gu)?.map(word => [tokenize(word)[0] ?? '', word]))
  const policies = new Set(policiesNamed(text).map(policy => `=${policy}`))
  const kinds = productTypeMentions(plain).map(({ word }) => word)
  const merged = new Set<string>()
  for (const term of new Set(all)) {
    if (isStopTerm(term) || merged.has(term) || isPairOf(term, kinds)) continue
    const canonical = canonicalTerm(term)
    const attribute = canonical !== term
    const meaning = meanings.find(({ matched }) => matched.includes(term))
    const weak = isWeakTerm(term) && !meaning
    const general = isGeneralTerm(term) && !attribute && !meaning
    const forms = new Map([[meaning && !attribute ? `@${meaning.group}` : canonical, 1]])
    for (const form of ableForms(term)) forms.set(form, ableFactor)
    if (meaning?.group === openingHours!.group) forms.set(weekForm, weekFactor)
    const instance = meaning?.instance ?? null
    if (instance !== null) addInstance(forms, instance, meaning!.group)
    if (meaning && attribute) forms.set(`@${meaning.group}`, meaningFactor)
    // "Money back" is one thing.
    for (const other of meaning?.matched ?? []) merged.add(other)
    items.set(canonical, {
      forms,
      term,
      label: /\p{Script=Han}/u.test(term) ? (meaning?.name ?? term) : (words.get(term) ?? term),
      words: [term, ...(meaning?.matched ?? [])].map(each => asWritten(words.get(each)) ?? each),
      written:
        attribute || meaning || !/^[a-z]+$/i.test(words.get(term) ?? '') ? null : asWritten(words.get(term)),
      weight: asking.calendar.test(words.get(term) ?? term)
        ? calendarFactor
        : weak
          ? weakFactor
          : general
            ? generalFactor
            : attribute || meaning
              ? attributeFactor
              : 1,
      informative: !weak && !/^\d/.test(term) && !general,
      policy: policies.has(canonical),
      ofShops: attribute || meaning !== undefined,
      instanceOf: instance === null ? null : instanceForm(meaning!.group),
      isOwn: true,
    })
  }
  for (const { group, matched } of meanings)
    if (matched.every(isStopTerm)) addPhrase(`@${group}`, matched, items)
  if ([...items.values()].some(item => item.instanceOf === wayToPay)) acceptsIt(items)
  for (const policy of policies) addPolicy(policy, items, meanings)
  addProductTypes(plain, items)
  lessenSecond(all, items)
  const headings = expects?.headings ?? []
  if (headings.length > 0 && !headings.some(form => items.has(form)))
    items.set('', {
      forms: new Map(headings.map(form => [form, 1])),
      term: null,
      label: '',
      words: [],
      written: null,
      weight: headingWeight,
      informative: false,
      policy: false,
      ofShops: false,
      instanceOf: null,
      isOwn: true,
    })
  return [...items.values()]
}

const [openingHours] = meaningsIn('opening hours', tokenize('opening hours'))
const [payment] = meaningsIn('paypal', ['paypal'])
const [acceptance] = meaningsIn('accept', ['accept'])
const wayToPay = instanceForm(payment!.group)

/** "Do you accept cheques" asks of cheques: that they are accepted is not said in so many words. */
function acceptsIt(items: Map<string, QuestionTerm>) {
  for (const item of items.values())
    if (item.forms.has(`@${acceptance!.group}`))
      Object.assign(item, { informative: false, weight: weakFactor })
}

const policyTerms = new Set(shopPolicies.map(policy => `=${policy}`))

/** Of two policies beside each other the second is one of the first's. */
function lessenSecond(terms: readonly string[], items: Map<string, QuestionTerm>) {
  if ([...items.keys()].filter(term => policyTerms.has(term)).length < 2) return
  const named = terms.map(canonicalTerm)
  for (const [at, term] of named.entries()) {
    const next = named[at + 1] ?? ''
    if (term !== next && policyTerms.has(term) && policyTerms.has(next) && items.has(next))
      items.get(next)!.weight *= secondFactor
  }
}

function addInstance(forms: Map<string, number>, instance: string, group: number) {
  forms.set(`@=${instance}`, 1).set(`@${group}`, instanceFactor).set(instanceForm(group), siblingFactor)
  const together = regionsTogether.get(instance)
  if (together) forms.set(`@=${together}`, unionFactor)
  if (isInEu(instance))
    for (const word of wordsForEu) forms.set(tokenize(word)[0]!, Math.max(forms.get(word) ?? 0, unionFactor))
}

function asWritten(word: string | undefined): string | null {
  return word === undefined ? null : singular(word.toLowerCase())
}

/** A word that stands everywhere weighs this share of one that stands in a single passage, */
const commonShare = 0.45
/** and one that no passage has this: a question is often put in other words than its answer. */
const unknownShare = 0.7

/** Rare words tell more than common ones; `matching` counts in how many of the given texts a term is said, in whatever form. */
export function weighByRarity(
  items: readonly QuestionTerm[],
  rarity: Rarity,
  matching: (item: QuestionTerm) => number,
): void {
  const rarest = inverseFrequency(rarity.passages, 1)
  for (const item of items) {
    const own = item.term === null ? 0 : (rarity.matching.get(termId('document', item.term)) ?? 0)
    const count = Math.max(own, matching(item))
    const share = inverseFrequency(rarity.passages, Math.min(count, rarity.passages)) / rarest
    item.weight *= count === 0 ? unknownShare : Math.min(1, Math.max(commonShare, share))
  }
}

/** "自行" of "自行车" says something else. */
function isPairOf(term: string, words: readonly string[]): boolean {
  return (
    words.some(word => word.length > term.length && word.includes(term)) && /^\p{Script=Han}{2}$/u.test(term)
  )
}

/** Of words that say nothing one by one: "where is my". */
function addPhrase(form: string, matched: readonly string[], items: Map<string, QuestionTerm>) {
  items.set(form, {
    forms: new Map([[form, 1]]),
    term: null,
    label: '',
    words: matched,
    written: null,
    weight: attributeFactor,
    informative: true,
    policy: false,
    ofShops: true,
    instanceOf: null,
    isOwn: true,
  })
}

/** A phrase that names a policy ("money back") is one thing with it. */
function addPolicy(key: string, items: Map<string, QuestionTerm>, meanings: readonly Meaning[]) {
  if ([...items.values()].some(item => item.forms.has(key))) return
  const meaning = meanings.find(({ others }) =>
    others.some(([term, ...more]) => more.length === 0 && canonicalTerm(term!) === key),
  )
  const known = meaning && [...items.values()].find(({ forms }) => forms.has(`@${meaning.group}`))
  if (known && known.instanceOf === null) {
    known.forms.set(key, 1)
    known.policy = true
    return
  }
  const forms = new Map([[key, 1]])
  items.set(key, {
    forms,
    term: null,
    label: '',
    words: [],
    written: null,
    weight: attributeFactor,
    informative: true,
    policy: true,
    ofShops: true,
    instanceOf: null,
    isOwn: true,
  })
}

function addProductTypes(plain: string, items: Map<string, QuestionTerm>) {
  for (const { id, word } of productTypeMentions(plain)) {
    const [term] = tokenize(word)
    const item = items.get(canonicalTerm(term ?? '')) ?? {
      forms: new Map(),
      term: term ?? null,
      label: word,
      words: [word],
      written: null,
      weight: 1,
      informative: true,
      policy: false,
      ofShops: true,
      instanceOf: null,
      isOwn: true,
    }
    for (const kind of acceptedTypes(id)) item.forms.set(`#${kind}`, productTypeFactor)
    items.set(canonicalTerm(term ?? ''), { ...item, written: null, ofShops: true })
  }
}

/** How much of an item a text's terms say: 1 for its own word. */
export function best({ forms }: QuestionTerm, terms: ReadonlySet<string>): number {
  let found = 0
  for (const [form, factor] of forms) if (factor > found && terms.has(form)) found = factor
  return found
}

/** 0..1: the share of the items' weight that is said. */
export function coverage(items: readonly QuestionTerm[], saying: (item: QuestionTerm) => number): number {
  let all = 0
  let matchedWeight = 0
  for (const item of items) {
    all += item.weight
    matchedWeight += item.weight * saying(item)
  }
  return all === 0 ? 0 : matchedWeight / all
}
