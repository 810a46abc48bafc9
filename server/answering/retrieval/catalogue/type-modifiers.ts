import { isStopWord } from '../lexicon/stopwords.ts'
import { tokenize } from '../text/tokens.ts'
import { unitNamed } from '../text/units.ts'

/** "table lamp" -> "tabl lamp": as kinds are kept. */
export function stemmedType(kind: string): string {
  const [modifier, id] = kind.split(' ')
  return `${tokenize(modifier!)[0]} ${id}`
}

export function modifierBefore(text: string, start: number): string | null {
  if (!/[\s-]/.test(text[start - 1] ?? '')) return null
  const word = /[\p{L}\p{N}]+$/u.exec(leadOf(text, start - 1))?.[0]
  if (!word || !/^\p{Ll}{3,}$/iu.test(word) || isStopWord(word.toLowerCase()) || unitNamed(word)) return null
  return tokenize(word)[0] ?? null
}

/** As far back as what stands before a word changes what it means. */
const leadMax = 120

export function leadOf(text: string, start: number): string {
  return text.slice(Math.max(0, start - leadMax), start)
}
