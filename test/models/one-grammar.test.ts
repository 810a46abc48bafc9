import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Block, type Inline, parseMarkdown } from '../../client/ui/markdown.ts'
import { isLinkable, parseWebAddress } from '../../protocol/core/address.ts'
import { addressFilter } from '../../server/providers/chat/addresses.ts'

const hosts = new Set(['own.example', 'docs.own.example:8443'])

function filtered(pieces: string[]): string {
  const filter = addressFilter(hosts)
  return pieces.map(piece => filter.push(piece)).join('') + filter.end()
}

/** To pages. */
function linksOf(text: string): string[] {
  const inner = (children: Inline[]): string[] =>
    children.flatMap(child => {
      if (typeof child === 'string' || child.type === 'code' || child.type === 'reference') return []
      if (child.type !== 'link') return inner(child.children)
      return child.url.startsWith('mailto:') || child.url.startsWith('tel:') ? [] : [child.url]
    })
  const textsIn = (block: Block): string[] => {
    if (block.type === 'code') return []
    if (block.type === 'list') return block.items.flatMap(({ children }) => inner(children))
    if (block.type === 'table') return [block.head, ...block.rows].flat().flatMap(inner)
    return inner(block.children)
  }
  return parseMarkdown(text).flatMap(textsIn)
}

/** Where a browser goes that reads it on a page of the shop's. */
const hostOf = (url: string) => new URL(url, 'https://own.example/page').host

describe('H6: one grammar of an address', () => {
  const evil = [
    "[x](https://own.example'@evil.example/steal)",
    "https://own.example'@evil.example/",
    'https://own.example`@evil.example/',
    'https://own.example)@evil.example/',
    'https://own.example]@evil.example/',
    'https://own.example}@evil.example/',
    'https://own.example|@evil.example/',
    'https://own.example^@evil.example/',
    'https://own.example&@evil.example/',
    'https://own.example,@evil.example/',
    'https://own.example%40evil.example@evil.example/',
    'https://own.example:443@evil.example/',
    'https://own.example\\@evil.example/',
    'https:\\\\evil.example/',
    'https:/evil.example/',
    'https:///evil.example/',
    'HtTpS://EVIL.example/',
    'https://own.example.evil.example/',
    'https://evil%2eexample/',
    'https://ｅｖｉｌ.example/',
    'https://own.example\u2024evil.example/',
    'https://own.example\u00ad.evil.example/',
    '//own.example@evil.example/',
    '/\\evil.example/',
    '[x](https://own.example/https://evil.example/)',
    '*https://own.example/*https://evil.example/',
    '| a |\n|---|\n| https://own.example/|https://evil.example/ |',
  ]
  test.each(evil)('foreign: %s', text => {
    const shown = filtered([text])
    expect(shown).not.toMatch(/evil/i)
    for (const url of linksOf(shown)) expect(hosts).toContain(hostOf(url))
    // Unfiltered too, a client links nothing whose host is not what stands there.
    for (const url of linksOf(text)) expect(url.toLowerCase()).toContain(`//${hostOf(url)}`)
  })

  test.each([
    'https://own.example',
    'See https://own.example.',
    "It says 'https://own.example/returns'.",
    '(https://own.example/a?b=c#d)',
    '[returns](https://own.example/returns) and [docs](https://docs.own.example:8443/x).',
    '[a](https://own.example)[b](https://own.example/b)',
    '请看https://own.example/退货。谢谢',
    'HTTPS://OWN.EXAMPLE/A',
    'https://own.example/go?to=https://own.example/b',
  ])('own: %s stays, and is a link', text => {
    expect(filtered([text])).toBe(text)
    expect(linksOf(text).length).toBeGreaterThan(0)
    for (const url of linksOf(text)) expect(hosts).toContain(hostOf(url))
  })

  test.each([
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'https://u@own.example/',
    'https://u:p@own.example/',
    'https://@own.example/',
    '//evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    ' /returns',
    'https://own.example/\\..',
    'https://own.example/a\tb',
    'https://own.example/a\u202eb',
    'https://own。example/',
    'https://own%2eexample/',
    'https://[::1]/',
    'https://1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://ｏｗｎ.example/',
    'https://',
    'https://own..example/',
    'https://own.example_',
    'https://own.example-/',
    'returns',
    '',
  ])('no link: %j', text => {
    expect(isLinkable(text)).toBe(false)
  })

  test('a path is one of this site', () => {
    for (const text of ['/', '/returns', '/a/../..//b', '/returns?next=//evil.example', '/退货'])
      expect([isLinkable(text), hostOf(text)]).toEqual([true, 'own.example'])
  })

  const piece = fc.constantFrom(
    ...[
      'https://',
      'http://',
      'HTTPS:',
      'https:',
      'www.',
      '//',
      '/',
      '\\',
      'own.example',
      'docs.own.example:8443',
    ],
    ...[
      'evil.example',
      '@',
      "'",
      '`',
      '"',
      ')',
      '(',
      '](',
      '[x](',
      '[',
      ']',
      '|',
      '\n',
      ' ',
      '\t',
      '*',
      '**',
      '_',
      '~',
    ],
    ...[
      '.',
      ',',
      ':',
      ';',
      '?',
      '#',
      '%40',
      '%2f',
      '。',
      '，',
      '\u200b',
      '\u202e',
      '\u00ad',
      '<',
      '>',
      '{',
      '}',
      '^',
      '&',
    ],
    ...['- ', '> ', '# ', '```', '|---|', 'a', '词', '1'],
  )

  test('what the server lets through and the client renders leads to a host that is allowed, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), fc.nat(3), (pieces, cut) => {
        const text = pieces.join('')
        const shown = filtered([text])
        for (const url of linksOf(shown)) expect(hosts).toContain(hostOf(url))
        const cuts = cut === 0 ? [...text] : pieces.flatMap(each => [each.slice(0, cut), each.slice(cut)])
        expect(filtered(cuts)).toBe(shown)
      }),
      { numRuns: 5000 },
    )
  })

  test('what the grammar takes, browsers read as it stands', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), pieces => {
        const text = `https://${pieces.join('')}`
        const url = parseWebAddress(text)
        if (!url || /[^\0-\x7f]/.test(text)) return
        expect([text.toLowerCase().startsWith(`https://${url.hostname}`), url.username]).toEqual([true, ''])
      }),
      { numRuns: 5000 },
    )
  })

  test('a long run without an end is read in no time', () => {
    for (const each of ['https://', 'www.', '//a.', 'https://a@', 'h', '/', '[x](https://own.example/']) {
      const start = performance.now()
      const text = each.repeat(20_000 / each.length)
      filtered([text])
      filtered(text.match(/.{1,50}/g)!)
      expect(performance.now() - start).toBeLessThan(2000)
    }
  })
})
