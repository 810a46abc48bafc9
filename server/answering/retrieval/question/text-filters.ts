import { readKey } from '../catalogue/columns.ts'
import type { CatalogueProfile, Choice, ProfileReader } from '../catalogue/profile.ts'
import { equivalentsOf } from '../lexicon/equivalents.ts'
import { negation } from '../lexicon/negation.ts'
import { isStopTerm } from '../lexicon/stopwords.ts'
import { occurrences } from '../text/occurrences.ts'
import { tokenize } from '../text/tokens.ts'
import { type ColumnMention, columnNames } from './column-mentions.ts'
import type { BooleanFilter, TextFilter } from './constraints.ts'

interface Found {
  filters: (TextFilter | BooleanFilter)[]
  spans: [number, number][]
  mentions: ColumnMention[]
}

/** Kinds of storage also name the column. */
const kinds = new Set(['ssd', 'hdd'])

/** Texts and yes-or-no columns a question asks for or rules out: "Apple", "os Linux", "not HP", "without HDD", "可调光". */
export function textFiltersIn(
  text: string,
  profile: CatalogueProfile & { reader: ProfileReader },
  mentions: ColumnMention[],
  { used, ruledOut }: { used: readonly [number, number][]; ruledOut: readonly [number, number][] },
): Found {
  const plain = text.toLowerCase()
  const found: Found = { filters: [], spans: [], mentions: [] }
  const claimed = [...used]
  const excludedPhrases: string[] = []
  for (const choice of profile.reader.choices) {
    for (const [start, end] of choice.phrases.flatMap(phrase => occurrences(plain, phrase))) {
      if (claimed.some(([from, to]) => start < to && end > from)) continue
      if (/^[a-z]$/i.test(text.slice(start, end)) && !isSizeLetter(text, start)) continue
      // "白" of "白茶" is no colour.
      if (isPartOfWord(text, { start, end }, used)) continue
      // "Noise" of "noise cancelling" is no text of another column.
      if (mentions.some(one => one.start <= start && one.end >= end && one.end - one.start > end - start))
        continue
      const exclusion = ruledOut.find(([from, to]) => start >= from && start < to)
      // "Except rain jackets" rules out no jackets.
      if (exclusion && !saysAllOf(text.slice(...exclusion), text.slice(start, end))) continue
      const isRuledOut = exclusion !== undefined
      const exclude = isRuledOut || excludedBy(text, start) > 0
      const filter = filterFor(choice, { start, end, exclude }, mentions)
      if (!filter) continue
      claimed.push([start, end])
      found.spans.push([start - (filter.exclude ? excludedBy(text, start) : 0), end])
      if (filter.exclude) excludedPhrases.push(...choice.phrases)
      merge(found.filters, filter)
    }
  }
  for (const filter of found.filters)
    if (filter.kind === 'text' && filter.exclude && isOptional(filter.key))
      filter.values = filter.values.filter(value => hasNoOther(value, excludedPhrases))
  for (const mention of mentions) addFlag(mention, text, profile, found)
  return found
}

/** A single Chinese sign within another word, unless a kind of thing follows it: "木椅". */
function isPartOfWord(
  text: string,
  { start, end }: Pick<Span, 'start' | 'end'>,
  kinds: readonly [number, number][],
): boolean {
  if (!/^\p{Script=Han}$/u.test(text.slice(start, end))) return false
  return !/^(?:[的色款或和、，,?？吗]|$)/u.test(text.slice(end)) && !kinds.some(([from]) => from === end)
}

/** Whether a part of a text has all words of it that say something. */
function saysAllOf(text: string, part: string): boolean {
  const terms = new Set(tokenize(part))
  return tokenize(text).every(term => terms.has(term) || isStopTerm(term) || /^\p{Script=Han}$/u.test(term))
}

/** What questions are read by: to be made once for many of them. */
export function readerOf(profile: CatalogueProfile): ProfileReader {
  const names = columnNames(profile)
  return { names, choices: choicesOf(profile, names) }
}

/** The phrases that pick texts of columns, longest first. */
function choicesOf(profile: CatalogueProfile, names: ProfileReader['names']): Choice[] {
  const choices = new Map<string, { phrase: string; columns: Map<string, string[]> }>()
  function add(phrase: string, key: string, value: string) {
    // What says the same chooses the same.
    const id = equivalentsOf(phrase)?.[0] ?? phrase
    const known = choices.get(id)
    const columns = known?.columns ?? new Map<string, string[]>()
    choices.set(id, {
      phrase: known && known.phrase.length >= phrase.length ? known.phrase : phrase,
      columns,
    })
    columns.set(key, [...new Set([...(columns.get(key) ?? []), value])])
  }
  const columns = [{ key: 'category', values: profile.categories }, ...profile.keys]
  for (const { key, values } of columns)
    for (const value of values)
      for (const phrase of phrasesOf(value, key)) if (isChoice(phrase, names)) add(phrase, key, value)
  return [...choices.values()]
    .sort((a, b) => b.phrase.length - a.phrase.length)
    .map(({ phrase, columns }) => ({ phrases: [...(equivalentsOf(phrase) ?? [phrase])], columns }))
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/** A text as a whole, the first word of its parts ("Nvidia …", "… / Touchscreen"), and its words with digits or in capitals. */
function phrasesOf(value: string, key: string): Set<string> {
  const whole = value.trim().toLowerCase()
  const found = new Set<string>()
  if (whole.length <= 60 && !negation.yes.test(whole) && !negation.no.test(whole)) found.add(whole)
  const options = value.split(/[,;、，；]/).map(part => part.trim().toLowerCase())
  if (options.length > 1) for (const option of options) if (option.length <= 40) found.add(option)
  // "樱花粉" is pink, "墨绿" is green.
  if (readKey(key).attribute?.id === 'colour')
    for (const option of options) for (const phrase of shadeOf(option)) found.add(phrase)
  // "福建" of "福建武夷山".
  if (/^\p{Script=Han}{4,12}$/u.test(whole)) {
    const [first] = segmenter.segment(whole)
    if (first && first.segment.length > 1) found.add(first.segment)
  }
  for (const part of value.split(/[/+,&、，]/)) {
    const words = part.trim().split(/\s+/)
    for (const [index, word] of words.entries()) {
      const next = words[index + 1]
      const lower = word.toLowerCase()
      if (isInformative(word, index) || (key === 'category' && word.length > 5) || equivalentsOf(lower))
        found.add(lower)
      if (next && /^\d/.test(next) && /^[A-Z]/i.test(word)) found.add(`${lower} ${next.toLowerCase()}`)
    }
  }
  return found
}

/** The plain colour that a Chinese name of a shade ends in. */
function shadeOf(option: string): readonly string[] {
  const sign = /^\p{Script=Han}+?(\p{Script=Han})色?$/u.exec(option)?.[1]
  return sign && equivalentsOf(`${sign}色`) ? [`${sign}色`] : []
}

function isInformative(word: string, index: number): boolean {
  if (index === 0) return word.length > 2 || /\d|[A-Z]{2}/.test(word)
  return /^(?:[A-Z]{2,5}|[a-z]*\d+[a-z]+|[a-z]+\d+[a-z]*)$/i.test(word) && /\d|[A-Z]{2}/.test(word)
}

function isChoice(phrase: string, names: ProfileReader['names']): boolean {
  // Bare numbers and amounts are for limits, and "graphics" names the column.
  if (/^[\d.,]+\s?(?:[a-z]{0,6}|")$/i.test(phrase) && !/^\d+[a-z]\d|^[48]k$/i.test(phrase)) return false
  return (!isStopTerm(phrase) || /^[sml]$/.test(phrase)) && (!names.has(phrase) || kinds.has(phrase))
}

interface Span {
  start: number
  end: number
  exclude: boolean
}

/** "S" is a size where it is written as one, "s" may be the end of a word. */
function isSizeLetter(text: string, start: number): boolean {
  return /^[A-Z]$/.test(text[start]!)
    ? /(?:^|[\s(])$/.test(text.slice(0, start))
    : /\bsizes?\s$/i.test(text.slice(0, start))
}

/** Of what a product comes in one may choose another. */
export function isOptional(key: string): boolean {
  const id = readKey(key).attribute?.id
  return id === 'colour' || id === 'size'
}

function hasNoOther(value: string, phrases: readonly string[]): boolean {
  return value
    .toLowerCase()
    .split(/[,;、，；/|]/)
    .every(option => phrases.some(phrase => option.includes(phrase)))
}

function filterFor(
  { columns }: Choice,
  { start, end, exclude }: Span,
  mentions: ColumnMention[],
): TextFilter | null {
  const near = mentions.find(
    mention => Math.abs(mention.start - end) <= 3 || Math.abs(start - mention.end) <= 3,
  )
  const named = near?.keys.find(key => columns.has(key))
  const [first, second] = [...columns.keys()]
  const usual = ['brand', 'colour'].flatMap(id =>
    [...columns.keys()].filter(key => readKey(key).attribute?.id === id),
  )
  const key = named ?? usual[0] ?? (second === undefined ? first : undefined)
  return key === undefined ? null : { kind: 'text', key, values: columns.get(key)!, exclude }
}

function excludedBy(text: string, start: number): number {
  const before = text.slice(Math.max(0, start - 24), start)
  return negation.exclusion.exec(before)?.[0].length ?? 0
}

/** Several texts wanted of one column are alternatives ("Dell or HP"); several ruled out are all out. */
function merge(filters: Found['filters'], filter: TextFilter) {
  const known = filters.find(
    (other): other is TextFilter =>
      other.kind === 'text' && other.key === filter.key && other.exclude === filter.exclude,
  )
  if (known) known.values = [...new Set([...known.values, ...filter.values])]
  else filters.push(filter)
}

/** A yes-or-no column that is named is wanted, or not: "dimmable", "without armrests", "不可调光". */
function addFlag(mention: ColumnMention, text: string, profile: CatalogueProfile, found: Found) {
  for (const { key, boolean, values } of profile.keys) {
    if (!mention.keys.includes(key)) continue
    const texts =
      values.length > 0 && values.every(value => negation.yes.test(value) || negation.no.test(value))
    if (!boolean && !texts) continue
    const isPositive = excludedBy(text, mention.start) === 0
    found.mentions.push(mention)
    if (boolean) found.filters.push({ kind: 'boolean', key, value: isPositive })
    else {
      const fitting = values.filter(value => negation[isPositive ? 'yes' : 'no'].test(value))
      found.filters.push({ kind: 'text', key, values: fitting, exclude: false })
    }
  }
}
