/**
 * Whether the first of a table's rows names its columns, where nothing in the file says so: it is full, and has no figure,
 * while what stands below it has some. A table of two columns without is a list of labels and values.
 */
export function looksHeaded(rows: readonly (readonly string[])[]): boolean {
  const [head, ...body] = rows
  if (!head || body.length === 0 || head.length < 2) return false
  const isFull = head.every(cell => cell.trim() !== '')
  if (!isFull || head.some(hasFigure)) return false
  const figured = body.filter(row => row.slice(1).some(hasFigure)).length
  return head.length > 2
    ? true
    : figured >= body.length / 2 && !body.every(([label]) => label?.trim().endsWith(':'))
}

function hasFigure(cell: string): boolean {
  return /\d/.test(cell)
}
