import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'

const functionLinesMax = 100
const fileLinesMax = 400

/** What is longer still. The list only ever gets shorter. */
const stillLong = new Set([
  'client/sdk/connection.ts: createConnection',
  'client/sdk/conversation.ts: createConversation',
])

const stillLongFiles = new Set(['server/answering/retrieval/citation/support.ts'])
/** Sentences to be judged, not code. */
const isData = (path: string) => path.startsWith('loadtest/citations/')

interface Node {
  type: string
  start: number
  end: number
  [field: string]: unknown
}

const functionType = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/

/** Every function below a node, called by its own name or by what it is bound or passed to. */
function* functionsIn(node: unknown, name = ''): Generator<{ name: string; node: Node }> {
  if (Array.isArray(node)) {
    for (const child of node) yield* functionsIn(child, name)
    return
  }
  if (!isNode(node)) return
  const own = nameOf(node) ?? name
  if (functionType.test(node.type)) yield { name: own, node }
  for (const child of Object.values(node)) yield* functionsIn(child, own)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

function nameOf({ id, key, callee }: Node): string | null {
  for (const named of [id, key, callee])
    if (isNode(named) && typeof named.name === 'string') return named.name
  return null
}

function longIn(file: string, text: string): string[] {
  const { program, errors } = parseSync(file, text)
  expect(errors, file).toEqual([])
  return [...functionsIn(program)]
    .filter(({ node }) => linesOf(text.slice(node.start, node.end)) > functionLinesMax)
    .map(({ name }) => `${file}: ${name}`)
}

function linesOf(text: string): number {
  return text.trimEnd().split('\n').length
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const files = ['client', 'loadtest', 'protocol', 'server', 'storage']
  .flatMap(tree =>
    readdirSync(root + tree, { recursive: true, encoding: 'utf8' })
      .filter(path => /\.tsx?$/.test(path) && !/^dist\b/.test(path))
      .map(path => `${tree}/${path}`),
  )
  .map(path => ({ path, text: readFileSync(root + path, 'utf8') }))

describe('sizes', () => {
  test('a long function is seen whichever way it is written', () => {
    const body = (lines: number) => `{\n${'  work()\n'.repeat(lines - 2)}}`
    const forms = [
      (lines: number) => `function named() ${body(lines)}`,
      (lines: number) => `const named = async () => ${body(lines)}`,
      (lines: number) => `const all = { async *named() ${body(lines)} }`,
      (lines: number) => `class All { static named() ${body(lines)} }`,
      (lines: number) => `named(() => ${body(lines)})`,
      (lines: number) => `export default function named<T>(one: T): void ${body(lines)}`,
    ]
    for (const form of forms) {
      expect(longIn('one.ts', form(functionLinesMax))).toEqual([])
      expect(longIn('one.ts', form(functionLinesMax + 1))).toEqual(['one.ts: named'])
    }
  })

  test(`no function is over ${functionLinesMax} lines`, () => {
    expect(files.length).toBeGreaterThan(600)
    const long = files.flatMap(({ path, text }) => longIn(path, text))
    expect(long.filter(name => !stillLong.has(name))).toEqual([])
  })

  test(`no file is over ${fileLinesMax} lines`, () => {
    const long = files.filter(({ path, text }) => !isData(path) && linesOf(text) > fileLinesMax)
    expect(long.map(({ path }) => path).filter(path => !stillLongFiles.has(path))).toEqual([])
  })
})
