import type { PDFPageProxy, TextItem, TextMarkedContent } from 'pdfjs-dist/types/src/display/api.d.ts'
import { withoutLookalikes } from './lookalikes.ts'
import { lettersOf } from './rows.ts'

/** A piece of text where it stands on its page, in points; `y` is its baseline and grows downwards. */
export interface Box {
  text: string
  left: number
  right: number
  y: number
  size: number
  /** By which the page's structure names it, where the page has one. */
  mark?: string
}

/** Text that runs in another direction than along or across the page is a watermark. */
const slantMax = 0.2

/** The text of a page as its readers turn it: what runs along it first, then what runs across. */
export async function pageBoxes(page: PDFPageProxy): Promise<Box[][]> {
  const { items } = await page.getTextContent({ includeMarkedContent: true })
  const turned: Box[][] = [[], [], [], []]
  const seen = new Set<string>()
  const marks: (string | undefined)[] = []
  for (const item of items) {
    if (!('str' in item)) follow(marks, item)
    if (!('str' in item) || item.str.trim() === '') continue
    const quarter = quarterOf(item)
    if (quarter === null) continue
    const box = toBox(item, quarter, marks.at(-1))
    // Bold letters made by drawing them twice.
    const key = `${quarter} ${box.text} ${Math.round(box.left)} ${Math.round(box.y)}`
    if (seen.has(key)) continue
    seen.add(key)
    turned[quarter]!.push(box)
  }
  return turned.filter(boxes => boxes.length > 0).sort((a, b) => lettersOf(b) - lettersOf(a))
}

/** Marked text stands within marked text. */
function follow(marks: (string | undefined)[], { type, id }: TextMarkedContent): void {
  if (type === 'endMarkedContent') marks.pop()
  else marks.push(id ?? marks.at(-1))
}

function quarterOf({ transform: [a, b] }: TextItem): number | null {
  const quarters = Math.atan2(b, a) / (Math.PI / 2)
  const whole = Math.round(quarters)
  return Math.abs(quarters - whole) > slantMax ? null : (whole + 4) % 4
}

function toBox(
  { str, transform: [a, b, , , x, y], width }: TextItem,
  quarter: number,
  mark: string | undefined,
): Box {
  const size = Math.hypot(a, b) || 1
  const [along, down] = [
    [x, -y],
    [y, x],
    [-x, y],
    [-y, -x],
  ][quarter] as [number, number]
  const text = withoutLookalikes(str).trim()
  return { text, left: along, right: along + width, y: down, size, mark }
}
