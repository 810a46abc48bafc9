import * as v from 'valibot'
import { exampleFile, exampleIds } from '../core/example.ts'
import { type Operations, operation } from '../core/operation.ts'
import { attachment, id } from '../core/shapes.ts'

export const uploadMaxBytes = 5 * 1024 * 1024
/** What multipart puts around a file. */
const wrappingBytes = 65_536

export { attachmentsMax } from '../core/limits.ts'

/** What may be attached. Text is read; pictures are shown to people. */
export const uploadTypes = [
  'text/plain',
  'text/markdown',
  'text/html',
  'text/csv',
  'application/json',
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
] as const

export const uploadOperations = {
  'upload:create': operation({
    summary:
      'Hand a file over, to attach it to a message within a day. Its text, if it has any, can then be asked about.',
    role: 'visitor',
    access: 'self',
    consent: true,
    rate: 'message',
    example: { file: exampleFile },
    input: v.object({ file: v.any() }),
    output: v.object({
      upload_id: id,
      extracted_content: v.pipe(v.nullable(v.string()), v.description('Its text; null for a picture')),
      attachment,
    }),
    errors: ['UNPROCESSABLE_FILE', 'UNSUPPORTED_MEDIA_TYPE', 'INSUFFICIENT_QUOTA'],
    http: [{ method: 'POST', path: '/upload', body: 'multipart', maxBytes: uploadMaxBytes + wrappingBytes }],
  }),
  'upload:get': operation({
    summary: 'The file itself, for who handed it over and who may read the conversation it was attached in.',
    role: 'visitor',
    access: 'read',
    example: { upload_id: exampleIds.upload_id },
    input: v.object({ upload_id: id }),
    output: v.any(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/uploads/{upload_id}', response: 'file' }],
  }),
} satisfies Operations
