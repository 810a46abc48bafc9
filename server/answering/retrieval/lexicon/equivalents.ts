import { equivalentsEn } from './equivalents.en.ts'
import { equivalentsZh } from './equivalents.zh.ts'

/** What shops write in one language and customers say in another. */
const equivalents: readonly (readonly string[])[] = (
  Object.keys(equivalentsEn) as (keyof typeof equivalentsEn)[]
).map(id => [equivalentsEn[id], equivalentsZh[id]].flatMap(words => words.split(' ')))

const groupByWord = new Map(equivalents.flatMap(group => group.map(word => [word, group] as const)))

/** The words that mean the same colour, material, brand or kind; undefined for any other word. */
export function equivalentsOf(word: string): readonly string[] | undefined {
  return groupByWord.get(word)
}
