import { sentenceRanges } from './sentences.ts'

/** Characters of a chunk and of what it repeats of the one before: what most retrieval systems settled on. */
export const chunkMax = 1000
const overlapMax = 100

/** A part of a text: from `start` to before `end`. */
interface Range {
  start: number
  end: number
}

interface ChunkOptions {
  /** Lines are rows: no passage ends within one that fits, and none repeats one. */
  byLine?: boolean
}

/**
 * Cuts a text into passages of at most 1,000 characters that end where a sentence does. Each begins with the last
 * sentence of the one before where that is short enough, so that a pronoun finds its noun; a sentence longer than a
 * passage is cut between words, with up to 100 characters of overlap. Together they hold the whole text, in order.
 */
export function* chunk(text: string): Generator<string> {
  for (const { start, end } of chunkRanges(text)) yield text.slice(start, end)
}

/** Where the passages of `chunk` stand in the text. */
export function* chunkRanges(text: string, { byLine = false }: ChunkOptions = {}): Generator<Range> {
  let start = 0
  let end = 0
  for (const piece of pieces(text, byLine ? lineRanges(text) : sentenceRanges(text))) {
    if (end > start && piece.end - start > chunkMax) {
      yield* trimmed(text, { start, end })
      const repeats = !piece.cut && !byLine
      start = repeats ? Math.min(piece.start, overlapFrom(text, { start, end }, piece.end)) : piece.start
    }
    end = piece.end
  }
  yield* trimmed(text, { start, end })
}

function* trimmed(text: string, { start, end }: Range): Generator<Range> {
  const part = text.slice(start, end)
  const length = part.trim().length
  const from = start + part.length - part.trimStart().length
  if (length > 0) yield { start: from, end: from + length }
}

function* lineRanges(text: string): Generator<Range> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start) + 1 || text.length
    yield { start, end }
    start = end
  }
}

interface Piece extends Range {
  /** It continues a sentence and already repeats the end of the piece before. */
  cut: boolean
}

/** Sentences or lines with the white space after them, the ones longer than a chunk cut. */
function* pieces(text: string, ranges: Iterable<Range>): Generator<Piece> {
  for (const { start, end } of ranges) {
    let from = start
    while (end - from > chunkMax) {
      const to = wordBoundary(text, from + chunkMax)
      yield { start: from, end: to, cut: from > start }
      from = Math.max(wordBoundary(text, to - overlapMax), from + 1)
    }
    yield { start: from, end, cut: from > start }
  }
}

/** Where the next chunk begins: at the last sentence of the chunk before, if it is short and the next one still fits. */
function overlapFrom(text: string, { start, end }: Range, nextEnd: number): number {
  const tail = Math.max(start, end - overlapMax - 1)
  const last = [...sentenceRanges(text.slice(tail, end))].at(-1)
  // One that begins where the tail does may have begun before it.
  if (!last || last.start === 0) return end
  return nextEnd - tail - last.start <= chunkMax ? tail + last.start : end
}

/** The last space at or before `at`, within 100 characters, else `at` itself, never within a surrogate pair. */
function wordBoundary(text: string, at: number): number {
  for (let back = at; back > at - overlapMax && back > 0; back--) if (/\s/.test(text[back - 1]!)) return back
  return /[\udc00-\udfff]/.test(text[at] ?? '') ? at - 1 : at
}
