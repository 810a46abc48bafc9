import type { Reading } from '../retrieval/question/reading.ts'
import { type Quantity, quantities } from '../retrieval/text/quantities.ts'
import { type Candidate, readFeatures } from './candidates.ts'
import { best, type QuestionTerm } from './question-terms.ts'

/** A cell of a table's row with its column's name. */
interface Cell {
  column: string
  value: string
}

const rowsMax = 2
const range = /^\s*(\d+(?:\.\d+)?)\s*[-–—~]\s*(\d+(?:\.\d+)?)/

/** The rows of a table that hold a value of the question: "size L", "EU 42", a height of 118 cm in "116-122". Empty where it has none of them. */
export function rowsFor(
  rows: readonly Candidate[],
  { text }: Reading,
  items: readonly QuestionTerm[],
): Candidate[] {
  if (rows.length === 0) return []
  const table = rows.map(row => ({ row, cells: cellsOf(row.text) }))
  const columns = new Set(table.flatMap(({ cells }) => cells.map(({ column }) => column)))
  const question: Asked = {
    text,
    columns: new Set([...columns].filter(column => isNamed(column, text, items))),
    amounts: quantities(text),
  }
  const scored = table
    .map(({ row, cells }) => ({ row, score: Math.max(...cells.map(cell => valueIn(cell, question))) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
  const top = scored[0]?.score ?? 0
  return scored
    .filter(({ score }) => score === top)
    .slice(0, rowsMax)
    .map(({ row }) => row)
}

function cellsOf(row: string): Cell[] {
  return row.split('; ').flatMap(each => {
    const at = each.indexOf(': ')
    return at < 0 ? [] : [{ column: each.slice(0, at), value: each.slice(at + 2) }]
  })
}

/** What a question names of a table. */
interface Asked {
  text: string
  columns: ReadonlySet<string>
  amounts: readonly Quantity[]
}

function isNamed(column: string, text: string, items: readonly QuestionTerm[]): boolean {
  const { terms } = readFeatures(column)
  return items.some(item => best(item, terms) > 0) || hasWord(text, column)
}

/** How surely the question names this cell's value: more where it names the column, or its unit, too. */
function valueIn({ column, value }: Cell, { text, columns, amounts }: Asked): number {
  const named = columns.has(column) ? 1 : 0
  if (/^[\p{L}\d./-]{1,12}$/u.test(value) && hasWord(text, value))
    return named + (/\d/.test(value) && !named ? 0.5 : 1)
  const limits = range.exec(value)
  if (!limits) return 0
  const [low, high] = [Number(limits[1]), Number(limits[2])]
  const fitting = amounts.some(
    ({ amount, unit }) =>
      amount >= low && amount <= high && (unit === null ? named > 0 : isUnit(unit.name, column)),
  )
  return fitting ? named + 0.8 : 0
}

function isUnit(unit: string, column: string): boolean {
  return column.toLowerCase().includes(unit.toLowerCase())
}

/** As a word of its own; a value of one letter is written as the table writes it. */
function hasWord(text: string, word: string): boolean {
  const escaped = word.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
  const pattern = String.raw`(?<![a-z\d.-])${escaped}(?![a-z\d-])`
  return word.length > 1
    ? new RegExp(pattern, 'i').test(text)
    : new RegExp(pattern.replaceAll('a-z', 'A-Za-z')).test(text)
}
