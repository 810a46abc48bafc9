import { type CatalogueProfile, sharedFigure } from '../catalogue/profile.ts'
import { superlatives } from '../lexicon/superlatives.ts'
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

/** The first superlative that names a column of numbers: "cheapest", "largest screen", "most lumens", "续航最长". */
export function sortIn(text: string, profile: CatalogueProfile, mentions: ColumnMention[]): Found | null {
  for (const pattern of superlatives.patterns)
    for (const match of text.matchAll(pattern)) {
      const found = readSuperlative(match, text, profile, mentions)
      if (found) return found
    }
  for (const match of text.matchAll(superlatives.wish)) {
    const span: [number, number] = [match.index, match.index + match[0].length]
    const found = byAdjective([match[0].toLowerCase()], span, profile, false)
    if (found) return found
  }
  return null
}

/** What a comparison of some products goes by: "which is cheaper", "what weighs less", "哪个更轻". */
export function comparedSort(text: string, profile: CatalogueProfile): Sort | null {
  for (const match of text.matchAll(superlatives.comparative)) {
    const { positive: base, degrees, verb, degree } = match.groups!
    const adjective = verb ? superlatives.adjectiveOfVerb[verb.toLowerCase()] : undefined
    const bases = adjective ? [adjective] : base ? [base] : positive(degrees ?? '')
    const found = byAdjective(
      bases,
      [match.index, match.index + match[0].length],
      profile,
      degree?.toLowerCase() === 'less',
    )
    if (found) return found.sort
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
  const { verb, degree, adjective, superlative, positive: base } = match.groups!
  if (verb)
    return byAdjective(
      [superlatives.adjectiveOfVerb[verb.toLowerCase()]!],
      span,
      profile,
      degree!.toLowerCase() === 'least',
    )
  const word = base ?? superlative ?? degree!
  if (superlatives.none.test(word) || /^(?:at|the)?\s?(?:at)$/i.test(text.slice(start - 3, start).trim()))
    return null
  if (adjective) return byAdjective([adjective], span, profile, degree!.toLowerCase() === 'least')
  const low = superlatives.little.test(word)
  if (low || superlatives.general.test(word)) {
    const mention = nearest(span, text, mentions)
    const figure = mention && figureOfKeys(mention.keys, profile)
    if (mention && figure) return { sort: sorted(figure, low), span, mention }
  }
  const bases = base ? [base] : positive(word)
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
    if (widest) return { key, figure: sharedFigure(key, widest, profile.keys) }
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
