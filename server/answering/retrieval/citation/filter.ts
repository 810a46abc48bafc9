import type { Reference } from '#protocol'
import type { Evidence } from '../evidence.ts'
import { CodeScanner } from '../text/code-scanner.ts'
import { LruCache } from '../text/lru-cache.ts'
import { heldMax, sentenceEnd } from '../text/sentence-end.ts'
import { isFinished, settleMarks } from './claims.ts'
import { footnoteEnd, groupEnd, markAt, markSigns } from './marks.ts'
import { createNumbering, type Numbering } from './numbering.ts'
import type { Source } from './support.ts'

export interface CitationFilter {
  /** Takes more of the model's text and gives what is settled by now; '' while a mark waits for its sentence to end. */
  push(text: string): string
  /** The rest, once the model is done. @param isWhole else half a mark at its end is none of the text */
  end(isWhole?: boolean): string
  /** The sources cited so far, in the order of their numbers. */
  references(): Reference[]
}

/**
 * Stands between a model and its reader (law A1): passes the text on unchanged but for reference marks (see marks.ts). A
 * number that was not issued, or whose source does not support its sentence, is removed with the blank in front of it; the
 * others are renumbered in order of first use and written `[1][2]`, each source once in a place. From a mark to the end of
 * its sentence text is held back; everything else leaves with the piece it came in. Code (spans, fences) is left as it is;
 * a backtick that nothing closes on its line begins none. What comes out does not depend on how the text was cut into pieces.
 */
export function createCitationFilter(
  evidence: readonly Evidence[],
  sources: LruCache<Source> = new LruCache(sourcesMax),
): CitationFilter {
  return new Filter(createNumbering(evidence, sources))
}

/** Filters that share what they have read of sources: a shop's passages are cited in many answers. */
export function citationFilters(): (evidence: readonly Evidence[]) => CitationFilter {
  const sources = new LruCache<Source>(sourcesMax)
  return evidence => createCitationFilter(evidence, sources)
}

/** Passages kept ready, each some ten times its text: a few megabytes in all. */
const sourcesMax = 256

/** Text that may change how what follows is read; anything else passes at once. */
const significant = new RegExp(`[${markSigns}\`~]|[ \\t\\ud800-\\udbff]$`)
const stops = new RegExp(`[${markSigns}\`~\\n]`)
/** Where a mark leads, without its end. */
const halfLink = /(?<=\d\]{1,2})\([^\s)]*$/
const signs = new RegExp(`[${markSigns}]`, 'g')
/** How many blanks before a mark go with it. */
const blanksMax = 8
/** What is kept of the text that was passed on: claims are read from its end. */
const claimMax = 700
const emittedMax = 8192

class Filter implements CitationFilter {
  readonly references: Numbering['references']
  readonly #numbering: Numbering
  /** Not passed on yet. */
  #pending = ''
  /** Passed on, without marks. */
  #emitted = ''
  #sinceMark = Number.POSITIVE_INFINITY
  /** What the mark at the beginning of `pending` waits for. */
  #waiting: 'nothing' | 'code' | 'sentence' | 'group' = 'nothing'
  /** Where the search for that goes on. */
  #scanned = 0
  readonly #code = new CodeScanner()

  constructor(numbering: Numbering) {
    this.#numbering = numbering
    this.references = numbering.references
  }

  push(text: string): string {
    if (this.#pending === '' && this.#code.isOutside && !significant.test(text)) return this.#record(text)
    this.#pending += text
    return this.#run(false)
  }

  end(isWhole = true): string {
    if (!isWhole) this.#discardUnfinished()
    return this.#run(true)
  }

  #discardUnfinished(): void {
    if (!this.#code.isOutside) return
    this.#pending = this.#pending.replace(halfLink, '')
    for (const { index } of this.#pending.matchAll(signs)) {
      const previous = (this.#emitted + this.#pending.slice(0, index)).slice(-8)
      if (markAt(this.#pending, index, previous) !== 'unfinished') continue
      this.#pending = this.#pending.slice(0, blanksBefore(this.#pending, index))
      return
    }
  }

  #run(final: boolean): string {
    let out = ''
    while (this.#pending !== '') {
      const text = this.#step(final)
      if (text === null) break
      out += text
    }
    return out
  }

  /** Goes on by one significant place; null when more text is needed. */
  #step(final: boolean): string | null {
    if (this.#code.isInFence) return this.#passFence(final)
    switch (this.#waiting) {
      case 'nothing':
        return this.#passText(final)
      case 'code':
        return this.#awaitCode(final)
      case 'sentence':
        return this.#awaitSentence(final)
      case 'group':
        return this.#awaitGroup(final)
    }
  }

  #record(text: string): string {
    this.#emitted += text
    this.#sinceMark += text.length
    // In steps, so that a long answer is not copied for each piece.
    if (this.#emitted.length > emittedMax) this.#emitted = this.#emitted.slice(-claimMax)
    return text
  }

  #emit(length: number): string {
    const text = this.#pending.slice(0, length)
    this.#pending = this.#pending.slice(length)
    return this.#record(text)
  }

  /** All there is, but for what the next piece may belong to: blanks before a mark, half a surrogate pair. */
  #emitSettled(final: boolean): string | null {
    let end = this.#pending.length
    if (!final) {
      if (/[\ud800-\udbff]$/.test(this.#pending)) end -= 1
      else end = blanksBefore(this.#pending, end)
    }
    return end > 0 ? this.#emit(end) : null
  }

  #passText(final: boolean): string | null {
    const at = this.#pending.search(stops)
    const sign = this.#pending[at]
    if (sign === undefined) return this.#emitSettled(final)
    if (sign === '\n') return this.#passLineEnd(at)
    if (sign === '`' || sign === '~') return this.#passTicks(at, sign, final)
    if (sign === '[' && !this.#code.mayBeInSpan && this.#isLineStart(at)) {
      const end = footnoteEnd(this.#pending, at, final)
      if (end === 'unfinished') return at > 0 ? this.#emit(at) : null
      if (end !== null) {
        this.#pending = this.#pending.slice(0, at) + this.#pending.slice(end)
        return ''
      }
    }
    const mark = markAt(this.#pending, at, this.#emitted.slice(-8))
    if (mark === null || (mark === 'unfinished' && final)) return this.#emit(at + 1)
    const start = blanksBefore(this.#pending, at)
    if (mark === 'unfinished') return start > 0 ? this.#emit(start) : null
    const text = this.#emit(start)
    this.#scanned = mark.end - start
    this.#waiting = this.#code.mayBeInSpan ? 'code' : isFinished(this.#emitted) ? 'group' : 'sentence'
    return text
  }

  #passLineEnd(at: number): string {
    this.#code.passLineEnd()
    return this.#emit(at + 1)
  }

  #passTicks(at: number, sign: '`' | '~', final: boolean): string | null {
    const end = runEnd(this.#pending, at)
    if (end === this.#pending.length && !final) return at > 0 ? this.#emit(at) : null
    this.#code.passRun(sign, end - at, this.#isLineStart(at))
    return this.#emit(end)
  }

  #isLineStart(at: number): boolean {
    return /(?:^|\n) {0,3}$/.test((this.#emitted.slice(-5) + this.#pending.slice(0, at)).slice(-5))
  }

  #passFence(final: boolean): string | null {
    const lineEnd = this.#pending.indexOf('\n')
    const text = lineEnd < 0 ? this.#emitSettled(final) : this.#emit(lineEnd + 1)
    if (text !== null) this.#code.passFenced(text)
    return text
  }

  /** A mark behind an opened backtick: code if a backtick closes it on its line. */
  #awaitCode(final: boolean): string | null {
    const end = this.#code.spanEnd(this.#pending, this.#scanned, heldMax, final)
    if (end === 'open') return null
    this.#waiting = 'nothing'
    if (end === 'none' && this.#code.mayOpenFence) {
      const rest = /^[^`\n]*(?=\n)/.exec(this.#pending.slice(this.#scanned, heldMax + 1))
      if (rest) return this.#emit(this.#scanned + rest[0].length)
    }
    this.#code.leaveSpan()
    return end === 'none' ? '' : this.#emit(end)
  }

  #awaitSentence(final: boolean): string | null {
    const { end, scanned } = sentenceEnd(this.#pending, this.#scanned, final)
    this.#scanned = scanned
    return end === null ? null : this.#settle(end)
  }

  #awaitGroup(final: boolean): string | null {
    const end = groupEnd(this.#pending, this.#pending.search(/[^ \t]/), final)
    return end === null ? null : this.#settle(end)
  }

  #settle(length: number): string {
    const before = { text: this.#emitted.slice(-claimMax), sinceMark: this.#sinceMark }
    const settled = settleMarks(this.#pending.slice(0, length), before, this.#numbering.settle)
    this.#pending = this.#pending.slice(length)
    this.#waiting = 'nothing'
    this.#record(settled.plain)
    if (settled.sinceMark !== null) this.#sinceMark = settled.sinceMark
    return settled.text
  }
}

function blanksBefore(text: string, at: number): number {
  let start = at
  while (start > 0 && at - start < blanksMax && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--
  return start
}

function runEnd(text: string, at: number): number {
  let end = at
  while (text[end] === text[at]) end++
  return end
}
