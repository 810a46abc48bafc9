import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { PDFDocumentProxy } from 'pdfjs-dist/types/src/display/api.d.ts'
import { fileProblem } from '../../problem.ts'
import { type Structure, StructureWriter } from '../../structure.ts'
import { type Box, pageBoxes } from './boxes.ts'
import { headingKey, headingShare, PageWriter, type Typography } from './paragraphs.ts'
import { withoutRunning } from './running.ts'
import { type TableTags, tableTags } from './tags.ts'

const pagesMax = 1000
/** A cut off file has lost its end mark; what some programs write behind it is short. */
const tailBytes = 2048
/** Of the signs of a text layer; more of them and it was made for the eye alone. */
const nonsenseShare = 0.3
const headingLevels = 6
const outlineMax = 2000

/**
 * The text of a PDF by page: columns one after the other, tables by their rows, without running headers and footers and
 * without the hyphens of line ends. Scripts, forms, notes and attached files are not looked at.
 */
export async function readPdf(bytes: Uint8Array): Promise<Structure> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!file.subarray(-tailBytes).includes('%%EOF')) throw fileProblem('damaged')
  const pdf = await open(bytes)
  try {
    if (pdf.numPages > pagesMax) throw fileProblem('too_many_pages', pagesMax)
    return await write(pdf)
  } finally {
    await pdf.loadingTask.destroy()
  }
}

async function write(pdf: PDFDocumentProxy): Promise<Structure> {
  // What stands across a page is read after it, apart from it.
  const along: Box[][] = []
  const across: Box[][] = []
  const tags: TableTags[] = []
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number)
    const [main = [], ...others] = await pageBoxes(page)
    along.push(main)
    across.push(others.flat())
    tags.push(await tableTags(page))
    page.cleanup()
  }
  assertReadable(along.flat())
  const pages = withoutRunning(along)
  const structure = new StructureWriter('page')
  const writer = new PageWriter(structure, typographyOf(pages, await outlineOf(pdf)))
  for (const [at, boxes] of pages.entries()) {
    writer.write(at + 1, boxes, tags[at]!)
    if (across[at]!.length > 0) writer.write(at + 1, across[at]!, tags[at]!)
  }
  writer.end()
  return structure.finish()
}

/** pdf.js takes the page's geometry from the browser, and makes some of it when it is loaded; reading text needs none. */
async function loadPdfJs() {
  const names = ['DOMMatrix', 'ImageData', 'Path2D']
  for (const name of names) (globalThis as Record<string, unknown>)[name] ??= class {}
  return import('pdfjs-dist/legacy/build/pdf.mjs')
}

async function open(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  const { getDocument, VerbosityLevel } = await loadPdfJs()
  const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  const task = getDocument({
    data: new Uint8Array(bytes),
    cMapUrl: `${folder}/cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${folder}/standard_fonts/`,
    wasmUrl: `${folder}/wasm/`,
    iccUrl: `${folder}/iccs/`,
    useSystemFonts: false,
    disableFontFace: true,
    stopAtErrors: false,
    verbosity: VerbosityLevel.ERRORS,
  })
  return task.promise.catch(error => {
    throw fileProblem(error?.name === 'PasswordException' ? 'encrypted' : 'damaged')
  })
}

function assertReadable(boxes: readonly Box[]): void {
  const text = boxes.map(box => box.text).join('')
  if (text === '') throw fileProblem('scanned')
  const odd = text.match(/[\p{Co}\p{Cn}\p{Cc}\ufffd]/gu)?.length ?? 0
  if (odd > nonsenseShare * text.length) throw fileProblem('scanned')
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

interface OutlineItem {
  title: string
  items: OutlineItem[]
}

async function outlineOf(pdf: PDFDocumentProxy): Promise<Map<string, number>> {
  const levels = new Map<string, number>()
  const add = (items: readonly OutlineItem[], level: number) => {
    for (const { title, items: below } of items) {
      if (levels.size >= outlineMax) return
      levels.set(headingKey(title), level)
      if (level < headingLevels) add(below, level + 1)
    }
  }
  const items: OutlineItem[] = (await pdf.getOutline().catch(() => null)) ?? []
  add(items, items.length > 1 ? 2 : 1)
  return levels
}
