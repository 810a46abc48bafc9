import type { Language } from '#protocol'
import type { Place } from '#storage/shop/knowledge'

export type { Place } from '#storage/shop/knowledge'

/** A stretch of text under one heading. Its lines are paragraphs, list items or table rows, each whole. */
export interface Section {
  /** The headings it stands under, outermost first, without the document's title. */
  heading: string[]
  text: string
  /** Where its lines stand, where the format counts. */
  place?: Place
}

/** A cell of a table, and over how many columns and rows it reaches. */
export interface TableCell {
  text: string
  columns: number
  rows: number
  isHeader: boolean
}

export interface Structure {
  /** Of the document itself, where it names one. */
  title: string | null
  sections: Section[]
}

const blockMax = 100_000

/** Collects lines under headings, in reading order: what every format is turned into. */
export class StructureWriter {
  private title: string | null = null
  private readonly sections: Section[] = []
  private readonly path: { level: number; text: string }[] = []
  private readonly headings: string[] = []
  private readonly unit: Place['unit'] | null
  private lines: string[] = []
  private places: number[] = []
  private current = 1

  /** @param unit what the format counts, if anything: see `moveTo` */
  constructor(unit: Place['unit'] | null = null) {
    this.unit = unit
  }

  /** What follows stands on the page, slide or row of this number, from 1. */
  moveTo(number: number) {
    this.current = number
  }

  /** The first first-level heading, or an explicit title, names the document. */
  setTitle(text: string) {
    this.title ??= text.slice(0, wholeEnd(text, 300)).trim() || null
  }

  heading(level: number, text: string) {
    const whole = normalizeSpace(text)
    const clean = whole.slice(0, wholeEnd(whole, 300))
    if (!clean) return
    this.headings.push(clean)
    this.endSection()
    while (this.path.length > 0 && this.path.at(-1)!.level >= level) this.path.pop()
    if (level === 1) this.setTitle(clean)
    if (clean !== this.title || level !== 1) this.path.push({ level, text: clean })
  }

  /** One paragraph, list item or table row. */
  line(text: string) {
    for (let at = 0; at < text.length; ) {
      const end = wholeEnd(text, at + blockMax)
      const clean = normalizeSpace(text.slice(at, end))
      if (clean) this.push(clean)
      at = end
    }
  }

  /** Lines whose breaks and indentation matter: code. */
  verbatim(text: string) {
    for (const line of text.split('\n')) if (line.trim()) this.push(line.trimEnd())
  }

  private push(line: string) {
    this.lines.push(line)
    this.places.push(this.current)
  }

  /** Rows of cells. With a header row each cell is given its column's name, so that a row can be quoted by itself. */
  table(rows: string[][], headed: boolean) {
    const header = headed && rows.length > 1 ? rows[0]! : null
    for (const row of header ? rows.slice(1) : rows) {
      const cells = row.map(normalizeSpace)
      if (!header)
        this.line(cells.length === 2 ? `${cells[0]}: ${cells[1]}` : cells.filter(Boolean).join(' | '))
      else this.line(cells.flatMap((cell, at) => (cell ? [named(header[at], cell)] : [])).join('; '))
    }
  }

  /** Rows of cells of which some reach over several columns or rows: each is said with the names of the columns it stands in, and no others. */
  spannedTable(rows: TableCell[][]) {
    const grid = gridOf(rows)
    const headed = grid.findIndex(row => row.some(cell => cell && !cell.isHeader))
    const heads = grid.slice(0, Math.max(0, headed))
    const names = (grid[0] ?? []).map((_, column) =>
      distinct(heads.map(row => normalizeSpace(row[column]?.text ?? ''))).join(' '),
    )
    for (const row of grid.slice(heads.length)) this.line(spannedRow(row, names))
  }

  /** A document of nothing but headings has them for its text. */
  finish(): Structure {
    this.endSection()
    if (this.sections.length === 0 && this.headings.length > 0)
      this.sections.push({ heading: [], text: this.headings.join('\n') })
    return { title: this.title, sections: this.sections }
  }

  private endSection() {
    if (this.lines.length > 0)
      this.sections.push({
        heading: this.path.map(({ text }) => text),
        text: this.lines.join('\n'),
        ...(this.unit && { place: { unit: this.unit, at: this.places } }),
      })
    this.lines = []
    this.places = []
  }
}

const gridCellsMax = 50_000
const columnsMax = 200

type Grid = (TableCell | undefined)[][]

/** Every place of the table with the cell that stands there. */
function gridOf(rows: TableCell[][]): Grid {
  const grid: Grid = rows.map(() => [])
  let left = gridCellsMax
  for (const [at, cells] of rows.entries()) {
    let column = 0
    for (const cell of cells) {
      while (grid[at]![column]) column++
      const wide = Math.min(cell.columns, columnsMax - column)
      for (let row = at; row < Math.min(rows.length, at + cell.rows); row++)
        for (let each = column; each < column + wide && left > 0; each++, left--) grid[row]![each] ??= cell
      column += Math.max(1, wide)
    }
  }
  return grid
}

/** A cell that reaches over several columns is said once, with all their names. */
function spannedRow(row: (TableCell | undefined)[], names: readonly string[]): string {
  const cells = [...new Set(row)].filter(cell => cell !== undefined && normalizeSpace(cell.text) !== '')
  if (cells.length === 1 && row.length > 1) return normalizeSpace(cells[0]!.text)
  const parts = cells.map(cell => {
    const own = distinct(names.filter((_, column) => row[column] === cell))
    return named(own.join(' / '), normalizeSpace(cell!.text))
  })
  return parts.join('; ')
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter(Boolean)
}

function named(column: string | undefined, cell: string): string {
  const name = normalizeSpace(column ?? '')
  return name ? `${name}: ${cell}` : cell
}

/** One line, single spaces, no control or invisible characters. */
export function normalizeSpace(text: string): string {
  return text
    .replace(/[\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff]/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

/** `at`, or one before it where a character of two units would be cut. */
function wholeEnd(text: string, at: number): number {
  return /[\udc00-\udfff]/.test(text[at] ?? '') ? at - 1 : at
}

/** Joins the lines a paragraph was wrapped into: a space between them, none between two Chinese characters. */
export function unwrap(lines: string[]): string {
  const parts: string[] = []
  let before = ''
  for (const line of lines) {
    const text = line.trim()
    if (!text) continue
    const joined =
      /[\p{Script=Han}，。；：！？、”）]$/u.test(before.slice(-2)) && /^[\p{Script=Han}“（]/u.test(text)
    parts.push(before && !joined ? ` ${text}` : text)
    before = text
  }
  return parts.join('')
}

/** By the share of Han characters among the letters of the beginning. */
export function languageOf(text: string): Language {
  const sample = text.slice(0, 20_000)
  const han = sample.match(/\p{Script=Han}/gu)?.length ?? 0
  const latin = sample.match(/\p{Script=Latin}+/gu)?.length ?? 0
  return han > latin ? 'zh' : 'en'
}
