import { createHash } from 'node:crypto'
import { type Language, OperationError } from '#protocol'
import { plainName } from '#protocol/core/name'
import { decode, UnreadableFile } from './decode.ts'
import { readHtml } from './formats/html.ts'
import { readMarkdown } from './formats/markdown.ts'
import { readPlain } from './formats/plain.ts'
import { languageOf, type Section, type Structure } from './structure.ts'

export const fileMaxBytes = 10 * 1024 * 1024

/** What an upload becomes: its text by section, ready to be cut into passages. */
export interface ReadDocument {
  name: string
  title: string
  mime: string
  bytes: number
  language: Language
  /** SHA-256 of the file, hexadecimal. */
  hash: string
  sections: Section[]
}

interface Format {
  mime: string
  extensions: string[]
  read(text: string): Promise<Structure>
}

const formats: Format[] = [
  { mime: 'text/markdown', extensions: ['md', 'markdown', 'mdown'], read: readMarkdown },
  { mime: 'text/html', extensions: ['html', 'htm', 'xhtml'], read: readHtml },
  { mime: 'text/plain', extensions: ['txt', 'text'], read: readPlain },
]
const otherNames: Record<string, string> = {
  'text/x-markdown': 'text/markdown',
  'application/xhtml+xml': 'text/html',
}

/** File name extensions that can be read, without the dot. */
export const extensions: readonly string[] = formats.flatMap(format => format.extensions)

/**
 * Reads a file by its name's extension, else by its declared type.
 * @throws OperationError PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, or UNPROCESSABLE_FILE when it is binary or has no text
 */
export async function readFile(file: {
  name: string
  mime: string
  bytes: Uint8Array
}): Promise<ReadDocument> {
  if (file.bytes.byteLength > fileMaxBytes)
    throw new OperationError('PAYLOAD_TOO_LARGE', 'The file is larger than 10 MB.', {
      max_bytes: fileMaxBytes,
    })
  const format = formatOf(file.name, file.mime)
  if (!format)
    throw new OperationError(
      'UNSUPPORTED_MEDIA_TYPE',
      'Markdown (.md), plain text (.txt) and HTML (.html) can be read.',
      { extensions },
    )
  const { title, sections } = await format.read(decodeFile(file.bytes))
  if (sections.length === 0) throw new OperationError('UNPROCESSABLE_FILE', 'The file has no text.')
  const name = baseName(file.name)
  return {
    name,
    title: plainName(title ?? '') || name.replace(/\.[^.]{1,8}$/, '') || 'Untitled',
    mime: format.mime,
    bytes: file.bytes.byteLength,
    language: languageOf(beginning(sections)),
    hash: createHash('sha256').update(file.bytes).digest('hex'),
    sections,
  }
}

export function formatOf(name: string, declared: string): Format | undefined {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase()
  const byName = formats.find(format => extension !== undefined && format.extensions.includes(extension))
  if (byName) return byName
  // A known type under an unknown extension ("manual.pdf" as text/plain) is somebody's mistake, not text.
  if (extension !== undefined) return undefined
  const mime = declared.split(';')[0]!.trim().toLowerCase()
  return formats.find(format => format.mime === (otherNames[mime] ?? mime))
}

export function decodeFile(bytes: Uint8Array): string {
  try {
    return decode(bytes)
  } catch (error) {
    if (error instanceof UnreadableFile) throw new OperationError('UNPROCESSABLE_FILE', error.message)
    throw error
  }
}

/** The name as a person may see it: no folders, no control characters, at most 200 characters. */
export function baseName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  return plainName(last.toWellFormed()).slice(-200).toWellFormed() || 'document'
}

function beginning(sections: Section[]): string {
  return sections
    .slice(0, 50)
    .map(section => section.text.slice(0, 1000))
    .join('\n')
}
