import { normalizeSpace, type StructureWriter, unwrap } from '../../structure.ts'
import { looksHeaded } from '../table-head.ts'
import type { Box } from './boxes.ts'
import { readingOrder } from './columns.ts'
import { joinBoxes, leftOf, median, type Row, rightOf, rowsOf } from './rows.ts'
import { tableAt } from './tables.ts'
import { type TableTags, taggedTableAt } from './tags.ts'

/** What is known of a whole document before its pages are written. */
export interface Typography {
  /** Of its text. */
  bodySize: number
  /** Of headings, the largest first. */
  headingSizes: readonly number[]
  /** Of the largest headings: 1 where there is one, the title; 2 where they are chapters. */
  topLevel: 1 | 2
  /** Headings by their text, as its outline has them, with their levels. */
  outline: ReadonlyMap<string, number>
  /** All words, for the hyphens at the ends of lines. */
  words: ReadonlySet<string>
}

/** Of the body's size. */
export const headingShare = 1.12
const headingMax = 200
/** Of the type size: lines further apart are two paragraphs. */
const paragraphGap = 0.45
const indent = 0.8
const lineEndHyphen = /([\p{L}\p{M}]+)([-‐\u00ad])$/u
const item =
  /^\s*(?:[-*•·‣▪◦●■○–]|\(?\d{1,3}[.)、](?!\d)|[a-z][.)]|[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、)\s*/u

interface Line {
  text: string
  left: number
  right: number
  y: number
  size: number
}

interface Paragraph {
  lines: Line[]
  page: number
}

/** Writes pages as headings, paragraphs, list items and rows of tables. */
export class PageWriter {
  private readonly writer: StructureWriter
  private readonly type: Typography
  private open: Paragraph | null = null
  private page = 1

  constructor(writer: StructureWriter, type: Typography) {
    this.writer = writer
    this.type = type
  }

  write(page: number, boxes: Box[], tags: TableTags) {
    this.page = page
    for (const region of readingOrder(boxes)) this.region(region, tags)
  }

  end() {
    const paragraph = this.open
    this.open = null
    if (!paragraph) return
    this.writer.moveTo(paragraph.page)
    const text = this.unwrapped(paragraph.lines.map(({ text }) => text))
    const level = this.levelOf(text, paragraph.lines[0]!.size)
    if (level === null) this.writer.line(text)
    else this.writer.heading(level, text)
  }

  private region(boxes: Box[], tags: TableTags) {
    const rows = rowsOf(boxes)
    const [left, right] = [leftOf(boxes), rightOf(boxes)]
    const gap = leading(rows)
    for (let at = 0; at < rows.length; ) {
      const table = taggedTableAt(rows.slice(at), tags) ?? tableAt(rows.slice(at))
      if (table) this.table(table)
      else this.line(lineOf(rows[at]!), { left, right, gap })
      at += table?.rowCount ?? 1
    }
  }

  private table({ rows, headed }: { rows: string[][]; headed?: boolean }) {
    this.end()
    this.writer.moveTo(this.page)
    this.writer.table(rows, headed || looksHeaded(rows))
  }

  private line(line: Line, column: Column) {
    const before = this.open?.lines.at(-1)
    if (before && !this.continues(before, line, column)) this.end()
    this.open ??= { lines: [], page: this.page }
    this.open.lines.push(line)
  }

  private continues(before: Line, line: Line, column: Column): boolean {
    if (Math.abs(before.size - line.size) > 0.1 * line.size) return false
    if (item.test(line.text)) return false
    const isHeading = this.levelOf(line.text, line.size) !== null
    // From one column or page to the next the distance says nothing.
    const isBelow = line.y > before.y && this.open!.page === this.page
    if (!isBelow) return !isHeading && !isSentenceEnd(before.text) && startsWithin(line.text)
    if (line.y - before.y > column.gap + paragraphGap * line.size) return false
    if (isHeading || lineEndHyphen.test(before.text)) return true
    const isIndented =
      line.left > column.left + indent * line.size && before.left <= column.left + indent * line.size
    const isHanging = item.test(this.open!.lines[0]!.text)
    return (!isIndented || isHanging) && !isShort(before, line, column)
  }

  private levelOf(text: string, size: number): number | null {
    if (text.length > headingMax) return null
    const listed = this.type.outline.get(headingKey(text))
    if (listed !== undefined) return listed
    if (size < headingShare * this.type.bodySize || !/\p{L}/u.test(text)) return null
    const rank = this.type.headingSizes.findIndex(each => size > each - 0.5)
    return Math.min(6, this.type.topLevel + Math.max(0, rank))
  }

  /** Without the hyphens that only the ends of lines made. */
  private unwrapped(lines: string[]): string {
    const parts: string[] = []
    for (const line of lines) {
      const [, first, hyphen] = lineEndHyphen.exec(parts.at(-1) ?? '') ?? []
      const second = /^\p{Ll}[\p{L}\p{M}]*/u.exec(line)?.[0]
      if (!first || !second) parts.push(line)
      else {
        const before = parts.pop()!
        const isOneWord = hyphen === '\u00ad' || !this.type.words.has(`${first}-${second}`.toLowerCase())
        parts.push((isOneWord ? before.slice(0, -1) : before) + line)
      }
    }
    return unwrap(parts)
  }
}

interface Column {
  left: number
  right: number
  /** From one line to the next. */
  gap: number
}

/** As headings of the outline and of the pages are compared. */
export function headingKey(text: string): string {
  return normalizeSpace(text).toLowerCase()
}

function lineOf(row: Row): Line {
  const size = Math.max(...row.map(box => box.size))
  return { text: joinBoxes(row), left: leftOf(row), right: rightOf(row), y: row[0]!.y, size }
}

function leading(rows: readonly Row[]): number {
  const gaps = rows.slice(1).map((row, at) => row[0]!.y - rows[at]![0]!.y)
  return Math.min(median(gaps) || Number.POSITIVE_INFINITY, 1.9 * median(rows.map(row => row[0]!.size)))
}

/** The next line's first word would have stood on it: its writer ended it. */
function isShort(before: Line, line: Line, { right }: Column): boolean {
  const word = /^(?:\p{Script=Han}|\S+)/u.exec(line.text)?.[0] ?? ''
  const perSign = (line.right - line.left) / Math.max(1, line.text.length)
  return before.right + (word.length + 1) * perSign < right - line.size
}

function isSentenceEnd(text: string): boolean {
  return /[.!?。！？:：;；]["”’」』）)]*$/u.test(text)
}

function startsWithin(text: string): boolean {
  return /^[\p{Ll}\p{Script=Han}\d(（“"]/u.test(text)
}
