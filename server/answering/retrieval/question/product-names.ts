import type { Product } from '#protocol'
import { canonicalTerm } from '../lexicon/attributes.ts'
import { isGeneralTerm } from '../lexicon/informative.ts'
import { nounPhrases } from '../lexicon/noun-phrases.ts'
import { numeralsEn } from '../lexicon/numerals.en.ts'
import { isStopTerm, isWeakTerm } from '../lexicon/stopwords.ts'
import { isEverydayWord, isKnownWord } from '../text/common-words.ts'
import { LruCache } from '../text/lru-cache.ts'
import { occurrences } from '../text/occurrences.ts'
import { isSameAmount, type Quantity, quantities } from '../text/quantities.ts'
import { tokenize } from '../text/tokens.ts'

/** A question as names are looked for in it. */
interface QuestionText {
  text: string
  lower: string
  words: readonly QuestionWord[]
  terms: ReadonlySet<string>
  amounts: readonly Quantity[]
}

interface QuestionWord {
  /** As written. */
  word: string
  terms: readonly string[]
  start: number
  end: number
}

/** A word of a name, and whether it tells which product and not only what kind of thing. */
interface NameWord {
  word: string
  terms: readonly string[]
  isInformative: boolean
  isId: boolean
  /** It says what kind of thing it is. */
  isNoun: boolean
  /** Of an amount: by itself it asks how much of something, of whatever product. */
  isAmount: boolean
}

/** Words of a name that stand beside each other in the question. */
interface Match {
  product: Product
  words: readonly NameWord[]
  /** Whether the name's last word, its noun, is among them. */
  hasNoun: boolean
  isWhole: boolean
  spans: readonly [number, number][]
  weight: number
}

/** Names that share their words with so many others tell a kind. */
const sharedMax = 3
/** As long a word may stand between two of a name ("chair from Oslo"). */
const gapMax = 12

/** Of the products whose name stands in the text, those with the most of it; each place of the text names one name. */
export function productsNamedIn(text: string, products: readonly Product[]): Product[] {
  const question = readText(text)
  const matches = products.map(product => bestMatch(product, question)).filter(match => match !== null)
  const names = Map.groupBy(matches, keyOf)
  function sharingOf(match: Match): Sharing {
    const sharing = new Set(names.get(keyOf(match))!.map(each => each.product.name)).size
    return { isShared: sharing > sharedMax, isOnly: sharing === 1 }
  }
  const meant = matches.filter(match => isEnough(match, question, sharingOf(match)))
  // What is said of one name is said of all that begin alike.
  const alike = matches.filter(
    match =>
      isBeginning(match) &&
      !match.isWhole &&
      meant.some(other => isBeginning(other) && keyOf(other) === keyOf(match)),
  )
  const enough = [...new Set([...meant, ...alike])]
  // "The polar or the trail sleeping bag": the noun of the one is said with the other.
  const joined = matches.filter(
    match =>
      !enough.includes(match) &&
      sharingOf(match).isOnly &&
      match.words.every(({ isInformative }) => isInformative) &&
      enough.some(other => isJoined(match, other, text)),
  )
  const accepted = [...enough, ...joined].sort(
    (a, b) => b.weight - a.weight || Number(b.isWhole) - Number(a.isWhole),
  )
  const hasNouns = accepted.some(({ hasNoun }) => hasNoun)
  const found: Product[] = []
  const claimed: { span: [number, number]; key: string }[] = []
  for (const match of accepted) {
    // "The frame of the aviator sunglasses" is no framed print.
    const isStray = hasNouns && !match.hasNoun && match.words.length === 1 && !match.isWhole
    if (isStray && !joined.includes(match)) continue
    const key = `${keyOf(match)} ${match.isWhole}`
    const overlapping = claimed.filter(({ span }) =>
      match.spans.some(own => own[0] < span[1] && own[1] > span[0]),
    )
    // A shorter name inside a longer one that was found is not meant ("MacBook" in "MacBook Pro").
    if (overlapping.some(other => other.key !== key)) continue
    found.push(match.product)
    for (const span of match.spans) claimed.push({ span, key })
  }
  return found
}

const written = /(?!\p{Script=Han})[\p{L}\p{N}](?:(?!\p{Script=Han})[\p{L}\p{N}._-])*/gu

function readText(text: string): QuestionText {
  const lower = text.toLowerCase()
  const single = [...text.matchAll(written)].map(({ 0: word, index }) => {
    const whole = word.replace(/[._-]+$/, '')
    return { word: whole, terms: tokenize(digitsFor(whole)), start: index, end: index + whole.length }
  })
  // "2 seater" is the "2-Seater" of a name.
  const pairs = single.slice(1).flatMap((second, at) => {
    const first = single[at]!
    const word = `${digitsFor(first.word)}-${digitsFor(second.word)}`
    return second.start - first.end === 1
      ? [{ word, terms: tokenize(word), start: first.start, end: second.end }]
      : []
  })
  const words = [...single, ...pairs]
  const terms = new Set(tokenize(text).filter(term => !isStopTerm(term)))
  return { text, lower, words, terms, amounts: quantities(text).filter(({ unit }) => unit !== null) }
}

function digitsFor(word: string): string {
  const value = numeralsEn[word.toLowerCase()]
  return value === undefined ? word : String(value)
}

/** Matches of the same words of a name are of one key: several products of one name, or of names that share them. */
function keyOf({ words }: Match): string {
  return words
    .map(({ terms }) => terms[0])
    .sort()
    .join(' ')
}

function bestMatch(product: Product, question: QuestionText): Match | null {
  const words = nameWords(product)
  const whole = product.name.toLowerCase()
  if (/[^\p{L}]|\p{Script=Han}{3}/u.test(whole))
    for (const span of occurrences(question.lower, whole).slice(0, 1))
      return { product, words, hasNoun: true, isWhole: true, spans: [span], weight: weightOf(words) + 1 }
  const places = words.flatMap(word => placesOf(word, question).map(span => ({ word, span })))
  // "键" stands in "键盘", which is another word of the name.
  const spans = places.filter(({ span }) => !places.some(other => isWithin(span, other.span)))
  spans.sort((a, b) => a.span[0] - b.span[0])
  let best: Match | null = null
  for (const run of runsOf(spans, question.text)) {
    const matched = withoutBareUnits([...new Set(run.map(({ word }) => word))])
    const weight = weightOf(matched)
    if (matched.length === 0 || (best && best.weight >= weight)) continue
    const hasNoun = matched.some(word => word.isNoun)
    const isWhole = matched.length === words.length
    best = { product, words: matched, hasNoun, isWhole, spans: run.map(({ span }) => span), weight }
  }
  return best
}

/** "升" of a "登山包50升" says nothing without its number. */
function withoutBareUnits(words: NameWord[]): NameWord[] {
  const isNumber = ({ word, isAmount }: NameWord) => isAmount && /\d/.test(word)
  return words.some(isNumber) ? words : words.filter(({ isAmount }) => !isAmount)
}

function isWithin([from, to]: Match['spans'][number], [start, end]: Match['spans'][number]): boolean {
  return start <= from && end >= to && end - start > to - from
}

function weightOf(words: readonly NameWord[]): number {
  return words.reduce((sum, { isId, isInformative }) => sum + (isId ? 2 : isInformative ? 1 : 0.5), 0)
}

interface Place {
  word: NameWord
  span: [number, number]
}

/** Words of the name with at most one other word between them. */
function runsOf(places: readonly Place[], text: string): Place[][] {
  const runs: Place[][] = []
  for (const place of places) {
    const run = runs.at(-1)
    const gap = run && text.slice(run.at(-1)!.span[1], place.span[0])
    const isNear =
      gap !== undefined &&
      gap.length <= gapMax &&
      /^[\s\p{P}]*(?:\p{L}*\s*)$/u.test(gap) &&
      !nounPhrases.between.test(gap)
    if (isNear) run!.push(place)
    else runs.push([place])
  }
  return runs
}

function placesOf({ word, terms }: NameWord, { lower, words }: QuestionText): [number, number][] {
  if (/\p{Script=Han}/u.test(word)) return [...occurrences(lower, word.toLowerCase())]
  return words
    .filter(other => other.terms.length <= terms.length && terms.every(term => other.terms.includes(term)))
    .map(({ start, end }) => [start, end])
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/** A shop's names are those of every question. */
const namesRead = new LruCache<readonly NameWord[]>(4096)

function nameWords({ name, category, specs }: Product): readonly NameWord[] {
  const brand = String(specs.brand ?? '')
  return namesRead.get([name, category, brand].join('\n'), () => readName(name, brand, category ?? ''))
}

function readName(name: string, brandName: string, categoryName: string): NameWord[] {
  const brand = new Set(tokenize(brandName))
  const category = new Set(tokenize(categoryName))
  const amounts = quantities(name).filter(({ unit }) => unit !== null)
  let from = 0
  return name
    .split(
      /[\s/()（）,，]+|(?<=\p{Script=Han})(?=[\p{Script=Latin}\d])|(?<=[\p{Script=Latin}\d])(?=\p{Script=Han})/u,
    )
    .flatMap(word =>
      /\p{Script=Han}/u.test(word) ? Array.from(segmenter.segment(word), each => each.segment) : [word],
    )
    .map(word => {
      const start = name.indexOf(word, from)
      from = start + word.length
      return { word, start, terms: tokenize(word) }
    })
    .filter(({ terms }) => terms.length > 0 && !isStopTerm(terms[0]!))
    .map(({ word, start, terms }, at, all) => {
      const [term] = terms as [string]
      const last = all.findLastIndex(each => /^\p{L}+$/u.test(each.word))
      const isKind = isGeneralTerm(term) || category.has(term)
      const isAmount = amounts.some(each => each.start < start + word.length && each.end > start)
      // "32GB" in a name is no name; "27" of "27寸" tells monitors apart.
      const isWholeAmount = quantities(word).some(({ unit }) => unit !== null)
      return {
        word,
        terms,
        isInformative: !brand.has(term) && !isKind && !isWholeAmount,
        isAmount,
        isNoun: isKind || at === last,
        // A model id is enough by itself ("GS63VR" of "MSI GS63VR 7RF").
        isId: /\d/.test(word) && /\p{L}/u.test(word) && word.length >= 4 && !isAmount,
      }
    })
}

interface Sharing {
  /** Among names of so many that its words tell a kind. */
  isShared: boolean
  /** No other name has these words in the question. */
  isOnly: boolean
}

/** "Fjell 2" of "Fjell 2 Tent": the words that its name begins with, in their order. */
function isBeginning({ product, words, spans }: Match): boolean {
  const named = nameWords(product).slice(0, words.length)
  const ordered = [...spans].every(([start], at) => at === 0 || start >= spans[at - 1]![0])
  return ordered && named.every(({ word }, at) => words[at]?.word === word)
}

const joint = /^[\s,，、]*(?:or|and|vs\.?|versus|than|和|与|跟|还是|或者?)\s*(?:the\s)?$/i

function isJoined(match: Match, other: Match, text: string): boolean {
  const [one, two] = [match, other].sort((a, b) => a.spans[0]![0] - b.spans[0]![0]) as [Match, Match]
  return joint.test(text.slice(one.spans.at(-1)![1], two.spans[0]![0]))
}

/** Whether what stands in the question is enough of the name to mean the product. */
function isEnough(match: Match, question: QuestionText, { isShared, isOnly }: Sharing): boolean {
  const { product, words, hasNoun, isWhole } = match
  if (words.some(({ isId }) => isId)) return true
  const isAmount = words.every(word => word.isAmount)
  if (isAmount && !isWhole && !(isOnly && words.some(({ word }) => /\d/.test(word)))) return false
  // "5000毫安的充电宝" is not that of 20000, the only other one.
  if (words.every(word => word.isNoun || word.isAmount) && isOfOtherAmount(product, question)) return false
  const informative = words.filter(word => word.isInformative)
  if (isWhole && (words.length > 1 || isWrittenOut(match, question))) return true
  const all = nameWords(product).filter(word => word.isInformative)
  if (informative.length === 0)
    return words.length > 1 && hasNoun && !isShared && isPointedAt(match, question)
  const mostWords = informative.length >= Math.ceil(all.length * 0.6)
  // "The Ember 40": a brand and the one word that tells which of its things.
  if (isBeginning(match) && words.length > 1 && informative.length > 0 && isOnly) return true
  if (words.length > 1) return mostWords || (hasNoun && !isShared)
  const [only] = words as [NameWord]
  if (isShared) return false
  if (isOnly && isSubject(match, question)) return true
  if (isPointedAt(match, question) || isProperName(only, question)) return true
  return mostWords && (isWhole || standsAlone(only.word, question))
}

/** Its name says another amount than the question does. */
function isOfOtherAmount({ name }: Product, { amounts }: QuestionText): boolean {
  if (amounts.length === 0) return false
  const own = quantities(name).filter(({ unit }) => unit !== null)
  const alike = amounts.filter(({ dimension }) => own.some(each => each.dimension === dimension))
  return alike.length > 0 && !alike.some(amount => own.some(each => isSameAmount(each, amount)))
}

/** "Hush One" says all of its name, though its second word says nothing by itself. */
function isWrittenOut({ spans }: Match, { text }: QuestionText): boolean {
  return spans.some(([start, end]) => /\S\s+\S/u.test(text.slice(start, end)))
}

/** "Is lavender safe for dogs?", "半自动的带磨豆机吗": what a question begins with is what it is about. */
function isSubject({ spans, words: [only] }: Match, { text }: QuestionText): boolean {
  const before = text.slice(0, spans[0]![0])
  if (/\p{Script=Han}/u.test(only!.word)) return nounPhrases.opening.test(before) && only!.word.length > 1
  return nounPhrases.opening.test(before) && !isEverydayWord(only!.word)
}

/** "Pico" is no word of the language: it can only be a name. */
function isProperName({ word }: NameWord, { words }: QuestionText): boolean {
  return (
    /^[a-z]{3,}$/i.test(word) &&
    !isKnownWord(word) &&
    words.some(other => other.word.toLowerCase() === word.toLowerCase())
  )
}

/** "The duffel", "your windbreaker": one that is known. */
function isPointedAt({ spans }: Match, { text }: QuestionText): boolean {
  return nounPhrases.definite.test(text.slice(Math.max(0, spans[0]![0] - 24), spans[0]![0]))
}

/** One word of a longer name may be an ordinary one ("Writing" of a desk): it must be written so, and as a name or beside nothing else. */
function standsAlone(word: string, { terms, text, words }: QuestionText): boolean {
  if (/\p{Script=Han}/u.test(word)) return word.length > 2
  if (!words.some(other => other.word.toLowerCase() === word.toLowerCase())) return false
  if (/^\p{Lu}/u.test(word) && text.indexOf(word) > 0) return true
  const own = new Set(tokenize(word))
  return [...terms].every(
    term => own.has(term) || isGeneralTerm(term) || isWeakTerm(term) || canonicalTerm(term).startsWith('='),
  )
}

/** Different names in turn, so that many of one do not crowd out the other. */
export function interleaveByName<T extends { name: string }>(products: readonly T[]): T[] {
  const groups = Map.groupBy(products, product => product.name)
  const longest = Math.max(0, ...Array.from(groups.values(), group => group.length))
  return Array.from({ length: longest }, (_, turn) =>
    [...groups.values()].flatMap(group => group[turn] ?? []),
  ).flat()
}
