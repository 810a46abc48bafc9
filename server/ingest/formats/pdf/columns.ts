import type { Box } from './boxes.ts'
import { leftOf, median, type Row, rightOf, rowsOf } from './rows.ts'

/** Fewer lines side by side are no columns. */
const linesMin = 3
/** Lines of text fill their column; cells of a table do not. */
const fillMin = 0.55
const lettersMin = 14
/** Of the type size. */
const gutterMin = 0.7
/** Of the type size: lines this close go on with each other. */
const closeMax = 1.7

interface Gutter {
  x: number
  /** The rows beside it, the last one included. */
  from: number
  to: number
  lines: number
}

/** Parts of a page in the order in which they are read: one column after the other, between what stands across them. */
export function readingOrder(boxes: Box[]): Box[][] {
  const rows = rowsOf(boxes)
  const gutter = findGutter(rows)
  if (!gutter) return [boxes]
  const { x, from, to } = gutter
  const beside = rows.slice(from, to + 1).flat()
  const parts = [
    rows.slice(0, from).flat(),
    beside.filter(box => box.left < x),
    beside.filter(box => box.left >= x),
    rows.slice(to + 1).flat(),
  ]
  return parts.filter(part => part.length > 0).flatMap(readingOrder)
}

/** The one with the most lines on its two sides. */
function findGutter(rows: readonly Row[]): Gutter | null {
  const edges = new Set(rows.flatMap(row => row.map(box => Math.ceil(box.right) + 1)))
  let best: Gutter | null = null
  for (const x of edges)
    for (const [from, to] of openRuns(rows, x)) {
      const lines = columnLines(rows.slice(from, to + 1), x)
      if (lines > (best?.lines ?? 0)) best = { x, from, to, lines }
    }
  return best
}

/** Stretches of rows that nothing crosses at `x`; one column may begin higher or end lower than the other. */
function* openRuns(rows: readonly Row[], x: number): Generator<[number, number]> {
  for (let start = 0; start < rows.length; start++) {
    if (!isOpen(rows[start]!, x)) continue
    let end = start
    while (end + 1 < rows.length && isOpen(rows[end + 1]!, x)) end++
    const beside = rows.slice(start, end + 1).map(row => row.some(box => box.left >= x))
    let [from, to] = [start + beside.indexOf(true), start + beside.lastIndexOf(true)]
    if (from >= start) {
      while (from > start && isClose(rows[from - 1]!, rows[from]!)) from--
      while (to < end && isClose(rows[to]!, rows[to + 1]!)) to++
      yield [from, to]
    }
    start = end
  }
}

function isOpen(row: Row, x: number): boolean {
  return row.every(box => box.right <= x + 1 || box.left >= x - 1)
}

function isClose(above: Row, below: Row): boolean {
  return (
    below[0]!.y - above[0]!.y < closeMax * below[0]!.size && Math.abs(above[0]!.size - below[0]!.size) < 1
  )
}

/** How many lines stand on both sides, if those are columns of text; else 0. */
function columnLines(rows: readonly Row[], x: number): number {
  const left = rows.map(row => row.filter(box => box.left < x)).filter(row => row.length > 0)
  const right = rows.map(row => row.filter(box => box.left >= x)).filter(row => row.length > 0)
  if (left.length < linesMin || right.length < linesMin) return 0
  const size = median(rows.map(row => row[0]!.size))
  const gutter = leftOf(right.flat()) - rightOf(left.flat())
  if (gutter < gutterMin * size || !isText(left) || !isText(right)) return 0
  return left.length + right.length
}

function isText(side: readonly Row[]): boolean {
  const width = rightOf(side.flat()) - leftOf(side.flat())
  const filled = median(side.map(row => rightOf(row) - leftOf(row)))
  return filled >= fillMin * width && median(side.map(lettersOf)) >= lettersMin
}

/** Chinese ones are twice as wide. */
function lettersOf(row: Row): number {
  const text = row.map(box => box.text).join('')
  return text.length + (text.match(/\p{Script=Han}/gu)?.length ?? 0)
}
