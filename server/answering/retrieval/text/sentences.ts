import { abbreviationsBeforeNumberEn, abbreviationsEn } from '../lexicon/abbreviations.en.ts'

/**
 * Ends of sentences: Chinese marks anywhere; Latin ones before a space, the line's end or a Chinese character. Closing
 * quotes and brackets belong to the sentence they close. A run of marks is tried from its beginning only, so that it stays linear.
 */
const ends = /[。！？]+[”’」』）》】"')\]]*|(?<![.!?])[.!?]+["'”’)\]]*(?=\s|$|\p{Script=Han})/gu

/** A line with the breaks after it. */
const lines = /[^\r\n\u2028\u2029]*[\r\n\u2028\u2029]+|[^\r\n\u2028\u2029]+/g
const bullet = /^\s*(?:[-*•‣◦·–—+]|[▪●■□➢✓])\s+/u
const listNumber = /^\s*\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]$/

/**
 * The sentences of a text, in order, trimmed: each is a part of `text`, and together they hold all of it but white space
 * and bullets. A line break always ends one (passages carry one only between paragraphs, list items and table rows).
 * Knows Chinese and English marks, decimals ("2.5 kg"), abbreviations ("e.g. this"), initials and numbered items ("1. Open").
 */
export function sentences(text: string): string[] {
  const found: string[] = []
  for (const { start, end } of sentenceRanges(text)) {
    const sentence = text.slice(start, end).replace(bullet, '').trim()
    if (sentence) found.push(sentence)
  }
  return found
}

/** The last of `sentences(text)`; '' when there is none. Reads no further back than it must. */
export function lastSentence(text: string): string {
  for (let from = text.length - tailStep; from > 0; from -= tailStep) {
    // What the cut begins with is half a sentence: the last one is whole when another stands before it.
    const found = sentences(text.slice(from))
    if (found.length > 2) return found.at(-1)!
  }
  return sentences(text).at(-1) ?? ''
}

const tailStep = 160

/** Where the sentences stand: ranges that follow each other without gaps from 0 to the text's length, white space included. */
export function* sentenceRanges(text: string): Generator<{ start: number; end: number }> {
  for (const match of text.matchAll(lines)) {
    const line = match[0]
    let start = 0
    for (const mark of line.matchAll(ends)) {
      const end = mark.index + mark[0].length
      // A few words on both sides are enough, and keep long lines linear.
      const before = line.slice(Math.max(start, mark.index - 24), mark.index)
      const after = line.slice(end, end + 24)
      if (!after.trim() || !isEnd(before, mark[0], after)) continue
      yield { start: match.index + start, end: match.index + end }
      start = end
    }
    yield { start: match.index + start, end: match.index + line.length }
  }
}

function isEnd(before: string, mark: string, after: string): boolean {
  if (/[。！？]/.test(mark)) return true
  const next = after.trimStart()
  if (/^\p{Ll}/u.test(next)) return false
  if (mark !== '.') return true
  if (listNumber.test(`${before}.`)) return false
  const word = /[\p{L}\p{N}.]*$/u.exec(before)![0].toLowerCase()
  if (abbreviationsEn.has(word)) return false
  if (abbreviationsBeforeNumberEn.has(word)) return !/^\d/.test(next)
  // An initial ("J. Smith"): one capital letter that is a word by itself.
  return !/(?:^|\s)\p{Lu}$/u.test(before)
}
