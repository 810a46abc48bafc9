import type { Structure } from '../structure.ts'
import { readHtml } from './html.ts'
import { readMarkdown } from './markdown.ts'
import { readPlain } from './plain.ts'

interface TextFormat {
  mime: string
  extensions: string[]
  read(text: string): Promise<Structure>
}

interface BinaryFormat {
  mime: string
  extensions: string[]
  /** @param report how far a slow reading is, 0 to 1 */
  readBytes(bytes: Uint8Array, report: (progress: number) => void): Promise<Structure>
}

export type Format = TextFormat | BinaryFormat

export const textFormats: TextFormat[] = [
  { mime: 'text/markdown', extensions: ['md', 'markdown', 'mdown'], read: readMarkdown },
  { mime: 'text/html', extensions: ['html', 'htm', 'xhtml'], read: readHtml },
  { mime: 'text/plain', extensions: ['txt', 'text'], read: readPlain },
  {
    mime: 'text/csv',
    extensions: ['csv', 'tsv'],
    read: async text => (await import('./csv.ts')).readCsv(text),
  },
]

const pictureTypes = [
  { mime: 'image/jpeg', extensions: ['jpg', 'jpeg'] },
  { mime: 'image/png', extensions: ['png'] },
  { mime: 'image/webp', extensions: ['webp'] },
  { mime: 'image/tiff', extensions: ['tif', 'tiff'] },
]

/** Their parsers are loaded where the first such file is read: in a process of their own. */
const binaryFormats: BinaryFormat[] = [
  {
    mime: 'application/pdf',
    extensions: ['pdf'],
    readBytes: async (bytes, report) => (await import('./pdf/read.ts')).readPdf(bytes, report),
  },
  {
    mime: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    extensions: ['docx'],
    readBytes: async bytes => (await import('./docx.ts')).readDocx(bytes),
  },
  {
    mime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    extensions: ['xlsx'],
    readBytes: async bytes => (await import('./xlsx.ts')).readXlsx(bytes),
  },
  {
    mime: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    extensions: ['pptx'],
    readBytes: async bytes => (await import('./pptx.ts')).readPptx(bytes),
  },
  {
    mime: 'application/vnd.oasis.opendocument.text',
    extensions: ['odt'],
    readBytes: async bytes => (await import('./odf.ts')).readOdt(bytes),
  },
  {
    mime: 'application/vnd.oasis.opendocument.spreadsheet',
    extensions: ['ods'],
    readBytes: async bytes => (await import('./odf.ts')).readOds(bytes),
  },
  {
    mime: 'application/vnd.oasis.opendocument.presentation',
    extensions: ['odp'],
    readBytes: async bytes => (await import('./odf.ts')).readOdp(bytes),
  },
  {
    mime: 'application/epub+zip',
    extensions: ['epub'],
    readBytes: async bytes => (await import('./epub.ts')).readEpub(bytes),
  },
  {
    mime: 'application/rtf',
    extensions: ['rtf'],
    readBytes: async bytes => (await import('./rtf.ts')).readRtf(bytes),
  },
  ...pictureTypes.map(type => ({
    ...type,
    readBytes: async (bytes: Uint8Array, report: (progress: number) => void) =>
      (await import('./picture.ts')).readPicture(bytes, report),
  })),
]

export const formats: readonly Format[] = [...textFormats, ...binaryFormats]

const otherNames: Record<string, string> = {
  'text/x-markdown': 'text/markdown',
  'application/xhtml+xml': 'text/html',
}

/** File name extensions that can be read, without the dot. */
export const extensions: readonly string[] = formats.flatMap(format => format.extensions)

export function extensionOf(name: string): string | undefined {
  return /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase()
}

/** By the name's extension, else by the declared type where the name has none. */
export function formatByName<F extends Format>(
  known: readonly F[],
  name: string,
  declared: string,
): F | undefined {
  const extension = extensionOf(name)
  if (extension !== undefined) return known.find(format => format.extensions.includes(extension))
  const mime = declared.split(';')[0]!.trim().toLowerCase()
  return known.find(format => format.mime === (otherNames[mime] ?? mime))
}
