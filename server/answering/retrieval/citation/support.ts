import type { Evidence } from '../evidence.ts'
import { kindOfMeaning, type Term } from '../lexicon/meanings.ts'
import { qualifiers } from '../lexicon/qualifiers.ts'
import { cellsBeside, isOfOthers, isTiedToOther } from './cells.ts'
import { dropsCondition, pairedPart, withConditions } from './conditions.ts'
import { clausesOf, type Fact, hasFigure, readSource, type Source, verbatim } from './facts.ts'
import { namesOther, withoutNames } from './source-names.ts'
import { readStatement, type Statement, withoutMarkup } from './statement.ts'
import { hasName, spelled } from './words.ts'

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
  const copied = copiedFrom(plain, sources) ?? copiedBehindName(plain, sources)
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

/** The source's own words. */
function copiedFrom(text: string, sources: readonly Source[]): Support | null {
  const written = verbatim(text)
  if (written.length < 4) return null
  for (const source of sources)
    for (const fact of source.facts)
      if (fact.verbatim === written) return { source, quote: shorten(fact.quote) }
  return copiedCells(text, sources)
}

/** "X-100: lasts 30 hours." of the source that is called X-100. */
function copiedBehindName(text: string, sources: readonly Source[]): Support | null {
  for (const source of sources) {
    const name = source.name.trim()
    const rest = name.length > 2 && text.startsWith(name) ? text.slice(name.length) : ''
    const copied = /^\s?[:：]/.test(rest) ? copiedFrom(rest.replace(/^\s?[:：]\s*/, ''), [source]) : null
    if (copied) return copied
  }
  return null
}

const cellEnd = /[;；]\s*/

/** Cells of one row, each as it stands there. */
function copiedCells(text: string, sources: readonly Source[]): Support | null {
  const written = text.split(cellEnd).map(verbatim).filter(Boolean)
  if (written.length < 2) return null
  for (const source of sources)
    for (const first of source.facts) {
      if (first.label === null || first.verbatim !== written[0]) continue
      const row = source.facts.filter(fact => fact.row === first.row && fact.label !== null)
      const cells = written.map(cell => row.find(fact => fact.verbatim === cell))
      const quotes = new Set(cells.map(cell => cell?.quote))
      if (!cells.includes(undefined)) return { source, quote: shorten([...quotes].join('; ')) }
    }
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

function shorten(quote: string): string {
  if (quote.length <= quoteMax) return quote
  const cut = quote.slice(0, quoteMax - 1)
  const blank = cut.lastIndexOf(' ')
  return `${(blank > quoteMax / 2 ? cut.slice(0, blank) : cut).replace(/[\ud800-\udbff]$/, '')}…`
}
