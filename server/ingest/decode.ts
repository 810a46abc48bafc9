/** Bytes that are no text in any encoding we know. `message` says so to whoever uploaded them. */
export class UnreadableFile extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnreadableFile'
  }
}

const sampleBytes = 64 * 1024

/**
 * Text of a file: UTF-8, UTF-16 with a byte order mark, the encoding an HTML head names, GB18030 where the bytes come in
 * its pairs, else Windows-1252.
 * @throws UnreadableFile for binary data
 */
export function decode(bytes: Uint8Array): string {
  const marked = byMark(bytes)
  const text = marked ?? (hasNull(bytes) ? null : decodeUnmarked(bytes))
  if (text === null || isBinary(text)) throw new UnreadableFile('The file is not text.')
  return text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').toWellFormed()
}

function byMark(bytes: Uint8Array): string | null {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return null
}

function hasNull(bytes: Uint8Array): boolean {
  return bytes.includes(0)
}

function decodeUnmarked(bytes: Uint8Array): string {
  const named = namedEncoding(bytes)
  const guesses = [...(named ? [named] : []), 'utf-8', ...(comesInPairs(bytes) ? ['gb18030'] : [])]
  for (const encoding of guesses) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      // Not this one.
    }
  }
  return new TextDecoder('windows-1252').decode(bytes)
}

/** `<meta charset>` or the older `http-equiv` form, within the first 1,024 bytes as the HTML standard has it. */
function namedEncoding(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024))
  const name = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{1,40})/i.exec(head)?.[1] ?? null
  try {
    return name && new TextDecoder(name).encoding
  } catch {
    return null
  }
}

/** GB18030 writes a Chinese character as two bytes above 0xA0; in Western text such a byte mostly stands alone. */
function comesInPairs(bytes: Uint8Array): boolean {
  let high = 0
  let paired = 0
  const end = Math.min(bytes.length, sampleBytes)
  for (let at = 0; at < end; at++) {
    if (bytes[at]! < 0x80) continue
    high++
    if (bytes[at]! > 0x80 && (bytes[at + 1] ?? 0) >= 0x40 && (bytes[at + 1] ?? 0) !== 0x7f) {
      if (bytes[at + 1]! >= 0x80) {
        high++
        paired += 2
      }
      at++
    }
  }
  return high > 0 && paired / high > 0.7
}

/** More than one control character in a hundred: no writer's text. */
function isBinary(text: string): boolean {
  const sample = text.slice(0, sampleBytes)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const control = sample.match(/[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffe\uffff]/g)?.length ?? 0
  return sample.includes('\0') || control > sample.length / 100
}
