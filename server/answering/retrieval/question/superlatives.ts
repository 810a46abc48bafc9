import type { CatalogueProfile } from '../catalogue/profile.ts'
import { type ColumnMention, keysOfAdjective, positive } from './column-mentions.ts'

export interface Sort {
  key: string
  /** `price`, or the numbers of the key to sort by (see numbersOf). */
  figure: string
  direction: 'ascending' | 'descending'
}

interface Found {
  sort: Sort
  span: [number, number]
  mention: ColumnMention | null
}

const patterns: RegExp[] = [
  /\b(?<verb>weigh|cost)s? (?:the )?(?<degree>most|least)\b/gi,
  /\b(?<degree>most|least) (?<adjective>[a-z]{3,12})\b/gi,
  /\b(?<degree>most|least|highest|lowest|largest|biggest|greatest|longest|shortest|smallest|fewest|maximum|minimum|best|max|min)\b/gi,
  /\b(?<superlative>[a-z]{2,9}est)\b/gi,
  /最(?<chinese>便宜|实惠|低价|贵|轻薄|轻便|轻|重|亮|暗|大|小|高|低|多|少|长|短|久|宽|窄|深|浅|厚|薄|快|慢|安静|省电|矮)/gu,
]
const adjectiveOf: Readonly<Record<string, string>> = { weigh: 'heavy', cost: 'expensive' }
const little = /^(?:least|lowest|shortest|smallest|fewest|minimum|min|低|少|小|短)$/i
const general = /^(?:most|highest|largest|biggest|greatest|longest|maximum|max|高|多|大|长|久)$/i
/** Words ending in -est that are none. */
const none =
  /^(?:best|latest|newest|rest|test|guest|west|nearest|interest|request|honest|forest|invest|suggest|nest|vest|est)$/i

/** Wishes that sort like a superlative when nothing else does: "a cheap one", "a light laptop", "轻薄本". */
const wishes =
  /\b(?:cheap|inexpensive|affordable|lightweight|light(?= (?:laptop|notebook|computer|tablet|chair|phone)))\b|便宜|轻薄|轻便/gi

/** The first superlative that names a column of numbers: "cheapest", "largest screen", "most lumens", "续航最长". */
export function sortIn(text: string, profile: CatalogueProfile, mentions: ColumnMention[]): Found | null {
  for (const pattern of patterns)
    for (const match of text.matchAll(pattern)) {
      const found = readSuperlative(match, text, profile, mentions)
      if (found) return found
    }
  for (const match of text.matchAll(wishes)) {
    const span: [number, number] = [match.index, match.index + match[0].length]
    const found = byAdjective([match[0].toLowerCase()], span, profile, false)
    if (found) return found
  }
  return null
}

function readSuperlative(
  match: RegExpMatchArray,
  text: string,
  profile: CatalogueProfile,
  mentions: ColumnMention[],
): Found | null {
  const start = match.index!
  const span: [number, number] = [start, start + match[0].length]
  const { verb, degree, adjective, superlative, chinese } = match.groups!
  if (verb)
    return byAdjective([adjectiveOf[verb.toLowerCase()]!], span, profile, degree!.toLowerCase() === 'least')
  const word = chinese ?? superlative ?? degree!
  if (none.test(word) || /^(?:at|the)?\s?(?:at)$/i.test(text.slice(start - 3, start).trim())) return null
  if (adjective) return byAdjective([adjective], span, profile, degree!.toLowerCase() === 'least')
  const low = little.test(word)
  if (low || general.test(word)) {
    const mention = nearest(span, text, mentions)
    const figure = mention && figureOfKeys(mention.keys, profile)
    if (mention && figure) return { sort: sorted(figure, low), span, mention }
  }
  const bases = chinese ? [chinese] : positive(word)
  return byAdjective(bases, span, profile, false)
}

function byAdjective(
  bases: string[],
  span: [number, number],
  profile: CatalogueProfile,
  reversed: boolean,
): Found | null {
  for (const base of bases) {
    const found = keysOfAdjective(base, profile)
    const figure = found && figureOfKeys(found.keys, profile)
    if (found && figure) return { sort: sorted(figure, found.low !== reversed), span, mention: null }
  }
  return null
}

function sorted(target: { key: string; figure: string }, low: boolean): Sort {
  return { ...target, direction: low ? 'ascending' : 'descending' }
}

function figureOfKeys(keys: string[], profile: CatalogueProfile): { key: string; figure: string } | null {
  if (keys.includes('price') && profile.price) return { key: 'price', figure: 'price' }
  for (const { key, figures } of profile.keys) {
    if (!keys.includes(key)) continue
    const [widest] = figures.filter(figure => figure.word === null).sort((a, b) => b.count - a.count)
    if (widest) return { key, figure: widest.figure }
  }
  return null
}

/** Behind the superlative ("largest screen", "最大的屏幕") before in front of it ("屏幕最大"). */
function nearest(
  [start, end]: [number, number],
  text: string,
  mentions: ColumnMention[],
): ColumnMention | null {
  const after = mentions.find(
    mention =>
      mention.start >= end && mention.start - end <= 8 && !/[,，。;；]/.test(text.slice(end, mention.start)),
  )
  const before = mentions.findLast(mention => mention.end <= start && start - mention.end <= 4)
  const chinese = /\p{Script=Han}/u.test(text.slice(start, end))
  const direct = before && start - before.end <= 1
  return chinese && direct ? before : (after ?? before ?? null)
}
