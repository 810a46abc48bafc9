import { halfWidth } from './quantities.ts'

/**
 * The reference marks models write: `[3]`, `[1, 2]`, `[1-3]`, `[^1]`, `【1】`, `［1］`, `[source 2]`, `(source 2)`, `（来源2）`,
 * `【1†name】`, `([1])`, and `[1](https://…)`, whose address is the model's and goes. Not marks: `[x]`, `[text](url)`, `[2024]`
 * (a year), and `arr[0]` (zero right behind a word).
 */
export interface MarkGroup {
  start: number
  end: number
  numbers: number[]
  /** Written in round brackets, which go with it. */
  wrapped: boolean
}

const blank = '[ \\t]'
const words = [
  'sources',
  'source',
  'references',
  'reference',
  'refs',
  'ref',
  'citation',
  '来源',
  '出处',
  '引用',
  '参考',
]
const named = `(?:${words.join('|')})${blank}?[:#.]?${blank}?`
const numbers = `\\d{1,6}(?:${blank}{0,2}(?:[,、;&~–—-]|${blank})${blank}{0,2}\\^?(?:${named})?\\d{1,6}){0,15}`
const bracketed = [
  `[[【]${blank}{0,2}\\^?(?:${named})?${numbers}${blank}{0,2}[\\]】]`,
  `【\\d{1,6}(?::\\d{1,4})?†[^】\\n]{0,40}】`,
].join('|')
const link = '(?:\\((?:https?:|/|#|www\\.)[^\\s()]{0,300}\\))?'
const gap = `${blank}{0,3}[,、;]?${blank}{0,3}`
const single = `(?:(?:${bracketed})${link}|\\(${blank}?${named}${numbers}${blank}?\\))`
const complete = new RegExp(`\\(${blank}?(?:${single}(?:${gap}))+?\\)|${single}`, 'iy')
const group = new RegExp(
  `(?:\\(${blank}?${single}(?:${gap}${single}){0,15}${blank}?\\)|${single})(?:${gap}${single}){0,15}`,
  'iy',
)

const beginnings = [...new Set(words.flatMap(word => Array.from(word, (_, at) => word.slice(0, at + 1))))]
const loose = '[\\d \\t^,、;&~–—:#.-]'
const unfinished = [
  `[[【]${loose}*`,
  `[[【(]${blank}{0,2}\\^?${loose}*(?:${beginnings.join('|')})`,
  `[[【(]${blank}{0,2}\\^?(?:(?:${words.join('|')})|${loose})*`,
  '【\\d{1,6}(?::\\d{1,4})?†[^】\\n]{0,40}',
].join('|')
const beginning = new RegExp(`^(?:\\(${blank}?(?:${single}${gap})*(?:${unfinished})?|${unfinished})$`, 'i')
const beginningMax = 80

/** What no mark begins with is told by its first signs: most brackets of a text are none. */
const mayBegin = new RegExp(
  `^[[【(]${blank}{0,2}(?:[[【(]${blank}{0,2})?(?:$|[\\d^${[...new Set(words.map(word => word[0]))].join('')}])`,
  'i',
)

const openers = /[[【［(（]/g

/** What stands at `at`: a whole mark and its end, what may become one with more text, or neither. `previous` stands before `text`. */
export function markAt(
  text: string,
  at: number,
  previous: string | undefined,
): { end: number } | 'unfinished' | null {
  if (!mayBegin.test(halfWidth(text.slice(at, at + 8)))) return null
  // Enough for the longest mark; a copy of the rest would make long texts quadratic.
  const head = halfWidth(text.slice(at, at + 512))
  complete.lastIndex = 0
  if (complete.test(head))
    return isText(head, text[at - 1] ?? previous) ? null : { end: at + complete.lastIndex }
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
  previous?: string,
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
    if (!group.test(plain) || isText(plain.slice(at, at + 12), text[at - 1] ?? previous)) continue
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

function isText(head: string, previous = ''): boolean {
  if (/^\[(?:19|20)\d\d\]/.test(head)) return true
  return /^\[0\]/.test(head) && /[A-Za-z0-9_)\]]/.test(previous)
}

const rangeMax = 50

function numbersIn(written: string): number[] {
  const plain = written.replace(/\]\([^)]*\)/g, ']').replace(/(?::\d+)?†[^】]*/g, '')
  const found: number[] = []
  for (const [, from, to] of plain.matchAll(/(\d+)(?:[ \t]*[-–—~][ \t]*\^?(\d+))?/g)) {
    const first = Number(from)
    const last = to === undefined ? first : Number(to)
    if (last - first > rangeMax) continue
    for (let number = first; number <= last; number++) found.push(number)
  }
  return found
}
