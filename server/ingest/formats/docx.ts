import mammoth from 'mammoth'
import type { Structure } from '../structure.ts'
import { readHtml } from './html.ts'
import { readZip } from './zip.ts'

const styleMap = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"]

/** Text, headings, lists, tables and notes of a Word document; comments, pictures and what is deleted in tracked changes stay out. */
export async function readDocx(bytes: Uint8Array): Promise<Structure> {
  await readZip(bytes)
  const { value } = await mammoth.convertToHtml(
    { buffer: Buffer.from(bytes) },
    {
      styleMap,
      convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
      externalFileAccess: false,
    },
  )
  return readHtml(value, { isOffice: true })
}
