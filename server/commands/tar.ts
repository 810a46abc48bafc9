const blockBytes = 512

export interface TarFile {
  name: string
  bytes: Buffer
}

/** A tar archive (POSIX ustar) of files small enough to be held one at a time. */
export async function* tarOf(files: AsyncIterable<TarFile>): AsyncGenerator<Uint8Array> {
  for await (const { name, bytes } of files) {
    yield headerOf(name, bytes.length)
    yield bytes
    yield new Uint8Array((blockBytes - (bytes.length % blockBytes)) % blockBytes)
  }
  yield new Uint8Array(2 * blockBytes)
}

function headerOf(name: string, size: number): Buffer {
  const header = Buffer.alloc(blockBytes)
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`
  header.write(name, 0, 100)
  header.write(octal(0o600, 8), 100)
  header.write(octal(0, 8), 108)
  header.write(octal(0, 8), 116)
  header.write(octal(size, 12), 124)
  header.write(octal(0, 12), 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}
