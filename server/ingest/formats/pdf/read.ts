import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { PDFDocumentProxy } from 'pdfjs-dist/types/src/display/api.d.ts'
import { fileProblem } from '../../problem.ts'
import type { Structure } from '../../structure.ts'
import { type Box, pageBoxes } from './boxes.ts'
import { headingKey } from './paragraphs.ts'
import { tableTags } from './tags.ts'
import { type PageText, writePages } from './write.ts'

const pagesMax = 1000
/** A cut off file has lost its end mark; what some programs write behind it is short. */
const tailBytes = 2048
/** Of the signs of a text layer; more of them and it was made for the eye alone. */
const nonsenseShare = 0.3
const headingLevels = 6
const outlineMax = 2000

/**
 * The text of a PDF by page: columns one after the other, tables by their rows, without running headers and footers and
 * without the hyphens of line ends. Pages that are pictures, or whose text layer is nonsense, are read as they are seen. Scripts, forms, notes and attached files are not looked at.
 */
export async function readPdf(bytes: Uint8Array, report: (progress: number) => void): Promise<Structure> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!file.subarray(-tailBytes).includes('%%EOF')) throw fileProblem('damaged')
  const pdf = await open(bytes)
  try {
    if (pdf.numPages > pagesMax) throw fileProblem('too_many_pages', pagesMax)
    return await write(pdf, bytes, report)
  } finally {
    await pdf.loadingTask.destroy()
  }
}

/** @param report how far it is, 0 to 1: where pages are read as pictures, after each */
async function write(pdf: PDFDocumentProxy, bytes: Uint8Array, report: (progress: number) => void) {
  const pages: PageText[] = []
  const scanned: number[] = []
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number)
    const [along = [], ...others] = await pageBoxes(page)
    pages.push({ along, across: others.flat(), tags: await tableTags(page) })
    if (!isReadable([...along, ...others.flat()])) scanned.push(number)
    page.cleanup()
  }
  if (scanned.length > 0) await readScans({ pages, scanned, bytes, report })
  if (pages.every(({ along, across }) => along.length + across.length === 0)) throw fileProblem('scanned')
  return writePages(pages, { unit: 'page', outline: await outlineOf(pdf) })
}

interface Scans {
  pages: PageText[]
  /** Numbers of those without a text layer, or with one that is nonsense. */
  scanned: number[]
  bytes: Uint8Array
  report(progress: number): void
}

/** Puts what is seen on these pages in place of their text. */
async function readScans({ pages, scanned, bytes, report }: Scans): Promise<void> {
  const { openScans, scansMax } = await import('./scans.ts')
  const scans = await openScans(bytes)
  try {
    const filled = scanned.filter(number => !scans.isBlank(number))
    if (filled.length > scansMax) throw fileProblem('too_many_scans', scansMax)
    for (const [at, number] of filled.entries()) {
      pages[number - 1] = { along: await scans.read(number), across: [], tags: new Map() }
      report((at + 1) / filled.length)
    }
  } finally {
    scans.close()
  }
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

function isReadable(boxes: readonly Box[]): boolean {
  const text = boxes.map(box => box.text).join('')
  const odd = text.match(/[\p{Co}\p{Cn}\p{Cc}\ufffd]/gu)?.length ?? 0
  return text !== '' && odd <= nonsenseShare * text.length
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
