import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { createReader, readerFlags } from '../../server/ingest/reader.ts'
import { docxOf, xlsxOf } from '../fixtures/documents/office.ts'
import { pdfOf } from '../fixtures/documents/pdf.ts'
import { documentReader, paragraphs } from '../fixtures/documents/read.ts'
import { protectedZip, withSizes, zipOf } from '../fixtures/documents/zip.ts'

const { read, textOf } = documentReader()

describe('law S6: what cannot be read is refused with its reason', () => {
  const docx = docxOf([{ text: paragraphs.join(' ') }])
  const pdf = pdfOf(pdf => pdf.text(paragraphs.join(' ')))
  const oldWord = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2048)])
  const parts = (document: string) => ({
    '[Content_Types].xml':
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels':
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': document,
  })
  const word = (body: string, before = '') =>
    `<?xml version="1.0"?>${before}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${body}</w:t></w:r></w:p></w:body></w:document>`
  const half = (bytes: Uint8Array) => bytes.slice(0, bytes.length / 2)

  const broken: [string, string, () => Promise<Uint8Array> | Uint8Array, string][] = [
    ['an empty file', 'a.pdf', () => new Uint8Array(0), 'empty'],
    [
      'a PDF with a password',
      'a.pdf',
      () => pdfOf(pdf => pdf.text('secret'), { password: 'x' }),
      'encrypted',
    ],
    ['half a PDF', 'a.pdf', async () => half(await pdf), 'damaged'],
    ['a PDF of pictures', 'a.pdf', () => pdfOf(pdf => pdf.rect(10, 10, 200, 200).fill('red')), 'scanned'],
    ['text named as a PDF', 'a.pdf', () => Buffer.from('text'), 'wrong_name'],
    ['a Word document named as a PDF', 'a.pdf', () => docx, 'wrong_name'],
    ['a PDF named as text', 'a.csv', () => pdf, 'wrong_name'],
    ['half a DOCX', 'a.docx', async () => half(await docx), 'damaged'],
    [
      'a DOCX with a password',
      'a.docx',
      () => Buffer.concat([oldWord, Buffer.from('EncryptedPackage', 'utf16le')]),
      'encrypted',
    ],
    [
      'a DOCX whose parts have a password',
      'a.docx',
      async () => protectedZip(await zipOf(parts(word('text')))),
      'encrypted',
    ],
    ['a Word document of 1997', 'a.doc', () => oldWord, 'old_format'],
    ['a DOCX without text', 'a.docx', () => docxOf([]), 'no_text'],
    [
      'a DOCX that refers to files',
      'a.docx',
      () => zipOf(parts(word('&x;', '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'))),
      'entities',
    ],
    ['a DOCX with a huge part', 'a.docx', () => zipOf(parts(word('A'.repeat(120_000_000)))), 'bomb'],
    [
      'a DOCX with a part that hides its size',
      'a.docx',
      async () => withSizes(await zipOf(parts(word('A'.repeat(30_000_000)))), 1000),
      'bomb',
    ],
    [
      'a DOCX of very many parts',
      'a.docx',
      () =>
        zipOf(
          {
            ...parts(word('text')),
            ...Object.fromEntries(Array.from({ length: 6000 }, (_, at) => [`x/${at}.bin`, 'x'])),
          },
          { compress: false },
        ),
      'bomb',
    ],
    [
      'a workbook with too many cells',
      'a.xlsx',
      () => xlsxOf({ A: Array.from({ length: 31_000 }, () => Array(10).fill(1)) }),
      'too_many_cells',
    ],
    [
      'a PDF of 2,000 pages',
      'a.pdf',
      () =>
        pdfOf(pdf => {
          for (let page = 0; page < 1999; page++) pdf.addPage()
          pdf.text('end')
        }),
      'too_many_pages',
    ],
  ]

  test.each(broken)('%s', async (_what, name, make, reason) => {
    await expect(read(name, await make())).rejects.toMatchObject({
      code: 'UNPROCESSABLE_FILE',
      details: { reason },
    })
  })

  test('a kind that cannot be read is told apart from a broken file', async () => {
    const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
    for (const name of ['a.xyz', 'a'])
      await expect(read(name, gif)).rejects.toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' })
  })
})

describe('a process that reads', () => {
  test('is shared by files that come together', async () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const texts = await Promise.all(names.map(name => textOf(`${name}.csv`, `x,y\n${name},1\n`)))
    expect(texts).toEqual(names.map(name => `x: ${name}; y: 1`))
  })

  test.each([
    ['the network by fetch', 'void fetch'],
    ['the network by a module', `await import('node:net')`],
    ['the network by a module of old', `createRequire('/')('http')`],
    ['the network by the process', `process.getBuiltinModule('net')`],
    ['the network by what Node is made of', `process.binding('tcp_wrap')`],
    ['files of the system', `fs.readFileSync('/etc/hostname')`],
    ['a file to write', `fs.writeFileSync('/tmp/parley-reader', '')`],
    ['another program', `process.getBuiltinModule('child_process').execSync('true')`],
    ['a thread', `new (process.getBuiltinModule('worker_threads').Worker)('', { eval: true })`],
  ])('does not reach %s', (_what, attempt) => {
    const sandbox = new URL('../../server/ingest/sandbox.ts', import.meta.url)
    const program = `import { createRequire } from 'node:module'; import fs from 'node:fs'
      import { closeNetwork } from '${sandbox}'
      closeNetwork()
      try { ${attempt}; console.log('reached') } catch (error) { console.log('refused', Object.keys(process.env).length) }`
    const { stdout } = spawnSync(process.execPath, [...readerFlags, '--input-type=module', '-e', program], {
      env: {},
      encoding: 'utf8',
    })
    expect(stdout.trim()).toBe('refused 0')
  })

  test('is ended when it takes too long or too much memory, and the next file is read', async () => {
    const slow = createReader({ readMaxMs: 1 })
    const pdf = await pdfOf(pdf => pdf.text('Open daily.'))
    const file = { name: 'a.pdf', mime: '', bytes: pdf }
    await expect(slow.read(file)).rejects.toMatchObject({ details: { reason: 'too_slow' } })
    slow.close()
    const small = createReader({ memoryMaxBytes: 1 })
    await expect(small.read(file)).rejects.toMatchObject({ details: { reason: 'too_much_memory' } })
    small.close()
    expect(await textOf('a.pdf', pdf)).toBe('Open daily.')
  })
})
