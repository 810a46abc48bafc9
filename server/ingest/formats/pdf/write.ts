import type { Place } from '../../structure.ts'
import { type Structure, StructureWriter } from '../../structure.ts'
import type { Box } from './boxes.ts'
import { headingShare, PageWriter, type Typography } from './paragraphs.ts'
import { withoutRunning } from './running.ts'
import type { TableTags } from './tags.ts'

/** What stands on a page. */
export interface PageText {
  along: Box[]
  /** Text that runs across the page is read after it, apart from it. */
  across: Box[]
  tags: TableTags
}

interface WriteOptions {
  unit: Place['unit'] | null
  /** Headings by their text, with their levels. */
  outline?: ReadonlyMap<string, number>
}

const headingLevels = 6

/** Pages as headings, paragraphs and tables, without what runs along all of them. */
export function writePages(
  texts: readonly PageText[],
  { unit, outline = new Map() }: WriteOptions,
): Structure {
  const pages = withoutRunning(texts.map(({ along }) => along))
  const structure = new StructureWriter(unit)
  const writer = new PageWriter(structure, typographyOf(pages, outline))
  for (const [at, boxes] of pages.entries()) {
    const { across, tags } = texts[at]!
    writer.write(at + 1, boxes, tags)
    if (across.length > 0) writer.write(at + 1, across, tags)
  }
  writer.end()
  return structure.finish()
}

function typographyOf(pages: readonly Box[][], outline: ReadonlyMap<string, number>): Typography {
  const letters = new Map<number, number>()
  const words = new Set<string>()
  for (const { size, text } of pages.flat()) {
    letters.set(rounded(size), (letters.get(rounded(size)) ?? 0) + text.length)
    for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*/gu)) words.add(word)
  }
  const bodySize = [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0
  const headingSizes = [...letters.keys()]
    .filter(size => size >= headingShare * bodySize)
    .sort((a, b) => b - a)
    .slice(0, headingLevels)
  const withLargest = pages.filter(boxes => boxes.some(({ size }) => rounded(size) === headingSizes[0]))
  return { bodySize, headingSizes, topLevel: withLargest.length > 1 ? 2 : 1, outline, words }
}

function rounded(size: number): number {
  return Math.round(size * 2) / 2
}
