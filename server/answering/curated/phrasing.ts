import { asking } from '../retrieval/lexicon/asking.ts'
import { termsOf } from '../retrieval/lexicon/meanings.ts'
import { negation } from '../retrieval/lexicon/negation.ts'
import { productTypeMentions } from '../retrieval/lexicon/product-types.ts'
import { isStopTerm } from '../retrieval/lexicon/stopwords.ts'
import { meaningsIn } from '../retrieval/lexicon/synonyms.ts'
import { quantities } from '../retrieval/text/quantities.ts'
import { toSimplified } from '../retrieval/text/simplified.ts'
import { tokenize } from '../retrieval/text/tokens.ts'

/** A thing that a question says. */
export interface SaidTerm {
  key: string
  /** In which forms others say the same, each with how surely. */
  forms: ReadonlyMap<string, number>
  weight: number
  /** A service of shops, a kind of product, a day, a number: another one is another question. */
  isNamed: boolean
}

/** A question as it is compared with others. */
export interface Phrasing {
  terms: readonly SaidTerm[]
  /** All the forms in which it says them. */
  forms: ReadonlySet<string>
  /** Which kinds of answers it asks for by name: how much, how long, when. */
  expects: ReadonlySet<string>
  asksHow: boolean
  isDenied: boolean
}

const carryingWeight = 0.25
/** A word of one group of what shops do says what another does, */
const meaningShare = 0.7
const kindShare = 0.6
/** and a sign of a Chinese word a part of it. */
const signShare = 0.5
/** "Used" is how a thing is, "use" what anybody does with it. */
const use = /^us(?:es?|ing)$/
const han = /^\p{Script=Han}+$/u
/** "能不能" denies nothing. */
const eitherWay = /(\p{Script=Han})[不没]\1/gu
const denial = new RegExp(negation.negator.source, 'iu')

/** UTF-16 units of a question that are compared: what is longer is no other way of asking the same. */
const phrasingMax = 240

export function readPhrasing(text: string): Phrasing {
  const plain = toSimplified(text.slice(0, phrasingMax).toWellFormed().normalize('NFKC').toLowerCase())
  const meanings = meaningsIn(plain, tokenize(plain))
  const terms = new Map<string, SaidTerm>()
  for (const { id, isDenied, isCarrying, start, end } of termsOf(plain)) {
    const written = plain.slice(start, end)
    const tokens = tokenize(written)
    if (isDenied || tokens.every(token => /^\d/.test(token))) continue
    const forms = new Map([[id, 1]])
    const meaning = meanings.find(({ matched }) => matched.some(term => tokens.includes(term)))
    if (meaning)
      forms.set(meaning.instance === null ? `@${meaning.group}` : `@=${meaning.instance}`, meaningShare)
    for (const token of tokens) forms.set(token, 1)
    if (han.test(written))
      for (const sign of written)
        if (!isStopTerm(sign)) forms.set(`'${sign}`, written.length === 1 ? 1 : signShare)
    const kinds = productTypeMentions(written)
    for (const { id: kind } of kinds) forms.set(`#${kind}`, kindShare)
    const isNamed = meaning !== undefined || kinds.length > 0 || asking.calendar.test(written)
    const known = terms.get(id)
    terms.set(id, {
      key: id,
      forms: new Map([...(known?.forms ?? []), ...forms]),
      weight: isCarrying || use.test(written) ? carryingWeight : 1,
      isNamed: isNamed || (known?.isNamed ?? false),
    })
  }
  for (const { value } of quantities(plain))
    if (value !== 1)
      terms.set(`#${value}`, {
        key: `#${value}`,
        forms: new Map([[`#${value}`, 1]]),
        weight: 1,
        isNamed: true,
      })
  return {
    terms: [...terms.values()],
    forms: new Set([...terms.values()].flatMap(({ forms }) => [...forms.keys()])),
    expects: new Set(
      Object.entries(asking.answers)
        .filter(([, pattern]) => pattern.test(plain))
        .map(([kind]) => kind),
    ),
    asksHow: asking.cues.how.test(plain),
    isDenied: denial.test(plain.replace(eitherWay, '$1')),
  }
}

/** 0..1: how much of a term is said in these forms. */
export function sayingOf({ forms }: SaidTerm, said: ReadonlySet<string>): number {
  let found = 0
  for (const [form, share] of forms) if (share > found && said.has(form)) found = share
  return found
}
