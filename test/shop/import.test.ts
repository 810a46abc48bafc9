import { expect, test } from 'vitest'
import { startServer } from '../fixtures/harness.ts'

const server = await startServer()
const token = await server.signIn()

/** Enough that it is read in a thread of its own. */
const rows = Array.from({ length: 3000 }, (_, at) => ({
  id: `P${at}`,
  name: `Lamp ${at}`,
  category: 'Desk lamp',
  price: 5 + (at % 500),
  currency: 'EUR',
  specs: { lumens: 100 + at },
}))

function upload(body: string, name = 'catalogue.json') {
  const form = new FormData()
  form.append('file', new Blob([body]), name)
  return server.http('POST', '/admin/products', form, token)
}

async function active() {
  const { reply } = await server.http('GET', '/admin/products/versions', undefined, token)
  return reply.success ? reply.data.items.filter((row: { active: boolean }) => row.active) : []
}

test('H9: a large catalogue is imported as a body and as a file, and found', async () => {
  const bare = await server.http('POST', '/admin/products', rows, token)
  expect(bare.reply).toMatchObject({ success: true, data: { count: 3000 } })
  const file = await upload(JSON.stringify({ products: rows }))
  expect(file.reply).toMatchObject({ success: true, data: { count: 3000 } })
  expect(await active()).toMatchObject([{ count: 3000, version: (file.reply as any).data.version }])
  const { reply } = await server.http('GET', '/products?query=Lamp%202999', undefined, token)
  expect(reply).toMatchObject({ data: { items: [{ id: 'P2999' }] } })
}, 120_000)

test('H9: a bad row among many is named, and nothing has changed', async () => {
  const before = await active()
  const bad = rows.map((row, at) => (at === 2500 ? { ...row, price: -1 } : row))
  for (const { status, reply } of [
    await server.http('POST', '/admin/products', bad, token),
    await upload(JSON.stringify(bad)),
  ]) {
    expect(status).toBe(400)
    expect(reply).toMatchObject({ error: { code: 'VALIDATION_ERROR', details: [{ field: '2500.price' }] } })
  }
  const { reply } = await upload(`${JSON.stringify(rows).slice(0, -1)},`)
  expect(reply).toMatchObject({ error: { code: 'UNPROCESSABLE_FILE' } })
  expect(await active()).toEqual(before)
}, 60_000)

test('H9: a version that was left half filled is nobody’s and goes with the next import', async () => {
  const { sql } = server.app.database
  await sql`
    insert into catalogue_versions (count, hash, profile, staged_until) values (9, '', '{}', now() - interval '1 hour')`
  const { reply } = await server.http('GET', '/admin/products/versions', undefined, token)
  expect((reply as any).data.items.some((row: { count: number }) => row.count === 9)).toBe(false)
  await server.http('POST', '/admin/products', rows.slice(0, 3), token)
  expect(await sql`select 1 from catalogue_versions where staged_until is not null`).toHaveLength(0)
}, 60_000)
