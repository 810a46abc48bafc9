import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { scratchFolder, startNode } from '../fixtures/processes.ts'
import { freshPostgres, hasService, onServer } from '../fixtures/services.ts'

/**
 * A data folder and a PostgreSQL as a server of November 2026 left them (migrations up to 0060): an administrator, a document, two
 * products, and a conversation with an answer, a handoff and a note. Whoever has such a one starts the next version on it.
 */
const stored = new URL('../fixtures/kept/', import.meta.url)
const secretKey = 'kept-secret-key-kept-secret-key-kept-00'
const administrator = { email: 'ada@kept.example', password: 'correct-horse-battery-1' }

const hasPostgres = hasService(
  'PostgreSQL',
  process.env.TEST_DATABASE_URL !== undefined,
  'set TEST_DATABASE_URL to one with pgvector',
)

async function unpackFolder(): Promise<string> {
  const { path, remove } = await scratchFolder()
  onTestFinished(remove)
  const input = brotliDecompressSync(await readFile(new URL('embedded.tar.br', stored)))
  const { status, stderr } = spawnSync('tar', ['-x', '-C', path, '--no-same-owner'], { input })
  expect(status, String(stderr)).toBe(0)
  return path
}

async function restorePostgres(): Promise<string> {
  const database = await freshPostgres({})
  onTestFinished(() => database.drop())
  const dump = gunzipSync(await readFile(new URL('postgres.sql.gz', stored))).toString()
  await onServer(database.url!, sql => sql.unsafe(dump))
  return database.url!
}

async function holdsAll(env: Record<string, string>): Promise<void> {
  const node = await startNode('node', { ...env, SECRET_KEY: secretKey, ADMIN_PASSWORD: undefined })
  onTestFinished(() => node.end('SIGTERM'))
  const ask = async (method: string, path: string, body: object | null, token = '') => {
    const answer = await fetch(`${node.url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: body && JSON.stringify(body),
    })
    const reply = (await answer.json()) as any
    expect(reply, path).toMatchObject({ success: true })
    return reply.data
  }
  const { access_token } = await ask('POST', '/auth/login', administrator)
  const { items: conversations } = await ask('GET', '/conversations', null, access_token)
  expect(conversations).toHaveLength(1)
  expect(conversations[0]).toMatchObject({ mode: 'ai', status: 'open', epoch: 3, message_count: 7 })
  const { messages } = await ask('GET', `/conversations/${conversations[0].id}/messages`, null, access_token)
  const texts = messages.map(({ content }: { content: string }) => content)
  expect(texts).toEqual(expect.arrayContaining(['How long may I return a kettle?', 'I am here.', '谢谢！']))
  expect(texts).toHaveLength(7)
  const { items: products } = await ask('GET', '/admin/products', null, access_token)
  expect(products.map(({ name }: { name: string }) => name).sort()).toEqual(['Kettle Basic', 'Kettle Tall'])
  const { answer, references } = await ask('POST', '/chat', { message: '多少天内可以退货？' })
  expect(answer).toContain('45')
  expect(references).toMatchObject([{ title: 'Returns' }])
}

describe('what an earlier version left', { timeout: 90_000 }, () => {
  test('in an embedded data folder is all there', async () => holdsAll({ DATA_DIR: await unpackFolder() }))

  test.runIf(hasPostgres)('in a PostgreSQL is all there', async () => {
    const { path, remove } = await scratchFolder()
    onTestFinished(remove)
    await holdsAll({ DATABASE_URL: await restorePostgres(), DATA_DIR: path })
  })
})
