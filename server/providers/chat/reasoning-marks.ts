const angleNames = [
  'think',
  'thinking',
  'thought',
  'thoughts',
  'reasoning',
  'reflection',
  'analysis',
  'scratchpad',
  'inner_monologue',
  'antthinking',
  'seed:think',
]
/** What closes a bracket, and the names that are a mark in it: `[thinking](…)` is a link. */
const brackets: Readonly<Record<string, { closer: string; names: readonly string[] }>> = {
  '<': { closer: '>', names: angleNames },
  '[': { closer: ']', names: ['think'] },
  '◁': { closer: '▷', names: ['think'] },
}
/** Tokens of templates, `<|name|>`: what opens, with what closes it. */
export const tokenPairs: Readonly<Record<string, string>> = {
  begin_of_thought: 'end_of_thought',
  start_thinking: 'end_thinking',
  thinking_start: 'thinking_end',
  think: '/think',
  thinking: '/thinking',
}
export const tokenClosers = new Set(Object.values(tokenPairs))
/** Between the parts of an answer, and themselves no text. */
const separators = [
  'begin_of_solution',
  'end_of_solution',
  'start_response',
  'end_response',
  'start',
  'channel',
  'message',
  'constrain',
  'end',
  'return',
  'call',
]
/** After them stands who speaks, and in which channel. */
export const headers = new Set(['start', 'channel'])
const messageEnds = new Set(['end', 'return', 'call'])
const tokens = [...Object.keys(tokenPairs), ...tokenClosers, ...separators]

const nameMax = 24
const blanksMax = 4
const attributesMax = 64

/** What stands between reasoning and answer. */
export type Mark =
  | { kind: 'open' | 'close'; name: string; end: number }
  | { kind: 'token'; name: string; end: number }
  | { kind: 'empty'; end: number }

/** The name under which a channel's reasoning is open. */
export const anyChannel = '<|channel'

/** Whether it opens reasoning, or a header that may. */
export function opens(mark: Mark): boolean {
  if (mark.kind === 'token') return Object.hasOwn(tokenPairs, mark.name) || headers.has(mark.name)
  return mark.kind === 'open'
}

/** `closer`: the name of what closes the open reasoning, null where any mark does. */
export function closes(mark: Mark, closer: string | null): boolean {
  if (mark.kind === 'close') return closer === null || closer === mark.name
  if (mark.kind !== 'token') return false
  if (closer === null) return tokenClosers.has(mark.name) || messageEnds.has(mark.name)
  if (closer === anyChannel) return separators.includes(mark.name)
  return closer === `<|${mark.name}`
}

/** The mark that begins at `at`, what may become one with more text, or neither. */
export function markAt(text: string, at: number): Mark | 'unfinished' | null {
  const bracket = text[at]!
  const { closer, names } = brackets[bracket]!
  let start = skipBlanks(text, at + 1)
  if (bracket === '<' && text[start] === '|') return tokenAt(text, start + 1)
  const isClosing = text[start] === '/'
  if (isClosing) start = skipBlanks(text, start + 1)
  const nameEnd = nameEndAt(text, start)
  const name = text.slice(start, nameEnd).toLowerCase()
  if (nameEnd === text.length) return names.some(known => known.startsWith(name)) ? 'unfinished' : null
  if (!names.includes(name)) return null
  const closed = text.slice(nameEnd, nameEnd + attributesMax).indexOf(closer)
  const inside = text.slice(nameEnd, closed < 0 ? nameEnd + attributesMax : nameEnd + closed)
  if (!/^(?:[\s/][^<>[\]]*)?$/.test(inside)) return null
  if (closed < 0) return inside.length < attributesMax ? 'unfinished' : null
  const end = nameEnd + closed + 1
  // A link's label.
  if (bracket === '[' && !isClosing && text[end] === '(') return null
  if (bracket === '[' && !isClosing && end === text.length) return 'unfinished'
  if (inside.endsWith('/')) return { kind: 'empty', end }
  return { kind: isClosing ? 'close' : 'open', name: bracket + name, end }
}

function tokenAt(text: string, from: number): Mark | 'unfinished' | null {
  const start = skipBlanks(text, from)
  let nameEnd = text[start] === '/' ? nameEndAt(text, start + 1) : nameEndAt(text, start)
  const name = text.slice(start, nameEnd).toLowerCase()
  if (nameEnd === text.length) return tokens.some(known => known.startsWith(name)) ? 'unfinished' : null
  if (!tokens.includes(name)) return null
  nameEnd = skipBlanks(text, nameEnd)
  const rest = text.slice(nameEnd, nameEnd + 2)
  if (rest === '|>') return { kind: 'token', name, end: nameEnd + 2 }
  return '|>'.startsWith(rest) && nameEnd + 2 > text.length ? 'unfinished' : null
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at - from < blanksMax && at < text.length && /\s/.test(text[at]!)) at++
  return at
}

function nameEndAt(text: string, from: number): number {
  let at = from
  while (at - from < nameMax && at < text.length && /[\w:]/.test(text[at]!)) at++
  return at
}
