import { sentences } from './sentences.ts'

/** A sentence this long is settled as far as it goes: no text is held back for ever. */
export const heldMax = 1000

const places = /[.!?。！？`\n]/g
const stop = /[.!?]+["'”’)*_]*/y
const goesOn = /^[\s[【［]|^\p{Script=Han}/u

export interface EndSearch {
  /** Where the sentence ends, or null while that is open. */
  end: number | null
  /** Where to go on searching once there is more text. */
  scanned: number
}

/** Searches `text`, from `from` on, for the end of the sentence that is open there; `final`: no more text will come. */
export function sentenceEnd(text: string, from: number, final: boolean): EndSearch {
  let at = from
  for (;;) {
    places.lastIndex = at
    const match = places.exec(text)
    if (!match || match.index >= heldMax) return openEnd(text, final)
    const found = endAt(text, match.index, final)
    if (found === 'open') return { end: null, scanned: match.index }
    if (found.ends) return { end: found.at, scanned: 0 }
    at = found.at
  }
}

function openEnd(text: string, final: boolean): EndSearch {
  if (text.length >= heldMax) return { end: cutAt(text), scanned: 0 }
  return { end: final ? text.length : null, scanned: text.length }
}

function endAt(text: string, at: number, final: boolean): { ends: boolean; at: number } | 'open' {
  const sign = text[at]!
  if (sign === '\n') return { ends: true, at }
  if (sign === '`') return codeAt(text, at, final)
  if ('。！？'.includes(sign)) return { ends: true, at: at + 1 }
  stop.lastIndex = at
  stop.exec(text)
  const end = stop.lastIndex
  if (end === text.length) return final ? { ends: true, at: end } : 'open'
  const ends = goesOn.test(text.slice(end, end + 2)) && (sign !== '.' || isStop(text.slice(0, at)))
  return { ends, at: end }
}

/** Whether a full stop there ends a sentence: not behind an abbreviation. */
function isStop(before: string): boolean {
  return sentences(`${before.slice(-60)}. X`).at(-1) === 'X'
}

/** Over a code span that closes on its line, or past its backticks. */
function codeAt(text: string, at: number, final: boolean): { ends: boolean; at: number } | 'open' {
  const runs = /`+|\n/g
  runs.lastIndex = at
  const open = runs.exec(text)![0]
  const inside = runs.lastIndex
  for (
    let match = runs.exec(text);
    match && match[0] !== '\n' && match.index < heldMax;
    match = runs.exec(text)
  ) {
    if (runs.lastIndex === text.length && !final) return 'open'
    if (match[0] === open) return { ends: false, at: runs.lastIndex }
  }
  const lineEnds = text.indexOf('\n', at) >= 0
  if (!lineEnds && !final && text.length < heldMax) return 'open'
  return { ends: false, at: inside }
}

/** Before a bracket that is still open there, else at the limit; never inside a surrogate pair. */
function cutAt(text: string): number {
  const head = text.slice(0, heldMax)
  const open = Math.max(...['[', '【', '［', '(', '（'].map(sign => head.lastIndexOf(sign)))
  const closed = Math.max(...[']', '】', '］', ')', '）'].map(sign => head.lastIndexOf(sign)))
  if (open > closed && open > heldMax / 2) return head.slice(0, open).trimEnd().length
  return /[\ud800-\udbff]$/.test(head) ? heldMax - 1 : heldMax
}
