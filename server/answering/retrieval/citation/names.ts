import { canonicalTerm } from '../lexicon/attributes.ts'
import { sentenceOpenersEn } from '../lexicon/sentence-openers.en.ts'
import { isStopTerm, isStopWord } from '../lexicon/stopwords.ts'
import type { Quantity } from '../text/quantities.ts'
import { tokenize } from '../text/tokens.ts'
import type { Figure } from './figures.ts'

const latinWord = /[\p{Script=Latin}\d][\p{Script=Latin}\d]*(?:[-'’.&+/][\p{Script=Latin}\d]+)*/gu
const common = /(?:ing|ed|ly|tion|sion|ment|ness|ity|ies|ers|[^s]s|able|ible|ful|less|ance|ence|ary|ory)$/

/**
 * Capitalised words inside a sentence, acronyms, model ids, one-letter values ("size M"), and any Latin word of a Chinese
 * text; with the numbers that belong to one ("Windows 10").
 * @param rest the text without its numbers and dates
 */
export function namesIn(
  text: string,
  rest: string,
  figures: readonly Figure[],
  isChinese: boolean,
): { names: string[]; numbers: Set<Quantity> } {
  const names: string[] = []
  const numbers = new Set<Quantity>()
  for (const match of rest.matchAll(latinWord)) {
    const word = match[0].replace(/['’]s$/u, '')
    const end = match.index + match[0].length
    if (
      !isName(
        word,
        rest.slice(Math.max(0, match.index - 4), match.index),
        text.slice(end, end + 2),
        isChinese,
      )
    )
      continue
    const number = figures.find(
      ({ quantity }, at) =>
        quantity.unit === null &&
        figures[at + 1]?.quantity.start !== quantity.end + 1 &&
        quantity.start === end + 1 &&
        /\s/.test(rest[end] ?? ''),
    )?.quantity
    if (
      number &&
      word.length > 1 &&
      !sentenceOpenersEn.has(word.toLowerCase()) &&
      !isStopTerm(tokenize(word)[0] ?? '')
    ) {
      numbers.add(number)
      names.push(`${word} ${text.slice(number.start, number.end)}`)
    } else names.push(word)
  }
  return { names, numbers }
}

function isName(word: string, before: string, after: string, isChinese: boolean): boolean {
  if (/^\d+$/.test(word)) return false
  if (word.length < 2) return /^[B-HJ-Z]$/.test(word) || (/\d/.test(word) && isChinese)
  // Most words: looked at no closer.
  if (!isChinese && !/[\p{Lu}\d]/u.test(word)) return false
  if (sentenceOpenersEn.has(word.toLowerCase())) return false
  // The stem of "UPS" is that of "up".
  if (/^\p{Lu}{2,6}$/u.test(word)) return !isStopWord(word.toLowerCase())
  const terms = tokenize(word)
  if (terms.length === 1 && isStopTerm(terms[0]!)) return false
  if (/\d/.test(word) && /\p{L}/u.test(word)) return !/^\d+(?:st|nd|rd|th|x)$/i.test(word)
  if (/^.+\p{Lu}/u.test(word)) return true
  if (isChinese) return true
  if (!/^\p{Lu}/u.test(word)) return false
  const begins = /(?:^|[.!?:;"“”([|–—•]\s?|-\s)$/u.test(before)
  // What begins a sentence is a name where another or a number follows.
  return !begins || (/^\s[\p{Lu}\d]/u.test(after) && !isCommon(word.toLowerCase()))
}

function isCommon(word: string): boolean {
  const [term] = tokenize(word)
  return common.test(word) || (term !== undefined && canonicalTerm(term) !== term)
}
