import { fileProblem } from '../problem.ts'
import { type Structure, StructureWriter } from '../structure.ts'
import { looksHeaded } from './table-head.ts'

export const cellsMax = 300_000
/** A sheet that its program named itself says nothing. */
const unnamed = /^(?:sheet|tabelle|feuil|hoja|工作表)\s*\d*$/i
/** A table begins this far down at most: above it stand its title and notes. */
const headRowsMax = 20

/** What spreadsheets become: a heading for each sheet, a line for each row with the names of its columns. */
export class SheetWriter {
  private readonly writer = new StructureWriter('row')
  private cells = 0

  sheet(name: string | null, rows: readonly (readonly string[])[]) {
    this.cells += rows.reduce((sum, row) => sum + row.length, 0)
    if (this.cells > cellsMax) throw fileProblem('too_many_cells', cellsMax)
    if (name && !unnamed.test(name.trim())) this.writer.heading(2, name)
    const head = headOf(rows)
    for (const [at, row] of rows.entries()) {
      this.writer.moveTo(at + 1)
      if (at !== head)
        this.writer.table(head !== null && at > head ? [[...rows[head]!], [...row]] : [[...row]], true)
    }
  }

  finish(): Structure {
    return this.writer.finish()
  }
}

/** The first row as wide as what follows it, if it names columns. */
function headOf(rows: readonly (readonly string[])[]): number | null {
  const widths = rows.slice(0, headRowsMax * 2).map(row => row.filter(cell => cell.trim() !== '').length)
  const width = Math.max(0, ...widths)
  const first = widths.findIndex(each => each >= Math.max(2, width - 1))
  if (first < 0 || first > headRowsMax) return null
  const below = rows.slice(first).map(row => row.slice(0, rows[first]!.length))
  return looksHeaded(below) ? first : null
}
