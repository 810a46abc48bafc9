import { type Link, linkPattern, toLink } from './links.ts'

/** A small Markdown subset as a tree; nothing here or behind it ever makes HTML text. */
export type Inline =
  | string
  | { type: 'strong' | 'em'; children: Inline[] }
  | { type: 'code'; text: string }
  | Link
  | { type: 'reference'; number: number }

export type Block =
  | { type: 'paragraph' | 'heading' | 'quote'; children: Inline[] }
  | { type: 'list'; start: number | null; items: { depth: number; children: Inline[] }[] }
  | { type: 'code'; text: string }
  | { type: 'table'; head: Inline[][]; rows: Inline[][][] }

const fence = /^\s*(```|~~~)/
const listItem = /^(\s*)(?:[-*+•]|(\d{1,9})[.)])\s+(.*)$/
const heading = /^#{1,6}\s+(.*)$/
const quote = /^>\s?(.*)$/
const tableRow = /^\s*\|(.+)\|\s*$/
const tableRule = /^\s*\|[\s:|-]+\|\s*$/

/** Marks within marks deeper than this are text, and a mark that is not closed within so many signs is none: anybody may write here. */
const depthMax = 4
const inline = new RegExp(
  [
    /\\([!-/:-@[-`{-~])/.source,
    /(`{1,16})(.{1,1000}?)\2/.source,
    // Between numbers they multiply.
    /(?<!\d)\*\*(.{1,1000}?)\*\*(?!\d)/.source,
    /(?<![\w*])\*(?![\s*])(.{1,1000}?)(?<![\s*])\*(?![\w*])/.source,
    /(?<!\w)_(?!\s)(.{1,1000}?)_(?!\w)/.source,
    / ?\[(\d{1,3})\](?!\()/.source,
    // Where the address was taken out, or leads nowhere, the label is what there is to read.
    /!?\[([^\]]{1,300})\]\((?=[^\s()]*[:/.#…])((?:[^\s()]|\([^\s()]*\))*)\)/.source,
    linkPattern,
  ].join('|'),
  'g',
)

export function parseMarkdown(content: string): Block[] {
  const lines = content.split('\n')
  const blocks: Block[] = []
  let at = 0

  /** Takes lines as long as `read` finds something in them. */
  function take<T>(read: (line: string) => T | null | undefined): T[] {
    const taken: T[] = []
    for (; at < lines.length; at++) {
      const found = read(lines[at] ?? '')
      if (found === null || found === undefined) break
      taken.push(found)
    }
    return taken
  }

  function block(line: string): Block {
    if (fence.test(line)) return codeBlock()
    if (listItem.test(line)) return list()
    if (tableRow.test(line) && tableRule.test(lines[at + 1] ?? '')) return table()
    if (quote.test(line)) return { type: 'quote', children: spans(take(text => quote.exec(text)?.[1])) }
    const title = heading.exec(line)?.[1]
    if (title !== undefined) {
      at++
      return { type: 'heading', children: parseInline(title) }
    }
    at++
    return { type: 'paragraph', children: spans([line, ...take(text => (isPlain(text) ? text : null))]) }
  }

  function codeBlock(): Block {
    at++
    const text = take(line => (fence.test(line) ? null : line)).join('\n')
    at++
    return { type: 'code', text }
  }

  function list(): Block {
    const start = listItem.exec(lines[at] ?? '')?.[2]
    const items = take(line => {
      const found = listItem.exec(line)
      const depth = Math.min(3, (found?.[1] ?? '').length >> 1)
      return found && { depth, children: parseInline(found[3] ?? '') }
    })
    return { type: 'list', start: start === undefined ? null : Number(start), items }
  }

  function table(): Block {
    const [head = [], , ...rows] = take(line =>
      tableRow
        .exec(line)?.[1]
        ?.split(/(?<!\\)\|/)
        .map(cell => parseInline(cell.trim())),
    )
    return { type: 'table', head, rows }
  }

  while (at < lines.length) {
    const line = lines[at] ?? ''
    if (line.trim()) blocks.push(block(line))
    else at++
  }
  return blocks
}

function isPlain(line: string): boolean {
  return (
    line.trim() !== '' && ![fence, listItem, heading, quote, tableRow].some(special => special.test(line))
  )
}

function spans(lines: string[]): Inline[] {
  return parseInline(lines.join('\n'))
}

export function parseInline(text: string, depth = 0): Inline[] {
  if (depth > depthMax) return [text]
  const found: Inline[] = []
  let end = 0
  for (const match of text.matchAll(inline)) {
    if (match.index > end) found.push(text.slice(end, match.index))
    found.push(toInline(match, depth + 1))
    end = match.index + match[0].length
  }
  if (end < text.length) found.push(text.slice(end))
  return found
}

function toInline(match: RegExpMatchArray, depth: number): Inline {
  const [whole, escaped, , code, strong, star, underscore, number, label, url] = match
  if (escaped) return escaped
  if (code) return { type: 'code', text: code }
  if (strong) return { type: 'strong', children: parseInline(strong, depth) }
  const em = star ?? underscore
  if (em) return { type: 'em', children: parseInline(em, depth) }
  if (number) return { type: 'reference', number: Number(number) }
  return label && url ? toLink(url, label) : toLink(whole)
}

/** Chinese breaks between any two characters. */
const wordEnd = /(?:\p{Script=Han}|[^\s\p{Script=Han}]{0,6})$/u

/**
 * Groups what must stay on one line: a reference mark, the end of the word before it, the full stop behind it.
 * Browsers break the line before a button whatever characters stand there.
 */
export function keepMarks(children: Inline[]): (Inline | Inline[])[] {
  const found: (Inline | Inline[])[] = []
  for (const child of children) {
    const last = found.at(-1)
    if (typeof child === 'object' && child.type === 'reference') {
      if (Array.isArray(last)) last.push(child)
      else if (typeof last === 'string') {
        const tail = wordEnd.exec(last)?.[0] ?? ''
        found.splice(-1, 1, last.slice(0, last.length - tail.length), [tail, child])
      } else found.push([child])
    } else if (typeof child === 'string' && Array.isArray(last)) {
      const stop = /^[.,;:!?)。，；：！？、）]*/.exec(child)?.[0] ?? ''
      last.push(stop)
      found.push(child.slice(stop.length))
    } else found.push(child)
  }
  return found
}

/** What a screen reader is told once an answer is whole. */
export function plainText(content: string): string {
  return parseMarkdown(content).map(textOfBlock).join('\n')
}

function textOfBlock(block: Block): string {
  if (block.type === 'code') return block.text
  if (block.type === 'list') return block.items.map(({ children }) => textOf(children)).join('\n')
  if (block.type === 'table')
    return [block.head, ...block.rows].map(row => row.map(textOf).join(', ')).join('\n')
  return textOf(block.children)
}

function textOf(children: Inline[]): string {
  return children
    .map(child => {
      if (typeof child === 'string') return child
      if (child.type === 'reference') return ''
      return child.type === 'code' ? child.text : textOf(child.children)
    })
    .join('')
}
