import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fileMaxBytes, readFile } from '../../server/ingest/read.ts'

function read(name: string, content: string | Uint8Array, mime = '') {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return readFile({ name, mime, bytes })
}

async function textOf(name: string, content: string | Uint8Array): Promise<string> {
  return (await read(name, content)).sections.map(section => section.text).join('\n')
}

describe('Markdown', () => {
  test('headings, lists, tables, code and front matter; marks go, words stay', async () => {
    const document = await read(
      'rules.md',
      '---\ntitle: "Shop rules"\n---\n# Shop rules\nWrapped **bold**\n[link](http://x.y) and `*code*`.\n\n## Returns ##\n' +
        '- 30 days\n- *unused* only\n\n| Model | Weight |\n|---|---|\n| A | 2.5 kg |\n\n```sh\nnpm ci\n```\nFees\n----\n> none\n',
    )
    expect(document).toMatchObject({ title: 'Shop rules', mime: 'text/markdown', language: 'en' })
    expect(document.sections).toEqual([
      { heading: [], text: 'Wrapped bold link and `*code*`.' },
      { heading: ['Returns'], text: '- 30 days\n- unused only\nModel: A; Weight: 2.5 kg\nnpm ci' },
      { heading: ['Fees'], text: 'none' },
    ])
  })

  test('a document of nothing but headings still has words', async () => {
    expect(await textOf('a.md', '# One\n## Two')).toBe('One\nTwo')
  })
})

describe('HTML', () => {
  test('title, headings, table cells and line breaks; nothing that is not shown', async () => {
    const document = await read(
      'page.html',
      '<!doctype html><title>Returns &amp; fees</title><style>p{}</style><script>if (a < b) {}</script><nav>Menu</nav>' +
        '<h1>Returns</h1><p>Within<br>30&nbsp;days.<p hidden>secret<p>Next\nline</p><div style="display: none">no<div>no</div></div>' +
        '<table><tr><th>Weight</th><td>2.5 kg</td></tr></table>' +
        '<table><tr><th></th><th>Price</th></tr><tr><td>X</td><td>5</td></tr></table><h2>More</h2><ul><li>one<li>two</ul>',
    )
    expect(document.title).toBe('Returns & fees')
    expect(document.sections).toEqual([
      { heading: ['Returns'], text: 'Within\n30 days.\nNext line\nWeight: 2.5 kg\nX; Price: 5' },
      { heading: ['Returns', 'More'], text: 'one\ntwo' },
    ])
  })

  test('a page whose navigation never ends still has its words', async () => {
    expect(await textOf('a.html', '<nav><p>Opening hours: 9 to 5')).toBe('Opening hours: 9 to 5')
  })
})

describe('plain text', () => {
  test('a first line alone is the title, wrapped lines are joined, Chinese ones without a space', async () => {
    const document = await read(
      'a.txt',
      'Our shop\n\nThis paragraph was wrapped by its width at some column, so\nit goes on here.\n\n' +
        '这一段文字因为宽度的原因被编辑器自动换行了所以它在这里会被分成\n两行。\n- item',
    )
    expect(document.title).toBe('Our shop')
    expect(document.sections[0]!.text).toBe(
      'This paragraph was wrapped by its width at some column, so it goes on here.\n' +
        '这一段文字因为宽度的原因被编辑器自动换行了所以它在这里会被分成两行。\n- item',
    )
  })

  test('one line is the text', async () => {
    expect(await textOf('a.txt', 'Open daily')).toBe('Open daily')
  })
})

describe('encodings', () => {
  describe('E7: what no mark names is read as what its bytes are typical of', () => {
    test.each([
      [
        'big5',
        '收到商品後七天內可以無理由退貨',
        'IyCwaLNmCgqmrKjssNOrfqvhpEOk0aS6pWmlSLVMsnql0bBos2ahQbDTq362t6tPq/mnuaZuoUOtcbPmuqGkQKRkpLinS7lCtk+hQwo=',
      ],
      [
        'gb18030',
        '收到商品后七天内可以无理由退货',
        'IyDNy7v1CgrK1bW9yczGt7rzxt/M7MTav8nS1M7ewO3Tyc3Lu/WjrMnMxrfQ6LGjs9bN6rrDoaO2qbWlwvrSu7DZ1KrD4tTLt9Ghowo=',
      ],
      [
        'shift_jis',
        '商品到着後7日以内に限り返品',
        'IyCV1JVpCgqPpJVpk56ShYzjN5P6iMiT4ILJjMCC6JXUlWmC8IKojvOCr4Kigr2CtYLcgreBQpGXl7+CzZFTjZGI6pelNTAwiX6CxYK3gUIK',
      ],
      [
        'windows-1251',
        'Товар можно вернуть',
        'IyDC7ufi8ODyCgrS7uLg8CDs7ubt7iDi5fDt8/L8IOIg8uX35e3o5SAxNCDk7eXpLiDE7vHy4OLq4CDv7iDj7vDu5PMg4eXx7+vg8u3gLgo=',
      ],
      [
        'windows-1250',
        'jeśli nie był używany. Płatność kartą',
        'IyBad3JvdHkKClRvd2FyIG1vv25hIHp3cvNjaeYgdyBjablndSAxNCBkbmksIGplnGxpIG5pZSBiebMgdb95d2FueS4gULNhdG5vnOYga2FydLksIHByemVsZXdlbSBsdWIgZ29083druS4gV3lzebNhbXkgdyBjablndSBqZWRuZWdvIGRuaWEuCg==',
      ],
      [
        'windows-1252',
        'Die Rückgabe ist innerhalb',
        'IyBS/GNrZ2FiZQoKRGllIFL8Y2tnYWJlIGlzdCBpbm5lcmhhbGIgdm9uIDMwIFRhZ2VuIG32Z2xpY2guIEb8ciBN9mJlbCBnZWx0ZW4gbORuZ2VyZSBaZWl0ZW4uCg==',
      ],
    ])('%s', async (_encoding, text, base64) => {
      expect(await textOf('terms.md', Buffer.from(base64, 'base64'))).toContain(text)
    })
  })

  test.each([
    [
      'Japanese',
      '返品は7日以内です。',
      '\x95\xd4\x95i\x82\xcd7\x93\xfa\x88\xc8\x93\xe0\x82\xc5\x82\xb7\x81B',
    ],
    ['Polish', 'Płatność', 'P\xb3atno\x9c\xe6'],
  ])(
    'E7: a word of %s that could be of several encodings is refused or right, never nonsense',
    async (_language, text, bytes) => {
      const found = await textOf('a.txt', Buffer.from(bytes, 'latin1')).catch(error => error)
      expect([text, 'The encoding of the file cannot be told. Save it as UTF-8.']).toContain(
        found.message ?? found,
      )
    },
  )

  test.each([
    ['UTF-8 with a mark', [0xef, 0xbb, 0xbf, 0x41, 0x42], 'AB'],
    ['UTF-16, little end first', [0xff, 0xfe, 0x41, 0, 0x42, 0], 'AB'],
    ['UTF-16, big end first', [0xfe, 0xff, 0, 0x41, 0, 0x42], 'AB'],
    ['GB18030', [0xb9, 0xa4, 0xd7, 0xf7, 0xca, 0xb1, 0xbc, 0xe4], '工作时间'],
    ['Windows-1252', [0x66, 0xfc, 0x72, 0x20, 0x64, 0x69, 0x65], 'für die'],
  ])('%s', async (_name, bytes, text) => {
    expect(await textOf('a.txt', new Uint8Array(bytes))).toBe(text)
  })
})

describe('law S6: what cannot be read is refused in words', () => {
  test.each([
    ['binary data', 'a.txt', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), 'UNPROCESSABLE_FILE'],
    ['nothing', 'a.md', new Uint8Array(0), 'UNPROCESSABLE_FILE'],
    ['white space', 'a.html', new TextEncoder().encode('<p> </p>'), 'UNPROCESSABLE_FILE'],
    ['another format', 'a.pdf', new TextEncoder().encode('text'), 'UNPROCESSABLE_FILE'],
    ['no format', 'a', new TextEncoder().encode('text'), 'UNSUPPORTED_MEDIA_TYPE'],
    ['too much', 'a.txt', new Uint8Array(fileMaxBytes + 1), 'PAYLOAD_TOO_LARGE'],
  ])('%s', async (_title, name, bytes, code) => {
    await expect(read(name, bytes)).rejects.toMatchObject({ code })
  })

  test('any bytes are either read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('a.txt', 'a.md', 'a.html'),
        async (bytes, name) => {
          try {
            const { sections } = await read(name, bytes)
            expect(sections.every(section => section.text.isWellFormed())).toBe(true)
            expect(JSON.stringify(sections)).not.toContain('\\u0000')
          } catch (error) {
            expect(error).toMatchObject({ code: 'UNPROCESSABLE_FILE' })
          }
        },
      ),
    )
  })

  test.each([
    ['deep.html', '<div>'.repeat(1e5)],
    ['tables.html', '<table><tr><td>'.repeat(1e5)],
    ['open.html', `<p>${'<a '.repeat(1e6)}`],
    ['brackets.md', '['.repeat(2e6)],
    ['links.md', '[a]('.repeat(5e5)],
    ['stars.md', '*a '.repeat(5e5)],
    ['spaces.md', `# a${' '.repeat(1e6)}b`],
    ['quotes.md', '> '.repeat(1e6)],
    ['pipes.md', `${'|a'.repeat(1e6)}\n|-|\n`],
    ['line.txt', 'word '.repeat(2e6)],
    ['lines.txt', `a b\n${'x\n'.repeat(5e5)}`],
  ])('%s of megabytes is read in time', async (name, content) => {
    const start = performance.now()
    await read(name, `words ${content} words`)
    expect(performance.now() - start).toBeLessThan(8000)
  })
})
