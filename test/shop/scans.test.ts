import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createReader } from '../../server/ingest/reader.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { pdfOf } from '../fixtures/documents/pdf.ts'
import { documentReader, paragraphs } from '../fixtures/documents/read.ts'
import { scansOf, tiffOf } from '../fixtures/documents/scan.ts'

const { read, textOf } = documentReader()

/** Chinese characters, and words of letters and digits. */
const wordPattern = /\p{Script=Han}|[\p{L}\p{N}]+/gu

/** Which share of the words of `text` stands in `found`, in its order. */
function shareInOrder(text: string, found: string): number {
  const [words, others] = [text, found].map(each => each.toLowerCase().match(wordPattern) ?? [])
  let above = new Uint16Array(others!.length + 1)
  for (const word of words!) {
    const row = new Uint16Array(above.length)
    for (const [at, other] of others!.entries())
      row[at + 1] = word === other ? above[at]! + 1 : Math.max(above[at + 1]!, row[at]!)
    above = row
  }
  return above.at(-1)! / words!.length
}

function demoText(name: string): string {
  const path = fileURLToPath(new URL(`../../server/demo/documents/${name}.md`, import.meta.url))
  return readFileSync(path, 'utf8').replace(/[#*|`_>-]+/g, ' ')
}

function html(text: string): string {
  return text
    .split('\n')
    .filter(line => line.trim())
    .map(line => `<p>${line}</p>`)
    .join('')
}

describe.runIf(hasBrowser)('scans and photographs of pages are read', () => {
  test.each([
    ['en', 'png', 'contact.en'],
    ['zh', 'png', 'returns.zh'],
    ['zh', 'webp', 'contact.zh'],
  ] as const)(
    '99 %% of the words, in order: %s as %s',
    { timeout: 120_000 },
    async (language, type, name) => {
      const text = demoText(name)
      const [scan] = await scansOf([html(text)], type)
      const document = await read(`scan.${type}`, scan!)
      const found = document.sections.map(section => [...section.heading, section.text].join('\n')).join('\n')
      const share = shareInOrder(text, found)
      console.log(`${name} as ${type}: ${(share * 100).toFixed(2)} % of the words`)
      expect(share).toBeGreaterThanOrEqual(0.99)
      expect(document.language).toBe(language)
      expect(found).not.toMatch(/\p{Script=Han} \p{Script=Han}/u)
    },
  )

  test('a scanned PDF has its places, headings and rows, and says how far it is', {
    timeout: 120_000,
  }, async () => {
    const rows = ['Aurel 12:9 W:89.00 EUR', 'Nordlys:14 W:129.50 EUR', 'Hush 3:45 W:45.00 EUR']
    const table = ['Model:Power:Price', ...rows].map(
      row =>
        `<tr>${row
          .split(':')
          .map(cell => `<td style="padding-right:80px">${cell}`)
          .join('')}`,
    )
    const scans = await scansOf([
      `<h1>The policy</h1><p>${paragraphs[0]}</p>`,
      `<h1>What they need</h1><table>${table.join('')}</table>`,
    ])
    const pdf = await pdfOf(pdf => {
      for (const [at, scan] of scans.entries()) {
        if (at > 0) pdf.addPage()
        pdf.image(scan, 0, 0, { fit: [612, 792] })
      }
    })
    const reader = createReader()
    const steps: number[] = []
    const { sections } = await reader.read({ name: 'scan.pdf', mime: '', bytes: pdf }, step =>
      steps.push(step),
    )
    reader.close()
    expect(steps).toEqual([0.5, 1])
    expect(JSON.parse(sections)).toEqual([
      { heading: ['The policy'], text: paragraphs[0], place: { unit: 'page', at: [1] } },
      {
        heading: ['What they need'],
        text: rows
          .map(row => row.split(':'))
          .map(([model, power, price]) => `Model: ${model}; Power: ${power}; Price: ${price}`)
          .join('\n'),
        place: { unit: 'page', at: [2, 2, 2] },
      },
    ])
  })

  test('a photograph that lies on its side is turned as its camera says', { timeout: 60_000 }, async () => {
    const [scan] = await scansOf(
      [`<div style="writing-mode:vertical-rl">${html(paragraphs.join('\n'))}</div>`],
      'jpeg',
    )
    const exif = Buffer.from(
      'ffe1001c457869660000' + '49492a0008000000' + '01001201030001000000' + '08000000',
      'hex',
    )
    exif.writeUInt16BE(exif.length - 2, 2)
    const turned = Buffer.concat([scan!.subarray(0, 2), exif, scan!.subarray(2)])
    expect(shareInOrder(paragraphs.join(' '), await textOf('photo.jpg', turned))).toBeGreaterThan(0.97)
  })
})

test('each picture of a TIFF is a page', { timeout: 60_000 }, async () => {
  const tiff = await tiffOf(
    await pdfOf(pdf => {
      pdf.fontSize(14).text(paragraphs[0]!)
      pdf.addPage().text(paragraphs[1]!)
    }),
    150,
  )
  const { sections } = await read('fax.tiff', tiff)
  expect(sections).toEqual([
    { heading: [], text: `${paragraphs[0]}\n${paragraphs[1]}`, place: { unit: 'page', at: [1, 2] } },
  ])
})

test('a PDF whose text layer is nonsense is read as it is seen', { timeout: 60_000 }, async () => {
  const font = fileURLToPath(import.meta.resolve('pdfjs-dist/standard_fonts/LiberationSans-Regular.ttf'))
  const pdf = await pdfOf(pdf => pdf.font(font).fontSize(13).text(paragraphs[1]!), { compress: false })
  // Its glyphs are said to be characters of private use.
  const broken = Buffer.from(
    Buffer.from(pdf)
      .toString('latin1')
      .replace(
        /(\[)((?:<[0-9a-f]{4}>\s*)+)(\])/g,
        (_, open, codes: string, close) => open + codes.replace(/<00/g, '<e0') + close,
      ),
    'latin1',
  )
  expect(await textOf('whole.pdf', pdf)).toBe(paragraphs[1])
  expect(broken.equals(Buffer.from(pdf))).toBe(false)
  expect(await textOf('broken.pdf', broken)).toBe(paragraphs[1])
})

describe('law S6: a picture that cannot be read is refused with its reason', () => {
  /** The head of a PNG, and nothing of its pixels. */
  const png = (width: number, height: number) => {
    const head = Buffer.from('89504e470d0a1a0a0000000d4948445200000000000000000800000000', 'hex')
    head.writeUInt32BE(width, 16)
    head.writeUInt32BE(height, 20)
    return Buffer.concat([head, Buffer.from('0000000000000049444154', 'hex')])
  }

  test.each([
    ['of very many pixels', 'a.png', () => png(60_000, 60_000), 'too_many_pixels'],
    ['cut off', 'a.png', () => png(600, 600), 'damaged'],
    [
      'cut off in its head',
      'a.jpg',
      () => Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0', 'hex'),
      'damaged',
    ],
    ['with a TIFF directory that names itself', 'a.tif', () => loop(), 'too_many_scans'],
    ['that is text', 'a.webp', () => Buffer.from('words'), 'wrong_name'],
  ])('%s', async (_, name, bytes, reason) => {
    await expect(read(name, bytes())).rejects.toMatchObject({
      code: 'UNPROCESSABLE_FILE',
      details: { reason },
    })
  })

  function loop(): Buffer {
    const file = Buffer.alloc(64)
    file.write('II*\0', 'latin1')
    file.writeUInt32LE(8, 4)
    file.writeUInt32LE(8, 10)
    return file
  }
})
