import { tokenize } from '../text/tokens.ts'
import { countryNames } from './countries.ts'
import { paymentMethodsEn, servicesEn, usesEn } from './synonyms.en.ts'
import { paymentMethodsZh, servicesZh, usesZh } from './synonyms.zh.ts'

/**
 * What customers and shops call the same thing, each group by its id: words or phrases of one group, in whatever language,
 * stand for each other when something is looked for; they are separated by "|", and one behind "=" has only the ending it is written with. Not so close that one could be quoted as
 * the other (see `attributes`).
 */
export type SynonymGroups<Ids> = Readonly<Record<keyof Ids, string>>

interface Phrase {
  /** As `tokenize` makes them. */
  terms: readonly string[]
  text: string
  group: number
  /** One of many things that the group's words mean: a country is not abroad, but what is said of abroad is said of it. */
  instance?: string
  /** It stands for itself and none of its other endings: "open", not "opened". */
  asWritten?: RegExp
}

interface Table {
  groups: readonly (readonly Phrase[])[]
  /** Latin phrases by their first term; the others stand anywhere in a text. */
  byTerm: ReadonlyMap<string, readonly Phrase[]>
  dense: readonly Phrase[]
}

/** Things of one kind that are named one by one, by the word for all of them: what a shop says of one it does not say of another. */
interface Instances {
  of: keyof typeof servicesEn
  /** Each with the one that stands for all names of the same thing. */
  names: readonly (readonly [name: string, same: string])[]
}

/** Of those that are words besides. */
const countries = [...countryNames].filter(
  ([name]) => !['us', 'turkey', 'jersey', 'chad', 'world'].includes(name),
)

const instances: readonly Instances[] = [
  // A country that is named is another than the shop's.
  { of: 'abroad', names: countries },
  { of: 'pay', names: [paymentMethodsEn, paymentMethodsZh].flatMap(samesOf) },
]

/** "A=B|C": three names of two things. */
function samesOf(words: string): [string, string][] {
  return words.split('|').flatMap(each => {
    const names = each.split('=')
    return names.map((name): [string, string] => [name, names[0]!])
  })
}

function readTable(languages: Readonly<Record<string, string>>[][]): Table {
  const groups = languages
    .flatMap(([first, ...others]) =>
      Object.keys(first!).map(id => [first!, ...others].map(language => language[id]).filter(Boolean)),
    )
    .map((words, group) => words.flatMap(each => each!.split('|')).map(word => phraseOf(word, group)))
  const ids = languages.flatMap(([first]) => Object.keys(first!))
  const named = instances.flatMap(({ of, names }) =>
    names.map(([text, instance]) => ({
      text,
      terms: tokenize(text),
      group: ids.indexOf(of),
      instance,
    })),
  )
  const phrases = [...groups.flat(), ...named]
  const latin = phrases.filter(({ text }) => /^[a-z]/.test(text))
  return {
    groups,
    byTerm: Map.groupBy(latin, ({ terms }) => terms[0]!),
    dense: phrases.filter(({ text }) => !/^[a-z]/.test(text)),
  }
}

function phraseOf(word: string, group: number): Phrase {
  const text = word.replace(/^=/, '')
  const phrase = { text, terms: tokenize(text), group }
  return text === word ? phrase : { ...phrase, asWritten: new RegExp(String.raw`\b${text}\b`) }
}

const all = readTable([
  [servicesEn, servicesZh],
  [usesEn, usesZh],
])
const servicesCount = Object.keys(servicesEn).length
const isOfUses = ({ group }: Phrase) => group >= servicesCount
const ofUses: Table = {
  groups: all.groups,
  byTerm: new Map([...all.byTerm].map(([term, phrases]) => [term, phrases.filter(isOfUses)])),
  dense: all.dense.filter(isOfUses),
}

/** A meaning that a text has in one of its words, and the other words for it. */
export interface Meaning {
  /** Which group of the table. */
  group: number
  /** The terms of the text that say it. */
  matched: readonly string[]
  /** Each of the others, its terms together. */
  others: readonly (readonly string[])[]
  /** The one of the things it means that is named, by the name that stands for all its names; null where a word for all of them is. */
  instance: string | null
  /** As the text names it. */
  name: string | null
}

/** The meanings of the table in a lower-case text. `terms`: what `tokenize` makes of it. Products are looked for by uses only. */
export function meaningsIn(
  text: string,
  terms: readonly string[],
  source: 'document' | 'product' = 'document',
): Meaning[] {
  return meaningsOf(source === 'product' ? ofUses : all, text, terms)
}

/** Whether a text is about what a shop does rather than what it sells. */
export function namesService(text: string): boolean {
  return meaningsOf(all, text.toLowerCase(), tokenize(text)).some(({ group }) => group < servicesCount)
}

function meaningsOf(synonyms: Table, text: string, terms: readonly string[]): Meaning[] {
  const found = new Map<string, MatchedMeaning>()
  const add: AddMeaning = (group, named, matched) => {
    const instance = named?.instance ?? null
    const key = `${group} ${instance ?? ''}`
    const meaning = found.get(key) ?? { group, instance, name: named?.text ?? null, matched: new Set() }
    found.set(key, meaning)
    for (const term of matched) meaning.matched.add(term)
  }
  // "Cancelling" of "noise cancelling" says nothing by itself.
  let claimedUntil = 0
  for (const [at, term] of terms.entries()) {
    const fitting = (synonyms.byTerm.get(term) ?? []).filter(
      phrase =>
        at + phrase.terms.length > claimedUntil &&
        phrase.terms.every((each, next) => terms[at + next] === each) &&
        (phrase.asWritten?.test(text) ?? true),
    )
    const longest = Math.max(0, ...fitting.map(phrase => phrase.terms.length))
    for (const phrase of fitting)
      if (phrase.terms.length === longest) add(phrase.group, phrase.instance ? phrase : null, phrase.terms)
    claimedUntil = Math.max(claimedUntil, at + longest)
  }
  if (han.test(text)) addDense(synonyms, text, terms, add)
  return [...found.values()].map(({ group, instance, name, matched }) => ({
    group,
    instance,
    name,
    matched: [...matched],
    others: synonyms.groups[group]!.map(phrase => phrase.terms).filter(
      other => !other.every(term => matched.has(term)),
    ),
  }))
}

interface MatchedMeaning {
  group: number
  instance: string | null
  name: string | null
  matched: Set<string>
}

type AddMeaning = (group: number, named: Phrase | null, matched: Iterable<string>) => void

const han = /\p{Script=Han}/u

/** Chinese phrases stand anywhere; the terms around them ("视频剪辑" of "视频" and "剪辑", and its inner pair) are said with them. */
function addDense({ dense }: Table, text: string, terms: readonly string[], add: AddMeaning) {
  let rest = text
  const names = dense
    .filter(phrase => phrase.instance !== undefined && text.includes(phrase.text))
    .sort((a, b) => b.text.length - a.text.length)
  for (const phrase of names) {
    if (!rest.includes(phrase.text)) continue
    add(phrase.group, phrase, termsAround([phrase], text, terms))
    // A word within a name does not stand for all: 付款 of 货到付款.
    rest = rest.replaceAll(phrase.text, ' ')
  }
  const words = dense.filter(phrase => !phrase.instance !== undefined && rest.includes(phrase.text))
  for (const [group, phrases] of Map.groupBy(words, phrase => phrase.group))
    add(group, null, termsAround(phrases, rest, terms))
}

function termsAround(phrases: readonly Phrase[], text: string, terms: readonly string[]): string[] {
  const joined = phrases
    .map(phrase => phrase.text)
    .sort((a, b) => text.indexOf(a) - text.indexOf(b))
    .join('')
  const around = terms.filter(
    term => han.test(term) && (joined.includes(term) || phrases.some(phrase => term.includes(phrase.text))),
  )
  return [...phrases.flatMap(phrase => phrase.terms), ...around]
}
