import { sourceNamesEn } from '../lexicon/source-names.en.ts'
import { sourceNamesZh } from '../lexicon/source-names.zh.ts'
import { halfWidth } from '../text/quantities.ts'

/**
 * The reference marks models write: `[3]`, `[1, 2]`, `[1-3]`, `[^1]`, `[#1]`, `[[1]]`, `\\[1\\]`, `【1】`, `［1］`, `〔1〕`, `[source 2]`, `[doc2]`,
 * `(source 2)`, `（来源2）`, `【1†name】`, `([1])`, `¹`, `<sup>1</sup>`, `<source number="1">`, and `[1](https://…)`, whose address is
 * the model's and goes. Not marks: `[x]`, `[text](url)`, `[2024]` (a year), `arr[0]` (zero right behind a word), and `m²` (a unit).
 */
export interface MarkGroup {
  start: number
  end: number
  numbers: number[]
  /** Written in round brackets, which go with it. */
  wrapped: boolean
}

const blank = '[ \\t]'
const words = [...sourceNamesEn, ...sourceNamesZh]
const named = `(?:${words.join('|')})${blank}?[:#.]?${blank}?`
const numbers = `\\d{1,6}(?:${blank}{0,2}(?:[,、;&~–—-]|${blank})${blank}{0,2}\\^?(?:${named})?\\d{1,6}){0,15}`
const open = String.raw`\\?[[【〔〖⟦]`
const close = String.raw`\\?[\]】〕〗⟧]`
const bracketed = [
  `${open}${blank}{0,2}[\\^#]?(?:${named})?${numbers}${blank}{0,2}${close}`,
  `\\[\\[${blank}{0,2}(?:${named})?${numbers}${blank}{0,2}\\]\\]`,
  '[[【〔]\\d{1,6}(?::\\d{1,4})?†[^\\]】〕\\n]{0,40}[\\]】〕]',
].join('|')
const link = '(?:\\((?:https?:|/|#|www\\.)[^\\s()]{0,300}\\))?'
const gap = `${blank}{0,3}[,、;]?${blank}{0,3}`
const tags = [
  `<(?:sup|cite|citation|ref)>${blank}?(?:\\[?(?:${named})?${numbers}\\]?)${blank}?</(?:sup|cite|citation|ref)>`,
  '<source(?: [^<>\\n]{0,120})?/?>',
  '</source>',
].join('|')
const raised = '¹²³⁰⁴-⁹'
const single = `(?:(?:${bracketed})${link}|${tags}|[${raised}]{1,3}|\\(${blank}?${named}${numbers}${blank}?\\))`
const complete = new RegExp(`\\(${blank}?(?:${single}(?:${gap}))+?\\)|${single}`, 'iy')
const group = new RegExp(
  `(?:\\(${blank}?${single}(?:${gap}${single}){0,15}${blank}?\\)|${single})(?:${gap}${single}){0,15}`,
  'iy',
)

const prefixes = (known: readonly string[]) =>
  [...new Set(known.flatMap(word => Array.from(word, (_, at) => word.slice(0, at + 1))))].join('|')
const loose = '[\\d \\t^,、;&~–—:#.-]'
const unfinished = [
  `${open}{1,2}${loose}*\\\\?`,
  `\\[\\[${blank}{0,2}(?:${named})?${numbers}${blank}{0,2}\\]`,
  `(?:${open}{1,2}|\\()${blank}{0,2}[\\^#]?${loose}*(?:${prefixes(words)})`,
  `(?:${open}{1,2}|\\()${blank}{0,2}[\\^#]?(?:(?:${words.join('|')})|${loose})*\\\\?`,
  '[[【〔]\\d{1,6}(?::\\d{1,4})?†[^\\]】〕\\n]{0,40}',
  '\\\\',
  `<(?:${prefixes(['/source', 'source', 'sup', 'citation', 'cite', 'ref'])})?`,
  '<source [^<>\\n]{0,120}',
  `<(?:sup|cite|citation|ref)>(?:\\[|${loose}|\\])*(?:<[/a-z]{0,9})?`,
].join('|')
const beginning = new RegExp(`^(?:\\(${blank}?(?:${single}${gap})*(?:${unfinished})?|${unfinished})$`, 'i')
const beginningMax = 160

const wordBeginnings = [...new Set(words.map(word => word[0]))].join('')
const inner = `(?:$|\\\\$|[\\d^#<${raised}${wordBeginnings}])`
/** What no mark begins with is told by its first signs: most brackets of a text are none. */
const mayBegin = new RegExp(
  [
    `^[${raised}]`,
    '^<(?:$|[/scr])',
    '^\\\\(?:$|[[【〔〖⟦])',
    `^[[【〔〖⟦(]${blank}{0,2}(?:\\\\?[[【〔〖⟦(]${blank}{0,2})?${inner}`,
  ].join('|'),
  'i',
)

/** The signs with which a mark may begin, as the inside of a class. */
export const markSigns = `[【［(（〔〖⟦<\\\\${raised}`
const openers = new RegExp(`[${markSigns}]`, 'g')

/** What stands at `at`: a whole mark and its end, what may become one with more text, or neither. `previous` stands before `text`. */
export function markAt(text: string, at: number, previous: string): { end: number } | 'unfinished' | null {
  if (!mayBegin.test(halfWidth(text.slice(at, at + 8)))) return null
  // Enough for the longest mark; a copy of the rest would make long texts quadratic.
  const head = halfWidth(text.slice(at, at + 512))
  complete.lastIndex = 0
  if (complete.test(head))
    return isText(head.slice(0, complete.lastIndex), before(text, at, previous))
      ? null
      : { end: at + complete.lastIndex }
  return head.length < beginningMax && beginning.test(head) ? 'unfinished' : null
}

const groupMax = 2048
const leadingGap = new RegExp(`^${gap}`)

/** Where the group of marks that begins at `at` ends, or null while more text could lengthen it. */
export function groupEnd(text: string, at: number, final: boolean): number | null {
  const head = halfWidth(text.slice(at, at + groupMax))
  group.lastIndex = 0
  group.test(head)
  const end = group.lastIndex
  if (final || head.length === groupMax) return at + end
  const rest = head.slice(end)
  const open = /^\((?:[^\s()]{0,300})$/.test(rest) && /^\((?:$|h|\/|#|w)/.test(rest)
  if (open) return null
  const next = leadingGap.exec(rest)![0].length
  if (next === rest.length || beginning.test(rest.slice(next, next + beginningMax))) return null
  return at + end
}

/** The groups of marks in `text`, in order; `skip` are stretches of code, `previous` stands before `text`. */
export function markGroups(
  text: string,
  skip: readonly (readonly [number, number])[],
  previous: string,
): MarkGroup[] {
  const plain = halfWidth(text)
  const found: MarkGroup[] = []
  openers.lastIndex = 0
  for (let match = openers.exec(text); match; match = openers.exec(text)) {
    const at = match.index
    const code = skip.find(([from, to]) => at >= from && at < to)
    if (code) {
      openers.lastIndex = code[1]
      continue
    }
    group.lastIndex = at
    if (!group.test(plain) || isText(plain.slice(at, group.lastIndex), before(text, at, previous))) continue
    const written = plain.slice(at, group.lastIndex)
    found.push({
      start: at,
      end: group.lastIndex,
      numbers: numbersIn(written),
      wrapped: /^\([ \t]?[[【]/.test(written) && written.endsWith(')') && !/\]\([^)]*\)$/.test(written),
    })
    openers.lastIndex = group.lastIndex
  }
  return found
}

/** How much before a mark tells whether it is one. */
const previousMax = 8
/** Squares and cubes: behind a unit of length, a variable or a number. */
const power = /(?:(?:^|[^\p{L}])(?:[a-z]|[cdkmnµh]m|ft|yd|mi)|\d|米)$/iu

function before(text: string, at: number, previous: string): string {
  return (previous + text.slice(Math.max(0, at - previousMax), at)).slice(-previousMax)
}

function isText(written: string, previous: string): boolean {
  if (isRaised.test(written)) return power.test(previous)
  if (/^\\?[[【〔][\d \t,、;&~–—-]+\\?[\]】〕]/.test(written) && numbersIn(written).every(isYear)) return true
  return /^\[0\]/.test(written) && /[A-Za-z0-9_)\]]$/.test(previous)
}

const isRaised = new RegExp(`^(?:[${raised}]|<sup>)`, 'i')

function isYear(number: number): boolean {
  return number >= 1900 && number < 2100
}

const rangeMax = 50
const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹'

function numbersIn(written: string): number[] {
  const plain = written
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/(?::\d+)?†[^】\]〕]*/g, '')
    .replace(/<source\b[^>]*?(?:(?:number|id|n|index)\s*=\s*\W?(\d{1,6})\b[^>]*)?>/gi, ' $1 ')
    .replace(new RegExp(`[${raised}]`, 'g'), sign => String(digits.indexOf(sign)))
  const found: number[] = []
  for (const [, from, to] of plain.matchAll(/(\d+)(?:[ \t]*[-–—~][ \t]*\^?(\d+))?/g)) {
    const first = Number(from)
    const last = to === undefined ? first : Number(to)
    if (last - first > rangeMax) continue
    for (let number = first; number <= last; number++) found.push(number)
  }
  return found
}

/**
 * The line of a footnote's text (`[^1]: …`), or of where a number leads to (`[1]: https://…`), which is the model's and goes;
 * `at` is where a line begins.
 * @returns where it ends, 'unfinished' where that is not known yet, or null
 */
export function footnoteEnd(text: string, at: number, final: boolean): number | 'unfinished' | null {
  const lineEnd = text.indexOf('\n', at)
  const line = text.slice(at, lineEnd < 0 ? undefined : lineEnd)
  if (/^\[(?:\^[\w-]{1,20}\]:|\d{1,6}\]:[ \t]{0,3}<?https?:)/.test(line)) {
    if (lineEnd < 0 && !final) return 'unfinished'
    return lineEnd < 0 ? text.length : lineEnd + 1
  }
  const isOpen = lineEnd < 0 && !final && line.length < 40
  return isOpen && /^\[(?:\^[\w-]{0,20}\]?|\d{0,6}(?:\](?::[ \t]{0,3}<?h?t?t?p?s?)?)?)$/.test(line)
    ? 'unfinished'
    : null
}
