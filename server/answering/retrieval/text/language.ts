import type { Language } from '#protocol'
import { functionWords } from '../lexicon/stopwords.ts'

/** Whether most of a text is Chinese: its characters against its Latin words. */
export function isChinese(text: string): boolean {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  const words = text.match(/[A-Za-z]{2,}/g)?.length ?? 0
  return han > 1 && han * 2 >= words
}

export function languageOfText(text: string): Language {
  return isChinese(text) ? 'zh' : 'en'
}

/** Of a question: its own where it shows one, else the conversation's. A name in Latin letters shows none. */
export function languageAsked(text: string, usual: Language): Language {
  if (/\p{Script=Han}{2}/u.test(text)) return 'zh'
  const words = text.toLowerCase().match(/[a-z]+/g) ?? []
  return words.length > 2 && words.some(word => functionWords.has(word)) ? 'en' : usual
}
