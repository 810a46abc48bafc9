import { fileProblem } from '../problem.ts'
import { type Structure, StructureWriter } from '../structure.ts'
import { looksHeaded } from './table-head.ts'

/** Groups that are no text of the document, or none that its reader is shown. */
const skipped = new Set(
  (
    'fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf annotation ' +
    'atnid atnauthor listtable listoverridetable pntext listtext xmlnstbl rsidtbl generator themedata colorschememapping ' +
    'latentstyles datastore bkmkstart bkmkend fldinst revtbl filetbl'
  ).split(' '),
)
const signs: Readonly<Record<string, string>> = {
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  tab: ' ',
  line: ' ',
  emspace: ' ',
  enspace: ' ',
}
/** Windows' numbers of code pages, and of the character sets of fonts. */
const codePages: Readonly<Record<number, string>> = {
  932: 'shift_jis',
  936: 'gb18030',
  949: 'euc-kr',
  950: 'big5',
}
const charsets: Readonly<Record<number, number>> = {
  0: 1252,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
}
/** Groups within groups. */
const depthMax = 1000
const token = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}]+)/gi

interface Group {
  isSkipped: boolean
  isHidden: boolean
  isNote: boolean
  codePage: number
  /** Signs that stand for one of Unicode where a reader does not know it. */
  fallbacks: number
}

/** Text, headings by their outline level, rows of tables and footnotes of a Rich Text file. */
export async function readRtf(bytes: Uint8Array): Promise<Structure> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  if (text.trimEnd().at(-1) !== '}') throw fileProblem('damaged')
  const reader = new RtfReader()
  for (const match of text.matchAll(token)) reader.token(match)
  return reader.finish()
}

class RtfReader {
  private readonly writer = new StructureWriter()
  private readonly groups: Group[] = []
  private group: Group = { isSkipped: false, isHidden: false, isNote: false, codePage: 1252, fallbacks: 1 }
  private readonly fonts = new Map<number, number>()
  private readonly headings = new Map<number, number>()
  private table: 'fonttbl' | 'stylesheet' | null = null
  private tableDepth = 0
  private named = 0
  private level: number | null = null
  private bytes: number[] = []
  private left = 0
  private paragraph = ''
  private note = ''
  private notes: string[] = []
  private cells: string[] = []
  private isInTable = false
  private rows: string[][] = []

  token([, word, number, hex, sign, brace, text]: RegExpExecArray) {
    if (hex !== undefined) return this.byte(Number.parseInt(hex, 16))
    this.flushBytes()
    if (brace) this.brace(brace)
    else if (word) this.word(word.toLowerCase(), number === undefined ? null : Number(number))
    else if (sign) this.sign(sign)
    else if (text) this.plain(text.replace(/[\r\n]/g, ''))
  }

  finish(): Structure {
    this.flushBytes()
    this.isInTable = false
    this.endParagraph()
    this.endTable()
    return this.writer.finish()
  }

  private brace(brace: string) {
    if (brace === '{') {
      if (this.groups.length >= depthMax) throw fileProblem('damaged')
      this.groups.push(this.group)
      this.group = { ...this.group }
      return
    }
    const wasNote = this.group.isNote
    this.group = this.groups.pop() ?? this.group
    if (this.groups.length < this.tableDepth) this.table = null
    if (wasNote && !this.group.isNote) {
      this.notes.push(this.note.trim())
      this.note = ''
    }
  }

  private sign(sign: string) {
    if (sign === '*') this.group.isSkipped = true
    else if (sign === '~') this.add('\u00a0')
    else if (sign === '_') this.add('-')
    else if ('\\{}'.includes(sign)) this.add(sign)
    else if (sign === '\n' || sign === '\r') this.endParagraph()
  }

  private word(word: string, number: number | null) {
    if (word === 'fonttbl' || word === 'stylesheet')
      [this.table, this.tableDepth] = [word, this.groups.length]
    if (this.table) this.define(word, number)
    if (skipped.has(word)) this.group.isSkipped = true
    else if (signs[word]) this.add(signs[word])
    else if (word === 'u' && number !== null) this.unicode(number)
    else if (word === 'uc') this.group.fallbacks = number ?? 1
    else if (word === 'ansicpg') this.group.codePage = number ?? 1252
    else if (word === 'f' && !this.table)
      this.group.codePage = this.fonts.get(number ?? 0) ?? this.group.codePage
    else if (word === 'v') this.group.isHidden = number !== 0
    else if (word === 'plain') this.group.isHidden = false
    else if (word === 'footnote') [this.group.isNote, this.group.isSkipped] = [true, false]
    else if (!this.group.isSkipped) this.structure(word, number)
  }

  private structure(word: string, number: number | null) {
    if (word === 'par' || word === 'sect' || word === 'page')
      this.group.isNote ? this.add(' ') : this.endParagraph()
    else if (word === 'pard') [this.level, this.isInTable] = [null, false]
    else if (word === 'intbl') this.isInTable = true
    else if (word === 's') this.level = this.headings.get(number ?? 0) ?? this.level
    else if (word === 'outlinelevel' && number !== null && number < 6) this.level = number + 1
    else if (word === 'cell') this.endCell()
    else if (word === 'row') this.endRow()
  }

  /** What the tables of fonts and styles say of theirs. */
  private define(word: string, number: number | null) {
    if (word === (this.table === 'fonttbl' ? 'f' : 's')) this.named = number ?? 0
    else if (word === 'fcharset') this.fonts.set(this.named, charsets[number ?? 0] ?? this.group.codePage)
    else if (word === 'outlinelevel' && number !== null && number < 6)
      this.headings.set(this.named, number + 1)
  }

  private unicode(number: number) {
    this.add(String.fromCharCode(number < 0 ? number + 0x10000 : number))
    this.left = this.group.fallbacks
  }

  private byte(byte: number) {
    if (this.left > 0) this.left--
    else this.bytes.push(byte)
  }

  /** Signs of several bytes come as bytes. */
  private flushBytes() {
    if (this.bytes.length === 0) return
    const bytes = Uint8Array.from(this.bytes)
    this.bytes = []
    this.add(decoderOf(this.group.codePage).decode(bytes))
  }

  private plain(text: string) {
    const begin = Math.min(this.left, text.length)
    this.left -= begin
    this.add(text.slice(begin))
  }

  private add(text: string) {
    if (this.group.isSkipped || this.group.isHidden) return
    if (this.group.isNote) this.note += text
    else this.paragraph += text
  }

  private endParagraph() {
    const text = this.paragraph
    if (this.isInTable) return this.add(' ')
    this.paragraph = ''
    if (text.trim()) {
      this.endTable()
      if (this.level === null) this.writer.line(text)
      else this.writer.heading(this.level, text)
    }
    for (const note of this.notes) this.writer.line(note)
    this.notes = []
  }

  private endCell() {
    this.cells.push(this.paragraph.trim())
    this.paragraph = ''
  }

  private endRow() {
    if (this.cells.length > 0) this.rows.push(this.cells)
    this.cells = []
  }

  private endTable() {
    this.writer.table(this.rows, looksHeaded(this.rows))
    this.rows = []
  }
}

/** Western text where nobody knows the page. */
function decoderOf(codePage: number): TextDecoder {
  try {
    return new TextDecoder(codePages[codePage] ?? `windows-${codePage}`)
  } catch {
    return new TextDecoder('windows-1252')
  }
}
