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
