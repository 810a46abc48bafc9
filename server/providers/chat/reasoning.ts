import { CodeScanner } from '../../answering/retrieval/text/code-scanner.ts'
import {
  anyChannel,
  closes,
  headers,
  type Mark,
  markAt,
  opens,
  tokenClosers,
  tokenPairs,
} from './reasoning-marks.ts'

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

const headerMax = 200
/** A code span is looked for the end of its line this far. */
const spanMax = 1000
/** What may change how the text is read. */
const significant = /[<[◁`~]/
const blank = /^\s*$/

type Mode =
  | { kind: 'text' }
  /** `closer` is the mark that ends it, null where any does. */
  | { kind: 'inside'; closer: string | null }
  /** Between `<|start|>` or `<|channel|>` and `<|message|>`. */
  | { kind: 'header'; channel: string | null }

export function createReasoningFilter(options: ReasoningOptions): ReasoningFilter {
  return new Filter(options)
}

class Filter implements ReasoningFilter {
  readonly #options: ReasoningOptions
  #mode: Mode = { kind: 'text' }
  /** Not decided yet. */
  #pending = ''
  /** Text that is held back until it is known whether it was reasoning; null where nothing is. */
  #withheld: string | null
  /** What the call at work passes on. */
  #out = ''
  /** Something else than blanks was given. */
  #begun = false
  /** The model opened reasoning itself. */
  #opened = false
  /** Blanks that follow go with the reasoning before them. */
  #trims = false
  /** End of the text given, to know where a line begins. */
  #tail = '\n'
  readonly #code = new CodeScanner()

  constructor(options: ReasoningOptions) {
    this.#options = options
    this.#withheld = options.beginsInside ? '' : null
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
    if (!isWhole) this.#discardUnfinished()
    const out = this.#run(true)
    return isWhole ? out + this.#release(true) : out
  }

  release(): string {
    return this.#release(false)
  }

  #release(final: boolean): string {
    if (this.#withheld === null) return ''
    this.#options.onHabit(false)
    this.#pending = this.#withheld + this.#pending
    this.#withheld = null
    this.#mode = { kind: 'text' }
    return this.#run(final)
  }

  /** Half a mark, behind which the answer was cut. */
  #discardUnfinished(): void {
    if (this.#mode.kind !== 'text' || !this.#code.isOutside) return
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
      this.#code.isOutside &&
      !significant.test(text)
    )
  }

  #run(final: boolean): string {
    this.#out = ''
    while (this.#pending !== '' && this.#step(final));
    return this.#out
  }

  /** Goes on by one significant place; false when more text is needed. */
  #step(final: boolean): boolean {
    if (this.#mode.kind === 'inside') return this.#passReasoning(this.#mode.closer, final)
    if (this.#mode.kind === 'header') return this.#passHeader(this.#mode, final)
    return this.#code.isInFence ? this.#passFence() : this.#passText(final)
  }

  #emit(length: number): boolean {
    if (length === 0) return false
    const text = this.#consume(length)
    this.#out += text
    this.#tail = (this.#tail + text).slice(-4)
    this.#begun ||= !blank.test(text)
    return true
  }

  #consume(length: number): string {
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
        this.#consume(blanks < 0 ? pending.length : blanks)
        return true
      }
    }
    const at = pending.search(/[<[◁`~\n]/)
    if (at < 0) return this.#emit(pending.length)
    const sign = pending[at]!
    if (sign === '\n' && (this.#begun || at > blanks || final)) return this.#passLineEnd(at)
    if (sign === '\n') return this.#passLeadingBlanks(blanks, final)
    if (sign === '`' || sign === '~') return this.#passTicks(at, sign, final)
    return this.#passMark(at, final)
  }

  /** Blanks before the first word are the answer's, unless reasoning follows them. */
  #passLeadingBlanks(blanks: number, final: boolean): boolean {
    return '<[◁'.includes(this.#pending[blanks]!) ? this.#passMark(blanks, final) : this.#emit(blanks)
  }

  #passMark(at: number, final: boolean): boolean {
    if (this.#code.mayBeInSpan) {
      const end = this.#code.spanEnd(this.#pending, at, at + spanMax, final)
      if (end === 'open') return this.#emit(at)
      if (end === 'none' && this.#code.mayOpenFence) return this.#emit(at + 1)
      this.#code.leaveSpan()
      if (end !== 'none') return this.#emit(end)
    }
    const mark = markAt(this.#pending, at)
    const leading = !this.#begun && blank.test(this.#pending.slice(0, at))
    if (mark === null || (mark === 'unfinished' && final)) return this.#emit(at + 1)
    if (mark === 'unfinished') return leading ? false : this.#emit(at)
    if (leading) this.#consume(at)
    else this.#emit(at)
    this.#consume(mark.end - at)
    this.#apply(mark)
    return true
  }

  #passLineEnd(at: number): boolean {
    this.#code.passLineEnd()
    return this.#emit(at + 1)
  }

  #passTicks(at: number, sign: '`' | '~', final: boolean): boolean {
    let end = at
    while (this.#pending[end] === sign) end++
    if (end === this.#pending.length && !final) return this.#emit(at)
    const isLineStart = /(?:^|\n) {0,3}$/.test((this.#tail + this.#pending.slice(0, at)).slice(-4))
    this.#code.passRun(sign, end - at, isLineStart)
    return this.#emit(end)
  }

  #passFence(): boolean {
    const lineEnd = this.#pending.indexOf('\n')
    const length = lineEnd < 0 ? this.#pending.length : lineEnd + 1
    this.#code.passFenced(this.#pending.slice(0, length))
    return this.#emit(length)
  }

  #passReasoning(closer: string | null, final: boolean): boolean {
    const at = this.#pending.search(/[<[◁]/)
    if (at !== 0) return this.#discard(at < 0 ? this.#pending.length : at)
    const mark = markAt(this.#pending, 0)
    if (mark === 'unfinished' && !final) return false
    if (mark === null || mark === 'unfinished') return this.#discard(1)
    if (this.#withheld !== null && opens(mark) && blank.test(this.#withheld)) {
      // It opens its reasoning itself.
      this.#withheld = null
      this.#options.onHabit(false)
      this.#mode = { kind: 'text' }
      return true
    }
    if (!closes(mark, closer)) return this.#discard(mark.end)
    this.#consume(mark.end)
    this.#apply(mark)
    return true
  }

  #discard(length: number): boolean {
    const text = this.#consume(length)
    if (this.#withheld !== null) this.#withheld += text
    return true
  }

  #passHeader(header: Mode & { kind: 'header' }, final: boolean): boolean {
    const at = this.#pending.indexOf('<')
    const mark = at < 0 ? null : markAt(this.#pending, at)
    if (mark !== null && mark !== 'unfinished' && mark.kind === 'token') {
      const written = this.#consume(mark.end).slice(0, at)
      if (header.channel !== null) header.channel += written
      this.#apply(mark)
      return true
    }
    if (this.#pending.length < headerMax && !final) return false
    // No template writes such a header: it is the answer's text.
    this.#mode = { kind: 'text' }
    return true
  }

  /** A mark was read, and is not in the text any more. */
  #apply(mark: Mark): void {
    if (mark.kind === 'open') this.#enter(mark.name)
    else if (mark.kind === 'close') this.#close()
    else if (mark.kind === 'token') this.#applyToken(mark.name)
  }

  #applyToken(name: string): void {
    const mode = this.#mode
    if (Object.hasOwn(tokenPairs, name)) this.#enter(`<|${tokenPairs[name]}`)
    else if (tokenClosers.has(name)) this.#close()
    else if (headers.has(name)) this.#mode = { kind: 'header', channel: name === 'channel' ? '' : null }
    else if (mode.kind === 'header' && name === 'message') this.#applyChannel(mode.channel)
    else if (mode.kind === 'inside') this.#leave()
  }

  #applyChannel(written: string | null): void {
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
    if (this.#withheld !== null) this.#options.onHabit(true)
    this.#withheld = null
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
    this.#code.leaveSpan()
    this.#leave()
  }
}

/** What is stored of an answer from before reasoning was taken out, without it. */
export function withoutReasoning(text: string): string {
  const filter = createReasoningFilter({ beginsInside: false, onRetract() {}, onHabit() {} })
  const begun = filter.push(text)
  return begun + filter.end(true)
}
