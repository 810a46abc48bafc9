import { informativeTerms } from '../lexicon/informative.ts'

/** Look like negations and are none: limits ("no more than"), additions ("not only"), parts of words (非常, 无线, 不锈钢). */
const innocent =
  /\b(?:no|not)\s(?:more|less|fewer|later|earlier|longer|higher|lower|larger|smaller|heavier)\sthan\b|\b(?:do(?:es)?|must|may|can)(?:\s?not|n['’]t)\sexceed\b|\bnot\s(?:exceeding|only|just)\b|\bno\.\s?\d|\bno\s(?:problem|matter)\b|不超过|不少于|不低于|不高于|不大于|不小于|不多于|不早于|不晚于|不仅|不但|不只|不论|不管|无论|不同|不锈|不错|不断|无线|无理由|无条件|无忧|非常|未来|是否|除非|非洲|有没有|能不能|可不可以|是不是|会不会|支不支持|否则/giu
const negator =
  /\b(?:not|no|never|without|cannot|none|neither|nor|nothing|nobody|unable|non)\b|n['’]t\b|\bnon-|不|没有|没|無|无|非|未|禁止|严禁|勿|(?<![类特区级分差个性识告派辨])别(?![的人处名墅])|^否|：\s?否/giu
/** A negation ends with its clause, or where a contrast begins. */
const clauseEnd = /[,，;；。.!?！？:：\n|]|\b(?:but|however|unless|although|though|and|or)\b|但|而|除非/iu
/** How many informative terms a negation reaches; those that make one word with what follows reach one. */
const reach = 3
const narrow = /^(?:无|無|非|未|non-?)$/i

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
  if (text.search(negator) < 0) return { denies: false, denied: new Set(), affirmed: terms }
  const plain = text.replace(innocent, found => ' '.repeat(found.length))
  const denied = new Set<string>()
  const affirmed = new Set<string>()
  let outside = ''
  let last = 0
  let denies = false
  for (const match of plain.matchAll(negator)) {
    const start = match.index + match[0].length
    if (match.index < last) continue
    denies = true
    const rest = plain.slice(start)
    const end = start + (clauseEnd.exec(rest)?.index ?? rest.length)
    const before = plain.slice(last, match.index)
    const following = informativeTerms(plain.slice(start, end))
    // "Dimmable: no." denies its label, "scratches are not." its subject.
    if (following.length === 0) {
      const subject = before.split(/[,，;；。.!?\n]|\b(?:but|and)\b/).at(-1)!
      following.push(...informativeTerms(subject))
      outside += ` ${before.slice(0, before.length - subject.length)}`
    } else outside += ` ${before}`
    const reached = narrow.test(match[0]) ? 1 : reach
    for (const term of following.slice(0, reached)) denied.add(term)
    for (const term of following.slice(reached)) affirmed.add(term)
    last = end
  }
  if (!denies) return { denies, denied, affirmed: terms }
  outside += ` ${plain.slice(last)}`
  for (const term of informativeTerms(outside)) affirmed.add(term)
  return { denies, denied, affirmed }
}

// biome-ignore format: a table of words
const opposites: readonly (readonly [string, string])[] = [
  'before after', 'include exclude', 'accept refuse', 'accept reject', 'allow forbid', 'allow prohibit', 'open close',
  'open closed', 'increase decrease', 'free paid', 'free charged', 'indoor outdoor', 'indoors outdoors', 'new used',
  'buyer seller', 'customer seller', 'first last', 'left right', 'online offline', 'enable disable', 'wired wireless',
  '免费 收费', '允许 禁止', '包含 排除', '室内 室外', '买家 卖家', '之前 之后', '开 关', '有线 无线', '全新 二手', '接受 拒绝',
].map(pair => oppositePair(pair))

const oppositesOf = new Map<string, string[]>()
for (const [a, b] of opposites) {
  oppositesOf.set(a, [...(oppositesOf.get(a) ?? []), b])
  oppositesOf.set(b, [...(oppositesOf.get(b) ?? []), a])
}

function oppositePair(pair: string): readonly [string, string] {
  const [a, b] = pair.split(' ') as [string, string]
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
  const said = new Set([...claim.denied, ...claim.affirmed])
  const known = new Set([...source.denied, ...source.affirmed])
  if (joined && [...said].some(term => source.denied.has(term) && source.affirmed.has(term))) return true
  // Both deny something: the same thing, or they speak of different ones.
  const denials = [...claim.denied].filter(term => known.has(term))
  if (denials.length > 0 && !denials.some(term => source.denied.has(term))) return true
  if (
    [...source.denied].some(term => said.has(term)) &&
    ![...source.denied].some(term => claim.denied.has(term))
  )
    return true
  return opposed(said, known) || prefixed(said, known) || prefixed(known, said)
}

function opposed(said: ReadonlySet<string>, known: ReadonlySet<string>): boolean {
  for (const term of said)
    for (const other of oppositesOf.get(term) ?? [])
      if (!said.has(other) && known.has(other) && !known.has(term)) return true
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
