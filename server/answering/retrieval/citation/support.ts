import type { Evidence } from '../evidence.ts'
import { canonicalTerm } from '../lexicon/attributes.ts'
import { kindOfMeaning, type Term } from '../lexicon/meanings.ts'
import { qualifiers } from '../lexicon/qualifiers.ts'
import { tokenize } from '../text/tokens.ts'
import {
  clausesOf,
  compact,
  type Fact,
  hasFigure,
  type Licence,
  readSource,
  type Source,
  verbatim,
} from './facts.ts'
import { type Figure, isComparable, saysFigure } from './figures.ts'
import { readStatement, type Statement, withoutMarkup } from './statement.ts'

export { readSource, type Source } from './facts.ts'

/** About how long a quote is at most. */
export const quoteMax = 300
/** The greatest share of what a clause says that its source need not say in words that are known to mean the same. */
const unsaidMax = 0.18

/** Whether what the sentence says is said by the source. Pure. */
export function supports(sentence: string, evidence: Evidence): boolean {
  return supportedBy(sentence, [readSource(evidence)]) !== null
}

/** A source's passage that says what a sentence does, at most about 300 characters. */
export interface Support {
  source: Source
  quote: string
}

/**
 * What supports a sentence: each of its clauses must be said by one fact of one of the sources, with what stands around that
 * (its label, its row, its heading), and nothing may be added. Null where one is not.
 */
export function supportedBy(sentence: string, sources: readonly Source[]): Support[] | null {
  if (!/[\p{L}\p{N}]/u.test(sentence)) return null
  const plain = withoutMarkup(sentence)
  const copied = copiedFrom(plain, sources)
  if (copied) return [copied]
  const text = withoutNames(plain.replace(qualifiers.answer, ''), sources)
  const clauses = clausesOf(text).map(readStatement).filter(saysSomething)
  if (clauses.length === 0) return namedOnly(plain, sources)
  const found = new Map<Source, Set<string>>()
  const whole = readStatement(text)
  inheritDays(clauses)
  let row: Row | null = null
  for (const group of withConditions(clauses)) {
    const match = bestFact(group, sources, row)
    if (!match || dropsCondition(match.fact, group[0]!, whole)) return null
    if (match.fact.key) row = { source: match.source, row: match.fact.row }
    const quotes = found.get(match.source) ?? new Set()
    found.set(match.source, quotes.add(match.fact.quote))
  }
  return [...found].map(([source, quotes]) => ({
    source,
    quote: shorten([...quotes].join(whole.isChinese ? '' : ' ')),
  }))
}

/** Said with any number: heavy only where the source says them of another. */
const measures = new Set([
  '=width',
  '=height',
  '=depth',
  '=length',
  '=thickness',
  '=size',
  '=colour',
  '=price',
  '=weight',
  '=category',
])

/** Stands for the name of the source of that number, whose digits and words say nothing that could be wrong. */
const nameSign = (at: number) => String.fromCharCode(0xe000 + (at % 0x1000))

function withoutNames(text: string, sources: readonly Source[]): string {
  let rest = text
  for (const [at, { name }] of [...sources.entries()].sort(([, a], [, b]) => b.name.length - a.name.length)) {
    const found = name.trim().length < 3 ? -1 : rest.toLowerCase().indexOf(name.trim().toLowerCase())
    if (found < 0) continue
    const end = found + name.trim().length
    const isWhole =
      /(?:^|[^\p{L}\p{N}]|\p{Script=Han})$/u.test(rest.slice(0, found)) &&
      !/^[A-Za-z0-9]/.test(rest.slice(end))
    if (isWhole) rest = `${rest.slice(0, found)} ${nameSign(at)} ${rest.slice(end)}`
  }
  return rest
}

/** Whether a clause names a source other than this one, and not this one. */
function namesOther({ text }: Statement, source: Source, sources: readonly Source[]): boolean {
  if (!/[\ue000-\uefff]/.test(text)) return false
  return (
    !text.includes(nameSign(sources.indexOf(source))) && sources.some((_, at) => text.includes(nameSign(at)))
  )
}

/** The source's own words. */
function copiedFrom(text: string, sources: readonly Source[]): Support | null {
  const written = verbatim(text)
  if (written.length < 4) return null
  for (const source of sources)
    for (const fact of source.facts)
      if (fact.verbatim === written) return { source, quote: shorten(fact.quote) }
  return null
}

/** "On Sunday it opens at 9 and closes at 5": both are of Sunday. */
function inheritDays(clauses: Statement[]) {
  for (const [at, clause] of clauses.entries()) {
    const before = clauses[at - 1]
    const isTime = clause.figures.some(({ quantity }) => quantity.dimension === 'clock')
    if (before && isTime && clause.days + clause.months === 0)
      Object.assign(clause, { days: before.days, months: before.months })
  }
}

/** A clause and its condition speak of one thing. */
function withConditions(clauses: readonly Statement[]): Statement[][] {
  const groups: Statement[][] = []
  let leads = false
  for (const clause of clauses) {
    const isCondition = clause.text.search(qualifiers.condition) === 0
    const last = groups.at(-1)
    if (last && (isCondition || leads)) last.push(clause)
    else groups.push([clause])
    leads = isCondition && !leads && last === undefined
  }
  return groups
}

function saysSomething({ figures, names, terms, days, months }: Statement): boolean {
  return figures.length + names.length + days + months > 0 || terms.some(({ isCarrying }) => !isCarrying)
}

/** "MacBook Pro [1]" claims nothing but the name. */
function namedOnly(text: string, sources: readonly Source[]): Support[] | null {
  const named = sources.filter(
    ({ name, facts }) =>
      name.trim().length > 2 && facts.length > 0 && text.toLowerCase().includes(name.toLowerCase()),
  )
  return named.length > 0 ? named.map(source => ({ source, quote: shorten(source.facts[0]!.quote) })) : null
}

interface Match {
  source: Source
  fact: Fact
  score: number
}

interface Row {
  source: Source
  row: number
}

/** The fact that says all the clauses best. */
function bestFact(clauses: readonly Statement[], sources: readonly Source[], row: Row | null): Match | null {
  let best: Match | null = null
  for (const source of sources)
    for (const fact of source.facts) {
      const isOtherRow = row !== null && fact.key !== null && row.source === source && row.row !== fact.row
      if (isOtherRow && !clauses.some(clause => namesRow(clause, fact))) continue
      const scores = clauses.map(clause => scoreOf(clause, fact, source, sources))
      if (scores.includes(null)) continue
      const score = scores.reduce<number>((sum, each) => sum + each!, 0)
      if (!best || score > best.score) best = { source, fact, score }
    }
  return best
}

function namesRow({ terms, names, figures }: Statement, { key }: Fact): boolean {
  return (
    key !== null &&
    (terms.some(({ id, isCarrying }) => !isCarrying && key.ids.has(id)) ||
      names.some(name => hasName(name, [key])) ||
      figures.some(figure => hasFigure(key.figures, figure)))
  )
}

/** What is said less what is not, or null where the fact does not support the clause. */
function scoreOf(clause: Statement, fact: Fact, source: Source, sources: readonly Source[]): number | null {
  if (namesOther(clause, source, sources)) return null
  const cells = cellsBeside(clause, fact, source)
  if (!cells) return null
  const own = [fact, ...cells].flatMap(each => (each.isMark ? [each.own, each.label!] : [each.own]))
  const near = [...own, fact.key, ...[fact, ...cells].map(({ label }) => label)].filter(each => each !== null)
  const all = [...near, source.context, ...(fact.before ? [fact.before] : [])]
  let supported = 0
  let anchored = 0
  const figures = near.flatMap(each => each.figures)
  for (const figure of clause.figures) {
    if (!hasFigure(figures, figure)) {
      if (!hasFigure(source.context.figures, figure)) return null
      continue
    }
    if (own.some(({ figures }) => isTiedToOther(figure, figures)) || isOfOthers(figure, figures)) return null
    supported += 2
    anchored += 2
  }
  for (const name of clause.names) {
    if (!hasName(name, all)) return null
    supported += 1
    if (hasName(name, own)) anchored += 1
  }
  if (
    !coversAll(
      clause.days,
      all.map(({ days }) => days),
    ) ||
    !coversAll(
      clause.months,
      all.map(({ months }) => months),
    )
  )
    return null
  if (clause.days + clause.months > 0) {
    supported += 1
    anchored += 1
  }
  if (!qualifies(clause, fact)) return null
  const crossing = clause.isChinese !== fact.isChinese
  let unsaid = 0
  for (const term of distinct(clause.terms)) {
    const weight = term.isCarrying ? 0.3 : 1
    if (near.some(({ ids }) => ids.has(term.id)) || spelled(term.id, near) === 1) {
      supported += weight
      if (own.some(({ ids }) => ids.has(term.id)) || spelled(term.id, own) === 1) anchored += weight
    } else if (isImplied(term, clause)) supported += weight / 2
    else if (
      all.some(({ ids }) => ((ids.get(term.id) ?? 0) & (term.isDenied ? 2 : 1)) > 0) ||
      spelled(term.id, all) === 1
    )
      supported += weight / 2
    else if (isOffer(term, clause)) continue
    else if (term.isCarrying) continue
    else if (spelled(term.id, all) > 0) supported += weight / 4
    else if (crossing && !term.id.startsWith('=')) continue
    else
      unsaid +=
        (term.id.startsWith('=') && !measures.has(term.id)) || isElsewhere(term.id, fact, sources) ? 3 : 1
  }
  if (anchored === 0 || supported < 1 || !isFreeItself(clause, fact)) return null
  if (unsaid > unsaidMax * (supported + unsaid)) return null
  return pairedPart(clause, fact).isOpposite
    ? null
    : anchored + supported / 10 - unsaid - fact.quote.length / 100_000
}

/** What is free must be named, not only the heading it stands under. */
function isFreeItself(clause: Statement, { own, label }: Fact): boolean {
  const ids = distinct(clause.terms).map(({ id }) => id)
  if (!ids.includes('=free')) return true
  const subjects = [...own.ids.keys(), ...(label?.ids.keys() ?? [])].filter(
    id => id !== '=free' && id !== '=include',
  )
  return subjects.length === 0 || ids.some(id => subjects.includes(id))
}

function distinct(terms: readonly Term[]): Term[] {
  return [...new Map(terms.map(term => [term.id, term])).values()]
}

/** Cells of the same row, or of the same product, that the clause names as well, by their numbers or their labels; null where its numbers are not the fact's. */
function cellsBeside(clause: Statement, fact: Fact, source: Source): Fact[] | null {
  if (!fact.label) return []
  const others = clause.figures.filter(figure => !hasFigure(fact.own.figures, figure))
  if (
    others.length > 0 &&
    others.length === clause.figures.length &&
    !others.every(figure => hasFigure(outer(fact, source), figure))
  )
    return null
  const row = source.facts.filter(({ row, label }) => row === fact.row && label !== null)
  const named = namedIn(row, clause)
  const isOwn = others.length < clause.figures.length || named.includes(fact)
  return row.filter(
    other =>
      other !== fact &&
      (others.some(figure => hasFigure(other.own.figures, figure)) ||
        (isOwn && other.label!.plain !== fact.label!.plain && named.includes(other))),
  )
}

/** Cells of a row that a clause names and says the value of: "color Black, Navy". */
function namedIn(row: readonly Fact[], { terms, isDenied }: Statement): Fact[] {
  const labels = terms.map(({ id, isCarrying }) =>
    row.filter(({ label }) => label!.ids.has(id) && (!isCarrying || label!.ids.size === 1)),
  )
  return [...new Set(labels.flat())].filter(cell => {
    if (cell.isMark || cell.condition || cell.clauses.some(part => part.isDenied !== isDenied)) return false
    let isBehind = false
    let says = false
    for (const [at, term] of terms.entries()) {
      // Up to the label of the next.
      if (labels[at]!.length > 0) isBehind = labels[at]!.includes(cell)
      else if (!isBehind) continue
      else if (saysTerm(cell, term)) says = true
      else if (row.some(other => saysTerm(other, term))) return false
    }
    return says
  })
}

function saysTerm({ own }: Fact, { id, isDenied }: Term): boolean {
  return ((own.ids.get(id) ?? 0) & (isDenied ? 2 : 1)) > 0
}

/** The numbers around a fact. */
function outer({ label, key }: Fact, { context }: Source): Figure[] {
  return [label, key, context].flatMap(each => each?.figures ?? [])
}

/** "256 GB of RAM" where the source has 8 GB RAM and 256 GB SSD: a word beside the number is said of another of its kind. */
function isTiedToOther(claim: Figure, figures: readonly Figure[]): boolean {
  const kin = figures.filter(figure => isComparable(figure, claim))
  if (kin.length < 2) return false
  for (const term of claim.about) {
    const tied = kin.filter(figure => figure.about.has(term))
    if (tied.length > 0 && !tied.some(figure => saysFigure(figure, claim))) return true
  }
  return false
}

/** "UK 11" where 11 is the US size in the row of UK 10: what is said of it is said of others of its kind only. */
function isOfOthers(claim: Figure, figures: readonly Figure[]): boolean {
  const tied = figures.filter(
    figure => isComparable(figure, claim) && [...claim.about].some(term => figure.about.has(term)),
  )
  return tied.length > 0 && !hasFigure(tied, claim)
}

function coversAll(claimed: number, known: number[]): boolean {
  return (claimed & ~known.reduce((all, each) => all | each, 0)) === 0
}

/** All, only, and what compares must be the source's. */
function qualifies(clause: Statement, fact: Fact): boolean {
  if (clause.isUniversal && (!fact.isUniversal || fact.hasException)) return false
  if (clause.isExclusive && !fact.isExclusive) return false
  return clause.compared.every(word => fact.own.plain.includes(word) || fact.label?.plain.includes(word))
}

const impliedByUnit: Readonly<Record<string, string>> = {
  mass: '=weight',
  light: '=brightness',
  power: '=power',
  charge: '=battery',
}

/** A kilogram is a weight, an amount of money is a price, black is a colour, M is a size. */
function isImplied({ id }: Term, { figures, terms, names }: Statement): boolean {
  if (id === '=colour' || id === '=material') return terms.some(term => kindOfMeaning(term.id) === id)
  if (id === '=size') return names.some(name => /^(?:X{0,3}[SL]|\dXL|M|NB)$/.test(name))
  return figures.some(({ quantity: { dimension } }) =>
    dimension === 'clock'
      ? id === '=open'
      : dimension?.startsWith('currency')
        ? id === '=price' || id === '=fee' || id === '=payment'
        : impliedByUnit[dimension ?? ''] === id,
  )
}

/** "Available in black", "in size M": that it can be had goes without saying. */
function isOffer({ id, isDenied }: Term, clause: Statement): boolean {
  if (id !== '=available' || isDenied || clause.isDenied) return false
  return (
    clause.terms.some(term => term.id !== id && !term.isCarrying) ||
    clause.figures.length + clause.names.length > 0
  )
}

function isElsewhere(id: string, fact: Fact, sources: readonly Source[]): boolean {
  return sources.some(({ facts }) =>
    facts.some(
      other =>
        other !== fact &&
        (other.own.ids.has(id) || other.label?.ids.has(id) || spelled(id, [other.own]) === 1),
    ),
  )
}

const han = /^\p{Script=Han}+$/u

/** Chinese words by their signs: 1 where they stand as written, less where only all their signs do. */
function spelled(id: string, licences: readonly Licence[]): number {
  if (!han.test(id)) return 0
  if (licences.some(({ plain }) => plain.includes(id))) return 1
  return id.length > 1 && [...id].every(sign => licences.some(({ plain }) => plain.includes(sign))) ? 0.5 : 0
}

/** A part of a fact that is a condition must share this much more to be what a clause without one speaks of. */
const conditionMargin = 3

/** The part of a fact that speaks of the same as a clause, and whether it says the opposite. */
function pairedPart(clause: Statement, fact: Fact): { index: number; isOpposite: boolean } {
  let greatest = -1
  const paired = { index: 0, isOpposite: false }
  const claimed = signsOf(clause.terms)
  const isConditional = clause.text.search(qualifiers.condition) === 0
  for (const [index, part] of fact.clauses.entries()) {
    const known = signsOf(part.terms)
    let shared = 0
    let flips = 0
    let flipped = -1
    for (const [id, { signs, weight, start }] of claimed) {
      const other = known.get(id)?.signs ?? (han.test(id) && part.text.includes(id) ? 1 : 0)
      if (other === 0) continue
      shared += weight
      if (signs + other !== 3 || start === flipped || id === '=allow') continue
      flips++
      flipped = start
    }
    if (qualifiers.elliptic.test(part.text)) shared -= 0.5
    // What holds comes before on what condition.
    if (shared > 0 && !isConditional && part.text.search(qualifiers.condition) !== 0)
      shared += conditionMargin
    shared += clause.figures.filter(figure => hasFigure(part.figures, figure)).length
    const opposite = (Number(part.isDenied !== clause.isDenied) + flips) % 2 === 1
    if (shared > greatest || (shared === greatest && !opposite)) {
      greatest = shared
      Object.assign(paired, { index, isOpposite: opposite })
    }
  }
  return paired
}

interface Signs {
  signs: number
  weight: number
  start: number
}

/** By meaning: 1 as said, 2 as denied, 3 both, which tells nothing. */
function signsOf(terms: readonly Term[]): Map<string, Signs> {
  const found = new Map<string, Signs>()
  for (const { id, isDenied, isCarrying, start } of terms)
    found.set(id, {
      signs: (found.get(id)?.signs ?? 0) | (isDenied ? 2 : 1),
      weight: isCarrying ? 0.2 : 1,
      start,
    })
  return found
}

/** A sentence names a condition that says at least this much of it. */
const conditionShare = 0.35

/** Whether the fact holds on a condition that the sentence says nothing of. */
function dropsCondition(fact: Fact, clause: Statement, claim: Statement): boolean {
  const restriction = fact.restrictions[pairedPart(clause, fact).index] ?? null
  return [fact.condition, restriction].some(condition => condition !== null && !names(claim, condition))
}

function names(claim: Statement, condition: Licence): boolean {
  if (claim.figures.some(figure => hasFigure(condition.figures, figure))) return true
  const ids = new Set(claim.terms.map(({ id }) => id))
  const known = [...condition.ids.keys()]
  const named = known.filter(id => ids.has(id) || (han.test(id) && claim.text.includes(id)))
  return known.length + condition.figures.length === 0 || named.length > known.length * conditionShare
}

function hasName(name: string, licences: readonly Licence[]): boolean {
  return (
    licences.some(licence => licensesName(name, licence)) ||
    (/\s/.test(name) === false &&
      tokenize(name).every(term => licences.some(({ tokens }) => tokens.has(term))) &&
      !/^\p{Lu}{1,6}$/u.test(name))
  )
}

function licensesName(name: string, { tokens, letters, plain, compact: row, ids }: Licence): boolean {
  if (name.length === 1) return letters.has(name)
  if (/^\p{Lu}{2,6}$/u.test(name) && tokenize(name)[0] !== name.toLowerCase())
    return hasWord(plain, name.toLowerCase())
  const terms = tokenize(name)
  if (!/\s/.test(name) && terms.every(term => tokens.has(term))) return true
  const general = terms.length === 1 ? canonicalTerm(terms[0]!) : ''
  if (general !== terms[0] && ids.has(general)) return true
  if (!/\d/.test(name)) return false
  // "XPS13" for "XPS 13", and "Windows 10" in its order; no digit may follow or "MX15" would be in "MX150".
  const target = compact(name)
  for (let at = row.indexOf(target); at >= 0; at = row.indexOf(target, at + 1))
    if (
      !/\d/.test(row[at + target.length] ?? '') &&
      !/\d/.test(at > 0 && /^\d/.test(target) ? row[at - 1]! : '')
    )
      return true
  return false
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!/[\p{L}\p{N}]/u.test(text[at - 1] ?? '') && !/[\p{L}\p{N}]/u.test(text[at + word.length] ?? ''))
      return true
  return false
}

function shorten(quote: string): string {
  if (quote.length <= quoteMax) return quote
  const cut = quote.slice(0, quoteMax - 1)
  const blank = cut.lastIndexOf(' ')
  return `${(blank > quoteMax / 2 ? cut.slice(0, blank) : cut).replace(/[\ud800-\udbff]$/, '')}…`
}
