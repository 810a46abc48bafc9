import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCitationFilter } from '../../server/answering/retrieval/citation/filter.ts'
import { evidence } from '../fixtures/evidence.ts'

const sources = [
  evidence('Returns are accepted within 30 days of delivery.', { source_id: 'terms' }),
  evidence('Weight: 1.37 kg. Memory: 8 GB.', { source: 'product', source_id: 'mac', title: 'MacBook' }),
]

/** What a reader is given of `text` when it comes cut at every `sizes`. */
function shown(text: string, sizes: number[] = [text.length || 1]) {
  const stream = createCitationFilter(sources)
  let out = ''
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length]!
    out += stream.push(text.slice(at, at + size))
    at += size
  }
  out += stream.end()
  return { text: out, references: stream.references().map(({ source_id }) => source_id) }
}

const cuts = [[1], [2], [3], [1, 4], [7, 1, 2]]

/** Each stands for source 2, which says the weight. */
const marks = [
  '[2]',
  '[[2]]',
  String.raw`\[2\]`,
  String.raw`\[2]`,
  '【2】',
  '〔2〕',
  '〖2〗',
  '［2］',
  '[^2]',
  '[#2]',
  '[ 2 ]',
  '[Source 2]',
  '[source: 2]',
  '(source: 2)',
  '(Source 2)',
  '[来源2]',
  '（来源：2）',
  '[doc2]',
  '[Doc 2]',
  '[document 2]',
  '[文档2]',
  '[2†source]',
  '【2†source】',
  '【2:0†L1-L3】',
  '<sup>2</sup>',
  '<sup>[2]</sup>',
  '<cite>2</cite>',
  '<source number="2">',
  "<source number='2'/>",
  '<source number="2" kind="product" title="Top 10">',
  '<source number="2"></source>',
  '[2](https://elsewhere.example/2)',
  '[[2]](https://elsewhere.example/2)',
  '²',
]

describe('D10: a mark in whichever form', () => {
  test.each(marks)('%s is settled where its source says so, and gone where not', mark => {
    for (const sizes of [undefined, ...cuts]) {
      expect(shown(`It weighs 1.37 kg ${mark}. Good.`, sizes)).toEqual({
        text: 'It weighs 1.37 kg [1]. Good.',
        references: ['mac'],
      })
      expect(shown(`It weighs 9 kg ${mark}. Good.`, sizes)).toEqual({
        text: 'It weighs 9 kg. Good.',
        references: [],
      })
      expect(shown(`It weighs 1.37 kg ${mark.replace('2', '7').replace('²', '⁷')}. Good.`, sizes).text).toBe(
        'It weighs 1.37 kg. Good.',
      )
    }
  })

  test.each(marks.filter(mark => mark.length > 1))('%s is gone where the answer was cut inside it', mark => {
    for (let at = mark.indexOf('2') + 1; at < mark.length; at++) {
      for (const before of ['It weighs 9 kg', 'It weighs 1.37 kg [2] or', '']) {
        const filter = createCitationFilter(sources)
        const text = filter.push(`${before} ${mark.slice(0, at)}`) + filter.end(false)
        expect(text.trimEnd()).toBe(before.replace('[2]', '[1]'))
      }
    }
  })

  const multiNode: [string, string][] = [
    ['Returns are accepted within 30 days [1, 2].', 'Returns are accepted within 30 days [1].'],
    ['Returns are accepted within 30 days [1-3].', 'Returns are accepted within 30 days [1].'],
    ['Returns are accepted within 30 days [1][2].', 'Returns are accepted within 30 days [1].'],
    ['Returns are accepted within 30 days [doc1][doc2].', 'Returns are accepted within 30 days [1].'],
    ['Returns are accepted within 30 days¹².', 'Returns are accepted within 30 days.'],
    [
      'Returns are accepted within 30 days <source number="1"><source number="2">.',
      'Returns are accepted within 30 days [1].',
    ],
    ['It weighs 1.37 kg [^2].\n\n[^2]: MacBook, our shop\n', 'It weighs 1.37 kg [1].\n\n'],
    ['It weighs 1.37 kg [2].\n\n[2]: https://elsewhere.example/a\nBye.', 'It weighs 1.37 kg [1].\n\nBye.'],
    ['It weighs 1.37 kg [^2].\n[^2]: MacBook\n[^note]: more', 'It weighs 1.37 kg [1].\n'],
  ]
  test.each(multiNode)('%s', (written, right) => {
    for (const sizes of [undefined, ...cuts]) expect(shown(written, sizes).text).toBe(right)
  })

  const literal = [
    'A lawn of 20 m² and 3 m³, in m<sup>2</sup> or 10² cm.',
    'In [2024], in [2023-2024] and in [2019, 2020].',
    'Code `a[2] = <source number="2">` and `\\[2\\]` stay.',
    '```\nx = [1, 2]\n[^2]: y\n<sup>2</sup>\n```\nEnd.',
    'arr[0], a < b, <b>bold</b>, <sup>th</sup>, C:\\dir, \\*stars\\* and [x].',
    'The [document] and the (source) say so.',
  ]
  test.each(literal)('is none in %s', written => {
    for (const sizes of [undefined, ...cuts]) expect(shown(written, sizes).text).toBe(written)
  })

  test('comes out the same however it was cut', () => {
    const part = fc.constantFrom(
      ...marks,
      'It weighs 1.37 kg',
      ' ',
      '. ',
      '\n',
      '`',
      '<',
      '\\',
      '[^2]: text\n',
      '[1]: https://a.example\n',
      '<source ',
      '</source>',
      ' m²',
    )
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 14 }).map(parts => parts.join('')),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
        (text, sizes) => {
          expect(shown(text, sizes)).toEqual(shown(text))
        },
      ),
      { numRuns: 400 },
    )
  })
})
