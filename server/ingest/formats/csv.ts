import { parse } from 'csv-parse/sync'
import { fileProblem } from '../problem.ts'
import type { Structure } from '../structure.ts'
import { SheetWriter } from './sheet.ts'

const delimiters = [',', ';', '\t', '|']
const sampleLength = 20_000

/** A table of a spreadsheet as text: its delimiter is the one that cuts its lines most evenly. */
export async function readCsv(text: string): Promise<Structure> {
  const writer = new SheetWriter()
  writer.sheet(null, rowsOf(text, delimiterOf(text)))
  return writer.finish()
}

function rowsOf(text: string, delimiter: string): string[][] {
  try {
    return parse(text, {
      delimiter,
      bom: true,
      relax_quotes: true,
      relax_column_count: true,
      max_record_size: 1_000_000,
    })
  } catch {
    throw fileProblem('damaged')
  }
}

/** Excel in Germany writes semicolons, and commas in its numbers. */
function delimiterOf(text: string): string {
  const lines = text.slice(0, sampleLength).split('\n').filter(Boolean).slice(0, 50)
  const whole = text.length > sampleLength && lines.length > 1 ? lines.slice(0, -1) : lines
  const evenness = delimiters.map(delimiter => {
    const counts = whole.map(line => line.split(delimiter).length - 1)
    const widest = Math.max(0, ...counts)
    return widest === 0
      ? 0
      : counts.filter(count => count === counts[0] && count > 0).length * 10 + counts[0]!
  })
  return delimiters[evenness.indexOf(Math.max(...evenness))]!
}
