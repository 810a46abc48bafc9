/** What was sent of a segment: where it stands in the message, and how long it sounds. */
export interface SentSegment {
  start: number
  end: number
  ms: number
  /** Whether all of its sound was sent. */
  isWhole: boolean
}

/**
 * Where in the text that was spoken a listener stopped, in UTF-16 code units: never beyond what was played, nor beyond what
 * was sent. Within a sentence by its share of the sound, back to the end of a word.
 */
export function playedOffset(text: string, segments: readonly SentSegment[], playedMs: number): number {
  let offset = segments[0]?.start ?? 0
  let left = Math.max(0, playedMs)
  for (const segment of segments) {
    const { start, end, ms, isWhole } = segment
    if (isWhole && left >= ms && ms > 0) {
      offset = end
      left -= ms
      continue
    }
    if (ms > 0 && left > 0) {
      const share = Math.min(1, Math.min(left, ms) / wholeMs(text, segment, segments))
      offset = Math.max(offset, wordEnd(text, start, start + Math.floor((end - start) * share)))
    }
    break
  }
  return offset
}

/** Slow speech: what was sent of a sentence that did not come to its end is taken for too little rather than for too much. */
const msPerUnit = { latin: 100, han: 320 }

/** How long all of a segment sounds: as the ones before it did, where its sound did not come to its end. */
function wholeMs(
  text: string,
  { start, end, ms, isWhole }: SentSegment,
  all: readonly SentSegment[],
): number {
  if (isWhole) return ms
  const whole = all.filter(segment => segment.isWhole && segment.ms > 0)
  const units = whole.reduce((total, segment) => total + segment.end - segment.start, 0)
  const slow = /\p{Script=Han}/u.test(text.slice(start, end)) ? msPerUnit.han : msPerUnit.latin
  const rate = units > 0 ? whole.reduce((total, segment) => total + segment.ms, 0) / units : slow
  return Math.max(ms, (end - start) * rate)
}

/** Back from `at` to the last place where a word has ended; a Chinese character is one. */
function wordEnd(text: string, start: number, at: number): number {
  let end = Math.min(at, text.length)
  while (end > start && (isInsideWord(text, end) || /\s/.test(text[end - 1]!))) end -= 1
  return end
}

function isInsideWord(text: string, at: number): boolean {
  const [before, after] = [text.slice(at - 1, at), text.slice(at, at + 1)]
  if (/[\ud800-\udbff]/.test(before)) return true
  const isLatin = (sign: string) => /[\p{L}\p{N}'’]/u.test(sign) && !/\p{Script=Han}/u.test(sign)
  return isLatin(before) && isLatin(after)
}
