import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCitationFilter } from '../../server/answering/retrieval/citation/filter.ts'
import { evidence } from '../fixtures/evidence.ts'

const sources = [
  evidence('Price: €1,339.69.\nMemory: 8 GB.\nStorage: 128GB SSD.\nWeight: 1.37 kg.', {
    title: 'Apple MacBook Pro',
    source: 'product',
    source_id: 'mac',
  }),
  evidence('Returns are accepted within 30 days of delivery.', { source_id: 'terms' }),
  evidence('Standard delivery takes 3 working days. 标准配送需要3个工作日。', { source_id: 'terms' }),
]

function filter(text: string, cut: (text: string) => string[] = whole => [whole]) {
  const stream = createCitationFilter(sources)
  const emitted = cut(text).map(piece => stream.push(piece))
  emitted.push(stream.end())
  return { text: emitted.join(''), emitted, references: stream.references() }
}

const single = (text: string) => Array.from({ length: text.length }, (_, at) => text[at]!)

function expectText(cases: [written: string, shown: string][]) {
  test.each(cases)('%s', (written, shown) => {
    expect(filter(written).text).toBe(shown)
    expect(filter(written, single).text).toBe(shown)
  })
}

describe('law A1: marks', () => {
  expectText([
    ['It weighs 1.37 kg [1].', 'It weighs 1.37 kg [1].'],
    ['It weighs 1.37 kg. [1] Next.', 'It weighs 1.37 kg. [1] Next.'],
    ['它重 1.37 千克。【1】好的', '它重 1.37 千克。[1]好的'],
    ['It weighs 9 kg [1]. It has 8 GB of memory [1].', 'It weighs 9 kg. It has 8 GB of memory [1].'],
    ['Yes [9], no [12] and [1, 77].', 'Yes, no and.'],
    ['It weighs 1.37 kg ([1]), not 7 kg ([1]).', 'It weighs 1.37 kg ([1]), not 7 kg.'],
    ['It weighs 1.37 kg[^1]. It weighs 1.37 kg［1］.', 'It weighs 1.37 kg[1]. It weighs 1.37 kg[1].'],
    [
      'It weighs 1.37 kg (source 1). It has 8 GB of memory [source: 1].',
      'It weighs 1.37 kg [1]. It has 8 GB of memory [1].',
    ],
    ['It weighs 1.37 kg【1†source】.', 'It weighs 1.37 kg[1].'],
    ['8 GB of memory [1-3].', '8 GB of memory [1].'],
    ['It weighs 1.37 kg [1](https://evil.example/a.b?c) today.', 'It weighs 1.37 kg [1] today.'],
    ['[1] It weighs 1.37 kg.', '[1] It weighs 1.37 kg.'],
    ['[9] It weighs 1.37 kg.', 'It weighs 1.37 kg.'],
    ['It weighs 1.37 kg.\n[1]', 'It weighs 1.37 kg.\n[1]'],
    ['It weighs [1] 2 kg.', 'It weighs 2 kg.'],
    ['The weight is 1.37 kg [1], the price is €5 [1].', 'The weight is 1.37 kg [1], the price is €5.'],
    ['| Weight | 1.37 kg [1] | 2 kg [1] |', '| Weight | 1.37 kg [1] | 2 kg |'],
  ])
})

describe('law A1: what is no mark passes unchanged', () => {
  const unchanged = [
    'arr[0], [x], [text](https://a.example), [2024], ([a]) and a lone [',
    'Code `rows[1] + rows[9]` stays.',
    'Two `` a`[9]` `` ticks.',
    '```js\nrows[1] = [9]\n```\nDone.',
    '~~~\n[9]\n~~~',
    'Emoji 😀 and 👩‍💻 stay.',
    'Unfinished [1',
    'Blanks   and\ttabs  \n\n stay.  ',
  ]
  expectText(unchanged.map(text => [text, text]))

  test('a backtick that nothing closes hides no mark', () => {
    expect(filter('a ` tick [9] here\nand [9]', single).text).toBe('a ` tick here\nand')
  })
})

describe('law A1: numbers', () => {
  test('are given in order of first use, one for each source', () => {
    const { text, references } = filter(
      'Returns are accepted within 30 days [2]. It weighs 1.37 kg [1]. Standard delivery takes 3 working days [3][2].',
      single,
    )
    expect(text).toBe(
      'Returns are accepted within 30 days [1]. It weighs 1.37 kg [2]. Standard delivery takes 3 working days [1].',
    )
    expect(references.map(({ number, source_id }) => [number, source_id])).toEqual([
      [1, 'terms'],
      [2, 'mac'],
    ])
    expect(references[1]).toMatchObject({
      source: 'product',
      title: 'Apple MacBook Pro',
      quote: 'Weight: 1.37 kg.',
    })
  })

  test('of what was removed are no references', () => {
    expect(filter('It weighs 9 kg [1].').references).toEqual([])
  })

  test('never exceed 300 characters of quote', () => {
    const long = `${'The returns desk is open and the people there are friendly and quick and helpful, '.repeat(8)}always.`
    const stream = createCitationFilter([evidence(long)])
    stream.push(`${long} [1]`)
    stream.end()
    expect(stream.references()[0]!.quote.length).toBeLessThanOrEqual(300)
  })
})

describe('law R3: text before a mark leaves at once', () => {
  test('word by word, and what was shown is never taken back', () => {
    const stream = createCitationFilter(sources)
    expect(stream.push('It')).toBe('It')
    expect(stream.push(' weighs')).toBe(' weighs')
    expect(stream.push(' 1.37 ')).toBe(' 1.37')
    expect(stream.push('kg')).toBe(' kg')
    expect(stream.push(' [')).toBe('')
    expect(stream.push('1]')).toBe('')
    expect(stream.push('.')).toBe('')
    expect(stream.push(' And')).toBe(' [1]. And')
    expect(stream.push(' [x')).toBe(' [x')
    expect(stream.end()).toBe('')
  })

  test('a surrogate pair leaves whole', () => {
    for (const piece of filter('a😀b [9] 😀', single).emitted) expect(piece).toBe(piece.toWellFormed())
  })

  test('a sentence that never ends is not held back for ever', () => {
    const stream = createCitationFilter(sources)
    let pending = 0
    let shown = stream.push('It weighs 1.37 kg [1] ').length
    for (let at = 0; at < 500; at++) {
      shown += stream.push('and so on ').length
      pending = Math.max(pending, 22 + (at + 1) * 10 - shown)
    }
    expect(pending).toBeLessThan(1100)
  })
})

function isSubsequence(part: string, whole: string): boolean {
  const signs = [...part]
  let at = 0
  for (const sign of whole) if (sign === signs[at]) at++
  return at === signs.length
}

const fragment = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'It weighs 1.37 kg',
      ' [1]',
      '[2]',
      ' [9]',
      '. ',
      '.',
      '。',
      '\n',
      '  ',
      ', ',
      '`',
      '```',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      '【1】',
      '［2］',
      '[1, 2]',
      '[1-',
      '(source 1)',
      '😀',
      '[^1]',
      '~~~',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'Returns are accepted within 30 days',
      '标准配送需要3个工作日',
      '1. ',
      'e.g. ',
      '](https://a.b/c)',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
)
const answer = fc.array(fragment, { maxLength: 30 }).map(parts => parts.join(''))

describe('law A1: whatever a model writes', () => {
  test('comes out the same however it was cut', () => {
    fc.assert(
      fc.property(
        answer,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }),
        (text, sizes) => {
          const pieces = (whole: string) => {
            const found: string[] = []
            for (let at = 0, turn = 0; at < whole.length; turn++) {
              const size = sizes[turn % sizes.length]!
              found.push(whole.slice(at, at + size))
              at += size
            }
            return found
          }
          const at = filter(text)
          expect(filter(text, pieces)).toMatchObject({ text: at.text, references: at.references })
          expect(filter(text, single).text).toBe(at.text)
        },
      ),
      { numRuns: 400 },
    )
  })

  test('loses nothing but marks and the blanks before them, and shows no number that was not given', () => {
    fc.assert(
      fc.property(answer, text => {
        const { text: shown, references } = filter(text, single)
        expect(isSubsequence(shown.replace(/\[\d+\]/g, ''), text)).toBe(true)
        if (!/[`~]/.test(text))
          for (const [, number] of shown.matchAll(/\[(\d{1,3})\]/g)) {
            const isKept = Number(number) <= references.length && Number(number) >= 1
            expect(isKept || /\w\[0\]/.test(shown)).toBe(true)
          }
      }),
      { numRuns: 300 },
    )
  })

  test('takes linear time, hostile text included', () => {
    const hostile = [
      '[1, '.repeat(5_000),
      '`[1]'.repeat(5_000),
      '( [ 【 '.repeat(5_000),
      ' '.repeat(100_000),
      '[1](h'.repeat(5_000),
      '1.'.repeat(50_000),
    ]
    for (const text of hostile) {
      const started = performance.now()
      filter(text, whole => whole.match(/[\s\S]{1,7}/g)!)
      expect(performance.now() - started).toBeLessThan(4000)
    }
  })
})
