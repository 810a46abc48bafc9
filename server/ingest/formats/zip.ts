import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { fileProblem } from '../problem.ts'

const entriesMax = 5000
/** Of one part and of all, unpacked. */
const partMaxBytes = 100_000_000
const totalMaxBytes = 200_000_000
/** A part this much smaller than what it unpacks to, from so many bytes on, is made to do harm. */
const ratioMax = 250
const ratioFromBytes = 10_000_000
/** What declares entities, in whatever of the two encodings XML parsers take unasked. */
const entities = ['utf8', 'utf16le'].map(encoding => Buffer.from('<!ENTITY', encoding as BufferEncoding))
const encryptedFlag = 1

/**
 * The parts of a zip, each once unpacked and found to be as large as it says: whatever parser reads it next meets no bomb.
 * @param keep which parts are wanted; the others are unpacked and let go
 * @throws OperationError UNPROCESSABLE_FILE: cut off, protected, too many, too large or lying parts, declared entities
 */
export async function readZip(bytes: Uint8Array, keep: (name: string) => boolean = () => false) {
  const zip = await openZip(bytes)
  const entries = await entriesOf(zip)
  const parts = new Map<string, Buffer>()
  for (const entry of entries) {
    const content = await unpack(zip, entry)
    if (
      /\.(xml|rels|vml|xhtml|html|opf|ncx)$/i.test(entry.fileName) &&
      entities.some(each => content.includes(each))
    )
      throw fileProblem('entities')
    if (keep(entry.fileName)) parts.set(entry.fileName, content)
  }
  return parts
}

/** Of one archive that is unpacked for the files in it, and of all of them: they are handed over at once. */
const filesMax = 100
const filesMaxBytes = 50_000_000

/** A file of an archive, or why it could not be unpacked. */
export interface UnpackedFile {
  path: string
  bytes: Uint8Array | null
}

/**
 * The files of a zip in the order of their paths, each once unpacked; folders, hidden files and what the Finder adds are left out.
 * @throws OperationError UNPROCESSABLE_FILE as `readZip`, for what concerns all of it
 */
export async function unpackFiles(bytes: Uint8Array): Promise<UnpackedFile[]> {
  const zip = await openZip(bytes)
  const entries = (await entriesOf(zip))
    .map(entry => ({ entry, path: pathOf(entry) }))
    .filter(({ path }) => !path.endsWith('/') && !path.split('/').some(isHidden))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  if (entries.length === 0) throw fileProblem('empty')
  if (entries.length > filesMax) throw fileProblem('too_many_files', filesMax)
  if (entries.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0) > filesMaxBytes)
    throw fileProblem('bomb')
  const files: UnpackedFile[] = []
  for (const { entry, path } of entries)
    files.push({ path, bytes: await unpack(zip, entry).catch(() => null) })
  return files
}

const utf8Flag = 0x800

/** Names without a mark of their encoding are in UTF-8 or, from Chinese Windows, in GB18030. */
function pathOf({ fileName, fileNameRaw, generalPurposeBitFlag }: Entry): string {
  if (generalPurposeBitFlag & utf8Flag) return fileName
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(fileNameRaw)
  } catch {
    return new TextDecoder('gb18030').decode(fileNameRaw)
  }
}

function isHidden(part: string): boolean {
  return part.startsWith('.') || part === '__MACOSX'
}

function openZip(bytes: Uint8Array): Promise<ZipFile> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return fromBufferPromise(buffer, { lazyEntries: true }).catch(() => {
    throw fileProblem('damaged')
  })
}

/** Refused by what it declares, before anything is unpacked. */
function entriesOf(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = []
  let total = 0
  return new Promise((resolve, reject) => {
    zip.on('error', () => reject(fileProblem('damaged')))
    zip.on('end', () => resolve(entries))
    zip.on('entry', (entry: Entry) => {
      const { uncompressedSize: size, compressedSize, generalPurposeBitFlag } = entry
      total += size
      const isBomb =
        entries.length >= entriesMax ||
        size > partMaxBytes ||
        total > totalMaxBytes ||
        (size > ratioFromBytes && size / Math.max(1, compressedSize) > ratioMax)
      if (generalPurposeBitFlag & encryptedFlag) return reject(fileProblem('encrypted'))
      if (isBomb) return reject(fileProblem('bomb'))
      entries.push(entry)
      zip.readEntry()
    })
    zip.readEntry()
  })
}

/** yauzl ends the stream with an error as soon as a part has another size than it declared. */
async function unpack(zip: ZipFile, entry: Entry): Promise<Buffer> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk)
    return Buffer.concat(chunks)
  } catch (error) {
    throw fileProblem(/too many bytes/.test((error as Error).message) ? 'bomb' : 'damaged')
  }
}
