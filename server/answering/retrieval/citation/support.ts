import type { Evidence } from '../evidence.ts'
import { canonicalTerm } from '../lexicon/attributes.ts'
import { clauseBreaks } from '../lexicon/clauses.ts'
import { equivalentsIn } from '../lexicon/equivalents.ts'
import { informativeTerms, isGeneralTerm } from '../lexicon/informative.ts'
import { stating } from '../lexicon/stating.ts'
import { type Quantity, sameQuantity } from '../text/quantities.ts'
import { sentences } from '../text/sentences.ts'
import { tokenize } from '../text/tokens.ts'
import { contradicts } from './polarity.ts'
import { type Figure, readStatement, type Statement } from './statement.ts'

/** A passage made ready to check sentences against. */
export interface Source {
  name: string
  /** Its sentences: what a number is said of is judged against all of them. */
  sentences: Window[]
  /** Clauses, and runs of two and three sentences; made when first needed. */
  parts(): Window[]
  title: ReadonlySet<string>
}

interface Window {
  statement: Statement
  terms: ReadonlySet<string>
  /** Every letter and digit in a row, for names written apart or together. */
  compact: string
  quote: string
  /** Title and quote, lower case. */
  plain: string
  /** One sentence or clause. */
  single: boolean
}

const quoteMax = 300
/** Of a passage: one of a thousand characters has some twenty; of more fragments than these nothing can be quoted. */
const sentencesMax = 80
/** The least share of what a sentence says that its source must say in the same words; without a number only words tell. */
const minOverlap = 0.45
const minOverlapWithoutNumber = 0.6

/** A source's title, as names are looked for in it. */
interface Name {
  plain: string
  compact: string
}

export function readSource(evidence: Pick<Evidence, 'title' | 'text'>): Source {
  const title = new Set([...tokenize(evidence.title), ...informativeTerms(evidence.title)])
  const texts = sentences(evidence.text).slice(0, sentencesMax)
  const name: Name = { plain: evidence.title.toLowerCase(), compact: compact(evidence.title) }
  let parts: Window[] | undefined
  return {
    name: evidence.title,
    title,
    sentences: texts.map(text => windowOf(text, name, true)),
    parts() {
      parts ??= partsOf(texts, name)
      return parts
    },
  }
}

function partsOf(texts: string[], title: Name): Window[] {
  const found: Window[] = []
  for (const text of texts) {
    const clauses = text.split(clauseBreaks.quote).filter(clause => clause.trim().length > 3)
    if (clauses.length < 2 || clauses.length > 8) continue
    for (const clause of clauses) found.push(windowOf(clause.trim(), title, true))
  }
  for (const size of [2, 3])
    for (let at = 0; at + size <= texts.length; at++) {
      const text = texts.slice(at, at + size).join(/\p{Script=Han}/u.test(texts[at]!) ? '' : ' ')
      if (text.length <= 2 * quoteMax) found.push(windowOf(text, title, false))
    }
  return found
}

function windowOf(quote: string, title: Name, single: boolean): Window {
  const statement = readStatement(quote)
  const terms = new Set([...tokenize(quote), ...statement.terms])
  return {
    statement,
    terms,
    compact: `${title.compact}|${compact(quote)}`,
    quote,
    plain: `${title.plain}\n${quote.toLowerCase()}`,
    single,
  }
}

/** Whether what the sentence says is said by the source: fails when a number, unit, name or negation differs. Pure. */
export function supports(sentence: string, evidence: Evidence): boolean {
  return supportingQuote(sentence, readSource(evidence)) !== null
}

/** The passage of the source that supports the sentence, at most about 300 characters; null where none does. */
export function supportingQuote(sentence: string, source: Source): string | null {
  const { rest, named } = withoutTitle(sentence, source.name)
  const claim = readStatement(rest)
  // "MacBook Pro [1]" claims nothing but the name.
  if (!saysSomething(claim)) return named && source.sentences[0] ? shorten(source.sentences[0].quote) : null
  // A number that the source does not have is the commonest fault and the quickest found.
  const known = claim.figures.every(figure => source.sentences.some(window => hasFigure(figure, window)))
  if (!known || claim.figures.some(figure => isSaidOfAnother(figure, source.sentences))) return null
  const whole = bestWindow(claim, source)
  if (whole) return shorten(whole.quote)
  return supportByClauses(claim, source)
}

/** The source's own name, digits and all, says nothing that could be wrong. */
function withoutTitle(sentence: string, title: string): { rest: string; named: boolean } {
  const at = title.trim().length < 3 ? -1 : sentence.toLowerCase().indexOf(title.trim().toLowerCase())
  if (at < 0) return { rest: sentence, named: false }
  const end = at + title.trim().length
  const apart =
    !/[\p{L}\p{N}]$/u.test(sentence.slice(0, at)) || /\p{Script=Han}$/u.test(sentence.slice(0, at))
  const ends = !/^[A-Za-z0-9]/.test(sentence.slice(end))
  if (!apart || !ends) return { rest: sentence, named: false }
  return { rest: `${sentence.slice(0, at)} ${sentence.slice(end)}`, named: true }
}

function saysSomething(claim: Statement): boolean {
  return claim.figures.length + claim.names.length + claim.terms.size > 0
}

/** "It costs €999, weighs 1.3 kg and has 8 GB": facts that stand apart in the source support their clause each. */
function supportByClauses(claim: Statement, source: Source): string | null {
  const clauses = claim.text
    .split(clauseBreaks.claim)
    .map(clause => readStatement(clause))
    .filter(saysSomething)
  if (clauses.length < 2) return null
  const quotes = new Set<string>()
  for (const clause of clauses) {
    const window = bestWindow(clause, source)
    if (!window) return null
    quotes.add(window.quote)
  }
  return shorten([...quotes].join(claim.chinese ? '' : ' '))
}

interface Choice {
  best: Window | null
  score: number
  /** How near a sentence that says the opposite comes. */
  denial: number
}

/** A denial must come this much nearer to count against what was found. */
const denialMargin = 0.05

/** The window that says it best; none when a sentence that says the opposite comes nearer. */
function bestWindow(claim: Statement, source: Source): Window | null {
  const whole = choose(claim, source.sentences, source.title)
  if (whole.best && whole.denial <= whole.score + denialMargin) return whole.best
  const part = choose(claim, source.parts(), source.title)
  const { best, score } = part.score > whole.score ? part : whole
  return Math.max(whole.denial, part.denial) > score + denialMargin ? null : best
}

function choose(claim: Statement, windows: Window[], title: ReadonlySet<string>): Choice {
  const choice: Choice = { best: null, score: 0, denial: 0 }
  const threshold = claim.figures.length > 0 ? minOverlap : minOverlapWithoutNumber
  for (const window of windows) {
    const score = overlap(claim, window, title)
    if (score < threshold) continue
    // A little for brevity: the shorter of two that say the same is the better quote.
    const adjusted = score - window.quote.length / 100_000
    if (!samePolarity(claim, window)) choice.denial = Math.max(choice.denial, window.single ? adjusted : 0)
    else if (adjusted > choice.score && hasParts(claim, window, title)) {
      choice.best = window
      choice.score = adjusted
    }
  }
  return choice
}

function hasParts(claim: Statement, window: Window, title: ReadonlySet<string>): boolean {
  return (
    claim.figures.every(figure => hasFigure(figure, window)) &&
    claim.names.every(name => hasName(name, window, title)) &&
    equivalentsIn(claim.text).every(group => group.some(word => window.plain.includes(word))) &&
    // "All items" is more than a source with exceptions says.
    !(stating.universal.test(claim.text) && stating.exception.test(window.quote))
  )
}

function samePolarity(claim: Statement, window: Window): boolean {
  const { polarity } = window.statement
  if (crossing(claim, window)) return claim.polarity.denies === polarity.denies
  return !contradicts(claim.polarity, polarity, !window.single)
}

/**
 * Weighted share of the claim's terms and numbers that the window has; what only the title has counts for neither side.
 * Between languages, numbers and names decide.
 */
function overlap(claim: Statement, window: Window, title: ReadonlySet<string>): number {
  // Both must be there anyway (hasParts).
  const sure = 2 * claim.figures.length + claim.names.length
  let shared = 0
  let missing = 0
  for (const term of claim.terms) {
    if (window.terms.has(term)) shared += 1
    else if (!(title.has(term) || isGeneralTerm(term))) missing += 1
  }
  const terms = shared + missing
  if (crossing(claim, window)) return claim.figures.length + claim.names.length > 0 ? 0.6 + shared / 100 : 0
  if (terms + sure === 0) return 1
  if (terms > 0 && shared === 0) return 0
  return (shared + sure) / (terms + sure)
}

function crossing(claim: Statement, window: Window): boolean {
  return claim.chinese !== window.statement.chinese && (claim.chinese || /[\u4e00-\u9fff]/.test(window.quote))
}

function hasFigure(claim: Figure, window: Window): boolean {
  return window.statement.figures.some(figure => {
    if (claim.limit && figure.limit && claim.limit !== figure.limit) return false
    if (sameQuantity(claim.quantity, figure.quantity)) return true
    // "The weight is 1.37": a bare number counts where the source names the same thing with its unit.
    return (
      claim.quantity.dimension === null &&
      claim.quantity.amount === figure.quantity.amount &&
      shareTerm(claim.about, figure.about)
    )
  })
}

function shareTerm(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const term of a) if (b.has(term)) return true
  return false
}

/**
 * "256 GB of RAM" where the source has 8 GB RAM and 256 GB SSD: a number counts only for what it is said of. True when a
 * word beside the number is said, in the source, of other numbers of its kind, and not of this one.
 */
function isSaidOfAnother({ quantity, about }: Figure, sentences: Window[]): boolean {
  const same = (figure: Figure) => sameQuantity(quantity, figure.quantity)
  const stated = sentences
    .map(({ statement: { figures, terms } }) => ({
      terms,
      kin: figures.filter(figure => comparable(quantity, figure.quantity)),
    }))
    .filter(({ kin }) => kin.length > 0)
  for (const term of about) {
    let elsewhere = false
    let here = false
    for (const { terms, kin } of stated) {
      const tied = kin.filter(figure => figure.about.has(term))
      if (tied.length > 0 ? tied.some(same) : terms.has(term) && kin.some(same)) here = true
      else if (tied.length > 0) elsewhere = true
    }
    if (elsewhere && !here) return true
  }
  return false
}

function comparable(a: Quantity, b: Quantity): boolean {
  if (a.dimension === b.dimension) return true
  const spans = ['time', 'workdays', 'months']
  return (
    (spans.includes(a.dimension ?? '') && spans.includes(b.dimension ?? '')) ||
    (a.dimension?.startsWith('currency') === true && b.dimension?.startsWith('currency') === true)
  )
}

function hasName(name: string, window: Window, title: ReadonlySet<string>): boolean {
  if (/^\p{Lu}{2,6}$/u.test(name) && tokenize(name)[0] !== name.toLowerCase())
    return new RegExp(`(?<![\\p{L}\\p{N}])${name}(?![\\p{L}\\p{N}])`, 'iu').test(window.plain)
  const terms = tokenize(name)
  if (!/\s/.test(name) && terms.every(term => window.terms.has(term) || title.has(term))) return true
  const general = terms.length === 1 ? canonicalTerm(terms[0]!) : ''
  if (general !== terms[0] && window.terms.has(general)) return true
  if (!/\d/.test(name)) return false
  // "XPS13" for "XPS 13", and "Windows 10" in its order; no digit may follow or "MX15" would be in "MX150".
  const target = compact(name)
  for (let at = window.compact.indexOf(target); at >= 0; at = window.compact.indexOf(target, at + 1))
    if (
      !/\d/.test(window.compact[at + target.length] ?? '') &&
      !/\d/.test(at > 0 && /^\d/.test(target) ? window.compact[at - 1]! : '')
    )
      return true
  return false
}

function compact(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

function shorten(quote: string): string {
  if (quote.length <= quoteMax) return quote
  const cut = quote.slice(0, quoteMax - 1)
  const blank = cut.lastIndexOf(' ')
  return `${(blank > quoteMax / 2 ? cut.slice(0, blank) : cut).replace(/[\ud800-\udbff]$/, '')}…`
}
