import { describe, expect, test } from 'vitest'
import { linkify } from '../../client/ui/links.ts'
import { parseInline, parseMarkdown, plainText } from '../../client/ui/markdown.ts'
import { literal } from '../../server/answering/builtin/literal.ts'

const urls = (text: string) => linkify(text).flatMap(part => (typeof part === 'string' ? [] : [part.url]))
const shown = (text: string) =>
  linkify(text)
    .map(part => (typeof part === 'string' ? part : part.children[0]))
    .join('')

describe('B16: what leads somewhere is a link', () => {
  test.each([
    ['see https://a.example/b_c_d*e?f=g&h=1#i, please', ['https://a.example/b_c_d*e?f=g&h=1#i']],
    ['(https://en.example/wiki/Lamp_(electric))', ['https://en.example/wiki/Lamp_(electric)']],
    ['https://a.example/a(b', ['https://a.example/a']],
    ['请看https://a.example/退货。谢谢', ['https://a.example/退货']],
    ['www.shop.example/returns!', ['https://www.shop.example/returns']],
    ['write to mei.lin+shop@mail.example.', ['mailto:mei.lin+shop@mail.example']],
    ['call +49 30 901820 or (020) 7946 0958', ['tel:+4930901820', 'tel:02079460958']],
    ['555-010-9999', ['tel:5550109999']],
    ['电话：13812345678', ['tel:13812345678']],
    ['400-800-1234', ['tel:4008001234']],
    ['order 1234567890, 12-05-2026, 2026-05-12, 08:00-18:00, 1.299,00, 10 000 000', []],
    ['javascript:alert(1) data:text/html,x //a.example /path @mei a@b', []],
    ['https://user@evil.example/ https:///x', []],
  ])('%s', (text, expected) => {
    expect(urls(text)).toEqual(expected)
    expect(shown(text)).toBe(text)
  })

  test.each([
    ['[our returns page](…)', 'our returns page'],
    ['[x](javascript:alert(1))', 'x'],
    ['[x](data:text/html,1)', 'x'],
    ['![the lamp](https://a.example/lamp.png)', 'the lamp'],
    ['[docs](https://a.example/Lamp_(electric)) and [a](…).', 'docs and a.'],
  ])('%s stands as its label', (text, label) => {
    expect(plainText(text)).toBe(label)
  })

  test('a link of Markdown leads where it was written to', () => {
    expect(parseInline('[write](mailto:a@mail.example)')).toEqual([
      { type: 'link', url: 'mailto:a@mail.example', children: ['write'] },
    ])
    expect(parseInline('[docs](https://a.example/Lamp_(electric))')).toEqual([
      { type: 'link', url: 'https://a.example/Lamp_(electric)', children: ['docs'] },
    ])
  })

  test('runs without an end are read in no time', () => {
    const start = performance.now()
    for (const piece of [
      '(',
      '[x](https:/(',
      'https://a/(',
      'a@',
      '+1 ',
      '0 ',
      '+',
      'w',
      'www.',
      '1-',
      'a.',
      '[a]((x)',
    ])
      for (const read of [linkify, parseMarkdown]) read(piece.repeat(8000 / piece.length))
    expect(performance.now() - start).toBeLessThan(1500)
  })
})

describe('B7: signs that are not marks stay', () => {
  test.each([
    '2*3*4 = 24',
    '2**3**2',
    'a*b*c',
    'snake_case_name',
    'C:\\Users\\lin',
    '5 * 3 * 2',
    'x_1 and y_2',
    '# 1',
    '100 #',
  ])('%s in an answer', text =>
    expect(plainText(text).replaceAll(' ', '')).toBe(text.replace(/^# /, '').replaceAll(' ', '')),
  )

  test.each([
    '*required* fields, _all_ of them',
    '`npm ci` \\*now\\*',
    '# 1 in tests',
    '> 5 kg',
    '- 20 °C to + 40 °C',
    '| a | b |',
    '[our terms](https://shop.example/terms)',
    '~~old~~ price **49**',
    'C:\\_x\\*',
    '5 * 3 * 2',
    'plain text, with commas.',
  ])('a quotation shows every sign of %j', text => {
    expect(plainText(literal(text))).toBe(text)
  })
})
