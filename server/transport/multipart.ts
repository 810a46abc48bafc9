import { MaxPartsExceededError, type MultipartPart, parseMultipart } from '@remix-run/multipart-parser'
import type { UploadedFile } from '../core/call.ts'
import { invalidBody } from '../net/body-limit.ts'

const maxParts = 20
const maxHeaderSize = 4096

/**
 * The fields of a multipart form. The first file is `file`, whatever its field was called; plain fields are text.
 * @param type the Content-Type with its boundary
 * @throws OperationError VALIDATION_ERROR
 */
export function readMultipart(bytes: Uint8Array, type: string): Record<string, unknown> {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(type) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw invalidBody('is not valid multipart/form-data')
  const maxFileSize = bytes.byteLength
  const fields: Record<string, unknown> = {}
  try {
    for (const part of parseMultipart(bytes, { boundary, maxParts, maxHeaderSize, maxFileSize })) {
      const { name } = part
      if (part.isFile) fields.file ??= fileOf(part)
      else if (name !== undefined) fields[name] = part.text
    }
  } catch (cause) {
    const isTooMany = cause instanceof MaxPartsExceededError
    throw invalidBody(isTooMany ? `must have at most ${maxParts} parts` : 'is not valid multipart/form-data')
  }
  return fields
}

function fileOf(part: MultipartPart): UploadedFile {
  return { name: fileNameOf(part), mime: part.mediaType ?? '', bytes: part.bytes }
}

/** Browsers leave a backslash as it is and write a quote as `%22`; older clients write it as `\"`. The package takes each backslash for an escape. */
function fileNameOf({ headers, filename = '' }: MultipartPart): string {
  const [, quoted] = /;\s*filename="((?:\\"|[^"])*)"/i.exec(headers['content-disposition'] ?? '') ?? []
  return (quoted ?? filename).replaceAll(/%(?:22|0D|0A)/gi, decodeURIComponent).replaceAll('\\"', '"')
}
