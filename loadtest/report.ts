import type { Figures } from './figures.ts'
import { goals, judge } from './goals.ts'

/** The table's columns: the last part of a figure's name, and what it is called. */
const columns = {
  cpu_us: 'CPU us',
  per_s: 'per s',
  p50_ms: 'p50 ms',
  p95_ms: 'p95 ms',
  p99_ms: 'p99 ms',
  rss_kb: 'KB/conn',
  heap_kb: 'heap KB/conn',
}
type Column = keyof typeof columns

/** Medians over the rounds with the spread behind them, the figures that are no column, and the goals in words. */
export function report(figures: Figures): string {
  return [table(figures), others(figures), verdicts(figures)].filter(Boolean).join('\n\n')
}

function table(figures: Figures): string {
  const rows = new Map<string, Partial<Record<Column, string>>>()
  for (const name of figures.names()) {
    const { subject, column } = split(name)
    if (!column) continue
    rows.set(subject, { ...rows.get(subject), [column]: cell(figures, name) })
  }
  const used = (Object.keys(columns) as Column[]).filter(column =>
    [...rows.values()].some(row => row[column] !== undefined),
  )
  if (used.length === 0) return ''
  return layOut([
    ['', ...used.map(column => columns[column])],
    ...[...rows].map(([subject, row]) => [subject, ...used.map(column => row[column] ?? '')]),
  ])
}

function others(figures: Figures): string {
  const names = figures.names().filter(name => !split(name).column)
  return layOut(names.map(name => [name, cell(figures, name)]))
}

function verdicts(figures: Figures): string {
  const lines = goals.map(goal => {
    const verdict = judge(goal, figures)
    const value = figures.median(goal.figure)
    return [verdict, goal.says, value === undefined ? '' : `(${show(value)})`]
  })
  return `Goals\n${layOut(lines, 'left')}`
}

function split(name: string): { subject: string; column: Column | null } {
  const at = name.lastIndexOf('.')
  const last = name.slice(at + 1)
  return { subject: name.slice(0, at), column: last in columns ? (last as Column) : null }
}

/** `median (least … greatest)`. */
function cell(figures: Figures, name: string): string {
  const [least, greatest] = figures.spread(name)!
  return `${show(figures.median(name)!)} (${show(least)}…${show(greatest)})`
}

/** Three digits that say something. */
function show(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}

function layOut(rows: string[][], align: 'left' | 'right' = 'right'): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]!.length))) ?? []
  return rows
    .map(row =>
      row
        .map((text, column) =>
          column === 0 || align === 'left' ? text.padEnd(widths[column]!) : text.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
