import readWorkbook from 'read-excel-file/node'
import { fileProblem } from '../problem.ts'
import type { Structure } from '../structure.ts'
import { cellsMax, SheetWriter } from './sheet.ts'
import { readZip } from './zip.ts'

/** Sheets and their rows: what cells show, and of formulas what they came to. */
export async function readXlsx(bytes: Uint8Array): Promise<Structure> {
  const parts = await readZip(bytes, name => /^xl\/worksheets\/[^/]+\.xml$/i.test(name))
  // Counted before a parser holds them all.
  const cells = [...parts.values()].reduce((sum, part) => sum + occurrences(part, '<c '), 0)
  if (cells > cellsMax) throw fileProblem('too_many_cells', cellsMax)
  const sheets = await readWorkbook(Buffer.from(bytes))
  const writer = new SheetWriter()
  for (const { sheet, data } of sheets)
    writer.sheet(
      sheet,
      data.map(row => row.map(cellText)),
    )
  return writer.finish()
}

function occurrences(part: Buffer, sign: string): number {
  let count = 0
  for (let at = part.indexOf(sign); at >= 0; at = part.indexOf(sign, at + 1)) count++
  return count
}

/** Digits that a spreadsheet shows of a number; those behind them are the computer's. */
const digitsMax = 15

/** A date without a time is a day; times are stored as shares of one, which are a little off. */
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return String(Number(cell.toPrecision(digitsMax)))
  if (!(cell instanceof Date)) return String(cell)
  const [day, time] = new Date(Math.round(cell.getTime() / 1000) * 1000).toISOString().split('T') as [
    string,
    string,
  ]
  return time.startsWith('00:00:00') ? day : `${day} ${time.slice(0, 5)}`
}
