import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Every import of every source file, as written and, where it is one of ours, as a path from the root. */
interface Import {
  from: string
  specifier: string
  target: string
  typeOnly: boolean
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(path => /\.tsx?$/.test(path) && statSync(join(root, path)).isFile())
}

/** `import`, `export … from` and `import()`; a regular expression does, since the code holds no such strings. */
const pattern =
  /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm

function importsOf(path: string): Import[] {
  return [...readFileSync(join(root, path), 'utf8').matchAll(pattern)].map(match => {
    const specifier = match[2] ?? match[3]!
    return { from: path, specifier, target: resolveTarget(path, specifier), typeOnly: match[1] !== undefined }
  })
}

function resolveTarget(path: string, specifier: string): string {
  if (specifier === '#protocol') return 'protocol/index.ts'
  if (specifier.startsWith('#')) return `${specifier.slice(1)}.ts`
  if (specifier.startsWith('.')) return relative(root, resolve(root, dirname(path), specifier))
  return specifier
}

function offenders(folder: string, wrong: (entry: Import) => boolean): string[] {
  return sources(folder)
    .flatMap(importsOf)
    .filter(wrong)
    .map(entry => `${entry.from} imports ${entry.specifier}`)
}

/** Plain code of the contract that browsers load: it imports nothing. */
const forBrowsers = new Set([
  'protocol/core/address.ts',
  'protocol/core/branches.ts',
  'protocol/core/limits.ts',
  'protocol/core/normalize.ts',
  'protocol/core/routes.ts',
])

/** Where a domain's areas, its storage and what they need of others are put together. */
const isModule = (path: string) => /^server\/.*\/module\.ts$/.test(path)

const ours = /^(protocol|server|storage|client|loadtest|test)\//

describe('module boundaries', () => {
  test('the walk sees imports at all', () => {
    expect(sources('server').flatMap(importsOf).length).toBeGreaterThan(50)
    expect(importsOf('server/app.ts').map(entry => entry.target)).toContain('server/areas/chat/module.ts')
  })

  test('protocol imports valibot and itself, nothing else', () => {
    expect(
      offenders('protocol', ({ target }) => target !== 'valibot' && !target.startsWith('protocol/')),
    ).toEqual([])
  })

  test('storage knows the contract and SQL, not the server', () => {
    expect(
      offenders('storage', ({ target }) => ours.test(target) && !/^(storage|protocol)\//.test(target)),
    ).toEqual([])
  })

  test('nothing but storage knows a database', () => {
    const database = /^(postgres|pgvector|@electric-sql\/)/
    expect(offenders('server', ({ specifier }) => database.test(specifier))).toEqual([])
    expect(
      offenders('server', ({ target, from, typeOnly }) => {
        const opens = target === 'storage/engine/open.ts' || (target.startsWith('storage/') && !typeOnly)
        const mayKnow =
          isModule(from) ||
          from === 'server/core/open.ts' ||
          from.startsWith('server/commands/') ||
          /^storage\/engine\/(transaction|start-error|database-url|make-folder)\.ts$/.test(target)
        return opens && !mayKnow
      }),
    ).toEqual([])
  })

  test('an area imports the contract, types of its storage and of models, and pure helpers: of another area the types in its ports.ts', () => {
    const domainOf = (path: string) => /^server\/areas\/([\w-]+)/.exec(path)?.[1]
    const areaOf = (path: string) => /^server\/areas\/([\w-]+\/[\w-]+)/.exec(path)?.[1]
    const wrong = ({ from, target, specifier, typeOnly }: Import) => {
      const other = areaOf(target)
      if (other && isModule(from)) return domainOf(target) !== domainOf(from)
      if (other) return other !== areaOf(from) && !(typeOnly && target === `server/areas/${other}/ports.ts`)
      if (/^(socket\.io|uWebSockets|postgres|ioredis|hono|@hono)/.test(specifier)) return true
      return /^server\/(transport|realtime\/(hub|bus|emit|draining)|app|main|config)\b/.test(target)
    }
    expect(offenders('server/areas', wrong)).toEqual([])
  })

  test('app.ts is the list of the modules: it knows no area, no storage and no part of the transport', () => {
    const known = importsOf('server/app.ts').filter(({ typeOnly }) => !typeOnly)
    expect(known.filter(({ target }) => !isModule(target) && target !== 'server/core/open.ts')).toEqual([])
    expect(readFileSync(join(root, 'server/app.ts'), 'utf8').split('\n').length).toBeLessThan(120)
  })

  test('only the transport, the rooms of socket.io know socket.io and uWebSockets.js', () => {
    const wrong = ({ from, specifier }: Import) =>
      /^(socket\.io|uWebSockets|hono|@hono)/.test(specifier) &&
      !/^server\/(transport\/|realtime\/(emit|draining|staff)\.ts)/.test(from)
    expect(offenders('server', wrong)).toEqual([])
  })

  test('only config.ts reads the environment', () => {
    const readers = [...sources('server'), ...sources('storage')].filter(
      path =>
        path !== 'server/config/config.ts' && /process\.env/.test(readFileSync(join(root, path), 'utf8')),
    )
    expect(readers).toEqual([])
  })

  test('the client takes types from the contract, and nothing from the server', () => {
    expect(offenders('client', ({ target }) => /^(server|storage)\//.test(target))).toEqual([])
    expect(
      offenders(
        'client',
        ({ target, typeOnly }) => target.startsWith('protocol/') && !typeOnly && !forBrowsers.has(target),
      ),
    ).toEqual([])
    for (const path of forBrowsers) expect(importsOf(path)).toEqual([])
  })

  test('SQL stands in storage only', () => {
    const statement = /\b(select|insert into|update|delete from)\b[^'"`]{0,200}\b(from|values|set|where)\b/
    const found = sources('server').filter(path =>
      statement.test(readFileSync(join(root, path), 'utf8').replaceAll(/^\s*(\*|\/\/|\/\*).*$/gm, '')),
    )
    expect(found).toEqual([])
  })
})
