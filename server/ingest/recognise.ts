import { type FileTypeResult, fileTypeFromBuffer } from 'file-type'
import { decode } from './decode.ts'
import { extensionOf, type Format, formatByName, formats } from './formats/index.ts'
import { fileProblem } from './problem.ts'

/** Content that says no more than that it is some archive, or some text: its name says the rest. */
const vague = new Set(['application/zip', 'application/xml', 'text/xml'])
const archives = new Set(
  ['zip', 'gzip', 'x-tar', 'x-rar-compressed', 'x-7z-compressed', 'x-bzip2', 'x-xz', 'zstd'].map(
    name => `application/${name}`,
  ),
)
const office = new Set(['docx', 'xlsx', 'pptx', 'doc', 'xls', 'ppt'])
/** In UTF-16, as the directory of a protected Office file has it. */
const encryptedPackage = Buffer.from('EncryptedPackage', 'utf16le')

/**
 * What a file is by its content; undefined for a kind that cannot be read.
 * @throws OperationError UNPROCESSABLE_FILE where its name says otherwise, and for what Office keeps in its old container
 */
export async function recognise({
  name,
  mime,
  bytes,
}: {
  name: string
  mime: string
  bytes: Uint8Array
}): Promise<Format | undefined> {
  const named = formatByName(formats, name, mime)
  if (named && 'read' in named && isText(bytes)) return named
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined)
  if (!named && archives.has(found?.mime ?? '')) throw fileProblem('archive')
  if (found?.mime === 'application/x-cfb') throw oldContainer(name, bytes)
  if (!found || vague.has(found.mime))
    return named && 'read' in named ? undecodable(found) : agreeing(named, bytes)
  const byContent = formats.find(format => format.mime === found.mime)
  // An unknown extension is no claim; a known one that the content does not keep is a mistake, or worse.
  if (named && byContent !== named) throw fileProblem('wrong_name')
  return byContent
}

/** A text that cannot be read as one: `decode` says why, unless it is plainly something else. */
function undecodable(found: FileTypeResult | undefined): never {
  throw fileProblem(found ? 'wrong_name' : 'not_text')
}

/** Nothing in the content speaks for the name: a cut off file, or one of another kind. */
function agreeing(named: Format | undefined, bytes: Uint8Array): Format | undefined {
  if (named && isText(bytes)) throw fileProblem('wrong_name')
  return named
}

function oldContainer(name: string, bytes: Uint8Array) {
  const isEncrypted = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(encryptedPackage)
  if (isEncrypted) return fileProblem('encrypted')
  return fileProblem(office.has(extensionOf(name) ?? '') ? 'old_format' : 'wrong_name')
}

function isText(bytes: Uint8Array): boolean {
  try {
    return decode(bytes) !== ''
  } catch {
    return false
  }
}
