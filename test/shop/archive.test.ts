import { beforeAll, describe, expect, test } from 'vitest'
import { docxOf } from '../fixtures/documents/office.ts'
import { protectedZip, withSizes, zipOf } from '../fixtures/documents/zip.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let admin: string
beforeAll(async () => {
  server = await startServer({ demoShop: false })
  admin = await server.signIn()
})

async function send(bytes: Uint8Array, name = 'files.zip') {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(bytes)]), name)
  const { reply } = await server.http('POST', '/admin/docs/archive', form, admin)
  return reply
}

async function filesOf(bytes: Uint8Array) {
  const reply = await send(bytes)
  if (!reply.success) throw new Error(reply.error.message)
  return reply.data.files as { path: string; doc_id: string | null; error: any }[]
}

const reasonOf = (reply: any) => reply.error.details?.reason ?? reply.error.code

describe('a zip of documents', () => {
  test('each file becomes a document, or says why not; what is hidden is left out', async () => {
    const files = await filesOf(
      await zipOf({
        'terms/returns.md': '# Returns\n\nYou may return a kettle within 30 days.',
        'terms/wrapping.docx': await docxOf([{ text: 'Gift wrapping costs four euros.' }]),
        'terms/broken.pdf': 'nothing of a PDF',
        'empty.txt': '',
        'inner.zip': await zipOf({ 'a.txt': 'Text.' }),
        'program.exe': Buffer.from('4d5a90000300000004000000ffff0000', 'hex'),
        '__MACOSX/returns.md': 'x',
        '.hidden/secret.txt': 'x',
      }),
    )
    expect(files.map(({ path, doc_id, error }) => [path, doc_id !== null, error?.details?.reason])).toEqual([
      ['empty.txt', false, 'empty'],
      ['inner.zip', false, 'archive'],
      ['program.exe', false, undefined],
      ['terms/broken.pdf', false, 'wrong_name'],
      ['terms/returns.md', true, undefined],
      ['terms/wrapping.docx', true, undefined],
    ])
    expect(files[2]!.error.code).toBe('UNSUPPORTED_MEDIA_TYPE')
    const { reply } = await server.http('GET', '/admin/docs', undefined, admin)
    expect(reply.success && reply.data.items.map(({ name }: { name: string }) => name).sort()).toEqual([
      'returns.md',
      'wrapping.docx',
    ])
  })

  test('names of Chinese Windows are read, without a mark of their encoding', async () => {
    const zip = await zipOf({ 'xxxx.txt': '可以退货。' })
    const name = Buffer.from('cdcbbbf5', 'hex')
    for (let at = zip.indexOf('xxxx'); at >= 0; at = zip.indexOf('xxxx', at + 1)) name.copy(zip, at)
    // yazl marks names as UTF-8, in the header of the file and in the directory.
    for (const [signature, offset] of [
      ['PK\x03\x04', 6],
      ['PK\x01\x02', 8],
    ] as const) {
      const at = zip.indexOf(signature, 0, 'latin1') + offset
      zip.writeUInt16LE(zip.readUInt16LE(at) & ~0x800, at)
    }
    expect((await filesOf(zip)).map(({ path }) => path)).toEqual(['退货.txt'])
  })

  test('law S6: bombs, protected, damaged, empty and other files are refused by name and add nothing', async () => {
    const zip = await zipOf({ 'a.txt': 'Some text. '.repeat(100) })
    const zeros = Buffer.alloc(60_000_000)
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`${at}.txt`, 'Text.']))
    const count = async () => (await server.app.database.sql`select 1 from documents`).length
    const before = await count()
    expect(reasonOf(await send(await zipOf({ 'a.txt': zeros })))).toBe('bomb')
    expect(reasonOf(await send(protectedZip(zip)))).toBe('encrypted')
    expect(reasonOf(await send(zip.subarray(0, zip.length - 30)))).toBe('damaged')
    expect(reasonOf(await send(await zipOf({})))).toBe('empty')
    expect(reasonOf(await send(await zipOf(many)))).toBe('too_many_files')
    expect(reasonOf(await send(Buffer.from('no zip')))).toBe('wrong_name')
    const [lying] = await filesOf(withSizes(zip, 10))
    expect(lying!.error.details.reason).toBe('damaged')
    expect(await count()).toBe(before)
  })
})
