import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { codes, events, operations } from '#protocol'
import { asyncApi, openApi } from '../../server/transport/api-docs.ts'

const all = Object.entries(operations)

/** Every `$ref` of a document leads somewhere. */
function danglingReferences(document: any): string[] {
  const found: string[] = []
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return
    const { $ref } = node as { $ref?: unknown }
    if (typeof $ref === 'string' && $ref.startsWith('#/')) {
      const target = $ref
        .slice(2)
        .split('/')
        .reduce((part, name) => part?.[name], document)
      if (target === undefined) found.push($ref)
    }
    for (const value of Object.values(node)) walk(value)
  }
  walk(document)
  return found
}

describe('the documents come from the definitions', () => {
  const http = openApi('http://localhost:8080') as any
  const socket = asyncApi('http://localhost:8080') as any

  test('every route is in the OpenAPI document, with its success and its codes', () => {
    for (const [name, operation] of all) {
      for (const binding of operation.http) {
        const route = http.paths[binding.path]?.[binding.method.toLowerCase()]
        expect(route, name).toBeDefined()
        expect(route.summary).toBe(operation.summary)
        const documented = Object.values<any>(route.responses)
          .map(response => response.description)
          .join(' ')
        for (const code of operation.errors) expect(documented).toContain(code)
      }
    }
    expect(Object.keys(http.components.schemas.Failure.properties.error.properties.code.enum)).toHaveLength(
      Object.keys(codes).length,
    )
    expect(danglingReferences(http)).toEqual([])
  })

  test('every event and call is in the AsyncAPI document, on its namespaces', () => {
    for (const [name, { namespaces }] of [...all, ...Object.entries(events)]) {
      for (const namespace of namespaces) {
        const { messages } = socket.channels[namespace]
        const names = Object.keys(messages).map(id => socket.components.messages[id].name)
        expect(names, name).toContain(name)
      }
    }
    expect(danglingReferences(socket)).toEqual([])
  })

  test('no definition lacks its schema in the documents', () => {
    const empty = Object.values<any>(socket.components.messages).filter(
      message => Object.keys(message.payload).length === 0,
    )
    expect(empty).toEqual([])
  })
})

describe('adding an operation', () => {
  test('an operation stands in its definition, its handler and the table of routes: nothing else in the server names it', async () => {
    const { readFileSync } = await import('node:fs')
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const files = ['server', 'protocol', 'storage'].flatMap(folder =>
      readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
        .filter(name => name.endsWith('.ts'))
        .map(name => `${folder}/${name}`)
        .filter(path => path !== 'protocol/core/routes.ts'),
    )
    for (const [name] of all) {
      const key = new RegExp(`^\\s+(async )?'${name}'[(:]`, 'm')
      const naming = files.filter(file => key.test(readFileSync(`${root}/${file}`, 'utf8')))
      expect(
        naming.filter(file => file.startsWith('protocol/')),
        name,
      ).toHaveLength(1)
      expect(
        naming.filter(file => file.startsWith('server/areas/')),
        name,
      ).toHaveLength(1)
      expect(naming, name).toHaveLength(2)
    }
  })
})
