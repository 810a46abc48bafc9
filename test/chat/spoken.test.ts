import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { playedOffset, type SentSegment } from '../../server/areas/chat/speech/played.ts'
import { Segmenter } from '../../server/areas/chat/speech/spoken/segments.ts'
import { spokenText } from '../../server/areas/chat/speech/spoken/text.ts'

describe('how what is written is said', () => {
  test.each([
    ['The **Glow** lamp weighs 1.2 kg [1][2].', 'The Glow lamp weighs 1.2 kilograms.'],
    ['It costs €49.90, or $ 60.', 'It costs 49 euros and 90 cents, or 60 dollars.'],
    ['It is 1,299.00 EUR.', 'It is 1299 euros.'],
    ['Exactly 1 kg and 1 m.', 'Exactly 1 kilogram and 1 metre.'],
    ['See [our returns](https://shop.example/returns?a=1).', 'See our returns.'],
    ['See https://www.shop.example/a/b?c=1.', 'See a link (shop.example).'],
    ['## How to return', 'How to return'],
    ['- takes 2–4 h', 'takes 2 to 4 hours'],
    ['1. Open it', 'Open it'],
    ['60 x 40 cm, ≈ 3 kg & 230 V', '60 by 40 centimetres, about 3 kilograms and 230 volts'],
    ['Great 👍🏽!', 'Great!'],
    ['Order AB-1200 from 2026-11-30.', 'Order AB-1200 from 2026-11-30.'],
    ['Use `npm start` *now*', 'Use npm start now'],
    ['snake_case_name stays', 'snake_case_name stays'],
    ['50 % at 20 °C', '50 percent at 20 degrees Celsius'],
    ['![A lamp](/lamp.png)', 'A lamp'],
    ['[1]', ''],
    ['---', ''],
  ])('en: %s', (written, spoken) => expect(spokenText(written, 'en')).toBe(spoken))

  test.each([
    ['台灯重 **1.2 kg**[1]。', '台灯重 1.2公斤。'],
    ['价格为 ¥299 【2】，或 49.90 EUR。', '价格为 299元，或 49.90欧元。'],
    ['保修 2–3 年', '保修 2到3 年'],
    ['详见[退货政策](https://shop.example/zh)。', '详见退货政策。'],
    ['尺寸 60×40 cm', '尺寸 60乘40厘米'],
  ])('zh: %s', (written, spoken) => expect(spokenText(written, 'zh')).toBe(spoken))

  test('no input takes long or throws', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.constantFrom('en', 'zh'), (text, language) => {
        expect(spokenText(text, language as 'en')).not.toMatch(/https?:\/\//)
      }),
    )
    const started = performance.now()
    for (const sign of ['[', '*', '`', '1', '1,', '<', '!', '_', ' ', '€', 'http://', '(', '|'])
      spokenText(sign.repeat(8000), 'en')
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

function segmentsOf(text: string, language: 'en' | 'zh' = 'en', offset = 0) {
  const segmenter = new Segmenter(language, offset)
  const found = []
  for (let next = segmenter.next(text, true); next; next = segmenter.next(text, true)) found.push(next)
  return found
}

describe('a message taken apart', () => {
  test('a table says its columns with its values, and code is not read out', () => {
    const table =
      '| Lamp | Weight | Price |\n|---|---|---|\n| Glow | 1.2 kg | €49 |\n| Hush | 2 kg | |\n\nThat is all.'
    expect(segmentsOf(table).map(({ spoken }) => spoken)).toEqual([
      'Glow, Weight 1.2 kilograms, Price 49 euros.',
      'Hush, Weight 2 kilograms.',
      'That is all.',
    ])
    expect(
      segmentsOf('Run this:\n```sh\nrm -rf /\n```\nThen wait a little.').map(({ spoken }) => spoken),
    ).toEqual(['Run this: There is code on the screen.', 'Then wait a little.'])
  })

  test('short words are said together with what follows', () => {
    expect(segmentsOf('Yes. It is waterproof.').map(({ spoken }) => spoken)).toEqual([
      'Yes. It is waterproof.',
    ])
  })

  test('law R1: however it grows, the same is said, and every place of the text belongs to one segment', () => {
    const words = fc.constantFrom(
      'Yes.',
      'It is 2.5 kg.',
      '对。',
      '- a list',
      '\n',
      '| a | b |\n',
      '```\n',
      'e.g. this',
      ' ',
      '[1]',
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 20 }), fc.array(fc.nat(12)), (parts, cuts) => {
        const text = parts.join(' ')
        const whole = segmentsOf(text)
        const segmenter = new Segmenter('en')
        const grown = []
        let length = 0
        for (const cut of [...cuts, text.length]) {
          length = Math.min(text.length, length + cut)
          for (;;) {
            const next = segmenter.next(text.slice(0, length), false)
            if (!next) break
            grown.push(next)
          }
        }
        for (let next = segmenter.next(text, true); next; next = segmenter.next(text, true)) grown.push(next)
        expect(grown).toEqual(whole)
        expect(whole.every(({ start }, index) => start === (whole[index - 1]?.end ?? 0))).toBe(true)
      }),
    )
  })
})

describe('what was heard', () => {
  const text = 'The lamp is light. It weighs one kilo. 它很轻。'
  const sent: SentSegment[] = [
    { start: 0, end: 18, ms: 1000, isWhole: true },
    { start: 18, end: 38, ms: 1200, isWhole: true },
    { start: 38, end: text.length, ms: 200, isWhole: false },
  ]

  test('nothing at 0 ms, all that was sent beyond its end, and whole words in between', () => {
    expect(playedOffset(text, sent, 0)).toBe(0)
    expect(text.slice(0, playedOffset(text, sent, 560))).toBe('The lamp')
    expect(text.slice(0, playedOffset(text, sent, 1000))).toBe('The lamp is light.')
    expect(playedOffset(text, sent, 2200)).toBe(38)
    expect(playedOffset(text, sent, 999_999)).toBeLessThan(text.length)
    expect(playedOffset(text, [], 500)).toBe(0)
  })

  test('it is never beyond what was played, and never goes back as more is', () => {
    const segments = fc.array(fc.record({ length: fc.integer({ min: 1, max: 60 }), ms: fc.nat(4000) }), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(segments, fc.array(fc.nat(40_000)), fc.boolean(), (made, times, isCut) => {
        let at = 0
        const list = made.map(({ length, ms }, index): SentSegment => {
          const start = at
          at += length
          return { start, end: at, ms, isWhole: !isCut || index < made.length - 1 }
        })
        const long = 'word 字 '.repeat(100).slice(0, at)
        let before = 0
        for (const playedMs of times.toSorted((a, b) => a - b)) {
          const offset = playedOffset(long, list, playedMs)
          expect(offset).toBeGreaterThanOrEqual(before)
          const played = list.filter(
            (_s, index) => list.slice(0, index).reduce((sum, { ms }) => sum + ms, 0) < playedMs,
          )
          expect(offset).toBeLessThanOrEqual(played.at(-1)?.end ?? 0)
          before = offset
        }
      }),
    )
  })
})
