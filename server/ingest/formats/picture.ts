import { recognise } from '../ocr/engine.ts'
import { picturesOf } from '../ocr/picture.ts'
import { boxesOf } from '../ocr/words.ts'
import { fileProblem } from '../problem.ts'
import type { Structure } from '../structure.ts'
import { scansMax } from './pdf/scans.ts'
import { writePages } from './pdf/write.ts'

/** The text of a photograph or a scan; each picture of a TIFF is a page. @param report how far it is, 0 to 1 */
export async function readPicture(bytes: Uint8Array, report: (progress: number) => void): Promise<Structure> {
  const pictures = picturesOf(bytes, scansMax)
  const pages = []
  for (const { bytes, orientation } of pictures) {
    const words = await recognise(bytes, orientation).catch(() => {
      throw fileProblem('damaged')
    })
    pages.push({ along: boxesOf(words), across: [], tags: new Map() })
    report(pages.length / pictures.length)
  }
  if (pages.every(({ along }) => along.length === 0)) throw fileProblem('scanned')
  return writePages(pages, { unit: pages.length > 1 ? 'page' : null })
}
