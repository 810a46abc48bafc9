import type { PDFPageProxy } from 'pdfjs-dist/types/src/display/api.d.ts'
import type { Box } from './boxes.ts'
import { joinBoxes, type Row, rowsOf } from './rows.ts'

interface TaggedCell {
  /** Which pieces of the page's marked text stand in it. */
  marks: Set<string>
  isHeader: boolean
}

interface TaggedTable {
  rows: TaggedCell[][]
}

/** The tables that the program which made a page says there are, by the marks of their text. */
export type TableTags = ReadonlyMap<string, TaggedTable>

interface TreeNode {
  role?: string
  type?: string
  id?: string
  children?: TreeNode[]
}

export async function tableTags(page: PDFPageProxy): Promise<TableTags> {
  const tags = new Map<string, TaggedTable>()
  const tree = (await page.getStructTree().catch(() => null)) as TreeNode | null
  if (tree) collect(tree, tags, null)
  return tags
}

function collect(node: TreeNode, tags: Map<string, TaggedTable>, table: TaggedTable | null): void {
  const inner = node.role === 'Table' ? { rows: [] } : table
  if (inner && node.role === 'TR') inner.rows.push([])
  if (inner && (node.role === 'TH' || node.role === 'TD'))
    inner.rows.at(-1)?.push({ marks: new Set(), isHeader: node.role === 'TH' })
  if (inner && node.type === 'content' && node.id) {
    inner.rows.at(-1)?.at(-1)?.marks.add(node.id)
    tags.set(node.id, inner)
  }
  for (const child of node.children ?? []) collect(child, tags, inner)
}

export interface FoundTable {
  rows: string[][]
  headed: boolean
  rowCount: number
}

/** The tagged table that begins with the first of these rows; null where there is none, or its cells reach over several columns. */
export function taggedTableAt(rows: readonly Row[], tags: TableTags): FoundTable | null {
  const table = tableOf(rows[0]!, tags)
  if (!table) return null
  const [head, ...body] = table.rows
  if (!head || body.some(row => row.length !== head.length)) return null
  const end = rows.findIndex(row => tableOf(row, tags) !== table)
  const boxes = rows.slice(0, end < 0 ? rows.length : end).flat()
  return {
    rows: table.rows.map(row => row.map(({ marks }) => cellText(boxes, marks))),
    headed: head.every(({ isHeader }) => isHeader),
    rowCount: end < 0 ? rows.length : end,
  }
}

function tableOf(row: Row, tags: TableTags): TaggedTable | undefined {
  const table = tags.get(row[0]!.mark ?? '')
  return row.every(({ mark }) => tags.get(mark ?? '') === table) ? table : undefined
}

function cellText(boxes: readonly Box[], marks: ReadonlySet<string>): string {
  const own = boxes.filter(({ mark }) => mark !== undefined && marks.has(mark))
  return rowsOf(own).map(joinBoxes).join(' ')
}
