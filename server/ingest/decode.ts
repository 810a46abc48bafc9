import { analyse } from 'chardet'

/** Bytes that are no text in any encoding we know. */
export class UnreadableFile extends Error {
  readonly reason: 'not_text' | 'unknown_encoding'

  constructor(reason: UnreadableFile['reason']) {
    super(reason)
    this.name = 'UnreadableFile'
    this.reason = reason
  }
}

const sampleBytes = 64 * 1024

/** From this confidence of a hundred on an encoding is taken for the file's. */
const confidenceMin = 40
/** Of the letters outside ASCII: text of a script that is not Latin has more. */
const denseShare = 0.3

/**
 * Of two bytes a sign, as the signs are coded that everybody uses (level 1 of the standards, Korean syllables, kana): for
 * texts too short to be typical of anything.
 */
const commonSigns: Readonly<Record<string, RegExp>> = {
  gb18030: /^(?:[\t\n\r -~]|[\xa1-\xa3\xb0-\xd7][\xa1-\xfe])*$/,
  big5: /^(?:[\t\n\r -~]|[\xa1-\xc6][\x40-\x7e\xa1-\xfe])*$/,
  shift_jis: /^(?:[\t\n\r -~]|[\x81-\x98][\x40-\x7e\x80-\xfc])*$/,
  'euc-kr': /^(?:[\t\n\r -~]|[\xa1-\xa3\xb0-\xc8][\xa1-\xfe])*$/,
  'euc-jp': /^(?=.*[\xa4\xa5][\xa1-\xf6])(?:[\t\n\r -~]|[\xa1-\xa5\xb0-\xcf][\xa1-\xfe])*$/s,
}

/**
 * Text of a file: UTF-8, UTF-16 with a byte order mark, the encoding an HTML head names, else the one its bytes are typical of.
 * @throws UnreadableFile for binary data, and where it cannot be told how to read it: nonsense would be found and quoted
 */
export function decode(bytes: Uint8Array): string {
  const marked = byMark(bytes)
  const text = marked ?? (hasNull(bytes) ? null : decodeUnmarked(bytes))
  if (text === null || isBinary(text)) throw new UnreadableFile('not_text')
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
  const known = (named && readAs(named, bytes)) ?? readAs('utf-8', bytes)
  if (known !== null) return known
  for (const { name, confidence } of analyse(bytes.subarray(0, sampleBytes))) {
    const text = confidence >= confidenceMin ? readAs(name, bytes) : null
    if (text !== null) return text
  }
  if (isDense(bytes)) {
    const raw = Buffer.from(bytes.subarray(0, sampleBytes)).toString('latin1')
    const [only, ...others] = Object.keys(commonSigns).filter(encoding => commonSigns[encoding]!.test(raw))
    const text = only !== undefined && others.length === 0 ? readAs(only, bytes) : null
    if (text !== null) return text
  } else {
    const western = new TextDecoder('windows-1252').decode(bytes)
    if (!symbolInWord.test(western)) return western
  }
  throw new UnreadableFile('unknown_encoding')
}

/** Null where the bytes are none of this encoding, or there is no such. */
function readAs(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** "p³atnoœæ": what Western text has never is of another encoding. */
const symbolInWord = /\p{L}[¡£¤¥¦§©«¬¯±²³¹»¼½¾¿]\p{L}/u

function isDense(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, sampleBytes)
  const high = sample.reduce((count, byte) => count + Number(byte >= 0x80), 0)
  const letters = sample.reduce(
    (count, byte) => count + Number((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a),
    0,
  )
  return high > denseShare * (high + letters)
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

/** More than one control character in a hundred: no writer's text. */
function isBinary(text: string): boolean {
  const sample = text.slice(0, sampleBytes)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const control = sample.match(/[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffe\uffff]/g)?.length ?? 0
  return sample.includes('\0') || control > sample.length / 100
}
