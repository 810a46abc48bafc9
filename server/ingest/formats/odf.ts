import { fileProblem } from '../problem.ts'
import { normalizeSpace, type Place, type Structure, StructureWriter, type TableCell } from '../structure.ts'
import { SheetWriter } from './sheet.ts'
import { looksHeaded } from './table-head.ts'
import { walkXml } from './xml.ts'
import { readZip } from './zip.ts'

/** Comments, former wordings, alternative texts, what is hidden or computed. */
const skipped = new Set(
  'annotation tracked-changes title desc hidden-text hidden-paragraph note-citation forms scripts settings'.split(
    ' ',
  ),
)
const columnsMax = 1000
const rowsMax = 100_000

export const readOdt = (bytes: Uint8Array) => readText(bytes, null)
export const readOdp = (bytes: Uint8Array) => readText(bytes, 'slide')

/** Headings, paragraphs, lists, tables and notes; of a presentation by slide. */
async function readText(bytes: Uint8Array, unit: Place['unit'] | null): Promise<Structure> {
  const reader = new OdfReader(new StructureWriter(unit))
  walkXml(await contentOf(bytes), reader)
  return reader.finish()
}

/** Sheets by row, with what their cells show. */
export async function readOds(bytes: Uint8Array): Promise<Structure> {
  const sheets: { name: string; rows: string[][] }[] = []
  const reader = new OdfReader(new StructureWriter(), (name, rows) => sheets.push({ name, rows }))
  walkXml(await contentOf(bytes), reader)
  const writer = new SheetWriter()
  for (const { name, rows } of sheets) writer.sheet(name, rows)
  return writer.finish()
}

async function contentOf(bytes: Uint8Array): Promise<Buffer> {
  const parts = await readZip(bytes, name => name === 'content.xml' || name === 'META-INF/manifest.xml')
  if (parts.get('META-INF/manifest.xml')?.includes('encryption-data')) throw fileProblem('encrypted')
  return parts.get('content.xml') ?? damaged()
}

class OdfReader {
  private readonly writer: StructureWriter
  private readonly onSheet: ((name: string, rows: string[][]) => void) | undefined
  private hidden = 0
  /** Texts being written, the innermost last: a note stands within a paragraph, a cell within a table. */
  private readonly texts: string[] = []
  private notes: string[] = []
  private noteDepth = 0
  private tables: { name: string; rows: TableCell[][]; inHead: boolean; repeat: number }[] = []
  private cells: { lines: string[]; columns: number; rows: number; repeat: number }[] = []
  private level = 0
  private listDepth = 0
  private isItem = false
  private isTitle = false
  private slide = 0

  constructor(writer: StructureWriter, onSheet?: (name: string, rows: string[][]) => void) {
    this.writer = writer
    this.onSheet = onSheet
  }

  readonly open = (name: string, attributes: Readonly<Record<string, string>>) => {
    if (this.hidden > 0 || skipped.has(name)) {
      this.hidden++
      return
    }
    if (name === 'p' || name === 'h') {
      this.texts.push('')
      if (name === 'h') this.level = Number(attributes['outline-level']) || 1
    } else if (name === 's') this.add(' '.repeat(Math.min(100, Number(attributes.c) || 1)))
    else if (name === 'tab' || name === 'line-break') this.add(' ')
    else if (name === 'list') this.listDepth++
    else if (name === 'list-item') this.isItem = true
    else if (name === 'note') this.noteDepth++
    else if (name === 'frame') this.isTitle = attributes.class === 'title'
    else if (name === 'page') this.writer.moveTo(++this.slide)
    else this.openTable(name, attributes)
  }

  readonly text = (text: string) => {
    if (this.hidden === 0 && this.texts.length > 0) this.add(text)
  }

  readonly close = (name: string) => {
    if (this.hidden > 0) {
      this.hidden--
      return
    }
    if (name === 'p' || name === 'h') this.endParagraph(name)
    else if (name === 'list') this.listDepth--
    else if (name === 'list-item') this.isItem = false
    else if (name === 'note') this.noteDepth--
    else if (name === 'frame') this.isTitle = false
    else if (name === 'table-header-rows') this.tables.at(-1)!.inHead = false
    else if (name === 'table-cell' || name === 'covered-table-cell') this.endCell(name)
    else if (name === 'table-row') this.endRow()
    else if (name === 'table') this.endTable()
  }

  finish(): Structure {
    return this.writer.finish()
  }

  private openTable(name: string, attributes: Readonly<Record<string, string>>) {
    const table = this.tables.at(-1)
    if (name === 'table')
      this.tables.push({ name: attributes.name ?? '', rows: [], inHead: false, repeat: 1 })
    else if (name === 'table-header-rows') table!.inHead = true
    else if (name === 'table-row') {
      table!.rows.push([])
      table!.repeat = Number(attributes['number-rows-repeated']) || 1
    } else if (name === 'table-cell' || name === 'covered-table-cell')
      this.cells.push({
        lines: [],
        columns: Number(attributes['number-columns-spanned']) || 1,
        rows: Number(attributes['number-rows-spanned']) || 1,
        repeat: Math.min(columnsMax, Number(attributes['number-columns-repeated']) || 1),
      })
  }

  private add(text: string) {
    this.texts[this.texts.length - 1] += text
  }

  private endParagraph(name: 'p' | 'h') {
    const text = normalizeSpace(this.texts.pop() ?? '')
    if (this.noteDepth > 0) this.notes.push(text)
    else if (this.cells.length > 0) this.cells.at(-1)!.lines.push(text)
    else if (name === 'h') this.writer.heading(this.level, text)
    else if (this.isTitle) this.writer.heading(2, text)
    else if (text) this.writer.line(this.listDepth > 0 && this.isItem ? `- ${text}` : text)
    if (text && this.noteDepth === 0) this.isItem = false
    if (this.texts.length > 0 || this.cells.length > 0) return
    for (const note of this.notes) this.writer.line(note)
    this.notes = []
  }

  private endCell(name: string) {
    const { lines, columns, rows, repeat } = this.cells.pop()!
    const table = this.tables.at(-1)!
    // Of a sheet each place counts; in a text the cell that reaches over it stands there.
    if (name === 'covered-table-cell' && !this.onSheet) return
    const cell = { text: lines.join(' '), columns, rows, isHeader: table.inHead }
    for (let count = 0; count < repeat; count++) table.rows.at(-1)?.push(cell)
  }

  /** Empty rows up to the end of a sheet are one that is repeated a million times. */
  private endRow() {
    const table = this.tables.at(-1)!
    const row = table.rows.at(-1)!
    while (row.length > 0 && row.at(-1)!.text === '') row.pop()
    const isKept = row.length > 0 || table.repeat < rowsMax
    for (let count = 1; isKept && count < table.repeat && table.rows.length < rowsMax; count++)
      table.rows.push(row)
  }

  private endTable() {
    const { name, rows } = this.tables.pop()!
    const texts = rows.map(row => row.map(({ text }) => text))
    // One within another's cell is its text.
    if (this.tables.length > 0) this.cells.at(-1)?.lines.push(...texts.map(row => row.join(' ')))
    else if (this.onSheet) this.onSheet(name, texts)
    else if (rows.some(row => row.some(({ isHeader, columns, rows }) => isHeader || columns > 1 || rows > 1)))
      this.writer.spannedTable(withHead(rows, texts))
    else this.writer.table(texts, looksHeaded(texts))
  }
}

function withHead(rows: TableCell[][], texts: string[][]): TableCell[][] {
  const isMarked = rows.some(row => row.some(({ isHeader }) => isHeader))
  if (isMarked || !looksHeaded(texts)) return rows
  return rows.map((row, at) => row.map(cell => ({ ...cell, isHeader: at === 0 })))
}

function damaged(): never {
  throw fileProblem('damaged')
}
