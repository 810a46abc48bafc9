import { beforeAll, describe, expect, test } from 'vitest'
import { adminPassword, code, startServer, type TestServer } from '../fixtures/harness.ts'

const uploadQuotas = { person: 3000, networkDaily: 5000, total: 9000 }

let server: TestServer
let adminToken: string
beforeAll(async () => {
  server = await startServer({ trustedProxies: ['127.0.0.1'], uploadQuotas, adminPassword })
  adminToken = await server.signIn()
})

async function hand(token: string, network: string, bytes = 1000) {
  const form = new FormData()
  form.append('file', new Blob(['x'.repeat(bytes)]), 'notes.txt')
  const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': network }
  const response = await fetch(`${server.url}/api/v1/upload`, { method: 'POST', headers, body: form })
  return (await response.json()) as any
}

const visitorToken = async () => (await server.connect()).token

async function storedOnMetrics(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^parley_attachment_bytes (\d+)/m.exec(text)![1])
}

describe('H11: room for files', () => {
  test('of a person, of a network a day, of the installation: each refusal says what is the matter', async () => {
    const [first, second, third] = [await visitorToken(), await visitorToken(), await visitorToken()]
    for (let count = 0; count < 3; count++) expect(code(await hand(first, '192.0.2.1'))).toBe('ok')
    const ofPerson = await hand(first, '192.0.2.1')
    expect([code(ofPerson), ofPerson.error.message]).toEqual([
      'RATE_LIMITED',
      'Attach the files that are there already, or wait.',
    ])
    for (let count = 0; count < 2; count++) expect(code(await hand(second, '192.0.2.1'))).toBe('ok')
    const ofNetwork = await hand(second, '192.0.2.1')
    expect([code(ofNetwork), ofNetwork.error.message]).toEqual([
      'RATE_LIMITED',
      'Too many files came from your network today; try again tomorrow.',
    ])
    expect(ofNetwork.error.details.retry_after_ms).toBeGreaterThan(0)
    // Another network, and staff from the same one, are not kept from anything by that.
    for (let count = 0; count < 3; count++) expect(code(await hand(third, '192.0.2.2'))).toBe('ok')
    expect(code(await hand(adminToken, '192.0.2.1'))).toBe('ok')
    const ofAll = await hand(adminToken, '192.0.2.3')
    expect([code(ofAll), ofAll.error.retryable]).toEqual(['INSUFFICIENT_QUOTA', false])
    expect(await storedOnMetrics()).toBe(9000)
  })

  test('the owner sees it, and nobody else', async () => {
    const ofOwner = await server.http('GET', '/system/health', undefined, adminToken)
    expect(ofOwner.reply).toMatchObject({ data: { attachments: { bytes: 9000, max_bytes: 9000 } } })
    for (const token of [undefined, await visitorToken()]) {
      const { reply } = await server.http('GET', '/system/health', undefined, token)
      expect(reply.success && reply.data).not.toHaveProperty('attachments')
    }
  })

  test('what a network handed over is forgotten when its day is over', async () => {
    const { sql } = server.app.database
    await sql`update upload_networks set day = day - 2`
    await server.app.retain()
    expect(await sql`select 1 from upload_networks`).toHaveLength(0)
  })
})
