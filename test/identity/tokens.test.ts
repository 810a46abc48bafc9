import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokenize } from '../../server/answering/retrieval/text/tokens.ts'

describe('terms', () => {
  test.each([
    ['English words are stemmed, case and punctuation gone', 'Batteries, RUNNING!', ['batteri', 'run']],
    ['Chinese words are those of the dictionary', '重量多少公斤', ['重量', '多少', '公斤']],
    ['mixed text', '这款MacBook重2.5公斤', ['这', '款', 'macbook', '重', '2.5', '公斤']],
    ['full-width forms are the plain ones', 'ＭＸ１５０', ['mx150', 'mx', '150']],
    [
      'numbers keep their decimal point and lose their thousands',
      '1,299.50 and 2.0.1',
      ['1299.50', 'and', '2.0.1'],
    ],
    ['a unit that touches its number', '16GB', ['16gb', '16', 'gb']],
    ['an apostrophe', 'the shop’s, don’t', ['the', 'shop', 'don']],
    ['languages with marks in their name', 'C++ C#', ['c++', 'c#']],
    ['nothing', ' \n—…！？', []],
  ])('%s', (_title, text, terms) => {
    expect(tokenize(text)).toEqual(terms)
  })

  test.each([
    ['i5-7200U', 'i5 7200u'],
    ['i5-7200U', '7200'],
    ['MX150', 'mx 150'],
    ['GTX-1050', 'gtx1050'],
    ['Wi-Fi', 'wifi'],
    ['node.js', 'nodejs'],
    ['泡泡战士', '战士'],
  ])('%s is found by %s', (name, requested) => {
    const terms = new Set(tokenize(name))
    expect(tokenize(requested).every(term => terms.has(term))).toBe(true)
  })

  test('law S6: any text gives terms of bounded length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), text => {
        for (const term of tokenize(text)) {
          expect(term.length).toBeGreaterThan(0)
          expect(term.length).toBeLessThanOrEqual(64)
        }
      }),
    )
  })

  test('law S6: megabytes of one word neither overflow the stack nor take long', () => {
    for (const text of ['a'.repeat(5e6), 'a-'.repeat(2e6), '1,'.repeat(2e6), '字'.repeat(3e5)]) {
      const start = performance.now()
      tokenize(text)
      expect(performance.now() - start).toBeLessThan(5000)
    }
  })
})
