import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { codes, type OperationName, operations } from '#protocol'
import { startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let visitor: TestClient
let staff: TestClient
let adminToken: string
beforeAll(async () => {
  server = await startServer()
  adminToken = await server.signIn()
  visitor = await server.connect()
  staff = await server.connect({ namespace: 'agent', token: adminToken })
})

const names = Object.keys(operations) as OperationName[]

/** Values that have broken servers before, besides what fast-check thinks of. */
const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    '\0',
    '\ud800',
    'constructor',
    '__proto__',
    Number.MAX_SAFE_INTEGER + 1,
    -1,
    1e308,
    '00000000-0000-0000-0000-000000000000',
    '../../../../etc/passwd',
    "'; drop table people; --",
    [],
    {},
    [[[[[[]]]]]],
    true,
    'x'.repeat(100_000),
    JSON.parse('{"__proto__":{"role":"super_admin"},"constructor":{"prototype":{"x":1}}}'),
  ),
  fc.jsonValue({ maxDepth: 4 }),
)

/** An object that has the operation's own fields with anything in them, and now and then other fields. */
function inputFor(name: OperationName): fc.Arbitrary<unknown> {
  const { input } = operations[name] as { input: { entries?: object; pipe?: { entries?: object }[] } }
  const fields = Object.keys(input.entries ?? input.pipe?.[0]?.entries ?? {})
  const shaped = fc.record(Object.fromEntries(fields.map(field => [field, hostile])), { requiredKeys: [] })
  return fc.oneof(
    shaped,
    hostile,
    fc.tuple(shaped, fc.dictionary(fc.string(), hostile)).map(([a, b]) => ({ ...b, ...a })),
  )
}

/** Any value as a piece of a path. */
function asText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'x')
  return text.slice(0, 200).toWellFormed()
}

function isReply(reply: any): void {
  expect(typeof reply.request_id).toBe('string')
  if (reply.success) return
  expect(Object.keys(codes)).toContain(reply.error.code)
  expect(reply.error.code).not.toBe('INTERNAL_ERROR')
  expect(reply.error.message.length).toBeLessThan(1000)
}

describe('law S6: every operation answers any input with a typed reply, and the process goes on', () => {
  test.each(names.filter(name => operations[name].namespaces.length > 0))('%s on the socket', async name => {
    const clients = [visitor, staff].filter((_, index) =>
      (operations[name].namespaces as readonly string[]).includes(index === 0 ? 'visitor' : 'agent'),
    )
    await fc.assert(
      fc.asyncProperty(inputFor(name), async input => {
        for (const client of clients) isReply(await client.call(name, input as never))
      }),
      { numRuns: 40 },
    )
  })

  test.each(names.filter(name => operations[name].http.length > 0 && name !== 'auth:logout'))(
    '%s over HTTP',
    async name => {
      const [binding] = operations[name].http
      await fc.assert(
        fc.asyncProperty(inputFor(name), fc.boolean(), async (input, signedIn) => {
          const path = binding!.path.replaceAll(
            /\{(\w+)\}/g,
            (_, field) =>
              encodeURIComponent(asText((input as Record<string, unknown> | null)?.[field])) || 'x',
          )
          const hasBody = binding!.method === 'POST' || binding!.method === 'PUT'
          const response = await fetch(`${server.url}/api/v1${path}`, {
            method: binding!.method,
            headers: {
              'content-type': 'application/json',
              ...(signedIn && { authorization: `Bearer ${adminToken}` }),
            },
            body: hasBody ? JSON.stringify(input) : undefined,
          })
          if (!response.headers.get('content-type')?.includes('application/json')) await response.text()
          else isReply(await response.json())
        }),
        { numRuns: 25 },
      )
    },
  )

  test('unknown events, events without acknowledgement, with arguments that are not inputs', async () => {
    const { socket } = visitor
    const unknown = ['nope', 'toString', '__proto__', 'constructor', 'hasOwnProperty', '', 'x'.repeat(10_000)]
    for (const name of unknown) {
      const reply = await new Promise(resolve => socket.emit(name, {}, resolve))
      expect(reply).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } })
    }
    socket.emit('message:send')
    socket.emit('message:send', { conversation_id: 'x' })
    socket.emit('message:send', 1, 2, 3)
    socket.emit('conversation:open', Buffer.from('binary'))
    const bare = await new Promise(resolve => socket.emit('message:send', resolve))
    expect(bare).toMatchObject({ error: { code: 'VALIDATION_ERROR' } })
  })

  test.each(['%ff', '%', '%00', '..%2f..%2fsecret.key', '%F0%9F%92%A9'])('a path of %s', async part => {
    const response = await fetch(`${server.url}/api/v1/conversations/${part}`, {
      headers: { authorization: `Bearer ${adminToken}` },
    })
    isReply(await response.json())
    expect([400, 404]).toContain((await fetch(`${server.url}/assets/${part}`)).status)
  })

  test('a text of 10 MB closes that connection and no other', async () => {
    const client = await server.connect()
    const closed = new Promise(resolve => client.socket.once('disconnect', resolve))
    client.socket.emit('message:send', { conversation_id: 'x', key: 'k', content: 'x'.repeat(10_000_000) })
    await closed
    await visitor.ask('conversation:open', {})
  })

  test('nothing of all this became a person or a message of somebody else', async () => {
    const { reply } = await server.http('GET', '/auth/me', undefined, adminToken)
    expect(reply).toMatchObject({ data: { user: { username: 'admin' } } })
    expect(({} as Record<string, unknown>).role).toBeUndefined()
  })
})
