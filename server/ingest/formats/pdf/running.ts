import type { Box } from './boxes.ts'
import { joinBoxes, lettersOf, type Row, rowsOf } from './rows.ts'

/** So many rows at the top and at the bottom of a page may be its running header or footer. */
const edgeRows = 3
/** Of the type size: so far from the text. */
const apartMin = 1.6
/** On this share of the pages, and on so many. */
const pagesShare = 0.5
const pagesMin = 2
/** Of a page's letters: its header and footer have fewer. */
const textShare = 0.4
/** Points by which it may stand elsewhere from page to page. */
const driftMax = 4

const pageNumber =
  /^(?:[-–—•|]\s*)?(?:(?:page|seite|p\.)\s*)?(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*(?:of|von|\/|\||共)\s*(?:第\s*)?\d{1,4}(?:\s*页)?)?(?:\s*[-–—•|])?$/i

interface Edges {
  top: Row[]
  bottom: Row[]
}

/** Pages without what stands on most of them alike, page numbers counted as alike. */
export function withoutRunning(pages: readonly Box[][]): Box[][] {
  const edges = pages.map(edgesOf)
  const counts = new Map<string, number>()
  for (const [at, { top, bottom }] of edges.entries()) {
    const keys = new Set([...top, ...bottom].flatMap(row => keysOf(row, at + 1)))
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const needed = Math.max(pagesMin, pages.length * pagesShare)
  return pages.map((boxes, at) => {
    const isNumber = (row: Row) => pageNumber.test(joinBoxes(row))
    const isRepeated = (row: Row) => keysOf(row, at + 1).some(key => counts.get(key)! >= needed)
    const running = runningOf(edges[at]!, row => isNumber(row) || isRepeated(row))
    // What is much of a page is its text, on whichever pages it stands again: of labels, of a form.
    const isText = lettersOf(running) > textShare * lettersOf(boxes)
    const gone = new Set(isText ? runningOf(edges[at]!, isNumber) : running)
    return boxes.filter(box => !gone.has(box))
  })
}

/** Each from the edge inwards, with one row more: what the outer ones stand apart from. */
function edgesOf(boxes: Box[]): Edges {
  const rows = rowsOf(boxes)
  return { top: rows.slice(0, edgeRows + 1), bottom: rows.slice(-edgeRows - 1).reverse() }
}

function runningOf({ top, bottom }: Edges, isRunning: (row: Row) => boolean): Box[] {
  return [...outerRows(top, isRunning), ...outerRows(bottom, isRunning)].flat()
}

/** Up to where they stand apart from the text: its first line may be that of another page, too. */
function outerRows(edge: readonly Row[], isRunning: (row: Row) => boolean): Row[] {
  const end = edge.findIndex((row, at) => at === edgeRows || !isRunning(row))
  const alike = end < 0 ? edge.length : end
  for (let count = 1; count <= alike; count++) {
    const [last, next] = [edge[count - 1]![0]!, edge[count]?.[0]]
    if (!next || Math.abs(next.y - last.y) > apartMin * last.size) return edge.slice(0, count)
  }
  return []
}

/** As it reads, and with each number as its distance from the page's: "Page 7 of 9" on page 7 is "Page +0 of +2". */
function keysOf(row: Row, page: number): string[] {
  const text = joinBoxes(row)
  const place = Math.round(row[0]!.y / driftMax)
  const counted = text.replace(/\d{1,5}/, digits => `#${Number(digits) - page}`)
  return [place - 1, place, place + 1].flatMap(each => [`${each} ${text}`, `${each} ${counted}`])
}
