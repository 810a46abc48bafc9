import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const laws = [...read('protocol/SPEC.md').matchAll(/^- \*\*([A-Z]\d+b?)\*\* /gm)].map(match => match[1]!)

/** `law D1`, `laws D1, D2 and D3`, `laws O1 to O3`. */
const citation = /\blaws? ([A-Z]\d+b?(?:(?:, | and | to )[A-Z]\d+b?)*)/gi
const cited = (text: string) => [...text.matchAll(citation)].flatMap(match => match[1]!.match(/[A-Z]\d+b?/g)!)

const folders = ['protocol', 'server', 'storage', 'client', 'loadtest', 'test']
const files = [
  ...readdirSync(root),
  ...folders.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(path => join(folder, path)),
  ),
].filter(path => /\.(tsx?|md|sql)$/.test(path) && !path.includes('node_modules'))

describe('the laws of SPEC.md', () => {
  test('there are some, each once', () => {
    expect(laws.length).toBeGreaterThan(20)
    expect(new Set(laws).size).toBe(laws.length)
  })

  test('what is cited is there', () => {
    const unknown = files.flatMap(path => {
      const wrong = cited(read(path)).filter(law => !laws.includes(law))
      return wrong.map(law => `${path}: law ${law}`)
    })
    expect(unknown).toEqual([])
  })

  test.each(laws)('a test names %s in its title', law => {
    const title = new RegExp(String.raw`['"\`]laws? (?:[A-Z]\d+b?, )*${law}(?:, [A-Z]\d+b?)*: `)
    expect(files.filter(path => path.endsWith('.test.ts') && title.test(read(path)))).not.toEqual([])
  })
})
