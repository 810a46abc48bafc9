import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Language } from '#protocol'
import {
  likenessOf,
  type Phrasings,
  readPhrasings,
  samenessMin,
} from '../../server/answering/curated/likeness.ts'
import { readPhrasing } from '../../server/answering/curated/phrasing.ts'
import { curatedCases, tunedCount } from './curated-cases.ts'
import { shopsIn } from './shop.ts'

/** Shares from 0 to 1. */
interface CuratedFigures {
  /** Of paraphrases in other words: the right answer. */
  hit: number
  /** Of those behind `tunedCount`, which the measure was chosen by last. */
  hit_later: number
  /** Of phrasings as people send them: greeting, case, no marks, thanks. */
  hit_wrapped: number
  /** Of paraphrases: another answer than the right one. */
  wrong: number
  /** Of what shops are asked besides: any answer. */
  caught: number
  /** Of questions about the same thing that ask something else: any answer. */
  caught_near: number
}

/** How people send a question that they would write as it stands here. */
const wrappings: Readonly<Record<Language, readonly ((question: string) => string)[]>> = {
  en: [
    question => question.toLowerCase().replace(/[?.!]+$/, ''),
    question => question.toUpperCase(),
    question => `${question} Thanks in advance`,
    question => `please tell me: ${question.toLowerCase()}`,
  ],
  zh: [
    question => question.replace(/[？。]+$/, ''),
    question => `请问${question}`,
    question => `${question}谢谢`,
    question => `我想问一下，${question}`,
  ],
}

/** Of the sets of shops: they ask the same as a case. */
const sameAsCase = new Set([
  'Can I change my address after I ordered?',
  'I am a student, do I get a discount?',
])

/** Asks every paraphrase, and what shops are asked besides, of all curated answers at once. */
export async function printCurated(shopFolders: string[], figures: Record<string, number>): Promise<void> {
  console.log('\ncurated answers       hit    later  wrapped  wrong  others caught  near ones caught')
  for (const language of ['en', 'zh'] as const) {
    const result = evaluate(language, await questionsOf(shopFolders, language))
    for (const [name, value] of Object.entries(result)) figures[`curated.${language}.${name}`] = value
    const { hit, hit_later, hit_wrapped, wrong, caught, caught_near } = result
    const shown = [hit, hit_later, hit_wrapped, wrong, caught, caught_near].map(value => value.toFixed(3))
    console.log(`  ${language.padEnd(16)}${shown.map(value => value.padStart(8)).join('')}`)
  }
}

async function questionsOf(folders: string[], language: Language): Promise<string[]> {
  const questions: string[] = []
  for (const folder of folders)
    for (const shop of existsSync(folder) ? await shopsIn(folder) : [])
      for (const conversation of JSON.parse(await readFile(shop.questions, 'utf8')))
        if (conversation.language === language)
          questions.push(...conversation.turns.map(({ question }: { question: string }) => question))
  return questions.filter(question => !sameAsCase.has(question))
}

function evaluate(language: Language, questions: string[]): CuratedFigures {
  const cases = curatedCases[language]
  const known = cases.map(({ phrasings }) => readPhrasings(phrasings))
  const found = (question: string) => findBest(question, known)
  const paraphrases = cases.flatMap((one, at) => one.paraphrases.map(text => ({ at, found: found(text) })))
  const wrapped = cases.flatMap((one, at) =>
    one.phrasings.flatMap(text => wrappings[language].map(wrap => ({ at, found: found(wrap(text)) }))),
  )
  const isHit = (one: { at: number; found: number | null }) => one.found === one.at
  const isCaught = (text: string) => found(text) !== null
  return {
    hit: shareOf(paraphrases, isHit),
    hit_later: shareOf(
      paraphrases.filter(({ at }) => at >= tunedCount),
      isHit,
    ),
    hit_wrapped: shareOf(wrapped, isHit),
    wrong: shareOf([...paraphrases, ...wrapped], one => one.found !== null && !isHit(one)),
    caught: shareOf(questions, isCaught),
    caught_near: shareOf(
      cases.flatMap(({ others }) => others),
      isCaught,
    ),
  }
}

function findBest(text: string, known: readonly Phrasings[]): number | null {
  const question = readPhrasing(text)
  const scores = known.map(each => likenessOf(question, each))
  const best = Math.max(...scores)
  return best >= samenessMin ? scores.indexOf(best) : null
}

function shareOf<T>(all: readonly T[], fits: (one: T) => boolean): number {
  return all.filter(fits).length / Math.max(1, all.length)
}
