import type { Box } from './boxes.ts'

/** Boxes on one baseline, from left to right. */
export type Row = Box[]

/** Raised and lowered signs stand this share of the type size away from their line. */
const sameLineShare = 0.5

/** From top to bottom. */
export function rowsOf(boxes: readonly Box[]): Row[] {
  const rows: Row[] = []
  let y = Number.NEGATIVE_INFINITY
  let size = 0
  for (const box of [...boxes].sort((a, b) => a.y - b.y)) {
    if (box.y - y <= sameLineShare * Math.max(size, box.size)) rows.at(-1)!.push(box)
    else rows.push([box])
    // The line's own baseline is that of its largest signs.
    if (box.size >= size || rows.at(-1)!.length === 1) [y, size] = [box.y, box.size]
  }
  for (const row of rows) row.sort((a, b) => a.left - b.left)
  return rows
}

const han = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。；：！？、（）“”《》]/u
/** Shares of the type size: a gap from which two pieces are two words, and two Chinese ones. */
const wordGap = 0.12
const hanGap = 0.8

/** What stands side by side, as words are written. */
export function joinBoxes(boxes: readonly Box[]): string {
  let text = ''
  for (const [at, box] of boxes.entries()) {
    const before = boxes[at - 1]
    if (before) {
      const isHan = han.test(text.at(-1) ?? '') && han.test(box.text[0] ?? '')
      if (box.left - before.right > (isHan ? hanGap : wordGap) * box.size) text += ' '
    }
    text += box.text
  }
  return text
}

export function leftOf(boxes: readonly Box[]): number {
  return boxes.reduce((left, box) => Math.min(left, box.left), Number.POSITIVE_INFINITY)
}

export function rightOf(boxes: readonly Box[]): number {
  return boxes.reduce((right, box) => Math.max(right, box.right), Number.NEGATIVE_INFINITY)
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}

export function lettersOf(boxes: readonly Box[]): number {
  return boxes.reduce((sum, { text }) => sum + text.length, 0)
}
