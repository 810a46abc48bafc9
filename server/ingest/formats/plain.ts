import { yieldToLoop } from '../../core/turns.ts'
import { type Structure, StructureWriter, unwrap } from '../structure.ts'

const item = /^\s*(?:[-*•·‣+]|\(?\d{1,3}[.)、]|[a-z][.)])\s+/
/** Of a question and its answer. */
const speaker = /^\s*(?:Q|A|F|问|答)\s*\d{0,3}\s*[:：.、]/i
const underline = /^\s*([=\-~*])\1{2,}\s*$/
/** A line at least this long was broken by its width, not by its writer. Chinese characters count twice. */
const wrappedWidth = 50
const linesPerSlice = 1000

/**
 * Plain text: paragraphs between blank lines, lines broken by width joined again, list items kept, underlined lines as
 * headings, and so are short lines with text below them. A short first line that stands alone is the title.
 */
export async function readPlain(text: string): Promise<Structure> {
  const writer = new StructureWriter()
  const lines = text.split('\n')
  let paragraph: string[] = []
  let first = true
  function end() {
    if (paragraph.length > 0) writer.line(unwrap(paragraph))
    paragraph = []
  }
  for (const [at, line] of lines.entries()) {
    if (at % linesPerSlice === linesPerSlice - 1) await yieldToLoop()
    const blank = !line.trim()
    const alone = paragraph.length === 0 && !lines[at + 1]?.trim()
    if (blank || underline.test(line)) end()
    else if (isHeading(line, lines[at + 1]) && paragraph.length === 0) {
      writer.heading(lines[at + 1]!.trimStart().startsWith('=') ? 1 : 2, line)
      first = false
    } else if (first && alone && isShort(line)) {
      writer.heading(1, line)
      first = false
    } else if (paragraph.length === 0 && isTopic(line, [lines[at - 1], line, lines[at + 1], lines[at + 2]])) {
      writer.heading(2, line.replace(/[:：]\s*$/, ''))
    } else {
      if (
        item.test(line) ||
        speaker.test(line) ||
        (paragraph.length > 0 && width(paragraph.at(-1)!) < wrappedWidth)
      )
        end()
      paragraph.push(line)
      first = false
    }
  }
  end()
  return writer.finish()
}

function isHeading(line: string, next: string | undefined): boolean {
  return next !== undefined && underline.test(next) && isShort(line)
}

const topicMax = 50
const proseMin = 40

/** "Delivery" over a paragraph: a few words behind a blank line, with a sentence or a list below them. */
function isTopic(line: string, [before, , next, second]: readonly (string | undefined)[]): boolean {
  const below = next?.trim() ? next : second
  if (before?.trim() || !below?.trim() || item.test(line) || !isShort(line)) return false
  const isFew = width(line.trim()) <= topicMax && /\p{L}/u.test(line) && !/\d/.test(line)
  return isFew && (item.test(below) || width(below) >= proseMin || /[.。!！?？]$/.test(below.trim()))
}

function isShort(line: string): boolean {
  return line.trim().length <= 80 && !/[.。！？!?；;，,]$/.test(line.trim())
}

function width(line: string): number {
  return line.length > wrappedWidth
    ? line.length
    : line.length + (line.match(/\p{Script=Han}/gu)?.length ?? 0)
}
