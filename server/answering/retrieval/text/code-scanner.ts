/** A line of a fence is looked at this far for what closes it. */
const fenceLineMax = 80

/**
 * Follows the code spans and fences of Markdown through text that comes in pieces: its reader says what it passes. A run of
 * backticks that nothing closes on its line begins no span.
 */
export class CodeScanner {
  /** Backticks that opened a span on this line; at its start three of them may open a fence. */
  #ticks = 0
  #mayOpenFence = false
  /** What closes the fence that is open. */
  #closing: RegExp | null = null
  /** The beginning of the fence's line that is being passed. */
  #line = ''

  /** Neither in a fence nor behind what may open a span. */
  get isOutside(): boolean {
    return this.#ticks === 0 && this.#closing === null
  }

  get isInFence(): boolean {
    return this.#closing !== null
  }

  /** Behind what opens a span, if it is closed on its line. */
  get mayBeInSpan(): boolean {
    return this.#ticks > 0
  }

  /** Whether this line opens a fence, if no backtick follows on it. */
  get mayOpenFence(): boolean {
    return this.#mayOpenFence
  }

  /** A whole run of one sign was passed. */
  passRun(sign: '`' | '~', length: number, isLineStart: boolean): void {
    const isFence = length >= 3 && isLineStart
    if (sign === '~') {
      // The rest of the line tells the language.
      if (isFence && this.#ticks === 0) this.#openFence(sign, length, sign)
    } else if (this.#ticks === 0) {
      this.#ticks = length
      this.#mayOpenFence = isFence
    } else {
      this.#mayOpenFence = false
      if (length === this.#ticks) this.#ticks = 0
    }
  }

  /** A line of text ended. */
  passLineEnd(): void {
    if (this.#mayOpenFence) this.#openFence('`', this.#ticks, '')
    this.leaveSpan()
  }

  /** Text of the open fence was passed, at most to the end of its line. */
  passFenced(text: string): void {
    this.#line = (this.#line + text.slice(0, fenceLineMax)).slice(0, fenceLineMax)
    if (!text.endsWith('\n')) return
    if (this.#closing?.test(this.#line.trimEnd())) this.#closing = null
    this.#line = ''
  }

  /** The span is over, or was none. */
  leaveSpan(): void {
    this.#ticks = 0
    this.#mayOpenFence = false
  }

  /**
   * Where the span ends that was opened on this line, searched for in `text` from `from` on: 'none' where the line ends
   * first, or nothing closes it before `until`; 'open' while more text could.
   */
  spanEnd(text: string, from: number, until: number, final: boolean): number | 'none' | 'open' {
    const search = /`+|\n/g
    search.lastIndex = from
    for (let match = search.exec(text); match && match.index < until; match = search.exec(text)) {
      if (match[0] === '\n') return 'none'
      if (search.lastIndex === text.length && !final) return 'open'
      if (match[0].length === this.#ticks) return search.lastIndex
    }
    return final || text.length >= until ? 'none' : 'open'
  }

  #openFence(sign: '`' | '~', length: number, line: string): void {
    this.#closing = new RegExp(`^ {0,3}${sign}{${length},}[ \\t]*$`)
    this.#line = line
  }
}
