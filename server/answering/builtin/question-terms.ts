import { canonicalTerm } from '../retrieval/lexicon/attributes.ts'
import { isGeneralTerm } from '../retrieval/lexicon/informative.ts'
import { policiesNamed } from '../retrieval/lexicon/policies.ts'
import { acceptedTypes, productTypeMentions } from '../retrieval/lexicon/product-types.ts'
import { isStopTerm, isWeakTerm } from '../retrieval/lexicon/stopwords.ts'
import { meaningsIn } from '../retrieval/lexicon/synonyms.ts'
import type { AnswerType } from '../retrieval/question/answer-type.ts'
import { tokenize } from '../retrieval/text/tokens.ts'
import { singular } from './candidates.ts'

/** A word of the question with the other forms of what it says, each with how much of it that is. */
export interface QuestionTerm {
  forms: Map<string, number>
  /** As written, where an ending may change the meaning ("opened", "openings"). */
  written: string | null
  weight: number
  /** It says what the question is about. */
  informative: boolean
  /** A policy of the shop: a sentence about something else is no answer. */
  policy: boolean
  /** A word of shops: one of the vocabulary, or a kind of thing. */
  ofShops: boolean
}

/** "How long does it take" tells little, "returns" tells what the question is about. */
const weakFactor = 0.15
const attributeFactor = 1.5
const meaningFactor = 0.85
const productTypeFactor = 0.7
const headingWeight = 0.3

/** What the words of a question say, each with its forms and weight. */
export function readQuestionTerms(text: string, expects: AnswerType | null): QuestionTerm[] {
  const plain = text.toLowerCase()
  const all = tokenize(text)
  const meanings = meaningsIn(plain, all)
  const items = new Map<string, QuestionTerm>()
  const words = new Map(plain.match(/[a-z]+/g)?.map(word => [tokenize(word)[0] ?? '', singular(word)]))
  const policies = new Set(policiesNamed(text).map(policy => `=${policy}`))
  const kinds = productTypeMentions(plain).map(({ word }) => word)
  const merged = new Set<string>()
  for (const term of all) {
    if (isStopTerm(term) || merged.has(term) || isPairOf(term, kinds)) continue
    const canonical = canonicalTerm(term)
    const attribute = canonical !== term
    const meaning = meanings.find(({ matched }) => matched.includes(term))
    const weak = isWeakTerm(term) && !meaning
    const forms = new Map([[meaning && !attribute ? `@${meaning.group}` : canonical, 1]])
    if (meaning && attribute) forms.set(`@${meaning.group}`, meaningFactor)
    // "Money back" is one thing.
    for (const other of meaning?.matched ?? []) merged.add(other)
    items.set(canonical, {
      forms,
      written: attribute || meaning ? null : (words.get(term) ?? null),
      weight: weak ? weakFactor : attribute || meaning ? attributeFactor : 1,
      informative: !weak && !/^\d/.test(term) && !(isGeneralTerm(term) && !attribute && !meaning),
      policy: policies.has(canonical),
      ofShops: attribute || meaning !== undefined,
    })
  }
  for (const policy of policies) addPolicy(policy, items)
  addProductTypes(plain, items)
  const headings = expects?.headings ?? []
  if (headings.length > 0 && !headings.some(form => items.has(form)))
    items.set('', {
      forms: new Map(headings.map(form => [form, 1])),
      written: null,
      weight: headingWeight,
      informative: false,
      policy: false,
      ofShops: false,
    })
  return [...items.values()]
}

/** "自行" of "自行车" says something else. */
function isPairOf(term: string, words: readonly string[]): boolean {
  return (
    words.some(word => word.length > term.length && word.includes(term)) && /^\p{Script=Han}{2}$/u.test(term)
  )
}

function addPolicy(key: string, items: Map<string, QuestionTerm>) {
  if ([...items.values()].some(item => item.forms.has(key))) return
  const forms = new Map([[key, 1]])
  items.set(key, {
    forms,
    written: null,
    weight: attributeFactor,
    informative: true,
    policy: true,
    ofShops: true,
  })
}

function addProductTypes(plain: string, items: Map<string, QuestionTerm>) {
  for (const { id, word } of productTypeMentions(plain)) {
    const item = items.get(canonicalTerm(tokenize(word)[0] ?? '')) ?? {
      forms: new Map(),
      written: null,
      weight: 1,
      informative: true,
      policy: false,
      ofShops: true,
    }
    for (const kind of acceptedTypes(id)) item.forms.set(`#${kind}`, productTypeFactor)
    items.set(canonicalTerm(tokenize(word)[0] ?? ''), { ...item, written: null, ofShops: true })
  }
}

/** How much of an item a text's terms say: 1 for its own word. */
export function best({ forms }: QuestionTerm, terms: ReadonlySet<string>): number {
  let found = 0
  for (const [form, factor] of forms) if (factor > found && terms.has(form)) found = factor
  return found
}
