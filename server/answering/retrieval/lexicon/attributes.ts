import type { Language } from '#protocol'
import { tokenize } from '../text/tokens.ts'
import { attributesEn, measuresEn, narrowerNamesEn } from './attributes.en.ts'
import { attributesZh, narrowerNamesZh } from './attributes.zh.ts'

/** Something shops say about their goods, in the words customers use for it. */
export interface Attribute {
  id: string
  label: Record<Language, string>
  /** Names of it in all languages, lower case. */
  words: readonly string[]
  /** Adjectives for little and much of it: "the lightest" sorts upwards, "the heaviest" downwards. */
  low: readonly string[]
  high: readonly string[]
}

/** What a language calls an attribute; words and phrases are separated by "|". */
export interface AttributeWords {
  label: string
  names: string
  low?: string
  high?: string
}

export type AttributeId = keyof typeof attributesEn

const ids = Object.keys(attributesEn) as AttributeId[]

export const attributes: readonly Attribute[] = ids.map(id => {
  const languages: AttributeWords[] = [attributesEn[id], attributesZh[id]]
  const wordsOf = (part: 'names' | 'low' | 'high') =>
    languages.flatMap(words => words[part]?.split('|') ?? []).filter(Boolean)
  return {
    id,
    label: { en: attributesEn[id].label, zh: attributesZh[id].label },
    words: wordsOf('names'),
    low: wordsOf('low'),
    high: wordsOf('high'),
  }
})

/** Names of what is one of several, not the whole: they count as its name, never as the same word. */
const narrowerNames = new Set([...narrowerNamesEn, ...narrowerNamesZh])

/** The attribute a single term (as `tokenize` makes it) is a name of. */
const termAttributes: ReadonlyMap<string, string> = new Map([
  ...attributes.flatMap(attribute =>
    attribute.words.flatMap(word => {
      const [term, ...others] = tokenize(word)
      const isName = term !== undefined && others.length === 0 && !narrowerNames.has(term)
      return isName ? [[term, `=${attribute.id}`] as const] : []
    }),
  ),
  ...Object.entries(measuresEn).map(([word, id]) => [tokenize(word)[0]!, `=${id}`] as const),
])

/** Terms of the same meaning become the same: "ram", "memory" and "内存" are "=memory". */
export function canonicalTerm(term: string): string {
  return termAttributes.get(term) ?? term
}
