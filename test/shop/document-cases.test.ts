import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { quantities } from '../../server/answering/retrieval/text/quantities.ts'
import { parseBytes, readRows } from '../../server/areas/shop/catalogue/import-rows.ts'
import { readHtml } from '../../server/ingest/formats/html.ts'
import { ask, call, openShop, type Shop } from '../fixtures/catalogue.ts'

const linesOf = async (html: string) =>
  (await readHtml(html)).sections.map(({ heading, text }) => [...heading, text].join(' › '))

describe('E1: each cell only with its own names, whatever the spans', () => {
  test('heads over several columns and rows, cells over several columns and rows', async () => {
    const [text] = await linesOf(`<table>
      <tr><th rowspan="2">Size</th><th colspan="2">Chest</th></tr><tr><th>cm</th><th>in</th></tr>
      <tr><td>S</td><td>90</td><td>35</td></tr>
      <tr><td>M</td><td colspan="2">ask us</td></tr>
      <tr><td rowspan="2">L</td><td>100</td><td>39</td></tr><tr><td>104</td><td>41</td></tr>
      <tr><td colspan="3">All sizes run small.</td></tr></table>`)
    expect(text!.split('\n')).toEqual([
      'Size: S; Chest cm: 90; Chest in: 35',
      'Size: M; Chest cm / Chest in: ask us',
      'Size: L; Chest cm: 100; Chest in: 39',
      'Size: L; Chest cm: 104; Chest in: 41',
      'All sizes run small.',
    ])
  })

  test('a span of nonsense is no longer than the table', async () => {
    const html = `<table><tr><th colspan="99999999">A</th></tr><tr><td rowspan="-3">1</td><td colspan="x">2</td></tr></table>`
    expect(await linesOf(html)).toEqual(['A: 1; A: 2'])
  })
})

describe('E2: what an accordion hides is content, what every page shows is none', () => {
  test.each([
    [
      '<h2><button>Do you ship?</button></h2><div hidden>To all of Europe.</div>',
      ['Do you ship? › To all of Europe.'],
    ],
    [
      '<button aria-expanded="false" aria-controls="a">Do you ship?</button><p>…</p><div id="a" style="display:none">Yes.</div>',
      ['Do you ship? › …\nYes.'],
    ],
    ['<p>Text.</p><div hidden>kept back</div><button>Buy</button>', ['Text.']],
    [
      '<div class="cookie-banner">We use cookies.</div><div role="dialog">Subscribe!</div><nav hidden>Menu</nav><p>Text.</p>',
      ['Text.'],
    ],
  ])('%s', async (html, sections) => expect(await linesOf(html)).toEqual(sections))
})

describe('E6: numbers as shops write them', () => {
  const read = (text: string) =>
    quantities(text).map(({ amount, unit }) => `${amount} ${unit?.name ?? ''}`.trim())
  test.each([
    ['1/2" thread', ['0.5 inches']],
    ['1 1/2" pipe', ['1.5 inches']],
    ['2½ inches', ['2.5 inches']],
    ['2.400 W', []],
    ['2.375 kg', ['2.375 kg']],
    ['2.400 €', ['2400 EUR']],
    ['24/7', ['24', '7']],
  ])('%s', (text, amounts) => expect(read(text)).toEqual(amounts))
})

describe('E8: texts, absent fields and large ids', () => {
  const rowsOf = (json: string) =>
    readRows(parseBytes({ bytes: new TextEncoder().encode(json), fileName: null }))

  test('entities and tags are read once, null is absent, two ids above 2^53 are two', () => {
    const rows = rowsOf(`[
      {"id":9007199254740993,"name":"Caf&eacute; &amp;amp; <b>Bar</b>","short_description":null,"specs":null,"currency":null},
      {"id":9007199254740992,"name":"a < b","short_description":"<p>One.</p><p>Two.</p>","category":null}]`)
    expect(rows).toMatchObject([
      { id: '9007199254740993', name: 'Café &amp; Bar', short_description: '', specs: {}, currency: null },
      { id: '9007199254740992', name: 'a < b', short_description: 'One. Two.', category: null },
    ])
  })
})

describe('over a real index', () => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop()
    const row = (id: string, name: string, specs = {}) => ({ id, name, price: 10, currency: 'EUR', specs })
    const rows = [
      row('LT-0002', 'Aurora'),
      row('AB 12 C', 'Borealis'),
      row('xy-9a', 'Small'),
      row('XY-9A', 'Large'),
      row('R1', 'Radio one', { runtime: 'up to 12 h' }),
      row('R2', 'Radio two', { runtime: '~8 h' }),
      row('R3', 'Radio three', { runtime: '14 h' }),
      row('R4', 'Radio four', { runtime: true }),
    ]
    await shop.handlers['catalogue:import']({ body: rows }, call)
    const documents = {
      '运费.md': '# 运费\n\n标准配送运费五元，满九十九元免运费。',
      'warranty.md': '# Lamps\n\nLamps carry a warranty of two years.',
      'kueche.md': '# Pflege\n\nDie Küche wird mit einem feuchten Tuch gereinigt.',
      '保固.md': '# 保固\n\n燈具保固兩年，請保留發票。',
    }
    for (const [name, text] of Object.entries(documents))
      await shop.knowledge.addDocument({ name, mime: '', bytes: new TextEncoder().encode(text) })
    await shop.knowledge.drain()
  })
  afterAll(() => shop.close())
  const found = async (text: string) =>
    (await shop.product.findProducts(ask(text), 6)).map(({ source_id }) => source_id)

  test.each(['how much is lt-0002?', 'price of LT 0002', 'LT0002 多少钱', 'is LT_0002 good?'])(
    'E5: %s',
    async text => expect(await found(text)).toEqual(['LT-0002']),
  )

  test('E5: ids with blanks are found, and two that differ by case only stay apart', async () => {
    expect(await found('how much is ab 12 c')).toEqual(['AB 12 C'])
    expect(await found('how much is xy-9a')).toEqual(['xy-9a'])
    expect(await found('how much is XY-9A')).toEqual(['XY-9A'])
  })

  test('E6: what only may be is never shown as satisfying a limit', async () => {
    expect(await found('radios with a runtime of at least 10 h')).toEqual(['R3'])
    expect(await found('radios with a runtime of at least 7 h')).toEqual(['R3'])
  })

  test('E3: for 1 to 50 near-copies each paraphrase finds one', async () => {
    for (let copies = 1; copies <= 50; copies++) {
      await shop.knowledge.addDocument({
        name: `copy-${copies}.md`,
        mime: '',
        bytes: new TextEncoder().encode(
          `# Sending back ${copies}\n\nUnused goods can be returned within thirty days in store ${copies}.`,
        ),
      })
      if (![1, 2, 3, 10, 50].includes(copies)) continue
      await shop.knowledge.drain()
      for (const text of [
        'can i return unused goods?',
        'how many days do I have to give things back',
        'return within how many days',
      ]) {
        const [first] = await shop.retrieve(ask(text))
        expect(first?.text, `${copies} copies: ${text}`).toContain('thirty days')
      }
    }
  }, 120_000)

  test.each([
    ['運費多少', '标准配送运费五元'],
    ['免運嗎', '满九十九元免运费'],
    ['warrnty for lamps', 'Lamps carry a warranty'],
    ['Wie wird die Kueche gereinigt?', 'Küche'],
    ['wie reinige ich die K\u0075\u0308che', 'Küche'],
  ])('E4: %s', async (text, quote) => {
    const evidence = await shop.retrieve(ask(text))
    expect(evidence.map(one => one.text).join('\n')).toContain(quote)
  })

  test('E4: traditional sources are found in simplified characters, and quoted as they are', async () => {
    const [first] = await shop.retrieve(ask('灯具保修几年？发票要留吗'))
    expect(first!.text).toContain('請保留發票')
  })
})
