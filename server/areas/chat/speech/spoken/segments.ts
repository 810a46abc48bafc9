import type { Language } from '#protocol'
import { sentenceEnd } from '../../../../answering/retrieval/text/sentence-end.ts'
import { spokenText } from './text.ts'
import { spokenWords } from './words.ts'

/** A part of a message that is said in one breath: where it stands, and how it is said. */
export interface Segment {
  /** UTF-16 code units of the message; what is not said in between belongs to the one after it. */
  start: number
  end: number
  spoken: string
}

/** Not behind a number: its decimals may follow. */
const sentenceMark = /(?:[。！？]|[^\d\s.][.!?])["'”’)*_]*\s*$/

/** What is shorter is said together with what follows: a voice sounds better with whole sentences. */
const shortMax = 12

/** Takes the text of a message apart, as it grows, into what is said one after the other. */
export class Segmenter {
  readonly #language: Language
  #text = ''
  #at: number
  #scanned = 0
  /** Where the segment being gathered begins. */
  #start: number
  #gathered = ''
  #isCode = false
  #columns: string[] | null = null

  /** @param offset where to begin */
  constructor(language: Language, offset = 0) {
    this.#language = language
    this.#at = offset
    this.#start = offset
  }

  /** @param isWhole no more text will come, or none has come for a while: then what ends like a sentence is one */
  next(text: string, isWhole: boolean | 'paused'): Segment | null {
    if (isWhole === 'paused') return sentenceMark.test(text.slice(-20)) ? this.next(text, true) : null
    this.#text = text
    for (;;) {
      const line = this.#nextLine(isWhole)
      if (line === null) return isWhole ? this.#flush() : null
      const spoken = this.#say(line)
      if (spoken !== '') this.#gathered += (this.#gathered === '' ? '' : this.#joint()) + spoken
      if (this.#gathered.length > shortMax) return this.#flush()
    }
  }

  #nextLine(isWhole: boolean): string | null {
    const rest = this.#text.slice(this.#at)
    if (rest === '') return null
    const { end, scanned } = this.#lineEnd(rest, isWhole)
    this.#scanned = scanned
    if (end === null) return null
    // A line's end belongs to what it ends.
    const length = rest[end] === '\n' ? end + 1 : Math.max(end, 1)
    this.#at += length
    return rest.slice(0, length)
  }

  /** Rows of a table and of code end with their line alone. */
  #lineEnd(rest: string, isWhole: boolean) {
    if (!this.#isCode && !/^\s*(\||`{3}|~{3})/.test(rest)) return sentenceEnd(rest, this.#scanned, isWhole)
    const end = rest.indexOf('\n', /^\s*/.exec(rest)![0].length)
    return { end: end < 0 && isWhole ? rest.length : end < 0 ? null : end, scanned: 0 }
  }

  #say(line: string): string {
    const words = spokenWords[this.#language]
    if (/^\s*(`{3}|~{3})/.test(line)) {
      this.#isCode = !this.#isCode
      return this.#isCode ? words.code : ''
    }
    if (this.#isCode) return ''
    if (/^\s*\|/.test(line)) return this.#sayRow(line)
    if (line.trim() !== '') this.#columns = null
    return spokenText(line, this.#language)
  }

  /** A row says its columns' names with its values; the row that has them is not said. */
  #sayRow(line: string): string {
    const cells = line
      .trim()
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map(cell => spokenText(cell, this.#language))
    if (this.#columns === null) {
      this.#columns = cells
      return ''
    }
    if (/^[\s|:-]+$/.test(line)) return ''
    const { cellSeparator, valueSeparator, sentenceEnd: stop } = spokenWords[this.#language]
    const spoken = cells.flatMap((cell, index) => {
      const column = this.#columns![index] ?? ''
      if (cell === '') return []
      return [index === 0 || column === '' ? cell : `${column}${valueSeparator}${cell}`]
    })
    return spoken.length === 0 ? '' : spoken.join(cellSeparator) + stop
  }

  #joint(): string {
    const { sentenceEnd: stop, unitSpace } = spokenWords[this.#language]
    return /[.!?。！？:：,，;；]$/.test(this.#gathered) ? unitSpace : `${stop}${unitSpace}`
  }

  #flush(): Segment | null {
    if (this.#gathered === '') return null
    const segment = { start: this.#start, end: this.#at, spoken: this.#gathered }
    this.#start = this.#at
    this.#gathered = ''
    return segment
  }
}
