/**
 * The marks between which models write their reasoning: `<think>`, `<thinking>`, `<reasoning>`, `<reflection>` and the like,
 * `<seed:think>`, `[THINK]`, `◁think▷`, each closed by the same with a slash; `<|begin_of_thought|>` … `<|end_of_thought|>` and
 * its kin; and the channels of `<|channel|>analysis<|message|>` … `<|end|>`, where only `final` is the answer.
 */
export interface ReasoningFilter {
  /** Takes more of the model's text and gives what is the answer's. */
  push(text: string): string
  /**
   * The rest, once the model is done. Reasoning that nothing closed stays out.
   * @param isWhole whether the model ended by itself: what is held back may else be half a reasoning
   */
  end(isWhole: boolean): string
  /** The host sends reasoning apart: what is held back because it may be some is not. */
  release(): string
}

export interface ReasoningOptions {
  /** The model closes its reasoning without having opened it (its template did): text is held back until then. */
  beginsInside: boolean
  /** What was given so far was reasoning. */
  onRetract(): void
  /** Whether the model closed what it had not opened. */
  onHabit(closesOnly: boolean): void
}

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
const tokenPairs: Readonly<Record<string, string>> = {
  begin_of_thought: 'end_of_thought',
  start_thinking: 'end_thinking',
  thinking_start: 'thinking_end',
  think: '/think',
  thinking: '/thinking',
}
const tokenClosers = new Set(Object.values(tokenPairs))
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
const headers = new Set(['start', 'channel'])
const messageEnds = new Set(['end', 'return', 'call'])
const tokens = [...Object.keys(tokenPairs), ...tokenClosers, ...separators]

const nameMax = 24
const blanksMax = 4
const attributesMax = 64
const headerMax = 200
/** A code span is looked for the end of its line this far. */
const spanMax = 1000
/** What may change how the text is read. */
const telling = /[<[◁`~]/
const blank = /^\s*$/

type Mark =
  | { kind: 'open' | 'close'; name: string; end: number }
  | { kind: 'token'; name: string; end: number }
  | { kind: 'empty'; end: number }

type Mode =
  | { kind: 'text' }
  /** `closer` is the mark that ends it, null where any does. */
  | { kind: 'inside'; closer: string | null }
  /** Between `<|start|>` or `<|channel|>` and `<|message|>`. */
  | { kind: 'header'; channel: string | null }

/** The name under which a channel's reasoning is open. */
const anyChannel = '<|channel'

export function createReasoningFilter(options: ReasoningOptions): ReasoningFilter {
  return new Filter(options)
}

class Filter implements ReasoningFilter {
  readonly #options: ReasoningOptions
  #mode: Mode = { kind: 'text' }
  /** Not decided yet. */
  #pending = ''
  /** Text that is held back until it is known whether it was reasoning; null where nothing is. */
  #held: string | null
  /** Given out by the call at work. */
  #out = ''
  /** Something else than blanks was given. */
  #begun = false
  /** The model opened reasoning itself. */
  #opened = false
  /** Blanks that follow go with the reasoning before them. */
  #trims = false
  /** End of the text given, to know where a line begins. */
  #tail = '\n'
  /** Backticks that opened a code span on this line; at its start three of them may open a fence. */
  #ticks = 0
  #mayBeFence = false
  #fence: { close: RegExp; line: string } | null = null

  constructor(options: ReasoningOptions) {
    this.#options = options
    this.#held = options.beginsInside ? '' : null
    if (options.beginsInside) this.#mode = { kind: 'inside', closer: null }
  }

  push(text: string): string {
    if (this.#isPlain(text)) {
      this.#tail = text.length < 4 ? (this.#tail + text).slice(-4) : text.slice(-4)
      return text
    }
    this.#pending += text
    return this.#run(false)
  }

  end(isWhole: boolean): string {
    if (!isWhole) this.#dropUnfinished()
    const out = this.#run(true)
    return isWhole ? out + this.#release(true) : out
  }

  release(): string {
    return this.#release(false)
  }

  #release(final: boolean): string {
    if (this.#held === null) return ''
    this.#options.onHabit(false)
    this.#pending = this.#held + this.#pending
    this.#held = null
    this.#mode = { kind: 'text' }
    return this.#run(final)
  }

  /** Half a mark, behind which the answer was cut. */
  #dropUnfinished(): void {
    if (this.#mode.kind !== 'text' || this.#fence !== null || this.#ticks > 0) return
    for (const { index } of this.#pending.matchAll(/[<[◁]/g))
      if (markAt(this.#pending, index) === 'unfinished') this.#pending = this.#pending.slice(0, index)
  }

  /** Nothing in it, and nothing before it, asks for a closer look. */
  #isPlain(text: string): boolean {
    return (
      this.#mode.kind === 'text' &&
      this.#pending === '' &&
      this.#begun &&
      !this.#trims &&
      this.#ticks === 0 &&
      this.#fence === null &&
      !telling.test(text)
    )
  }

  #run(final: boolean): string {
    this.#out = ''
    while (this.#pending !== '' && this.#step(final));
    return this.#out
  }

  /** Goes on by one telling place; false when more text is needed. */
  #step(final: boolean): boolean {
    if (this.#mode.kind === 'inside') return this.#passReasoning(this.#mode.closer, final)
    if (this.#mode.kind === 'header') return this.#passHeader(this.#mode, final)
    return this.#fence ? this.#passFence(this.#fence) : this.#passText(final)
  }

  #give(length: number): boolean {
    if (length === 0) return false
    const text = this.#take(length)
    this.#out += text
    this.#tail = (this.#tail + text).slice(-4)
    this.#begun ||= !blank.test(text)
    return true
  }

  #take(length: number): string {
    const text = this.#pending.slice(0, length)
    this.#pending = this.#pending.slice(length)
    return text
  }

  #passText(final: boolean): boolean {
    const pending = this.#pending
    const blanks = pending.search(/\S/)
    if (!this.#begun || this.#trims) {
      if (blanks < 0 && !final) return false
      // Blanks alone are no answer.
      if (this.#trims || blanks < 0) {
        this.#trims = false
        this.#take(blanks < 0 ? pending.length : blanks)
        return true
      }
    }
    const at = pending.search(/[<[◁`~\n]/)
    if (at < 0) return this.#give(pending.length)
    const sign = pending[at]!
    if (sign === '\n' && (this.#begun || at > blanks || final)) return this.#passLineEnd(at)
    if (sign === '\n') return this.#passLeadingBlanks(blanks, final)
    if (sign === '`' || sign === '~') return this.#passTicks(at, sign, final)
    return this.#passMark(at, final)
  }

  /** Blanks before the first word are the answer's, unless reasoning follows them. */
  #passLeadingBlanks(blanks: number, final: boolean): boolean {
    return '<[◁'.includes(this.#pending[blanks]!) ? this.#passMark(blanks, final) : this.#give(blanks)
  }

  #passMark(at: number, final: boolean): boolean {
    if (this.#ticks > 0) {
      const code = this.#codeEnd(at, final)
      if (code === null) return this.#give(at)
      if (code !== 'none') {
        this.#ticks = 0
        this.#mayBeFence = false
        return this.#give(code)
      }
      if (this.#mayBeFence) return this.#give(at + 1)
      this.#ticks = 0
    }
    const mark = markAt(this.#pending, at)
    const leading = !this.#begun && blank.test(this.#pending.slice(0, at))
    if (mark === null || (mark === 'unfinished' && final)) return this.#give(at + 1)
    if (mark === 'unfinished') return leading ? false : this.#give(at)
    if (leading) this.#take(at)
    else this.#give(at)
    this.#take(mark.end - at)
    this.#heed(mark)
    return true
  }

  /** Where the code span that was opened on this line ends; null while that is open, 'none' where the line ends first. */
  #codeEnd(at: number, final: boolean): number | 'none' | null {
    const search = /`+|\n/g
    search.lastIndex = at
    for (
      let match = search.exec(this.#pending);
      match && match.index < at + spanMax;
      match = search.exec(this.#pending)
    ) {
      if (match[0] === '\n') return 'none'
      if (search.lastIndex === this.#pending.length && !final) return null
      if (match[0].length === this.#ticks) return search.lastIndex
    }
    return final || this.#pending.length >= at + spanMax ? 'none' : null
  }

  #passLineEnd(at: number): boolean {
    if (this.#mayBeFence) this.#fence = { close: closing('`', this.#ticks), line: '' }
    this.#ticks = 0
    this.#mayBeFence = false
    return this.#give(at + 1)
  }

  #passTicks(at: number, sign: '`' | '~', final: boolean): boolean {
    const pending = this.#pending
    let end = at
    while (pending[end] === sign) end++
    if (end === pending.length && !final) return this.#give(at)
    const length = end - at
    const begins = length >= 3 && /(?:^|\n) {0,3}$/.test((this.#tail + pending.slice(0, at)).slice(-4))
    if (sign === '~') {
      if (begins && this.#ticks === 0) this.#fence = { close: closing('~', length), line: sign }
    } else if (this.#ticks === 0) {
      this.#ticks = length
      this.#mayBeFence = begins
    } else {
      this.#mayBeFence = false
      if (length === this.#ticks) this.#ticks = 0
    }
    return this.#give(end)
  }

  #passFence(fence: { close: RegExp; line: string }): boolean {
    const end = this.#pending.indexOf('\n')
    const length = end < 0 ? this.#pending.length : end + 1
    fence.line = (fence.line + this.#pending.slice(0, Math.min(length, 80))).slice(0, 80)
    if (end >= 0) {
      if (fence.close.test(fence.line.trimEnd())) this.#fence = null
      fence.line = ''
    }
    return this.#give(length)
  }

  #passReasoning(closer: string | null, final: boolean): boolean {
    const at = this.#pending.search(/[<[◁]/)
    if (at !== 0) return this.#drop(at < 0 ? this.#pending.length : at)
    const mark = markAt(this.#pending, 0)
    if (mark === 'unfinished' && !final) return false
    if (mark === null || mark === 'unfinished') return this.#drop(1)
    if (this.#held !== null && opens(mark) && blank.test(this.#held)) {
      // It opens its reasoning itself.
      this.#held = null
      this.#options.onHabit(false)
      this.#mode = { kind: 'text' }
      return true
    }
    if (!closes(mark, closer)) return this.#drop(mark.end)
    this.#take(mark.end)
    this.#heed(mark)
    return true
  }

  #drop(length: number): boolean {
    const text = this.#take(length)
    if (this.#held !== null) this.#held += text
    return true
  }

  #passHeader(header: Mode & { kind: 'header' }, final: boolean): boolean {
    const at = this.#pending.indexOf('<')
    const mark = at < 0 ? null : markAt(this.#pending, at)
    if (mark !== null && mark !== 'unfinished' && mark.kind === 'token') {
      const written = this.#take(mark.end).slice(0, at)
      if (header.channel !== null) header.channel += written
      this.#heed(mark)
      return true
    }
    if (this.#pending.length < headerMax && !final) return false
    // No template writes such a header: it is the answer's text.
    this.#mode = { kind: 'text' }
    return true
  }

  /** A mark was read, and is not in the text any more. */
  #heed(mark: Mark): void {
    if (mark.kind === 'open') this.#enter(mark.name)
    else if (mark.kind === 'close') this.#close()
    else if (mark.kind === 'token') this.#heedToken(mark.name)
  }

  #heedToken(name: string): void {
    const mode = this.#mode
    if (Object.hasOwn(tokenPairs, name)) this.#enter(`<|${tokenPairs[name]}`)
    else if (tokenClosers.has(name)) this.#close()
    else if (headers.has(name)) this.#mode = { kind: 'header', channel: name === 'channel' ? '' : null }
    else if (mode.kind === 'header' && name === 'message') this.#heedChannel(mode.channel)
    else if (mode.kind === 'inside') this.#leave()
  }

  #heedChannel(written: string | null): void {
    const channel = written?.trim().toLowerCase() ?? 'final'
    if (!channel.startsWith('final')) this.#enter(anyChannel)
    else if (written !== null && this.#begun && !this.#opened) this.#closeUnopened()
    else this.#leave()
  }

  #close(): void {
    if (this.#mode.kind === 'inside') this.#leave()
    else this.#closeUnopened()
  }

  #enter(closer: string): void {
    this.#opened = true
    this.#mode = { kind: 'inside', closer }
  }

  #leave(): void {
    if (this.#held !== null) this.#options.onHabit(true)
    this.#held = null
    this.#mode = { kind: 'text' }
    this.#trims = !this.#begun || /\s$/.test(this.#tail)
  }

  /** All of the text so far was reasoning: the template had opened it. */
  #closeUnopened(): void {
    this.#options.onHabit(true)
    if (this.#begun) this.#options.onRetract()
    this.#out = ''
    this.#begun = false
    this.#tail = '\n'
    this.#ticks = 0
    this.#mayBeFence = false
    this.#leave()
  }
}

function opens(mark: Mark): boolean {
  if (mark.kind === 'token') return Object.hasOwn(tokenPairs, mark.name) || headers.has(mark.name)
  return mark.kind === 'open'
}

function closes(mark: Mark, closer: string | null): boolean {
  if (mark.kind === 'close') return closer === null || closer === mark.name
  if (mark.kind !== 'token') return false
  if (closer === null) return tokenClosers.has(mark.name) || messageEnds.has(mark.name)
  if (closer === anyChannel) return separators.includes(mark.name)
  return closer === `<|${mark.name}`
}

/** The mark that begins at `at`, what may become one with more text, or neither. */
function markAt(text: string, at: number): Mark | 'unfinished' | null {
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

function closing(sign: '`' | '~', length: number): RegExp {
  return new RegExp(`^ {0,3}${sign}{${length},}[ \\t]*$`)
}

/** What is stored of an answer from before reasoning was taken out, without it. */
export function withoutReasoning(text: string): string {
  const filter = createReasoningFilter({ beginsInside: false, onRetract() {}, onHabit() {} })
  const begun = filter.push(text)
  return begun + filter.end(true)
}
