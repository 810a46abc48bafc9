import type { Box } from './boxes.ts'
import { joinBoxes, type Row } from './rows.ts'

/** Of the type size: what stands this far apart may be two cells. */
const cellGap = 1
const rowsMin = 3
/** Rows further apart than so many times the type size are no longer one table. */
const rowGapMax = 4

/** Before an item of a list. */
const marker = /^(?:[-*•·‣▪◦●■○–]|\(?\d{1,3}[.)、]|\(?[a-z][.)])$/u

interface Span {
  left: number
  right: number
}

interface Cell extends Span {
  text: string
}

export interface Table {
  rows: string[][]
  /** How many rows of the page it takes. */
  rowCount: number
}

/** The table that begins with the first of these rows, found by what stands below each other; null where there is none. */
export function tableAt(rows: readonly Row[]): Table | null {
  const columns: Span[] = []
  const found: Map<Span, Cell>[] = []
  let rowCount = 0
  for (const [at, row] of rows.entries()) {
    const before = rows[at - 1]?.[0]
    if (before && row[0]!.y - before.y > rowGapMax * row[0]!.size) break
    const pieces = cellsOf(row)
    const cells = marker.test(pieces[0]!.text) ? null : placeCells(pieces, columns)
    if (!cells) break
    const above = found.at(-1)
    const [only] = [...cells]
    if (cells.size > 1) found.push(cells)
    else if (above?.has(only![0]) && only![0] !== leftmost(columns)) goOn(above.get(only![0])!, only![1])
    else break
    for (const [column, cell] of cells) widen(columns, column, cell)
    rowCount = at + 1
  }
  if (found.length < rowsMin) return null
  columns.sort((a, b) => a.left - b.left)
  return { rows: found.map(row => columns.map(column => row.get(column)?.text ?? '')), rowCount }
}

function cellsOf(row: Row): Cell[] {
  const groups: Box[][] = []
  for (const box of row) {
    const before = groups.at(-1)?.at(-1)
    if (before && box.left - before.right < cellGap * box.size) groups.at(-1)!.push(box)
    else groups.push([box])
  }
  return groups.map(boxes => ({
    text: joinBoxes(boxes),
    left: boxes[0]!.left,
    right: boxes.at(-1)!.right,
  }))
}

/** Each with the column it stands in, or a new one; null where one reaches into several, or two stand in one. */
function placeCells(cells: readonly Cell[], columns: readonly Span[]): Map<Span, Cell> | null {
  const placed = new Map<Span, Cell>()
  for (const cell of cells) {
    const touched = columns.filter(({ left, right }) => left < cell.right && right > cell.left)
    const column = touched[0] ?? { left: cell.left, right: cell.right }
    if (touched.length > 1 || placed.has(column)) return null
    placed.set(column, cell)
  }
  return placed
}

/** A single piece below a cell goes on with it. */
function goOn(above: Cell, { text }: Cell): void {
  above.text = `${above.text} ${text}`
}

function leftmost(columns: readonly Span[]): Span | undefined {
  return columns.toSorted((a, b) => a.left - b.left)[0]
}

function widen(columns: Span[], column: Span, { left, right }: Cell): void {
  if (!columns.includes(column)) columns.push(column)
  column.left = Math.min(column.left, left)
  column.right = Math.max(column.right, right)
}
