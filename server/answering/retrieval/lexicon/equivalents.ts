import { equivalentsEn } from './equivalents.en.ts'
import { equivalentsZh } from './equivalents.zh.ts'

/** What shops write in one language and customers say in another. */
const equivalents: readonly (readonly string[])[] = (
  Object.keys(equivalentsEn) as (keyof typeof equivalentsEn)[]
).map(id => [equivalentsEn[id], equivalentsZh[id]].flatMap(words => words.split(' ')))

const groupByWord = new Map(equivalents.flatMap(group => group.map(word => [word, group] as const)))
const unspaced = [...groupByWord].filter(([word]) => word.length > 1 && !/^[a-z]/.test(word))

/** The words that mean the same colour, material, brand or kind; undefined for any other word. */
export function equivalentsOf(word: string): readonly string[] | undefined {
  return groupByWord.get(word)
}

/** Every colour, material, brand and kind a text names, each with its equivalents: one in place of another is another thing. */
export function equivalentsIn(text: string): (readonly string[])[] {
  const plain = text.toLowerCase()
  const found = new Set<readonly string[]>()
  for (const [word] of plain.matchAll(/[a-z]+/g)) {
    const group = groupByWord.get(word)
    if (group) found.add(group)
  }
  if (/\p{Script=Han}/u.test(plain))
    for (const [word, group] of unspaced) if (plain.includes(word)) found.add(group)
  return [...found]
}
