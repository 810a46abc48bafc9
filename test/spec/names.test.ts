import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { operations } from '#protocol'
import { routes } from '#protocol/core/routes'

/** One word finds an area in every tree: the contract, the server, the storage, the console and the tests. */
const domains = ['chat', 'desk', 'identity', 'models', 'platform', 'shop']

/** Folders of a tree that hold no domain. */
const rooms: Record<string, string[]> = {
  protocol: ['core'],
  'server/areas': [],
  'client/console': [],
  storage: ['engine', 'migrations', 'realtime', 'transfer'],
  test: ['browser', 'client', 'cluster', 'faults', 'fixtures', 'growing', 'programs', 'spec', 'tooling'],
}

/** What an area serves besides the operations that are called like it. */
const alsoServes: Record<string, string[]> = {
  'desk/desk': ['canned', 'draft', 'note', 'text', 'visitor'],
  'desk/handoff': ['presence', 'queue'],
  'desk/service': ['contact', 'feedback', 'handoff', 'question', 'team'],
  'identity/auth': ['identity'],
  'shop/knowledge': ['document', 'index'],
}

/** Tables that an area has besides the one called like it. */
const alsoStores: Record<string, string[]> = {
  'chat/conversation': ['open', 'scope'],
  'chat/memory': ['memory-search'],
  'chat/message': ['message-removal', 'message-search', 'message-terms'],
  'desk/desk': ['canned', 'note', 'visitor'],
  'desk/handoff': ['deadlines', 'presence', 'queue'],
  'desk/service': ['contact', 'facts', 'feedback', 'question', 'statistics', 'team'],
  'identity/auth': [
    'administrators',
    'code-attempts',
    'codes',
    'factors',
    'linking',
    'revocations',
    'secrets',
    'sessions',
  ],
  'identity/privacy': ['erasure', 'export', 'retention'],
  'shop/catalogue': ['derivations', 'import', 'versions'],
  'shop/evaluation': ['evaluation-run'],
  'shop/knowledge': [
    'corpora',
    'document',
    'document-version',
    'document-warning',
    'passage-writer',
    'passages',
    'ranking',
    'vectors',
  ],
  'models/budget': ['reservation', 'warning'],
  'models/provider': ['answer-cache', 'distribution'],
  'platform/mail': ['outbox'],
  'platform/system': ['consumer', 'jobs', 'leader', 'settings'],
}

/**
 * Words of prose that name nothing a reader could look up: what is meant has a term in socket.io, PostgreSQL, Centrifugo,
 * an event store or a help desk.
 */
const proseNames =
  `tell tells told given kept keep heed poke doubt shelf door look looked hear heard learn lose consider
  take taken held hold holds halt unhalt breathe tidy reweigh lane lanes twin twins several late wanted asked said more most
  within`.split(/\s+/)
/** Not as a part of a name either. */
const proseStems = ['tell', 'told', 'heed', 'heard', 'poke', 'doubt', 'shelf', 'breathe', 'reweigh', 'unhalt']

const declared =
  /\b(?:const|let|function\*?|class|interface|type)\s+(\w+)|^\s+(?:async |readonly )*#?(\w+)\(/gm

const root = fileURLToPath(new URL('../..', import.meta.url))

function list(folder: string, kind: 'folder' | 'any' = 'any'): string[] {
  return readdirSync(root + folder, { withFileTypes: true })
    .filter(entry => kind === 'any' || entry.isDirectory())
    .map(entry => entry.name.replace(/\.ts$/, ''))
    .filter(name => !name.endsWith('.md'))
}

const areasOf = (tree: string) =>
  domains.flatMap(domain =>
    list(tree, 'folder').includes(domain) ? list(`${tree}/${domain}`).map(name => `${domain}/${name}`) : [],
  )

describe('names', () => {
  test('every folder of a tree is a domain, or a room of that tree', () => {
    for (const [tree, own] of Object.entries(rooms))
      expect(
        list(tree, 'folder').filter(name => !domains.includes(name) && !own.includes(name)),
        tree,
      ).toEqual([])
  })

  test('an area of the contract has its area in the server, and no area of the server is without a contract', () => {
    const contract = areasOf('protocol').toSorted()
    expect(contract.length).toBeGreaterThan(10)
    expect(
      areasOf('server/areas')
        .filter(name => !name.endsWith('/module'))
        .toSorted(),
    ).toEqual(contract)
  })

  test('a file of the contract defines the operations that are called like it', async () => {
    let seen = 0
    for (const area of areasOf('protocol')) {
      const prefixes = [area.split('/')[1]!, ...(alsoServes[area] ?? [])]
      const defined = Object.values(await import(`${root}protocol/${area}.ts`))
        .flatMap(value => Object.keys(Object(value)))
        .filter(name => Object.hasOwn(operations, name))
      expect(
        defined.filter(name => !prefixes.includes(name.split(':')[0]!)),
        area,
      ).toEqual([])
      seen += defined.length
    }
    expect(seen).toBe(Object.keys(operations).length)
  })

  test('a page of the console is called after its area, or after operations of that', () => {
    const known = new Set(areasOf('protocol'))
    for (const [area, prefixes] of Object.entries(alsoServes))
      for (const prefix of prefixes) known.add(`${area.split('/')[0]}/${prefix}`)
    const pages = areasOf('client/console')
    expect(pages.length).toBeGreaterThan(5)
    expect(pages.filter(name => !known.has(name))).toEqual([])
  })

  test('the table of routes that browsers load is that of the definitions', () => {
    const defined = Object.entries(operations).map(
      ([name, { http }]) => [name, http.map(({ method, path }) => `${method} ${path}`)] as const,
    )
    expect(routes).toEqual(Object.fromEntries(defined.filter(([, bindings]) => bindings.length > 0)))
  })

  test('a file of the storage is called after its area', () => {
    const known = new Set(areasOf('protocol'))
    for (const [area, files] of Object.entries(alsoStores))
      for (const file of files) known.add(`${area.split('/')[0]}/${file}`)
    expect(areasOf('storage').filter(name => !known.has(name))).toEqual([])
  })

  test('what is declared is named by a term, not by a word of prose', () => {
    const files = ['server', 'storage', 'protocol', 'loadtest', 'test'].flatMap(tree =>
      readdirSync(root + tree, { recursive: true, encoding: 'utf8' })
        .filter(path => path.endsWith('.ts'))
        .map(path => `${tree}/${path}`),
    )
    expect(files.length).toBeGreaterThan(400)
    const prose = files.flatMap(file =>
      [...readFileSync(root + file, 'utf8').matchAll(declared)]
        .map(([, name, member]) => name ?? member!)
        .filter(isProse)
        .map(name => `${file}: ${name}`),
    )
    expect(prose).toEqual([])
  })
})

function isProse(name: string): boolean {
  const parts = name.split(/(?=[A-Z])|_/).map(part => part.toLowerCase())
  return proseNames.includes(name) || parts.some(part => proseStems.includes(part))
}
