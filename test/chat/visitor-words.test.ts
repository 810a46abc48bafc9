import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { people, say } from '../fixtures/handoff.ts'
import { startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

/** As servers in between write it: a host, a key, a path. */
const words = '5.7.1 Relay through 10.0.0.5 denied for key sk-abc123def456, see /etc/postfix/main.cf'
const leaked =
  /10\.0\.0\.5|127\.0\.0\.1|sk-abc|postfix|relay|smtp|ECONN|\b(?:5\d\d|4\d\d) \d\.|\/(?:work|etc|home|tmp|usr)\/|node_modules|\.ts:|\bat [\w.]+ \(|Error:/i

let server: TestServer
let smtp: SMTPServer
let responseCode = 550
beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => done(Object.assign(new Error(words), { responseCode })),
  })
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  const { port } = smtp.server.address() as AddressInfo
  server = await startServer({ smtpUrl: `smtp://127.0.0.1:${port}` })
})
afterAll(() => new Promise<void>(resolve => smtp.close(resolve)))
const { visitor } = people(() => server)

/** The mail was tried and refused, and staff have the reason. */
async function refused(recipient: string): Promise<void> {
  for (let error: string | null = null; error === null; ) {
    const [row] = await server.app.database.sql<{ error: string | null }[]>`
      select error from outbox where recipient = ${recipient}`
    error = row?.error ?? null
  }
}

describe('A7: of a mail that was refused a visitor is told nothing but that it was taken', () => {
  test.each([
    ['for good', 550],
    ['for now', 451],
  ])('A7: %s: a transcript, a code, and what comes after', async (_how, code) => {
    responseCode = code
    const email = `reader-${code}@mail.example`
    const { client, id } = await visitor()
    await say(client, id, 'Hello')
    await client.until('message:updated', ({ message }) => message.role === 'assistant')
    const received: unknown[] = []
    received.push(await client.call('transcript:send', { conversation_id: id, email }))
    await refused(email)
    const other = `signing-${code}@mail.example`
    received.push(await server.http('POST', '/auth/send-code', { email: other }, client.token))
    await refused(other)
    received.push(await server.http('POST', '/auth/forgot-password', { email: other }, client.token))
    received.push(await server.http('POST', '/auth/verify', { email: other, code: '000000' }, client.token))
    received.push(await client.call('transcript:send', { conversation_id: id, email }))
    received.push(await client.call('conversation:open', { conversation_id: id }))
    expect(received[0]).toMatchObject({ success: true })
    expect(JSON.stringify([received, client.received])).not.toMatch(leaked)
  })
})

describe('A7: of a file that cannot be read a visitor is told one sentence', () => {
  const deep = 40_000
  const files: [string, BlobPart, string][] = [
    ['binary called text', Uint8Array.from({ length: 3000 }, (_, at) => (at * 7919) % 256), 'a.txt'],
    ['half of a UTF-16 text', Uint8Array.from([0xff, 0xfe, 0x61]), 'a.txt'],
    ['an archive called a document', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0]), 'a.docx'],
    ['an archive called a page', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0]), 'a.html'],
    ['a page of nests', '<div>'.repeat(deep), 'a.html'],
    ['Markdown of nests', '> '.repeat(deep), 'a.md'],
    ['Markdown of lists', '- '.repeat(deep), 'a.md'],
    ['Markdown of brackets', '['.repeat(deep), 'a.md'],
    ['data of nests', '['.repeat(deep), 'a.json'],
    ['data that is none', '{"a":', 'a.json'],
    ['a name that is a path', 'x\0y', '../../etc/passwd.txt'],
    ['nothing', '', 'a.txt'],
  ]
  test.each(files)('A7: %s', async (_what, content, name) => {
    const client: TestClient = await server.connect()
    const form = new FormData()
    form.append('file', new Blob([content]), name)
    const { reply } = await server.http('POST', '/upload', form, client.token)
    if (!reply.success) {
      expect(reply.error.message).toMatch(/^[A-Z][^\n]{5,120}\.$/)
      expect(reply.error.code).not.toBe('INTERNAL_ERROR')
    }
    expect(JSON.stringify(reply)).not.toMatch(leaked)
  })

  test('A7: what is no form, or none that ends', async () => {
    const client = await server.connect()
    const bodies: [string, string][] = [
      ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="file"; filename="a"'],
      ['multipart/form-data', 'no boundary'],
      ['application/json', '{"file":'],
      ['text/html', '<p>'],
    ]
    for (const [type, body] of bodies) {
      const response = await fetch(`${server.url}/api/v1/upload`, {
        method: 'POST',
        headers: { 'content-type': type, authorization: `Bearer ${client.token}` },
        body,
      })
      expect(response.status).toBeLessThan(500)
      const text = await response.text()
      expect(JSON.parse(text).success).toBe(false)
      expect(text).not.toMatch(leaked)
    }
  })
})
