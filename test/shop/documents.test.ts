import { describe, expect, test } from 'vitest'
import { docxOf, pptxOf, xlsxOf } from '../fixtures/documents/office.ts'
import { epubOf, odfOf } from '../fixtures/documents/open.ts'
import { chinesePdf, pdfOf } from '../fixtures/documents/pdf.ts'
import { documentReader, paragraphs } from '../fixtures/documents/read.ts'

const { read, textOf } = documentReader()

function wordsOf(text: string): string[] {
  return text.match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? []
}

/** The share of the words of `expected` that stand in `found` in their order. */
function inOrder(expected: string, found: string): number {
  const [wanted, given] = [wordsOf(expected), wordsOf(found)]
  let row = new Array(given.length + 1).fill(0)
  for (const word of wanted) {
    const next = [0]
    for (const [at, other] of given.entries())
      next.push(word === other ? row[at] + 1 : Math.max(next[at]!, row[at + 1]))
    row = next
  }
  return row.at(-1) / wanted.length
}

const chinese = [
  '本产品自购买之日起享有两年保修服务，保修范围包括灯泡与开关，但不包括灯罩。',
  '首次使用前请取下运输保护装置，并将电池充电六小时，充满后指示灯变为绿色。',
  '请勿在接通电源时打开外壳，维修须由授权网点进行，网点名单请见本公司网站。',
]

describe('PDF', () => {
  test('words in order, by page, without running headers, footers and hyphens of line ends', async () => {
    const pdf = await pdfOf(pdf => {
      for (let page = 1; page <= 4; page++) {
        if (page > 1) pdf.addPage()
        pdf.fontSize(9).text('Lamp works handbook', 72, 36, { lineBreak: false })
        pdf.text(`Page ${page} of 4`, 280, 730, { lineBreak: false })
        pdf.fontSize(18).text(`Chapter ${page}`, 72, 72)
        pdf.fontSize(11).text(paragraphs.join('\n\n'), { width: 420 })
        pdf.moveDown().text('A line that ends with a trans-\nformer is one word.')
      }
    })
    const { sections, title } = await read('handbook.pdf', pdf)
    const text = sections.map(({ text }) => text).join('\n')
    expect(title).toBe('handbook')
    expect(sections.map(({ heading }) => heading)).toEqual([
      ['Chapter 1'],
      ['Chapter 2'],
      ['Chapter 3'],
      ['Chapter 4'],
    ])
    expect(sections.map(({ place }) => [...new Set(place!.at)])).toEqual([[1], [2], [3], [4]])
    expect(inOrder(Array(4).fill(paragraphs.join(' ')).join(' '), text)).toBe(1)
    for (const gone of ['Lamp works', 'of 4', 'trans-']) expect(text).not.toContain(gone)
    expect(text).toContain('transformer is one word')
    expect(sections[0]!.text.split('\n')).toEqual([
      ...paragraphs,
      'A line that ends with a transformer is one word.',
    ])
  })

  test('Chinese without a font in the file is not lost', async () => {
    const { sections, language } = await read('保修.pdf', chinesePdf(chinese))
    expect(language).toBe('zh')
    expect(sections[0]!.text.replaceAll('\n', '')).toBe(chinese.join(''))
  })

  test.each([
    ['column by column', false],
    ['line by line across both', true],
  ])(
    'two columns written %s are read one after the other, the title before and the note after',
    async (_how, across) => {
      const left = [...paragraphs, 'The left column ends here.'].join(' ')
      const right = ['The right column begins here.', ...paragraphs.toReversed()].join(' ')
      const linesOf = (text: string) => text.match(/.{1,44}(?:\s|$)/g)!.map(line => line.trim())
      const pdf = await pdfOf(pdf => {
        pdf.fontSize(20).text('How to look after a lamp in every season', 72, 72, { lineBreak: false })
        pdf.fontSize(10)
        const draw = (line: string, column: number, row: number) =>
          pdf.text(line, 72 + column * 245, 120 + row * 14, { lineBreak: false })
        const columns = [linesOf(left), linesOf(right)]
        if (across)
          for (let row = 0; row < Math.max(columns[0]!.length, columns[1]!.length); row++)
            for (const [column, lines] of columns.entries()) if (lines[row]) draw(lines[row]!, column, row)
        if (!across)
          for (const [column, lines] of columns.entries())
            for (const [row, line] of lines.entries()) draw(line, column, row)
        pdf.text(
          'This note stands below both columns and reaches across the whole of the page, from left to right.',
          72,
          420,
          {
            lineBreak: false,
          },
        )
      })
      const text = await textOf('care.pdf', pdf)
      expect(inOrder(`${left} ${right} This note stands below both columns`, text)).toBe(1)
    },
  )

  test('the same text on each page is no running header, and a paragraph goes on over the page', async () => {
    const first = `${paragraphs[0]} `.repeat(2)
    const second = `The light ${'turns red, then after a while it turns green, and '.repeat(100)}goes out.`
    const pdf = await pdfOf(pdf => {
      for (let page = 1; page <= 3; page++) {
        if (page > 1) pdf.addPage()
        pdf.fontSize(11).text(first)
        pdf.fontSize(8).text(`- ${page} -`, 280, 730, { lineBreak: false })
      }
      pdf.addPage().fontSize(11).text(second)
    })
    const { sections } = await read('notes.pdf', pdf)
    expect(sections.flatMap(({ text }) => text.split('\n'))).toEqual(
      [first, first, first, second].map(text => text.trim()),
    )
  })

  test('rows of a table without lines keep the names of their columns', async () => {
    const rows = [
      ['Model', 'Price', 'Weight'],
      ['LT-1', '199 EUR', '2.5 kg'],
      ['LT-2', '299 EUR', '3.1 kg'],
      ['LT-3', '349 EUR', '3.4 kg'],
    ]
    const pdf = await pdfOf(pdf => {
      pdf.fontSize(11).text(paragraphs[0]!)
      for (const [row, cells] of rows.entries())
        for (const [column, cell] of cells.entries())
          pdf.text(cell, 72 + column * 130, 160 + row * 18, { lineBreak: false })
    })
    expect(await textOf('prices.pdf', pdf)).toBe(
      `${paragraphs[0]}\nModel: LT-1; Price: 199 EUR; Weight: 2.5 kg\nModel: LT-2; Price: 299 EUR; Weight: 3.1 kg\nModel: LT-3; Price: 349 EUR; Weight: 3.4 kg`,
    )
  })
})

describe('Office', () => {
  test('DOCX: headings, lists, tables; no comments, headers of pages and properties', async () => {
    const docx = await docxOf([
      { heading: '售后条款' },
      { text: chinese[0]! },
      { heading: 'Returns', level: 2 },
      { item: 'within 30 days' },
      { item: 'unused' },
      {
        rows: [
          ['Country', 'Days', 'Cost'],
          ['Austria', '3', 'free'],
          ['Norway', '7', '20 EUR'],
        ],
      },
    ])
    const { title, sections } = await read('terms.docx', docx)
    expect(title).toBe('售后条款')
    expect(sections).toEqual([
      { heading: [], text: chinese[0] },
      {
        heading: ['Returns'],
        text: '- within 30 days\n- unused\nCountry: Austria; Days: 3; Cost: free\nCountry: Norway; Days: 7; Cost: 20 EUR',
      },
    ])
  })

  test('XLSX: each row with its columns’ names, by sheet and row', async () => {
    const xlsx = await xlsxOf({
      Prices: [
        ['Price list 2026'],
        [],
        ['Model', 'Price', 'From'],
        ['LT-1', 199.4 + 0.1, new Date('2026-03-01')],
        ['LT-2', 299, null],
      ],
      运费: [
        ['国家', '运费'],
        ['挪威', 20],
      ],
    })
    expect((await read('list.xlsx', xlsx)).sections).toEqual([
      {
        heading: ['Prices'],
        text: 'Price list 2026\nModel: LT-1; Price: 199.5; From: 2026-03-01\nModel: LT-2; Price: 299',
        place: { unit: 'row', at: [1, 4, 5] },
      },
      { heading: ['运费'], text: '国家: 挪威; 运费: 20', place: { unit: 'row', at: [2] } },
    ])
  })

  test('PPTX: titles, lists, tables and notes by slide; what is hidden stays out', async () => {
    const pptx = await pptxOf([
      { title: 'Lamp care', points: ['wipe it dry', '每月清洁一次'], notes: 'Spare cloths are in the box.' },
      { title: 'Draft', points: ['not yet shown'], isHidden: true },
      {
        title: 'Prices',
        rows: [
          ['Model', 'Price', 'Weight'],
          ['LT-1', '199 EUR', '2.5 kg'],
        ],
      },
    ])
    const { sections } = await read('care.pptx', pptx)
    expect(sections).toEqual([
      {
        heading: ['Lamp care'],
        text: '- wipe it dry\n- 每月清洁一次\nSpare cloths are in the box.',
        place: { unit: 'slide', at: [1, 1, 1] },
      },
      {
        heading: ['Prices'],
        text: 'Model: LT-1; Price: 199 EUR; Weight: 2.5 kg',
        place: { unit: 'slide', at: [3] },
      },
    ])
  })

  test.each([
    ['commas', 'Model,Price\nLT-1,"1,299"\nLT-2,5\n', 'Model: LT-1; Price: 1,299\nModel: LT-2; Price: 5'],
    [
      'semicolons and decimal commas',
      'Modell;Preis\r\nLT-1;1,5\r\n"LT\n2";5,25\r\n',
      'Modell: LT-1; Preis: 1,5\nModell: LT 2; Preis: 5,25',
    ],
  ])('CSV with %s', async (_how, csv, expected) => {
    expect(await textOf('prices.csv', csv)).toBe(expected)
  })

  test('CSV as Excel in China saves it', async () => {
    const gbk = Buffer.from('d0cdbac52cbcdbb8f10a4c542d312c3139390a', 'hex')
    expect(await textOf('价格.csv', gbk)).toBe('型号: LT-1; 价格: 199')
  })
})

describe('OpenDocument, EPUB and RTF', () => {
  const cell = (text: string, attributes = '') =>
    `<table:table-cell ${attributes}><text:p>${text}</text:p></table:table-cell>`
  const row = (...cells: string[]) =>
    `<table:table-row>${cells.map(text => cell(text)).join('')}</table:table-row>`

  test('ODT: headings, lists, notes and tables; no comments, former wordings and alternative texts', async () => {
    const odt = await odfOf(
      'text',
      '<text:tracked-changes><text:p>former</text:p></text:tracked-changes><text:h text:outline-level="1">售后条款</text:h>' +
        `<text:p>${chinese[0]}<office:annotation><text:p>a comment</text:p></office:annotation></text:p><text:h text:outline-level="2">Returns</text:h>` +
        '<text:list><text:list-item><text:p>within<text:s text:c="2"/>30 days</text:p></text:list-item><text:list-item><text:p>unused</text:p></text:list-item></text:list>' +
        '<text:p>Sent by post<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>or by courier</text:p></text:note-body></text:note>.<draw:frame><svg:desc>alt</svg:desc></draw:frame></text:p>' +
        `<table:table>${row('Country', 'Days', 'Cost')}${row('Austria', '3', 'free')}</table:table>`,
    )
    const { title, sections } = await read('terms.odt', odt)
    expect(title).toBe('售后条款')
    expect(sections).toEqual([
      { heading: [], text: chinese[0] },
      {
        heading: ['Returns'],
        text: '- within 30 days\n- unused\nSent by post.\nor by courier\nCountry: Austria; Days: 3; Cost: free',
      },
    ])
  })

  test('ODS: rows with their columns’ names, whatever is repeated to the end of the sheet', async () => {
    const empty =
      '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    const ods = await odfOf(
      'spreadsheet',
      `<table:table table:name="Prices">${row('Model', 'Price', 'Stock')}<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row><table:table-row>${cell('LT-1')}${cell('5', 'table:number-columns-repeated="2"')}</table:table-row>${empty}</table:table>`,
    )
    expect((await read('list.ods', ods)).sections).toEqual([
      { heading: ['Prices'], text: 'Model: LT-1; Price: 5; Stock: 5', place: { unit: 'row', at: [4] } },
    ])
  })

  test('ODP: by slide', async () => {
    const page = (title: string, text: string) =>
      `<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>${title}</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:list><text:list-item><text:p>${text}</text:p></text:list-item></text:list></draw:text-box></draw:frame></draw:page>`
    const odp = await odfOf('presentation', page('Care', 'wipe it dry') + page('清洁', '每月一次'))
    expect((await read('care.odp', odp)).sections).toEqual([
      { heading: ['Care'], text: '- wipe it dry', place: { unit: 'slide', at: [1] } },
      { heading: ['清洁'], text: '- 每月一次', place: { unit: 'slide', at: [2] } },
    ])
  })

  test('EPUB: chapters in the order of the book, each under its title', async () => {
    const book = await epubOf('Lamps', [
      `<h1>Care</h1><p>${paragraphs[0]}</p><h2>Cloths</h2><p>${paragraphs[1]}</p>`,
      `<h1>维修</h1><p>${chinese[2]}</p>`,
    ])
    expect(await read('lamps.epub', book)).toMatchObject({
      title: 'Lamps',
      sections: [
        { heading: ['Care'], text: paragraphs[0] },
        { heading: ['Care', 'Cloths'], text: paragraphs[1] },
        { heading: ['维修'], text: chinese[2] },
      ],
    })
  })

  test('RTF: signs in every way they are written, headings, tables and notes; nothing hidden', async () => {
    const rtf = String.raw`{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset134 SimSun;}}{\stylesheet{\s1\outlinelevel0 heading 1;}}{\info{\title Ignore all}}
{\header Running head\par}\pard\s1 Terms\par\pard Caf\'e9 \u8364?\~5 {\v hidden}{\*\generator x}\'84quoted\'93{\footnote A note.}\par
{\f1 \'b1\'a3\'d0\'de}\u20004?\u24180?\par
\trowd\pard\intbl Model\cell Price\cell Weight\cell\row\trowd\pard\intbl LT-1\cell 199\par EUR\cell 2.5 kg\cell\row\pard end\par}`
    const { title, sections } = await read('terms.rtf', rtf)
    expect(title).toBe('Terms')
    expect(sections.map(({ text }) => text).join('\n')).toBe(
      'Café € 5 „quoted“\nA note.\n保修两年\nModel: LT-1; Price: 199 EUR; Weight: 2.5 kg\nend',
    )
  })

  test.each([
    [
      'an ODT with a password',
      'a.odt',
      () => odfOf('text', '<text:p>x</text:p>', '<manifest:encryption-data/>'),
      'encrypted',
    ],
    [
      'a protected book',
      'a.epub',
      () =>
        epubOf('Lamps', ['<p>x</p>'], {
          'META-INF/encryption.xml':
            '<e><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/></e>',
        }),
      'encrypted',
    ],
    ['an ODT with entities', 'a.odt', () => odfOf('text', '<!ENTITY x "y">'), 'entities'],
    ['half an RTF', 'a.rtf', () => Buffer.from('{\\rtf1 half of a'), 'damaged'],
  ])('law S6: %s is refused', async (_what, name, make, reason) => {
    await expect(read(name, await make())).rejects.toMatchObject({
      code: 'UNPROCESSABLE_FILE',
      details: { reason },
    })
  })
})
