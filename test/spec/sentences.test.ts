import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunk, chunkMax } from '../../server/answering/retrieval/text/chunks.ts'
import { sentenceRanges, sentences } from '../../server/answering/retrieval/text/sentences.ts'

/** Texts with everything that sentence ends depend on, more often than chance would have it. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('. ', '。', '! ', '？', '\n', '- ', ' ', '”', 'e.g. ', '2.5', ' A. ', '\n\n', '1. '),
      fc.lorem({ maxCount: 12 }),
      fc.stringMatching(/^[一-龥]{1,40}$/),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
    ),
    { maxLength: 120 },
  )
  .map(parts => parts.join(''))

function placesOf(part: string, whole: string): number[] {
  const places: number[] = []
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1)) places.push(at)
  return places
}

describe('sentences', () => {
  test.each([
    ['abbreviations and decimals', 'It weighs 2.5 kg, e.g. Dr. Li says so. It is light.', 2],
    ['initials and numbers', 'J. Doe wrote No. 5 of it. Then he left.', 2],
    ['numbered items stay whole', '1. Open the lid.\n2. Close it.', 2],
    ['Chinese marks', '多久能送到？三天。“真的！”他说。', 4],
    ['a line break', 'No mark here\nnor here', 2],
    ['a Chinese sentence after a Latin stop', '价格是3.5元.下一句', 2],
    ['web addresses and versions', 'See www.shop.com for version 2.0 of it.', 1],
    ['nothing', ' \n ', 0],
  ])('%s', (_title, input, count) => {
    expect(sentences(input)).toHaveLength(count)
  })

  test('bullets are no part of a sentence', () => {
    expect(sentences('- free returns\n• within 30 days')).toEqual(['free returns', 'within 30 days'])
  })

  test('ranges follow each other from the beginning to the end of any text', () => {
    fc.assert(
      fc.property(text, input => {
        let at = 0
        for (const { start, end } of sentenceRanges(input)) {
          expect(start).toBe(at)
          expect(end).toBeGreaterThan(start)
          at = end
        }
        expect(at).toBe(input.length)
      }),
    )
  })

  test('every sentence is a part of the text', () => {
    fc.assert(
      fc.property(text, input => {
        for (const sentence of sentences(input)) expect(input).toContain(sentence)
      }),
    )
  })
})

describe('passages', () => {
  test('hold the whole text in order, each within the limit, with no character cut in two', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 12 }), (input, times) => {
        const whole = `${input} `.repeat(times).toWellFormed()
        // Texts repeat themselves, and passages overlap: up to where it may be covered, by each place a passage may stand at.
        let covered = [0]
        for (const passage of chunk(whole)) {
          expect(passage.length).toBeLessThanOrEqual(chunkMax)
          expect(passage.isWellFormed()).toBe(true)
          const places = placesOf(passage, whole)
          const reached = covered.flatMap(end => {
            const next = end + whole.slice(end).search(/\S|$/)
            return places.map(at => (at <= next ? at + passage.length : end)).filter(after => after > end)
          })
          covered = [...new Set(reached)]
          expect(covered).not.toEqual([])
        }
        expect(covered.map(end => whole.slice(end).trim())).toContain('')
      }),
    )
  })

  test('end where a sentence does, and begin with a short last sentence of the one before', () => {
    const sentence = 'This sentence has about sixty characters in it, more or less. '
    const passages = [...chunk(sentence.repeat(40))]
    expect(passages.length).toBeGreaterThan(2)
    for (const passage of passages) expect(passage).toMatch(/^This.*less\.$/s)
    const total = passages.reduce((sum, passage) => sum + passage.length, 0)
    expect(total).toBeGreaterThan(sentence.length * 40)
  })

  test('one endless word is cut all the same', () => {
    const passages = [...chunk('x'.repeat(5000))]
    expect(passages.every(passage => passage.length <= chunkMax)).toBe(true)
    expect(passages.length).toBe(6)
  })
})
