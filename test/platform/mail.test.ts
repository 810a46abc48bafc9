import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import pino from 'pino'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let smtp: SMTPServer
let refuse = 0
const arrived: { to: string[]; text: string }[] = []
const log: string[] = []
let onMail: () => void = () => {}

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      let text = ''
      stream.on('data', data => {
        text += data
      })
      stream.on('end', () => {
        if (refuse-- > 0)
          return done(Object.assign(new Error('later, someone@mail.example'), { responseCode: 451 }))
        arrived.push({ to: session.envelope.rcptTo.map(({ address }) => address), text })
        done()
        onMail()
      })
    },
  })
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  const { port } = smtp.server.address() as AddressInfo
  const lines = new Writable({
    write(line, _encoding, next) {
      log.push(String(line))
      next()
    },
  })
  server = await startServer(
    { smtpUrl: `smtp://127.0.0.1:${port}`, mailFrom: 'Shop <chat@shop.example>' },
    { log: pino({ level: 'debug' }, lines) },
  )
})
afterAll(() => new Promise<void>(resolve => smtp.close(resolve)))

/** The next mail the SMTP server takes. */
async function next(): Promise<{ to: string[]; text: string }> {
  while (arrived.length === 0)
    await new Promise<void>(resolve => {
      onMail = resolve
    })
  return arrived.shift()!
}

test('goes out by SMTP, and its text is not kept', async () => {
  const email = 'reader@mail.example'
  await server.http('POST', '/auth/send-code', { email })
  const { to, text } = await next()
  expect(to).toEqual([email])
  expect(text).toContain('From: Shop <chat@shop.example>')
  const [, digits] = /Your code is (\d{6})/.exec(text)!
  const { sql } = server.app.database
  for (let status = ''; status !== 'sent'; )
    status = (await sql`select status from outbox where recipient = ${email}`)[0]!.status
  expect(await sql`select body from outbox where recipient = ${email}`).toEqual([{ body: null }])
  const { reply } = await server.http('POST', '/auth/verify', { email, code: digits })
  expect(reply.success).toBe(true)
})

test('a server that refuses is tried again; S4: the log has ids, no address and no code', async () => {
  refuse = 1
  await server.http('POST', '/auth/send-code', { email: 'someone@mail.example' })
  const { sql } = server.app.database
  let failed: any
  while (!failed?.error)
    failed = (await sql`select id, error, status from outbox where recipient = 'someone@mail.example'`)[0]
  expect(failed).toMatchObject({ status: 'queued', error: expect.stringContaining('451') })
  await sql`update outbox set run_after = now() where id = ${failed.id}`
  await server.http('POST', '/auth/send-code', { email: 'wakes@mail.example' })
  const recipients = [(await next()).to[0], (await next()).to[0]].sort()
  expect(recipients).toEqual(['someone@mail.example', 'wakes@mail.example'])
  const text = log.join('')
  expect(text).toContain(failed.id)
  expect(text).not.toMatch(/@mail\.example|code is \d/)
})
