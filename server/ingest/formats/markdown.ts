import { yieldToLoop } from '../../core/turns.ts'
import { type Structure, StructureWriter, unwrap } from '../structure.ts'

const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/
const setext = /^ {0,3}(?:=+|-{2,})[ \t]*$/
const fence = /^\s{0,12}(`{3,}|~{3,})/
const item = /^\s*(?:[-*+]|\d{1,9}[.)])[ \t]+/
const rule = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/
const tableRule = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*){0,200}\|?\s*$/
const definition = /^ {0,3}\[[^\]]{1,200}\]:\s*\S/
/** A longer line is no heading, table row or rule, and a longer paragraph no prose: both are kept as they are. */
const lineMax = 5000
const proseMax = 20_000
const slice = 16 * 1024

/** Headings, paragraphs, lists, tables, code and front matter of a Markdown text; marks are removed, words are kept. */
export async function readMarkdown(text: string): Promise<Structure> {
  const reader = new MarkdownReader(text.split('\n'))
  while (!reader.done) {
    reader.read(slice)
    await yieldToLoop()
  }
  return reader.finish()
}

class MarkdownReader {
  private readonly lines: string[]
  private readonly writer = new StructureWriter()
  private at = 0
  private paragraph: string[] = []

  constructor(lines: string[]) {
    this.lines = lines
    this.skipFrontMatter()
  }

  get done(): boolean {
    return this.at >= this.lines.length
  }

  /** Reads on for about so many characters. */
  read(characters: number) {
    let left = characters
    while (left > 0 && !this.done) {
      left -= this.lines[this.at]!.length + 1
      this.block()
    }
  }

  finish(): Structure {
    this.endParagraph()
    return this.writer.finish()
  }

  /** Reads one line, or the whole of a block of code or a table. */
  private block() {
    const whole = this.lines[this.at]!
    if (whole.length > lineMax) return this.longLine(whole)
    const line = whole.replace(/^(?:\s{0,3}>){1,20} ?/, '')
    const heading = atx.exec(line)
    if (!line.trim()) this.endParagraph()
    else if (fence.test(line)) return this.code(fence.exec(line)![1]!)
    else if (heading) {
      this.endParagraph()
      this.writer.heading(heading[1]!.length, inline((heading[2] ?? '').trim().replace(/(?:^|[ \t])#+$/, '')))
    } else if (setext.test(line) && this.paragraph.length > 0)
      this.endAsHeading(line.trim().startsWith('=') ? 1 : 2)
    else if (rule.test(line)) this.endParagraph()
    else if (this.startsTable(line)) return this.table()
    else if (!definition.test(line)) {
      if (item.test(line)) this.endParagraph()
      this.paragraph.push(line)
    }
    this.at++
  }

  private longLine(line: string) {
    this.endParagraph()
    this.writer.line(line.length > proseMax ? line : inline(line))
    this.at++
  }

  private code(mark: string) {
    this.endParagraph()
    const start = this.at + 1
    let end = start
    while (end < this.lines.length && !this.lines[end]!.trimStart().startsWith(mark)) end++
    this.writer.verbatim(this.lines.slice(start, end).join('\n'))
    this.at = end + 1
  }

  private startsTable(line: string): boolean {
    const next = this.lines[this.at + 1]
    return (
      line.includes('|') && next?.includes('|') === true && next.length <= lineMax && tableRule.test(next)
    )
  }

  private table() {
    this.endParagraph()
    const rows = [cells(this.lines[this.at]!)]
    this.at += 2
    while (!this.done && isRow(this.lines[this.at]!)) rows.push(cells(this.lines[this.at++]!))
    this.writer.table(rows, true)
  }

  private endAsHeading(level: number) {
    const text = unwrap(this.paragraph.slice(0, 20))
    this.paragraph = []
    this.writer.heading(level, inline(text))
  }

  private endParagraph() {
    const text = unwrap(this.paragraph)
    this.paragraph = []
    if (text) this.writer.line(text.length > proseMax ? text : inline(text))
  }

  private skipFrontMatter() {
    if (this.lines[0]?.trim() !== '---') return
    const end = this.lines.slice(0, 200).findIndex((line, at) => at > 0 && line.trim() === '---')
    if (end < 0) return
    for (const line of this.lines.slice(1, end)) {
      const title = /^title:\s*(["']?)(.+?)\1\s*$/.exec(line)?.[2]
      if (title) this.writer.setTitle(title)
    }
    this.at = end + 1
  }
}

function isRow(line: string): boolean {
  return line.length <= lineMax && line.includes('|') && line.trim() !== ''
}

function cells(row: string): string[] {
  return row
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map(cell => inline(cell.replaceAll('\\|', '|')))
}

/** Every repetition is bounded and none overlaps another, so that no input makes it slow. */
const marks: [RegExp, string][] = [
  [/!\[([^[\]]{0,300})\]\([^()\n]{0,2000}\)/g, '$1'],
  [/\[([^[\]]{1,500})\](?:\([^()\n]{0,2000}\)|\[[^[\]]{0,200}\])/g, '$1'],
  [/<(https?:[^<>\s]{1,2000})>/g, '$1'],
  [/<\/?[a-z][^<>\n]{0,500}>|<!--[^<>]{0,2000}-->/gi, ' '],
  [/(?<![*\p{L}\p{N}])(\*{1,3})(?=[^\s*])([^*\n]{1,1000})(?<=[^\s*])\1(?!\*)/gu, '$2'],
  [/(?<![_\p{L}\p{N}])(_{1,3})(?=[^\s_])([^_\n]{1,1000})(?<=[^\s_])\1(?![_\p{L}\p{N}])/gu, '$2'],
  [/\\([!-/:-@[-`{-~])/g, '$1'],
]

/** Text of a line without links, emphasis, tags and escapes. What stands in `code` stays as it is, marks included. */
function inline(text: string): string {
  return text
    .split(/(`[^`\n]{1,1000}`)/)
    .map((part, at) =>
      at % 2 === 1
        ? part
        : marks.reduce((rest, [mark, replacement]) => rest.replace(mark, replacement), part),
    )
    .join('')
}
