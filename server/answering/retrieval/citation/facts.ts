import type { Evidence } from '../evidence.ts'
import { qualifiers } from '../lexicon/qualifiers.ts'
import { sentences } from '../text/sentences.ts'
import { tokenize } from '../text/tokens.ts'
import { unitNamed } from '../text/units.ts'
import { type Figure, saysFigure } from './figures.ts'
import { readStatement, type Statement, withoutMarkup } from './statement.ts'

/** The words a part of a source licenses a sentence to use. */
export class Licence {
  /** Meanings and stems: 1 as said, 2 as denied, 3 both. */
  readonly ids = new Map<string, number>()
  readonly tokens = new Set<string>()
  /** Every letter and digit in a row, for names written apart or together. */
  compact = ''
  plain = ''
  readonly letters = new Set<string>()
  figures: Figure[] = []
  days = 0
  months = 0

  add(statement: Statement, raw: string): this {
    for (const { id, isDenied } of statement.terms)
      this.ids.set(id, (this.ids.get(id) ?? 0) | (isDenied ? 2 : 1))
    for (const token of tokenize(raw)) this.tokens.add(token)
    for (const [letter] of raw.matchAll(/(?<![\p{Script=Latin}\d'’])[A-Z](?![\p{Script=Latin}\d])/gu))
      this.letters.add(letter)
    this.compact += `|${compact(raw)}`
    this.plain += `\n${raw.toLowerCase()}`
    this.figures = [...this.figures, ...statement.figures]
    this.days |= statement.days
    this.months |= statement.months
    return this
  }
}

/** One thing a source says: a sentence, a line, or a cell of a row. */
export interface Fact {
  quote: string
  /** As `verbatim` makes it. */
  verbatim: string
  /** What it says itself, without its label. */
  own: Licence
  /** The label in front of its colon. */
  label: Licence | null
  /** A yes or no to what its label says; "Stock: 0" is one. */
  isMark: boolean
  /** Of a table's row: what its first cell says. */
  key: Licence | null
  /** The sentence before, where this one leans on it. */
  before: Licence | null
  /** The row it stands in, else its own number. */
  row: number
  /** Its parts, for what is denied and on what condition. */
  clauses: Statement[]
  condition: Licence | null
  /** Of each of its parts. */
  restrictions: (Licence | null)[]
  isChinese: boolean
  isUniversal: boolean
  isExclusive: boolean
  hasException: boolean
}

/** A passage made ready to check sentences against. */
export interface Source {
  name: string
  /** Title and headings. */
  context: Licence
  facts: Fact[]
}

/** Of a passage: one of a thousand characters has some twenty; of more fragments than these nothing can be quoted. */
const factsMax = 160

export function readSource(evidence: Pick<Evidence, 'title' | 'text' | 'source'>): Source {
  const facts: Fact[] = []
  const lines = evidence.text.split('\n').filter(line => line.trim())
  const isRecord = evidence.source === 'product'
  for (const [row, line] of lines.entries()) {
    if (facts.length >= factsMax) break
    if (isRow(line)) facts.push(...factsOfRow(line, row))
    else facts.push(...factsOfLine(line, isRecord ? 0 : row))
  }
  return {
    name: evidence.title,
    context: new Licence().add(readStatement(evidence.title), evidence.title),
    facts,
  }
}

const cellBreak = /[;；]\s*/
const labelled = /^[^:：.。!?！？]{1,60}(?:：|:(?!\d))\s*\S/u

function isRow(line: string): boolean {
  const cells = line.split(cellBreak)
  return cells.length > 1 && cells.filter(cell => labelled.test(cell)).length > 1
}

function split(cell: string): [label: string, value: string] {
  const at = cell.search(/：|:(?!\d)/)
  return at < 0 ? ['', cell] : [cell.slice(0, at), cell.slice(at + 1).trim()]
}

function factsOfRow(line: string, row: number): Fact[] {
  const cells = line.split(cellBreak)
  const key = new Licence().add(readStatement(cells[0]!), cells[0]!)
  return cells.map(cell => {
    const [label, value] = split(cell)
    return factOf({ text: cell, value, label, row, quote: line, key })
  })
}

function factsOfLine(line: string, row: number): Fact[] {
  const clean = withoutMarkup(line)
  if (labelled.test(clean)) {
    const [label, value] = split(clean)
    const parts = value.split(/[,，;；]\s*(?=\p{Lu}|\p{Script=Han}|\d)/u)
    const counted = parts.filter(part => /\d/.test(part)).length > 1 && parts.length < 30
    if (counted && parts.every(part => /\p{L}/u.test(part) && /\d/.test(part)))
      return parts.map(part => factOf({ text: `${label}: ${part}`, value: part, label, row, quote: clean }))
    const [first, ...others] = sentences(value)
    return [
      factOf({
        text: `${label}: ${first ?? value}`,
        value: first ?? value,
        label,
        row,
        quote: others.length > 0 ? `${label}: ${first}` : clean,
      }),
      ...others.map(text => factOf({ text, value: text, label: '', row, quote: text })),
    ]
  }
  let before: Licence | null = null
  return sentences(line).map(text => {
    const fact: Fact = factOf({ text, value: text, label: '', row, quote: text })
    if (qualifiers.backward.test(text)) fact.before = before
    before = fact.own
    return fact
  })
}

interface Part {
  text: string
  value: string
  label: string
  row: number
  quote: string
  key?: Licence | null
}

function factOf({ text, value, label, row, quote, key = null }: Part): Fact {
  const whole = readStatement(text)
  const parts = clausesOf(text)
  const clauses = parts.length > 1 ? withSubjects(parts.map(readStatement)) : [whole]
  const valueSaid = label ? readStatement(value) : whole
  const own = new Licence().add(valueSaid, value)
  const labelled = label ? new Licence().add(readStatement(label), label) : null
  own.figures = withUnit(valueSaid.figures, label).map(figure =>
    labelled ? { ...figure, about: new Set([...figure.about, ...labelled.ids.keys()]) } : figure,
  )
  const isCount = labelled?.ids.has('=stock') === true && valueSaid.figures.length === 1
  return {
    quote,
    verbatim: verbatim(text),
    own,
    label: labelled,
    isMark:
      isCount ||
      (label !== '' &&
        valueSaid.terms.every(({ isCarrying }) => isCarrying) &&
        valueSaid.figures.length + valueSaid.names.length === 0),
    key,
    before: null,
    row,
    clauses,
    condition: conditionOf(text),
    restrictions: clauses.map(restrictionOf),
    isChinese: whole.isChinese,
    isUniversal: whole.isUniversal,
    isExclusive: whole.isExclusive || qualifiers.obligation.test(text),
    hasException: qualifiers.exception.test(text),
  }
}

/** "Chest (cm): 86-91". */
function withUnit(figures: Figure[], label: string): Figure[] {
  const name = /[(（]([^)）]{1,12})[)）]/.exec(label)?.[1]
  const unit = name ? unitNamed(name) : null
  if (!unit) return figures
  return figures.map(figure =>
    figure.quantity.dimension === null
      ? {
          ...figure,
          quantity: {
            ...figure.quantity,
            unit,
            dimension: unit.dimension,
            value: figure.quantity.amount * unit.factor,
          },
        }
      : figure,
  )
}

/** "… but not in the café" denies what stands before it. */
function withSubjects(clauses: Statement[]): Statement[] {
  return clauses.map((clause, at) => {
    const before = clauses[at - 1]
    return before && qualifiers.elliptic.test(clause.text)
      ? { ...clause, terms: [...before.terms, ...clause.terms] }
      : clause
  })
}

function conditionOf(text: string): Licence | null {
  if (qualifiers.loose.test(text) || qualifiers.instruction.test(text)) return null
  const at = text.search(qualifiers.condition)
  if (at < 0) return null
  const end = text.slice(at).search(/[,，;；]/)
  const clause = text.slice(at, end < 0 ? undefined : at + end)
  return new Licence().add(readStatement(clause), clause)
}

/** "For orders over 75", "before noon", "unopened": whom or when it holds for. */
function restrictionOf(whole: Statement): Licence | null {
  const { text } = whole
  const found = new Licence()
  found.figures = whole.figures.filter(
    ({ limit, quantity }) =>
      limit === 'above' ||
      limit === 'below' ||
      qualifiers.restricting.test(text.slice(0, quantity.start)) ||
      /^\s*前/.test(text.slice(quantity.end)),
  )
  for (const { id } of whole.terms) if (states.has(id)) found.ids.set(id, 1)
  return found.figures.length + found.ids.size > 0 ? found : null
}

const states = new Set(['=sealed', '=used', '=damaged', '=fresh'])

/** Where clauses end that say something by themselves; what says nothing belongs to the one before. */
export function clausesOf(text: string): string[] {
  const cuts = [...text.matchAll(qualifiers.clause)].map(({ index }) => index)
  const pieces = [0, ...cuts].map((from, at) => text.slice(from, cuts[at]))
  const clauses: string[] = []
  let open = ''
  for (const [at, piece] of pieces.entries()) {
    open += piece
    if (!(isClause(open) || /^[;；]/.test(pieces[at + 1] ?? ''))) continue
    clauses.push(open)
    open = ''
  }
  if (open && clauses.length > 0) clauses.push(clauses.pop()! + open)
  else if (open) clauses.push(open)
  return clauses
    .map(clause => clause.replace(/^[\s,，;；。.!！()（）–—-]+|[\s,，;；]+$/gu, ''))
    .filter(Boolean)
}

function isClause(piece: string): boolean {
  const letters = piece.match(/\p{Script=Han}|\p{L}+/gu)?.length ?? 0
  const han = piece.match(/\p{Script=Han}/gu)?.length ?? 0
  if (/\d/.test(piece) || /[:：]\s?\S/.test(piece)) return letters > 0
  return (
    letters > 1 && (han > 3 || qualifiers.predicate.test(piece) || qualifiers.elliptic.test(piece.trim()))
  )
}

/** A sentence without what does not count when it is copied. */
export function verbatim(text: string): string {
  return text
    .replace(/[.。!！\s]+$/u, '')
    .replace(/\s+/g, ' ')
    .toLowerCase()
}

export function compact(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

export function hasFigure(figures: readonly Figure[], claim: Figure): boolean {
  return figures.some(figure => saysFigure(figure, claim))
}
