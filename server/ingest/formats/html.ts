import { type Token, Tokenizer, TokenizerMode } from 'parse5'
import { yieldToLoop } from '../../core/turns.ts'
import { normalizeSpace, type Structure, StructureWriter, type TableCell } from '../structure.ts'
import { looksHeaded } from './table-head.ts'

/** Never shown, or shown on every page alike. */
const skipped = new Set(
  'script style noscript template nav svg math iframe object audio video canvas select button dialog'.split(
    ' ',
  ),
)
const blocks = new Set(
  (
    'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form header hr html ' +
    'legend li main menu ol optgroup option p section summary ul table caption thead tbody tfoot'
  ).split(' '),
)
const empty = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))
const rawText = new Map<string, (typeof TokenizerMode)[keyof typeof TokenizerMode]>([
  ['script', TokenizerMode.SCRIPT_DATA],
  ...['style', 'iframe', 'noembed', 'noframes', 'xmp'].map(tag => [tag, TokenizerMode.RAWTEXT] as const),
  ...['title', 'textarea'].map(tag => [tag, TokenizerMode.RCDATA] as const),
])
/** Their end tag may be missing: another of the name ends them. */
const selfEnding = new Set(['p', 'option', 'td', 'th', 'tr', 'dt', 'dd'])
const heading = /^h([1-6])$/
/** Stands for `<br>` until a block is written: line breaks of the source are only spaces. */
const lineBreak = '\u2028'
const slice = 16 * 1024
/** As the HTML standard bounds them. */
const spanMax = 1000
/** Of a question that a button asks, below every heading. */
const triggerLevel = 6

/**
 * Text and headings of an HTML page, without scripts, styles, navigation and what is hidden. Reads the token stream, not a
 * tree: a tree builder needs quadratic time on deep nesting, and a reader of text needs no tree.
 * @param options.isOffice from a word processor: the first row of a table may name its columns though nothing says so, and items of lists are marked as in its file
 */
export async function readHtml(text: string, { isOffice = false } = {}): Promise<Structure> {
  const whole = await read(text, skipped, isOffice)
  // A page whose navigation is never closed still has its words.
  return whole.sections.length > 0 ? whole : read(text, new Set(['script', 'style', 'template']), isOffice)
}

async function read(text: string, skip: ReadonlySet<string>, isOffice: boolean): Promise<Structure> {
  const reader = new HtmlReader(skip, isOffice)
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: false },
    reader.handler(() => tokenizer),
  )
  for (let at = 0; at < text.length; at += slice) {
    tokenizer.write(text.slice(at, at + slice), at + slice >= text.length)
    await yieldToLoop()
  }
  return reader.finish()
}

class HtmlReader {
  private readonly writer = new StructureWriter()
  private readonly skip: ReadonlySet<string>
  private readonly isOffice: boolean
  private text: string[] = []
  /** The element whose content is passed over, and how deep in elements of its name we are. */
  private hidden: { tag: string; depth: number } | null = null
  private inside: 'title' | 'heading' | 'trigger' | 'pre' | null = null
  private level = 0
  /** Of the lists being read, the innermost last: items so far, or null where they are not numbered. */
  private readonly counts: (number | null)[] = []
  private rows: TableCell[][] = []
  private cells: TableCell[] | null = null
  private cell: Omit<TableCell, 'text'> | null = null
  private headed = false
  /** Of an accordion: what its buttons say they open, and whether one has just been read. */
  private readonly opened = new Set<string>()
  private afterTrigger = false

  constructor(skip: ReadonlySet<string>, isOffice: boolean) {
    this.skip = skip
    this.isOffice = isOffice
  }

  handler(tokenizer: () => Tokenizer) {
    return {
      onStartTag: (token: Token.TagToken) => {
        const mode = rawText.get(token.tagName)
        if (mode !== undefined) tokenizer().state = mode
        this.start(token)
      },
      onEndTag: (token: Token.TagToken) => this.end(token.tagName),
      onCharacter: (token: Token.CharacterToken) => this.characters(token.chars),
      onWhitespaceCharacter: (token: Token.CharacterToken) => this.characters(token.chars),
      onNullCharacter() {},
      onComment() {},
      onDoctype() {},
      onEof() {},
    }
  }

  finish(): Structure {
    this.endTable()
    this.flush()
    return this.writer.finish()
  }

  private characters(chars: string) {
    if (!this.hidden) this.text.push(chars)
  }

  private start({ tagName: tag, attrs, selfClosing }: Token.TagToken) {
    if (this.hidden && this.staysHidden(tag, selfClosing)) return
    const opens = tag === 'button' && this.isTrigger(attrs)
    const isPanel = this.isPanel(attrs)
    if (!empty.has(tag) && tag !== 'button') this.afterTrigger = false
    if (opens) this.startTrigger(attrs)
    else if (empty.has(tag)) this.startEmpty(tag, attrs)
    else if (this.skip.has(tag) || isChrome(attrs) || (isHidden(attrs) && !isPanel)) {
      if (!(selfClosing && (tag === 'svg' || tag === 'math'))) this.hidden = { tag, depth: 1 }
    } else if (tag === 'title' || tag === 'pre') this.enter(tag)
    else if (heading.test(tag)) {
      this.enter('heading')
      this.level = Number(tag[1])
    } else if (tag === 'tr') this.beginRow()
    else if (tag === 'td' || tag === 'th') this.beginCell(tag, attrs)
    else if (blocks.has(tag)) this.boundary()
    if (this.isOffice) this.markItem(tag)
  }

  /** The numbers and bullets that a browser would draw. */
  private markItem(tag: string) {
    if (tag === 'ol') this.counts.push(0)
    else if (tag === 'ul') this.counts.push(null)
    else if (tag === 'li') {
      const count = this.counts.pop() ?? null
      this.counts.push(count === null ? null : count + 1)
      this.text.push(count === null ? '- ' : `${count + 1}. `)
    }
  }

  /** A button in a heading, or one that says what it opens: its text is the question, what it opens the answer. */
  private isTrigger(attrs: Token.Attribute[]): boolean {
    if (this.inside === 'heading') return true
    const named = (name: string) => attrs.find(attr => attr.name === name)?.value
    return named('aria-expanded') !== undefined && named('aria-haspopup') === undefined
  }

  private startTrigger(attrs: Token.Attribute[]) {
    for (const id of attrs.find(({ name }) => name === 'aria-controls')?.value.split(/\s+/) ?? [])
      this.opened.add(id)
    this.afterTrigger = true
    if (this.inside === 'heading') return
    this.flush()
    this.inside = 'trigger'
  }

  /** What an accordion shows when it is opened: named by its button, or right behind it. */
  private isPanel(attrs: Token.Attribute[]): boolean {
    const id = attrs.find(({ name }) => name === 'id')?.value
    return this.afterTrigger || (id !== undefined && this.opened.has(id))
  }

  private staysHidden(tag: string, selfClosing: boolean): boolean {
    if (tag !== this.hidden!.tag) return true
    if (selfEnding.has(tag)) this.hidden = null
    else if (!selfClosing) this.hidden!.depth++
    return this.hidden !== null
  }

  private end(tag: string) {
    if (this.hidden) {
      if (tag === 'body') this.hidden = null
      else if (tag === this.hidden.tag && --this.hidden.depth === 0) this.hidden = null
    } else if (tag === 'button' && this.inside === 'trigger') this.flush()
    else if (tag === 'title' || tag === 'pre' || heading.test(tag)) this.flush()
    else if (tag === 'tr') this.endRow()
    else if (tag === 'table') this.endTable()
    else if (tag === 'td' || tag === 'th') this.endCell()
    else if (blocks.has(tag)) this.boundary()
    if (this.isOffice && (tag === 'ol' || tag === 'ul')) this.counts.pop()
  }

  private startEmpty(tag: string, attrs: Token.Attribute[]) {
    if (tag === 'br') this.text.push(this.inside === 'heading' || this.cell !== null ? ' ' : lineBreak)
    const alternative = tag === 'img' && attrs.find(({ name }) => name === 'alt')?.value
    if (alternative) this.text.push(` ${alternative} `)
  }

  private enter(inside: 'title' | 'heading' | 'pre') {
    this.flush()
    this.inside = inside
  }

  /** A block ends what stands before it; within a cell it is only a space. */
  private boundary() {
    if (this.cells) this.text.push(' ')
    else if (this.inside !== 'heading' && this.inside !== 'trigger') this.flush()
  }

  private flush() {
    const text = this.text.join('')
    this.text = []
    const { inside } = this
    this.inside = null
    if (!text.trim()) return
    if (inside === 'title') this.writer.setTitle(normalizeSpace(text))
    else if (inside === 'heading') this.writer.heading(this.level, text)
    else if (inside === 'trigger') this.writer.heading(triggerLevel, text)
    else if (inside === 'pre') this.writer.verbatim(text.replaceAll(lineBreak, '\n'))
    else for (const line of text.split(lineBreak)) this.writer.line(line)
  }

  private beginRow() {
    this.endRow()
    if (this.rows.length === 0) this.flush()
    this.cells = []
  }

  private beginCell(tag: string, attrs: Token.Attribute[]) {
    this.endCell()
    this.cells ??= []
    const reach = (name: string) =>
      Math.min(
        spanMax,
        Math.max(1, Number.parseInt(attrs.find(attr => attr.name === name)?.value ?? '1', 10) || 1),
      )
    this.cell = { columns: reach('colspan'), rows: reach('rowspan'), isHeader: tag === 'th' }
    if (this.rows.length === 0) this.headed = tag === 'th' && (this.headed || this.cells.length === 0)
  }

  private endCell() {
    const text = this.text.join('')
    this.text = []
    if (this.cell) this.cells?.push({ text, ...this.cell })
    this.cell = null
  }

  private endRow() {
    if (!this.cells) return
    this.endCell()
    if (this.cells.length > 0) this.rows.push(this.cells)
    this.cells = null
  }

  /** Of a program that does not say which cells are heads. */
  private findHead() {
    if (!this.isOffice || this.rows.some(cells => cells.some(({ isHeader }) => isHeader))) return
    this.headed = looksHeaded(this.rows.map(cells => cells.map(({ text }) => text)))
    if (this.headed) for (const cell of this.rows[0]!) cell.isHeader = true
  }

  private endTable() {
    this.endRow()
    this.findHead()
    const isSpanned = this.rows.some(cells => cells.some(({ columns, rows }) => columns > 1 || rows > 1))
    if (isSpanned) this.writer.spannedTable(this.rows)
    else
      this.writer.table(
        this.rows.map(cells => cells.map(({ text }) => text)),
        this.headed,
      )
    this.rows = []
    this.headed = false
  }
}

/** What stands on every page alike, by its role or name. */
function isChrome(attrs: Token.Attribute[]): boolean {
  return attrs.some(
    ({ name, value }) =>
      (name === 'role' &&
        /^(?:dialog|alertdialog|navigation|menu|menubar|banner|search|tooltip)$/i.test(value)) ||
      ((name === 'id' || name === 'class') &&
        /(?:^|[\s_-])(?:cookie|consent|gdpr)(?:[\s_-]|s?$|bar|banner|notice)/i.test(value)),
  )
}

function isHidden(attrs: Token.Attribute[]): boolean {
  return attrs.some(
    ({ name, value }) =>
      name === 'hidden' ||
      (name === 'aria-hidden' && value === 'true') ||
      (name === 'style' && /display\s*:\s*none|visibility\s*:\s*hidden/i.test(value)),
  )
}
