import { tokenize } from '../text/tokens.ts'
import { countryNames } from './countries.ts'
import { servicesEn, usesEn } from './synonyms.en.ts'
import { servicesZh, usesZh } from './synonyms.zh.ts'

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
  isInstance?: true
  /** It stands for itself and none of its other endings: "open", not "opened". */
  asWritten?: RegExp
}

interface Table {
  groups: readonly (readonly Phrase[])[]
  /** Latin phrases by their first term; the others stand anywhere in a text. */
  byTerm: ReadonlyMap<string, readonly Phrase[]>
  dense: readonly Phrase[]
}

/** A country that is named is another than the shop's. */
const abroad = 'abroad'
/** Of those that are words besides. */
const countries = [...countryNames].filter(
  name => !['us', 'turkey', 'jersey', 'chad', 'world'].includes(name),
)

function readTable(languages: Readonly<Record<string, string>>[][]): Table {
  const groups = languages
    .flatMap(([first, ...others]) =>
      Object.keys(first!).map(id => [first!, ...others].map(language => language[id]).filter(Boolean)),
    )
    .map((words, group) => words.flatMap(each => each!.split('|')).map(word => phraseOf(word, group)))
  const ids = languages.flatMap(([first]) => Object.keys(first!))
  const named = ids.includes(abroad)
    ? countries.map(text => ({
        text,
        terms: tokenize(text),
        group: ids.indexOf(abroad),
        isInstance: true as const,
      }))
    : []
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
  /** Only one of the things it means is named. */
  isInstance: boolean
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
  const found = new Map<number, Set<string>>()
  const general = new Set<number>()
  const matchedIn = (group: number) => {
    const matched = found.get(group) ?? new Set<string>()
    found.set(group, matched)
    return matched
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
      if (phrase.terms.length === longest) {
        if (!phrase.isInstance) general.add(phrase.group)
        for (const each of phrase.terms) matchedIn(phrase.group).add(each)
      }
    claimedUntil = Math.max(claimedUntil, at + longest)
  }
  if (han.test(text))
    addDense(synonyms, text, terms, (group, isInstance) => {
      if (!isInstance) general.add(group)
      return matchedIn(group)
    })
  return [...found].map(([group, matched]) => ({
    group,
    matched: [...matched],
    isInstance: !general.has(group),
    others: synonyms.groups[group]!.map(phrase => phrase.terms).filter(
      other => !other.every(term => matched.has(term)),
    ),
  }))
}

const han = /\p{Script=Han}/u

/** Chinese phrases stand anywhere; the terms around them ("视频剪辑" of "视频" and "剪辑", and its inner pair) are said with them. */
function addDense(
  { dense }: Table,
  text: string,
  terms: readonly string[],
  matchedIn: (group: number, isInstance: boolean) => Set<string>,
) {
  const byGroup = Map.groupBy(
    dense.filter(phrase => text.includes(phrase.text)),
    phrase => phrase.group,
  )
  for (const [group, phrases] of byGroup) {
    const matched = matchedIn(
      group,
      phrases.every(phrase => phrase.isInstance === true),
    )
    const joined = phrases
      .map(phrase => phrase.text)
      .sort((a, b) => text.indexOf(a) - text.indexOf(b))
      .join('')
    for (const phrase of phrases) for (const term of phrase.terms) matched.add(term)
    for (const term of terms)
      if (han.test(term) && (joined.includes(term) || phrases.some(phrase => term.includes(phrase.text))))
        matched.add(term)
  }
}
