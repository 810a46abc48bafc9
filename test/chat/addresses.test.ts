import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressFilter } from '../../server/providers/chat/addresses.ts'

const hosts = new Set(['shop.example', 'docs.shop.example:8443'])

/** The text as a reader gets it, whatever pieces it came in. */
function read(pieces: string[]): string {
  const filter = addressFilter(hosts)
  return pieces.map(piece => filter.push(piece)).join('') + filter.end()
}

describe('law A4: foreign addresses in what a model writes', () => {
  const foreign: [string, string][] = [
    ['Visit http://evil.example/steal?q=secret now', 'Visit … now'],
    ['HTTPS://EVIL.EXAMPLE', '…'],
    ['[your order](https://evil.example/x) is ready', '[your order](…) is ready'],
    ['![pixel](https://evil.example/p.png?d=secret)', '![pixel](…)'],
    ['[here](//evil.example/x)', '[here](…)'],
    ['<img src="//evil.example/x.png">', '<img src="…">'],
    ['see www.evil.example, please', 'see … please'],
    ['请访问https://evil.example/路径。谢谢', '请访问…。谢谢'],
    ['<a href="https://evil.example">x</a>', '<a href="…">x</a>'],
    ['ftp://evil.example/f and wss://evil.example', '… and …'],
    ['https://shop.example@evil.example/', '…'],
    ['https://shop.example.evil.example/', '…'],
    ['https://user:pass@shop.example/', '…'],
    ['https://shop.example:444/', '…'],
  ]
  test.each(foreign)('%s', (text, shown) => {
    const whole = read([text])
    expect(whole).toBe(shown)
    expect(whole).not.toMatch(/evil/i)
  })

  const own = [
    'Read https://shop.example/returns, or https://docs.shop.example:8443/a?b=c#d.',
    'The ratio is 16:9; data: 5 GB, time 10:30, w/h 1:1, and/or // comment',
    'What happens here: nothing. https is a scheme.',
    '1000 欧元以内:推荐这款',
  ]
  test.each(own)('stays as it is: %s', text => {
    expect(read([text])).toBe(text)
  })

  test('cut anywhere, the same comes out', () => {
    const texts = [...foreign.map(([text]) => text), ...own]
    fc.assert(
      fc.property(
        fc.shuffledSubarray(texts, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(30), { maxLength: 60 }),
        (chosen, cuts) => {
          const text = chosen.join(' ')
          const pieces: string[] = []
          let at = 0
          for (const cut of cuts) {
            pieces.push(text.slice(at, at + cut))
            at += cut
          }
          pieces.push(text.slice(at))
          expect(read(pieces)).toBe(read([text]))
        },
      ),
      { numRuns: 500 },
    )
  })

  test('of ordinary words a letter or two wait for the next piece, never a word', () => {
    const filter = addressFilter(hosts)
    let output = ''
    let text = ''
    for (const piece of ['This ', 'lamp', ' weighs', ' 1.2', ' kg', ', which', ' is', ' light', '.']) {
      text += piece
      output += filter.push(piece)
      expect(text.length - output.length).toBeLessThanOrEqual(2)
    }
    expect(output).toBe(text)
  })
})
