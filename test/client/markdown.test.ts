import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Block, type Inline, keepMarks, parseInline, parseMarkdown } from '../../client/ui/markdown.ts'

describe('Markdown in the widget', () => {
  test('knows paragraphs, lists, code, quotes and tables', () => {
    const text =
      'One\ntwo\n\n- a\n  - b\n\n3. c\n\n```js\nx < 1\n```\n\n> said\n\n| a | b |\n|---|---|\n| 1 | 2 |'
    expect(parseMarkdown(text)).toEqual([
      { type: 'paragraph', children: ['One\ntwo'] },
      {
        type: 'list',
        start: null,
        items: [
          { depth: 0, children: ['a'] },
          { depth: 1, children: ['b'] },
        ],
      },
      { type: 'list', start: 3, items: [{ depth: 0, children: ['c'] }] },
      { type: 'code', text: 'x < 1' },
      { type: 'quote', children: ['said'] },
      { type: 'table', head: [['a'], ['b']], rows: [[['1'], ['2']]] },
    ])
  })

  test('a reference mark takes the space before it along', () => {
    expect(parseInline('It weighs 1.08 kg [1], **really** [12].')).toEqual([
      'It weighs 1.08 kg',
      { type: 'reference', number: 1 },
      ', ',
      { type: 'strong', children: ['really'] },
      { type: 'reference', number: 12 },
      '.',
    ])
  })

  test('a mark stays with the end of the word before it and the full stop behind it', () => {
    const mark = (number: number) => ({ type: 'reference' as const, number })
    expect(keepMarks(parseInline('It weighs 1.08 kg [1][2]. Light!'))).toEqual([
      'It weighs 1.08 ',
      ['kg', mark(1), mark(2), '.'],
      ' Light!',
    ])
    expect(keepMarks(parseInline('重 1.08 千克 [1]，很轻'))).toEqual([
      '重 1.08 千',
      ['克', mark(1), '，'],
      '很轻',
    ])
  })

  test('links are http(s) or none; an address ends before the full stop', () => {
    expect(parseInline('[x](javascript:alert(1)) ![y](https://a.example/i.png)').some(isLink)).toBe(true)
    expect(links('see [our page](https://a.example/p) and https://b.example/q.')).toEqual([
      'https://a.example/p',
      'https://b.example/q',
    ])
    expect(links('[x](javascript:alert(1)) [y](data:text/html,1) [z](//a.example)')).toEqual([])
    expect(links('请看https://a.example/路径。谢谢')).toEqual(['https://a.example/路径'])
  })

  test('any text is taken, none is lost but for its marks, and half a document is as good as a whole', () => {
    const unit = fc.constantFrom(
      '*',
      '_',
      '`',
      '[',
      '1',
      ']',
      '(',
      ')',
      '\n',
      ' ',
      '|',
      '-',
      '>',
      '#',
      'a',
      '词',
    )
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 300 }), text => {
        const letters = (value: string) => value.replace(/[^a词]/g, '')
        expect(letters(parseMarkdown(text).map(blockText).join(''))).toBe(letters(withoutFences(text)))
      }),
    )
  })

  test('hostile repetition is parsed in no time', () => {
    const start = performance.now()
    for (const piece of ['*', '**a', '[', '`', '_a_', '|', '> ', '[1](', '\\'])
      parseMarkdown(piece.repeat(8000 / piece.length))
    expect(performance.now() - start).toBeLessThan(1500)
  })
})

function isLink(inline: Inline): boolean {
  return typeof inline === 'object' && inline.type === 'link'
}

function links(text: string): string[] {
  return parseInline(text).flatMap(part => (typeof part === 'object' && part.type === 'link' ? part.url : []))
}

function blockText(block: Block): string {
  if (block.type === 'code') return block.text
  if (block.type === 'list') return block.items.map(({ children }) => inlineText(children)).join('')
  if (block.type === 'table') return [block.head, ...block.rows].flat().map(inlineText).join('')
  return inlineText(block.children)
}

function inlineText(children: Inline[]): string {
  return children
    .map(child => {
      if (typeof child === 'string') return child
      if (child.type === 'code') return child.text
      return child.type === 'reference' ? '' : inlineText(child.children)
    })
    .join('')
}

/** What stands beside the fence is the name of a language, and is not shown. */
function withoutFences(text: string): string {
  return text.replace(/^\s*```.*$/gm, '')
}
