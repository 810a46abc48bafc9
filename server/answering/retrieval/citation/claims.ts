import { lastSentence } from '../text/sentences.ts'
import { type MarkGroup, markGroups } from './marks.ts'
import { readStatement } from './statement.ts'

/** What stands before a stretch of text with marks. */
export interface Before {
  /** The text that was settled already, without its marks; its last thousand characters are enough. */
  text: string
  /** How much of its end follows the last mark. */
  sinceMark: number
}

export interface SettledText {
  text: string
  /** Length of `text` behind the last mark's place, or null when it had no mark. */
  sinceMark: number | null
  /** `text` without marks. */
  plain: string
}

/**
 * Replaces the marks of `held` (the end of a sentence from its first mark on, or marks behind a finished sentence) by those
 * `settle` lets stand. A mark is checked against the clause before it; the last one of a sentence also against what
 * follows it there; one that stands before anything was said, against what comes next.
 */
export function settleMarks(
  pending: string,
  before: Before,
  settle: (numbers: number[], claim: string) => number[],
): SettledText {
  const groups = markGroups(pending, codeSpans(pending), before.text.slice(-8))
  const claims = claimsOf(pending, before, groups)
  let text = ''
  let plain = ''
  let at = 0
  for (const [index, group] of groups.entries()) {
    text += pending.slice(at, group.start)
    plain += pending.slice(at, group.start)
    at = group.end
    const numbers = settle(group.numbers, claims[index]!)
    if (numbers.length > 0) {
      const marks = numbers.map(number => `[${number}]`).join('')
      text += group.wrapped ? `(${marks})` : marks
      continue
    }
    const atLineStart = /(?:^|\n)[ \t]*$/.test(before.text.slice(-40) + plain)
    if (atLineStart) at += /^[ \t]{0,8}/.exec(pending.slice(at))![0].length
    else {
      text = text.replace(/[ \t]{1,8}$/, '')
      plain = plain.replace(/[ \t]{1,8}$/, '')
    }
  }
  const tail = pending.slice(at)
  return { text: text + tail, plain: plain + tail, sinceMark: groups.length > 0 ? tail.length : null }
}

function claimsOf(pending: string, before: Before, groups: MarkGroup[]): string[] {
  const first = groups[0]
  if (!first) return []
  const segments = groups.map((group, index) => pending.slice(groups[index - 1]?.end ?? 0, group.start))
  const tail = pending.slice(groups.at(-1)!.end)
  const open = openSentence(before.text)
  if (open === '' && !/[\p{L}\p{N}]/u.test(pending.slice(0, first.start) + tail) && groups.length === 1)
    return [finishedClaim(before)]
  segments[0] = open + segments[0]
  // The informative clause behind each, from the end: a mark before anything was said speaks for what comes next.
  let following = tail
  return segments
    .map((segment, index) => ({ segment, index, last: index === segments.length - 1 }))
    .reverse()
    .map(({ segment, index, last }) => {
      if (last) {
        if (index > 0 && isInformative(segment)) following = segment
        return finished(segment + tail, segment) || finishedClaim(before)
      }
      if (!isInformative(segment)) return `${segment} ${following}`
      following = segment
      return segment
    })
    .reverse()
}

function finished(claim: string, segment: string): string {
  return /[\p{L}\p{N}]/u.test(claim) ? claim : segment.trim()
}

/** The sentence that is being written at the end of `text`; '' when the last one is finished. */
function openSentence(text: string): string {
  const line = text.slice(text.lastIndexOf('\n') + 1)
  return isFinished(line) ? '' : lastSentence(line)
}

/** What a mark behind a finished sentence speaks for: that sentence, or its part behind the mark before. */
function finishedClaim(before: Before): string {
  const text = before.text.trimEnd()
  const line = text.slice(text.lastIndexOf('\n') + 1)
  const sentence = lastSentence(line)
  const part =
    before.sinceMark < before.text.length
      ? before.text.slice(before.text.length - before.sinceMark).trim()
      : sentence
  return part.length < sentence.length && isInformative(part) ? part : sentence
}

/** Whether the text ends with a finished sentence, perhaps with blanks behind it. */
export function isFinished(text: string): boolean {
  return /[.!?。！？…]["'”’』」）)*_\]]*[ \t]*$/.test(text.slice(-16))
}

/** Whether a clause says more than a name: a number, or two informative terms besides names. */
function isInformative(segment: string): boolean {
  if (!/[\p{L}\p{N}]/u.test(segment)) return false
  const { figures, names, terms } = readStatement(segment)
  const named = names.map(name => name.toLowerCase())
  const own = terms.filter(({ id }) => !named.some(name => name.includes(id)))
  return figures.length > 0 || new Set(own.map(({ id }) => id)).size >= 2
}

/** Stretches between runs of as many backticks. */
function codeSpans(text: string): [number, number][] {
  const found: [number, number][] = []
  const runs = [...text.matchAll(/`+/g)]
  for (let at = 0; at < runs.length; at++) {
    const open = runs[at]!
    const close = runs.findIndex((run, index) => index > at && run[0].length === open[0].length)
    if (close < 0) continue
    found.push([open.index, runs[close]!.index + open[0].length])
    at = close
  }
  return found
}
