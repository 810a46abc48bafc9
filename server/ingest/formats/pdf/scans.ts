import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type PDFiumDocument, PDFiumLibrary, type PDFiumPage } from '@hyzyla/pdfium'
import { recognise } from '../../ocr/engine.ts'
import { boxesOf } from '../../ocr/words.ts'
import type { Box } from './boxes.ts'

/** Pages of one file that are read as pictures: each takes seconds. */
export const scansMax = 100
/** As scanners have them; larger pages are drawn smaller. */
const dotsPerPoint = 300 / 72
const dotsPerPointMin = 150 / 72
const dotsPerPointMax = 400 / 72
const pagePixelsMax = 12_000_000

const require = createRequire(import.meta.url)
let library: Promise<PDFiumLibrary> | null = null

function loadLibrary(): Promise<PDFiumLibrary> {
  library ??= PDFiumLibrary.init({
    wasmBinary: readFileSync(require.resolve('@hyzyla/pdfium/pdfium.wasm')).buffer,
  })
  return library
}

export interface ScannedPages {
  /** There is nothing on the page, not even a picture. Numbers are from 1. */
  isBlank(number: number): boolean
  /** What is seen on a page, whatever its text layer says. */
  read(number: number): Promise<Box[]>
  close(): void
}

/** The pages of a PDF as a reader of it sees them. @throws Error where they cannot be drawn */
export async function openScans(bytes: Uint8Array): Promise<ScannedPages> {
  const document: PDFiumDocument = await (await loadLibrary()).loadDocument(bytes)
  return {
    isBlank: number => document.getPage(number - 1).getObjectCount() === 0,
    async read(number) {
      const page = document.getPage(number - 1)
      const { originalWidth, originalHeight } = page.getOriginalSize()
      const scale = Math.min(await dotsOf(page), Math.sqrt(pagePixelsMax / (originalWidth * originalHeight)))
      const { width, height, data } = await page.render({ scale, colorSpace: 'Gray', render: 'bitmap' })
      const head = Buffer.from(`P5\n${width} ${height}\n255\n`)
      return boxesOf(await recognise(Buffer.concat([head, data])))
    },
    close: () => document.destroy(),
  }
}

/** A page that is one picture is drawn as large as that is: drawn anew at another size, points and commas may go. */
async function dotsOf(page: PDFiumPage): Promise<number> {
  if (page.getObjectCount() !== 1) return dotsPerPoint
  const only = page.getObject(0)
  if (only.type !== 'image') return dotsPerPoint
  const { width, height } = await only.getImageDataRaw()
  const { originalWidth, originalHeight } = page.getOriginalSize()
  const dots = Math.max(width, height) / Math.max(originalWidth, originalHeight)
  return Math.min(dotsPerPointMax, Math.max(dotsPerPointMin, dots))
}
