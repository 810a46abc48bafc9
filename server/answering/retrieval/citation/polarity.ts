import { informativeTerms } from '../lexicon/informative.ts'
import { negation, opposites } from '../lexicon/negation.ts'

/** How many informative terms a negation reaches; those that make one word with what follows reach one. */
const reachTerms = 3

export interface Polarity {
  /** Whether anything is denied. */
  denies: boolean
  /** Terms said within reach of a negation. */
  denied: ReadonlySet<string>
  /** Terms said outside any. */
  affirmed: ReadonlySet<string>
}

/** `terms`: the informative terms of the text. */
export function polarityOf(text: string, terms: ReadonlySet<string>): Polarity {
  if (text.search(negation.negator) < 0) return { denies: false, denied: new Set(), affirmed: terms }
  const plain = text.replace(negation.innocent, found => ' '.repeat(found.length))
  const denied = new Set<string>()
  const affirmed = new Set<string>()
  let outside = ''
  let last = 0
  let denies = false
  for (const match of plain.matchAll(negation.negator)) {
    const start = match.index + match[0].length
    if (match.index < last) continue
    denies = true
    const rest = plain.slice(start)
    const end = start + (negation.clauseEnd.exec(rest)?.index ?? rest.length)
    const before = plain.slice(last, match.index)
    const following = informativeTerms(plain.slice(start, end))
    // "Dimmable: no." denies its label, "scratches are not." its subject.
    if (following.length === 0) {
      const subject = before.split(negation.subjectBreak).at(-1)!
      following.push(...informativeTerms(subject))
      outside += ` ${before.slice(0, before.length - subject.length)}`
    } else outside += ` ${before}`
    const reached = negation.narrow.test(match[0]) ? 1 : reachTerms
    for (const term of following.slice(0, reached)) denied.add(term)
    for (const term of following.slice(reached)) affirmed.add(term)
    last = end
  }
  if (!denies) return { denies, denied, affirmed: terms }
  outside += ` ${plain.slice(last)}`
  for (const term of informativeTerms(outside)) affirmed.add(term)
  return { denies, denied, affirmed }
}

const oppositesOf = new Map<string, string[]>()
for (const [a, b] of opposites.map(asTerms)) {
  oppositesOf.set(a, [...(oppositesOf.get(a) ?? []), b])
  oppositesOf.set(b, [...(oppositesOf.get(b) ?? []), a])
}

function asTerms([a, b]: readonly [string, string]): readonly [string, string] {
  return [informativeTerms(a)[0] ?? a, informativeTerms(b)[0] ?? b]
}

/** With at least four letters behind it. */
const denyingPrefix = /^(?:un|in|im|ir|dis|non)(?=.{4})/

/**
 * Whether the two say the opposite of each other: by a negation, an opposite word or a denying prefix. A source of several
 * sentences (`joined`) that both says and denies a term cannot tell.
 */
export function contradicts(claim: Polarity, source: Polarity, joined: boolean): boolean {
  if (claim.denies !== source.denies) return true
  const claimed = new Set([...claim.denied, ...claim.affirmed])
  const known = new Set([...source.denied, ...source.affirmed])
  if (joined && [...claimed].some(term => source.denied.has(term) && source.affirmed.has(term))) return true
  // Both deny something: the same thing, or they speak of different ones.
  const denials = [...claim.denied].filter(term => known.has(term))
  if (denials.length > 0 && !denials.some(term => source.denied.has(term))) return true
  if (
    [...source.denied].some(term => claimed.has(term)) &&
    ![...source.denied].some(term => claim.denied.has(term))
  )
    return true
  return opposed(claimed, known) || prefixed(claimed, known) || prefixed(known, claimed)
}

function opposed(claimed: ReadonlySet<string>, known: ReadonlySet<string>): boolean {
  for (const term of claimed)
    for (const other of oppositesOf.get(term) ?? [])
      if (!claimed.has(other) && known.has(other) && !known.has(term)) return true
  return false
}

/** "limited" where the other says "unlimited". */
function prefixed(plain: ReadonlySet<string>, denied: ReadonlySet<string>): boolean {
  for (const term of denied) {
    const prefix = denyingPrefix.exec(term)?.[0]
    if (!prefix || plain.has(term)) continue
    const rest = term.slice(prefix.length)
    if (plain.has(rest) && !denied.has(rest)) return true
  }
  return false
}
