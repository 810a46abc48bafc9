import type { Box } from '../formats/pdf/boxes.ts'
import { median } from '../formats/pdf/rows.ts'

/** A word where it stands on its picture, in pixels from its upper left corner. */
export interface ScannedWord {
  text: string
  left: number
  right: number
  /** Of the line it stands in. */
  top: number
  bottom: number
  /** Which line of the picture, from 0. */
  line: number
}

/** Of a hundred, over a line: below it what was read is a stain, or a part of a drawing. */
const confidenceMin = 30
/** Of tesseract's rows: a line and a word. */
const [lineLevel, wordLevel] = [4, 5]

/** The words of tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
export function wordsOf(tsv: string): ScannedWord[] {
  const lines: { top: number; bottom: number; words: ScannedWord[]; confidence: number }[] = []
  for (const row of tsv.split('\n')) {
    const cells = row.split('\t')
    const level = Number(cells[0])
    const [left, top, width, height, confidence] = cells.slice(6, 11).map(Number) as FiveNumbers
    if (level === lineLevel) lines.push({ top, bottom: top + height, words: [], confidence: 0 })
    const text = cells.slice(11).join('\t').trim()
    const line = lines.at(-1)
    if (level !== wordLevel || text === '' || !line) continue
    line.words.push({
      text,
      left,
      right: left + width,
      top: line.top,
      bottom: line.bottom,
      line: lines.length - 1,
    })
    line.confidence += confidence
  }
  return lines
    .filter(({ words, confidence }) => confidence >= confidenceMin * words.length)
    .flatMap(({ words }) => words)
}

type FiveNumbers = [number, number, number, number, number]

/** Points that most lines of a page are made high, so that pages of any scale are alike. */
const usualSize = 10
/** Of a line's height: what stands further apart are two pieces, cells or columns. */
const pieceGap = 1
/** From which share of the height of most lines a line is a heading, and what it counts as: heights depend on the letters, too. */
const headingSteps = [
  { from: 1.9, share: 2 },
  { from: 1.3, share: 1.5 },
]

/** Pieces of lines, as the text of a page has them. */
export function boxesOf(words: readonly ScannedWord[]): Box[] {
  const lines = Map.groupBy(words, word => word.line)
  const usual = median([...lines.values()].map(([first]) => first!.bottom - first!.top))
  const scale = usualSize / usual
  const boxes: Box[] = []
  for (const line of lines.values()) {
    const share = (line[0]!.bottom - line[0]!.top) / usual
    const size = headingSteps.find(({ from }) => share >= from)?.share ?? 1
    for (const piece of piecesOf(line, pieceGap * size * usual))
      boxes.push({
        text: joinWords(piece),
        left: piece[0]!.left * scale,
        right: piece.at(-1)!.right * scale,
        y: line[0]!.bottom * scale,
        size: size * usualSize,
      })
  }
  return boxes
}

function piecesOf(line: readonly ScannedWord[], gap: number): ScannedWord[][] {
  const pieces: ScannedWord[][] = []
  for (const word of line) {
    const before = pieces.at(-1)?.at(-1)
    if (before && word.left - before.right <= gap) pieces.at(-1)!.push(word)
    else pieces.push([word])
  }
  return pieces
}

const wide = '[\\p{Script=Han}，。；：！？、（）“”《》〈〉]'
const betweenWide = new RegExp(
  `(?<=${wide}) (?=[${wide.slice(1, -1)},.;:!?)(])|(?<=[,;:!?)(]) (?=${wide})`,
  'gu',
)

/** Tesseract has every Chinese character for a word. */
function joinWords(words: readonly ScannedWord[]): string {
  return words
    .map(({ text }) => text)
    .join(' ')
    .replace(betweenWide, '')
}
