import { fileProblem } from '../problem.ts'

/** One picture of a file, and how it is to be turned, as Exif has it. */
export interface Picture {
  bytes: Uint8Array
  orientation: number
}

/** Of one picture: it is held four bytes to a pixel. */
export const pixelsMax = 50_000_000

interface Size {
  width: number
  height: number
}

/** The pictures of a file, by its first bytes: TIFF may hold many. @throws OperationError UNPROCESSABLE_FILE */
export function picturesOf(bytes: Uint8Array, picturesMax: number): Picture[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (isTiff(file)) return tiffPictures(file, picturesMax)
    const { size, orientation = 1 } = headOf(file)
    assertPixels(size)
    return [{ bytes, orientation }]
  } catch (error) {
    // Read past its end.
    throw error instanceof RangeError ? fileProblem('damaged') : error
  }
}

function assertPixels({ width, height }: Size): void {
  if (width * height > pixelsMax) throw fileProblem('too_many_pixels', pixelsMax)
  if (width < 1 || height < 1) throw fileProblem('damaged')
}

function headOf(file: Buffer): { size: Size; orientation?: number } {
  if (file.toString('latin1', 12, 16) === 'IHDR')
    return { size: { width: file.readUInt32BE(16), height: file.readUInt32BE(20) } }
  if (file.readUInt16BE(0) === 0xffd8) return jpegHead(file)
  if (file.toString('latin1', 8, 12) === 'WEBP') return { size: webpSize(file) }
  throw fileProblem('damaged')
}

function jpegHead(file: Buffer): { size: Size; orientation: number } {
  let orientation = 1
  for (let at = 2; ; ) {
    const marker = file.readUInt16BE(at)
    if (marker === 0xffff) {
      at++
      continue
    }
    if (marker >> 8 !== 0xff) throw fileProblem('damaged')
    const length = file.readUInt16BE(at + 2)
    // Frames of whatever kind, but for the tables that are numbered among them.
    if (marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker))
      return { size: { height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7) }, orientation }
    if (marker === 0xffe1 && file.toString('latin1', at + 4, at + 8) === 'Exif')
      orientation = exifOrientation(file.subarray(at + 10, at + 2 + length))
    at += 2 + length
  }
}

function exifOrientation(tiff: Buffer): number {
  try {
    const [directory] = tiffDirectories(tiff, 1)
    const value = directory?.tags.get(0x112) ?? 1
    return value >= 1 && value <= 8 ? value : 1
  } catch {
    return 1
  }
}

function webpSize(file: Buffer): Size {
  const kind = file.toString('latin1', 12, 16)
  if (kind === 'VP8X') return { width: file.readUIntLE(24, 3) + 1, height: file.readUIntLE(27, 3) + 1 }
  if (kind === 'VP8L') {
    const bits = file.readUInt32LE(21)
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  }
  return { width: file.readUInt16LE(26) & 0x3fff, height: file.readUInt16LE(28) & 0x3fff }
}

interface TiffDirectory {
  offset: number
  /** The first value of each tag that is a number. */
  tags: Map<number, number>
}

function isTiff(file: Buffer): boolean {
  return ['II*\0', 'MM\0*'].includes(file.toString('latin1', 0, 4))
}

/** Each picture of a TIFF as a file of which it is the first. */
function tiffPictures(file: Buffer, picturesMax: number): Picture[] {
  const directories = tiffDirectories(file, picturesMax + 1)
  if (directories.length > picturesMax) throw fileProblem('too_many_scans', picturesMax)
  const isLittle = file[0] === 0x49
  return directories.map(({ offset, tags }) => {
    const size = { width: tags.get(0x100) ?? 0, height: tags.get(0x101) ?? 0 }
    assertPixels(size)
    const bytes = Buffer.from(file)
    if (isLittle) bytes.writeUInt32LE(offset, 4)
    else bytes.writeUInt32BE(offset, 4)
    // Leptonica heeds how a TIFF is to be turned by itself.
    return { bytes, orientation: 1 }
  })
}

const [shortType, longType] = [3, 4]

function tiffDirectories(file: Buffer, directoriesMax: number): TiffDirectory[] {
  const isLittle = file[0] === 0x49
  const uint16 = (at: number) => (isLittle ? file.readUInt16LE(at) : file.readUInt16BE(at))
  const uint32 = (at: number) => (isLittle ? file.readUInt32LE(at) : file.readUInt32BE(at))
  const directories: TiffDirectory[] = []
  for (let [link, offset] = [4, uint32(4)]; offset !== 0; offset = uint32(link)) {
    const count = uint16(offset)
    const tags = new Map<number, number>()
    for (let at = offset + 2; at < offset + 2 + 12 * count; at += 12) {
      const type = uint16(at + 2)
      if (type === shortType) tags.set(uint16(at), uint16(at + 8))
      if (type === longType) tags.set(uint16(at), uint32(at + 8))
    }
    directories.push({ offset, tags })
    link = offset + 2 + 12 * count
    // In a photograph nothing need be behind the first.
    if (directories.length === directoriesMax) break
  }
  return directories
}
