import { createHash } from 'node:crypto'
import { type Language, OperationError } from '#protocol'
import { plainName } from '#protocol/core/name'
import { decode, UnreadableFile } from './decode.ts'
import { extensions, type Format, formatByName, textFormats } from './formats/index.ts'
import type { UnpackedFile } from './formats/zip.ts'
import { fileProblem } from './problem.ts'
import { languageOf, type Section } from './structure.ts'

export const fileMaxBytes = 10 * 1024 * 1024
/** Longer texts are read, and cut into passages, beside the server's loop. */
export const inlineMaxBytes = 256 * 1024
/** Of all sections, in UTF-16 units. */
const textMax = 12_000_000

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

interface FileToRead {
  name: string
  mime: string
  bytes: Uint8Array
}

/** Text whose reader is our own and takes a bounded time: Markdown, plain text and HTML. */
export function isSmallText({ name, mime, bytes }: FileToRead): boolean {
  const format = formatByName(textFormats, name, mime)
  return format !== undefined && format.mime !== 'text/csv' && bytes.byteLength <= inlineMaxBytes
}

/**
 * Reads a file as what its content shows it to be, which its name must agree with.
 * @param report how far a slow reading is, 0 to 1
 * @throws OperationError PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, or UNPROCESSABLE_FILE with a `FileProblem`
 */
export async function readFile(
  file: FileToRead,
  report: (progress: number) => void = () => {},
): Promise<ReadDocument> {
  assertSize(file.bytes)
  const format = await formatOf(file)
  const { title, sections } =
    'read' in format ? await format.read(decodeFile(file.bytes)) : await format.readBytes(file.bytes, report)
  if (sections.length === 0) throw fileProblem('no_text')
  if (sections.reduce((sum, { text }) => sum + text.length, 0) > textMax) throw fileProblem('too_much_text')
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

/**
 * The files of a zip.
 * @throws OperationError PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, or UNPROCESSABLE_FILE with a `FileProblem`
 */
export async function unpackArchive(bytes: Uint8Array): Promise<UnpackedFile[]> {
  assertSize(bytes)
  if (bytes.byteLength === 0) throw fileProblem('empty')
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw fileProblem('wrong_name')
  const { unpackFiles } = await import('./formats/zip.ts')
  return unpackFiles(bytes)
}

function assertSize({ byteLength }: Uint8Array): void {
  if (byteLength > fileMaxBytes)
    throw new OperationError('PAYLOAD_TOO_LARGE', 'The file is larger than 10 MB.', {
      max_bytes: fileMaxBytes,
    })
}

async function formatOf(file: FileToRead): Promise<Format> {
  if (file.bytes.byteLength === 0) throw fileProblem('empty')
  const format = isSmallText(file) ? formatByName(textFormats, file.name, file.mime) : await byContent(file)
  if (format) return format
  const known = extensions.map(extension => `.${extension}`).join(', ')
  throw new OperationError('UNSUPPORTED_MEDIA_TYPE', `Files of this kind cannot be read: ${known} can.`, {
    extensions,
  })
}

/** Loaded where the first such file is read, as its parser is. */
async function byContent(file: FileToRead): Promise<Format | undefined> {
  const { recognise } = await import('./recognise.ts')
  return recognise(file)
}

/** @throws OperationError UNPROCESSABLE_FILE */
export function decodeFile(bytes: Uint8Array): string {
  try {
    return decode(bytes)
  } catch (error) {
    if (error instanceof UnreadableFile) throw fileProblem(error.reason)
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
