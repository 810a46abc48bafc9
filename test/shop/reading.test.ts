import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { profileOf } from '../../server/answering/retrieval/catalogue/profile.ts'
import { askingEn } from '../../server/answering/retrieval/lexicon/asking.en.ts'
import type { AskingCue } from '../../server/answering/retrieval/lexicon/asking.ts'
import { askingZh } from '../../server/answering/retrieval/lexicon/asking.zh.ts'
import { readConstraints } from '../../server/answering/retrieval/question/constraints.ts'
import { readInstead, readQuestion } from '../../server/answering/retrieval/question/reading.ts'
import { ask } from '../fixtures/catalogue.ts'

function cuesOf(text: string): string {
  const { asks } = readQuestion(ask(text))
  return (Object.keys(asks) as AskingCue[])
    .filter(cue => asks[cue])
    .sort()
    .join(' ')
}

describe('a question is read once, into one Reading', () => {
  test('whoever asks for the reading of a question gets the same one', () => {
    const question = ask('How heavy is it, and how long is delivery?')
    expect(readQuestion(question)).toBe(readQuestion(question))
  })

  test.each([
    ['Is it dimmable?', 'refersBack continues whether'],
    ['and does it have a webcam?', 'refersBack continues whether'],
    ['Must I pay customs?', 'whether'],
    ['它有没有降噪', 'refersBack continues products whether wish'],
    ['能否换货', 'whether'],
    ['可以用什么方式付款', 'anything'],
    ['How do I send something back?', 'anything how products'],
    ['怎样退货', 'how'],
    ['why is it late', 'refersBack continues why'],
    ['Aurel Book 13 versus Nordlys Go 14', 'comparison versus'],
    ['两款有什么区别', 'anything comparison products refersToSeveral versus wish'],
    ['how much is the lamp', 'howMuch'],
    ['多少钱', 'howMuch'],
    ['which category is this', 'category pointsAtPage products refersBack refersToSeveral wish'],
  ])('%s', (text, cues) => expect(cuesOf(text)).toBe(cues.split(' ').sort().join(' ')))

  test('its parts are readings of their own, and share what was asked before', () => {
    const reading = readQuestion(
      ask('How heavy is it, and how long is delivery?', { earlier: ['the Aurel Book'] }),
    )
    expect(reading.parts.map(({ text }) => text)).toEqual(['How heavy is it', 'how long is delivery'])
    expect(reading.parts.map(({ policies }) => policies)).toEqual([[], ['delivery']])
    expect(reading.parts.map(({ namesAttribute }) => namesAttribute)).toEqual([true, true])
    expect(reading.parts.every(({ earlier }) => earlier[0] === 'the Aurel Book')).toBe(true)
    const other = readInstead(reading, 'Is it black?')
    expect(other).toMatchObject({
      text: 'Is it black?',
      earlier: ['the Aurel Book'],
      asks: { whether: true },
    })
    expect(other.parts).toEqual([expect.objectContaining({ text: 'Is it black?' })])
  })

  test('of a long text its two ends are read', () => {
    const { text } = readQuestion(ask(`Is the lamp dimmable? ${'and so on '.repeat(1000)} How heavy is it?`))
    expect(text.length).toBeLessThan(1000)
    expect(text).toMatch(/^Is the lamp dimmable\?[\s\S]*How heavy is it\?$/)
  })
})

test('有没有 asks for a column, 没有 rules it out', () => {
  const specs = { noise_cancelling: true }
  const product = { name: 'Hush', category: null, short_description: '', price: 9, currency: 'EUR', specs }
  const profile = profileOf([product])
  const filtersOf = (text: string) => readConstraints(text, profile).filters
  expect(filtersOf('有没有降噪')).toEqual([{ kind: 'boolean', key: 'noise_cancelling', value: true }])
  expect(filtersOf('没有降噪的')).toEqual([{ kind: 'boolean', key: 'noise_cancelling', value: false }])
})

describe('the lexicon', () => {
  test('every language says each thing there is to ask', () => {
    for (const part of ['cues', 'smallTalk', 'answers', 'headings'] as const)
      expect(Object.keys(askingZh[part]).sort()).toEqual(Object.keys(askingEn[part]).sort())
  })

  test('no code of the answering rooms asks which language it is: words are data', () => {
    const rooms = fileURLToPath(new URL('../../server/answering/', import.meta.url))
    const asking = sourcesIn(rooms).filter(path => /language\s*[!=]==?\s*'/.test(readFileSync(path, 'utf8')))
    expect(asking.map(path => relative(rooms, path))).toEqual([])
  })
})

test('nothing in the answering rooms imports itself in a circle by value', () => {
  const rooms = fileURLToPath(new URL('../../server/answering/', import.meta.url))
  const open = new Set<string>()
  const done = new Set<string>()
  const circles: string[] = []
  function visit(path: string, from: string): void {
    if (done.has(path)) return
    if (open.has(path)) return void circles.push(`${relative(rooms, from)} -> ${relative(rooms, path)}`)
    open.add(path)
    for (const target of valuesImportedBy(path)) if (target.startsWith(rooms)) visit(target, path)
    open.delete(path)
    done.add(path)
  }
  for (const path of sourcesIn(rooms)) visit(path, path)
  expect(done.size).toBeGreaterThan(50)
  expect(circles).toEqual([])
})

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name))
}

function valuesImportedBy(path: string): string[] {
  const imports = readFileSync(path, 'utf8').matchAll(/^import (?!type\b)([^'";]*?) from '(\.[^']+)'/gm)
  return [...imports]
    .filter(([, names]) =>
      names!
        .replace(/^\{|\}$/g, '')
        .split(',')
        .some(name => name.trim() && !/^type /.test(name.trim())),
    )
    .map(([, , specifier]) => resolve(dirname(path), specifier!))
}
