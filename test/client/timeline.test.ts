import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { backoff, callCapMs } from '../../client/sdk/backoff.ts'
import { placeText } from '../../client/sdk/timeline.ts'

describe('placing text', () => {
  test('law R2: pieces with overlaps and repeats add up to the text, and a hole is noticed', () => {
    const unit = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(unit, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 50 }), (text, cuts) => {
        let content = ''
        for (const [from, length] of cuts) {
          const offset = from % text.length
          const placed = placeText(content, offset, text.slice(offset, offset + length))
          expect(placed === null).toBe(offset > content.length)
          content = placed ?? content
          expect(text.startsWith(content)).toBe(true)
        }
        expect(placeText(content, content.length, text.slice(content.length))).toBe(text)
      }),
    )
  })

  test('law R1: text that differs from a checkpoint on replaces what was shown', () => {
    expect(placeText('The price is 12', 10, 'was 15')).toBe('The price was 15')
  })
})

test('the back-off has full jitter in a window that doubles from 0.5 s to 30 s', () => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(1)
  const longest = [0, 1, 2, 5, 6, 7, 50].map(attempt => backoff(attempt))
  expect(longest).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000, 30_000])
  expect(backoff(9, callCapMs)).toBe(callCapMs)
  random.mockReturnValue(0)
  expect(backoff(9)).toBe(0)
  random.mockRestore()
})
