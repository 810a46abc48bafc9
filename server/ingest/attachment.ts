import { OperationError } from '#protocol'
import { uploadMaxBytes, uploadTypes } from '#protocol/chat/upload'
import { formatByName, textFormats } from './formats/index.ts'
import { baseName, decodeFile } from './read.ts'

/** A file as it may be attached. */
export interface ReadAttachment {
  name: string
  mime: string
  /** Null for a picture. */
  text: string | null
}

type Mime = (typeof uploadTypes)[number]

/** More of a text than this, in UTF-16 units, is not asked about. */
const textMax = 100_000

/** Each by the bytes it begins with; null stands for any. */
const pictures: { mime: Mime; signature: (number | null)[] }[] = [
  { mime: 'image/png', signature: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { mime: 'image/jpeg', signature: [0xff, 0xd8, 0xff] },
  { mime: 'image/gif', signature: [0x47, 0x49, 0x46, 0x38] },
  {
    mime: 'image/webp',
    signature: [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50],
  },
]

/** Kept as they are: their lines are rows. */
const plainData: Readonly<Record<string, Mime>> = { csv: 'text/csv', json: 'application/json' }

/**
 * What a file is, by its content: a picture by its first bytes whatever its name, anything else is text or refused.
 * @throws OperationError PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, or UNPROCESSABLE_FILE when nothing is in it
 */
export async function readAttachment(file: {
  name: string
  mime: string
  bytes: Uint8Array
}): Promise<ReadAttachment> {
  const { bytes } = file
  if (bytes.byteLength > uploadMaxBytes)
    throw new OperationError('PAYLOAD_TOO_LARGE', 'The file is larger than 5 MB.', {
      max_bytes: uploadMaxBytes,
    })
  if (bytes.byteLength === 0) throw new OperationError('UNPROCESSABLE_FILE', 'The file is empty.')
  const name = baseName(file.name)
  const picture = pictureMimeOf(bytes)
  if (picture) return { name, mime: picture, text: null }
  const data = plainData[/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '']
  const format = data ? undefined : formatByName(textFormats, name, file.mime)
  if (!data && !format)
    throw new OperationError('UNSUPPORTED_MEDIA_TYPE', 'Files of this kind cannot be attached.', {
      types: uploadTypes,
    })
  const whole = decodeFile(bytes)
  const text = data ? whole.trim() : await textOf(format!, whole)
  if (text === '') throw new OperationError('UNPROCESSABLE_FILE', 'The file has no text.')
  return { name, mime: data ?? format!.mime, text: text.slice(0, textMax).toWellFormed() }
}

/** What a picture is, by its first bytes; undefined for anything else. */
export function pictureMimeOf(bytes: Uint8Array): Mime | undefined {
  return pictures.find(({ signature }) => signature.every((byte, at) => byte === null || bytes[at] === byte))
    ?.mime
}

async function textOf(format: (typeof textFormats)[number], whole: string): Promise<string> {
  const { title, sections } = await format.read(whole)
  const parts = sections.map(({ heading, text }) => [...heading, text].join('\n'))
  return [title ?? '', ...parts].filter(Boolean).join('\n\n')
}
