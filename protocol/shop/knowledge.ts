import * as v from 'valibot'
import { exampleArchive, exampleFile, exampleIds } from '../core/example.ts'
import { documentTagsMax, tagMaxLength } from '../core/limits.ts'
import { name } from '../core/name.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import { id, language, page, paging, text, time } from '../core/shapes.ts'

const version = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1))
const day = v.pipe(v.string(), v.isoDate('must be a day, as 2027-01-31'))
const firstDay = v.pipe(v.nullable(day), v.description('The first day it may be cited; null: at once'))
const lastDay = v.pipe(v.nullable(day), v.description('The last day it may be cited; null: for good'))

export const document = v.object({
  doc_id: id,
  name: v.string(),
  title: v.string(),
  mime: v.string(),
  bytes: v.number(),
  url: v.nullable(v.string()),
  language: v.nullable(v.string()),
  chunks: v.number(),
  demo: v.boolean(),
  status: v.picklist(['building', 'ready', 'error']),
  error: v.nullable(v.string()),
  tags: v.array(v.string()),
  valid_from: v.nullable(v.string()),
  valid_until: v.nullable(v.string()),
  validity: v.pipe(
    v.picklist(['valid', 'ending', 'upcoming', 'expired']),
    v.description(
      '`ending`: within two weeks. From what is upcoming or expired no answer is taken. Days are the shop’s',
    ),
  ),
  created_at: time,
  updated_at: time,
})

/** A passage as search uses it. */
export const passage = v.object({
  ordinal: v.pipe(v.number(), v.description('From 0, in the order of the document')),
  title: v.pipe(v.string(), v.description('The document and the headings above, separated by ›')),
  text: v.string(),
  place: v.pipe(
    v.nullable(v.object({ unit: v.picklist(['page', 'row', 'slide']), from: v.number(), to: v.number() })),
    v.description('Where it stands in its file, from 1; null where the file has no such places'),
  ),
})
export type Passage = v.InferOutput<typeof passage>

export const job = v.object({
  id,
  kind: v.string(),
  status: v.picklist(['queued', 'running', 'done', 'error']),
  progress: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  error: v.nullable(v.string()),
  name: v.optional(v.pipe(v.string(), v.description('Of the file that is read, for kind `read`'))),
  created_at: time,
  updated_at: time,
})
export type Job = v.InferOutput<typeof job>

/** Why a file cannot be read: `details.reason` of UNPROCESSABLE_FILE; `details.max` is the limit it is over, where there is one. */
export type FileProblem =
  | 'empty'
  | 'no_text'
  | 'scanned'
  | 'not_text'
  | 'unknown_encoding'
  | 'wrong_name'
  | 'old_format'
  | 'encrypted'
  | 'damaged'
  | 'bomb'
  | 'entities'
  | 'archive'
  | 'too_many_files'
  | 'too_many_pages'
  | 'too_many_scans'
  | 'too_many_pixels'
  | 'too_many_cells'
  | 'too_much_text'
  | 'too_slow'
  | 'too_much_memory'

export const knowledgeOperations = {
  'document:upload': operation({
    summary:
      'Add a document (PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, EPUB, RTF, CSV, Markdown, plain text, HTML, or a JPEG, PNG, WebP or TIFF of a page). The index is `building` before this answers.',
    role: 'admin',
    access: 'role',
    example: { file: exampleFile, title: 'Returns' },
    input: v.object({ file: v.any(), url: v.optional(text(2048)), title: v.optional(name(300)) }),
    output: v.object({ doc_id: id }),
    errors: ['UNPROCESSABLE_FILE', 'UNSUPPORTED_MEDIA_TYPE'],
    http: [{ method: 'POST', path: '/admin/docs', body: 'multipart' }],
  }),
  'document:import': operation({
    summary:
      'Add the files of a zip, at most a hundred: each becomes a document, or says why not. Archives in it, hidden files and folders are left out.',
    role: 'admin',
    access: 'role',
    example: { file: exampleArchive },
    input: v.object({ file: v.any() }),
    output: v.object({
      files: v.array(
        v.object({
          path: v.pipe(v.string(), v.description('In the archive')),
          doc_id: v.nullable(id),
          error: v.nullable(
            v.object({ code: v.string(), message: v.string(), details: v.optional(v.unknown()) }),
          ),
        }),
      ),
    }),
    errors: ['UNPROCESSABLE_FILE', 'UNSUPPORTED_MEDIA_TYPE'],
    http: [{ method: 'POST', path: '/admin/docs/archive', body: 'multipart' }],
  }),
  'document:list': operation({
    summary: 'The documents, newest first, each with its index status.',
    role: 'admin',
    access: 'role',
    example: { search: 'returns', page: 1, page_size: 20 },
    input: v.object({ ...paging, search: v.optional(text(200, 0)) }),
    output: page(document),
    http: [{ method: 'GET', path: '/admin/docs' }],
  }),
  'document:get': operation({
    summary: 'One document.',
    role: 'admin',
    access: 'role',
    example: { doc_id: exampleIds.doc_id },
    input: v.object({ doc_id: id }),
    output: document,
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/admin/docs/{doc_id}' }],
  }),
  'document:passages': operation({
    summary: 'What was read of a document, in its order: every passage that search uses.',
    role: 'admin',
    access: 'role',
    example: { doc_id: exampleIds.doc_id, page: 1, page_size: 20 },
    input: v.object({ doc_id: id, ...paging }),
    output: page(passage),
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/admin/docs/{doc_id}/passages' }],
  }),
  'document:update': operation({
    summary:
      'Say of a document what its tags and its language are, and on which days it may be cited. What is not given stays.',
    role: 'admin',
    access: 'role',
    example: { doc_id: exampleIds.doc_id, tags: ['returns'], valid_until: '2027-01-31' },
    input: v.object({
      doc_id: id,
      tags: v.optional(
        v.pipe(
          v.array(name(tagMaxLength)),
          v.maxLength(documentTagsMax, `must be at most ${documentTagsMax}`),
        ),
      ),
      language: v.optional(language),
      valid_from: v.optional(firstDay),
      valid_until: v.optional(lastDay),
    }),
    output: v.object({ document }),
    errors: ['NOT_FOUND'],
    http: [{ method: 'PUT', path: '/admin/docs/{doc_id}' }],
  }),
  'document:replace': operation({
    summary:
      'Put another file in the place of a document’s: its title, tags and days stay, and what it was is a version of it.',
    role: 'admin',
    access: 'role',
    example: { doc_id: exampleIds.doc_id, file: exampleFile },
    input: v.object({ doc_id: id, file: v.any() }),
    output: v.object({ document }),
    errors: ['NOT_FOUND', 'UNPROCESSABLE_FILE', 'UNSUPPORTED_MEDIA_TYPE'],
    http: [{ method: 'POST', path: '/admin/docs/{doc_id}/file', body: 'multipart' }],
  }),
  'document:versions': operation({
    summary:
      'What a document is and was, the newest first: the twenty versions before the one that is used are kept.',
    role: 'admin',
    access: 'role',
    example: { doc_id: exampleIds.doc_id },
    input: v.object({ doc_id: id }),
    output: v.object({
      versions: v.array(
        v.object({
          version: v.number(),
          name: v.string(),
          bytes: v.number(),
          created_at: time,
          is_current: v.boolean(),
        }),
      ),
    }),
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/admin/docs/{doc_id}/versions' }],
  }),
  'document:compare': operation({
    summary:
      'What has changed in a document since a version of it, line by line; null where it is too long to be compared.',
    role: 'admin',
    access: 'role',
    example: { doc_id: exampleIds.doc_id, version: 1 },
    input: v.object({ doc_id: id, version }),
    output: v.object({
      changes: v.nullable(
        v.array(
          v.object({
            kind: v.picklist(['added', 'removed']),
            heading: v.array(v.string()),
            text: v.string(),
          }),
        ),
      ),
      more: v.pipe(v.number(), v.description('So many changes beyond the first 500')),
    }),
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/admin/docs/{doc_id}/versions/{version}' }],
  }),
  'document:restore': operation({
    summary: 'Use a version of a document again, as its next one.',
    role: 'admin',
    access: 'role',
    example: { doc_id: exampleIds.doc_id, version: 1 },
    input: v.object({ doc_id: id, version }),
    output: v.object({ document }),
    errors: ['NOT_FOUND'],
    http: [{ method: 'POST', path: '/admin/docs/{doc_id}/versions/{version}/restore' }],
  }),
  'document:delete': operation({
    summary: 'Remove a document and what was indexed of it.',
    role: 'admin',
    access: 'role',
    example: { doc_id: exampleIds.doc_id },
    input: v.object({ doc_id: id }),
    output: v.null(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'DELETE', path: '/admin/docs/{doc_id}' }],
  }),
  'index:rebuild': operation({
    summary: 'Index everything anew, e.g. after a change of the embedding model.',
    role: 'admin',
    access: 'role',
    example: {},
    input: v.object({}),
    output: v.object({ job_id: id }),
    http: [{ method: 'POST', path: '/admin/index/rebuild' }],
  }),
  'index:status': operation({
    summary: 'Whether the index is being built, and how far.',
    role: 'admin',
    access: 'role',
    example: {},
    input: v.object({}),
    output: v.object({
      status: v.picklist(['idle', 'building', 'error']),
      progress: v.number(),
      job: v.nullable(job),
      embedding: v.nullable(
        v.pipe(
          v.object({ model: v.string(), passages: v.number(), embedded: v.number(), refused: v.number() }),
          v.description('What is also found by meaning; what the model refused is found by words alone'),
        ),
      ),
    }),
    http: [{ method: 'GET', path: '/admin/index/status' }],
  }),
} satisfies Operations

export const knowledgeEvents = {
  'job:progress': event({
    summary: 'How far a job of the administration is.',
    durable: false,
    namespaces: ['agent'],
    payload: v.object({ job }),
  }),
}
