import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import pino from 'pino'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../fixtures/harness.ts'

type Refusal = { responseCode: number; message: string } | null
interface Plan {
  mailFrom?: Refusal
  rcptTo?: Refusal
  data?: Refusal
}

let server: TestServer
let owner: string
let smtp: SMTPServer
let plan: Plan = {}
const tries: string[] = []
const log: string[] = []

const refusal = (answer: Refusal | undefined) =>
  answer ? Object.assign(new Error(answer.message), { responseCode: answer.responseCode }) : null

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onMailFrom: (_address, _session, done) => done(refusal(plan.mailFrom)),
    onRcptTo({ address }, _session, done) {
      tries.push(address)
      done(refusal(plan.rcptTo))
    },
    onData(stream, _session, done) {
      stream.resume()
      stream.on('end', () => done(refusal(plan.data)))
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
  server = await startServer({ smtpUrl: `smtp://127.0.0.1:${port}` }, { log: pino({ level: 'info' }, lines) })
  owner = await server.signIn()
})
afterAll(() => new Promise<void>(resolve => smtp.close(resolve)))

interface Row {
  id: string
  status: string
  error: string | null
  attempts: number
  wait: number
}

/** The mail to an address, once it was tried `attempts` times. */
async function tried(recipient: string, attempts = 1): Promise<Row> {
  for (;;) {
    const [row] = await server.app.database.sql<Row[]>`
      select id, status, error, attempts, extract(epoch from run_after - updated_at)::float8 as wait
      from outbox where recipient = ${recipient}`
    if (row && row.attempts >= attempts && (row.error !== null || row.status === 'sent')) return row
  }
}

let count = 0
/** As if it were the first within the hour. */
async function sendCode(email: string): Promise<void> {
  await server.app.database.sql`delete from code_attempts`
  const { reply } = await server.http('POST', '/auth/send-code', { email })
  if (!reply.success) throw new Error(reply.error.message)
}

async function mailUnder(next: Plan): Promise<{ row: Row; email: string }> {
  plan = next
  const email = `failing-${++count}@mail.example`
  await sendCode(email)
  return { row: await tried(email), email }
}

describe('F4: what a mail server refuses', () => {
  test.each<[string, Plan]>([
    [
      'an unknown recipient',
      { rcptTo: { responseCode: 550, message: '5.1.1 <who@mail.example>: No such user' } },
    ],
    ['a sender', { mailFrom: { responseCode: 553, message: '5.7.1 Sender who@mail.example not allowed' } }],
    ['the content', { data: { responseCode: 554, message: '5.7.1 Spam from who@mail.example' } }],
    ['the size', { data: { responseCode: 552, message: '5.3.4 Too big' } }],
  ])('5xx to %s is final: not tried again, and the outbox says why', async (_what, refused) => {
    const { row, email } = await mailUnder(refused)
    const words = Object.values(refused)[0]!
    expect(row).toMatchObject({ status: 'failed', attempts: 1 })
    expect(row.error).toContain(`${words.responseCode} ${words.message.slice(0, 5)}`)
    expect(row.error).not.toContain('@')
    const { reply } = await server.http('GET', `/admin/mail/${row.id}`, undefined, owner)
    expect(reply).toMatchObject({ data: { mail: { status: 'failed', error: row.error, recipient: email } } })
  })

  test.each<[string, Plan]>([
    ['450 to a recipient', { rcptTo: { responseCode: 450, message: '4.2.0 Greylisted' } }],
    ['421 to a sender', { mailFrom: { responseCode: 451, message: '4.3.0 Try later' } }],
    ['452 to the content', { data: { responseCode: 452, message: '4.3.1 Disk full' } }],
  ])('4xx is tried again, later each time: %s', async (_what, refused) => {
    const { row, email } = await mailUnder(refused)
    expect(row).toMatchObject({ status: 'queued', attempts: 1 })
    expect(row.wait).toBeGreaterThan(10)
    await server.app.database.sql`update outbox set run_after = now() where id = ${row.id}`
    await sendCode(`wakes-${email}`)
    const again = await tried(email, 2)
    expect(again).toMatchObject({ status: 'queued', attempts: 2 })
    expect(again.wait).toBeGreaterThan(row.wait * 2)
  })

  test('and once it is taken, it was sent', async () => {
    const { row, email } = await mailUnder({ rcptTo: { responseCode: 450, message: '4.2.0 Greylisted' } })
    plan = {}
    await server.app.database.sql`update outbox set run_after = now() where id = ${row.id}`
    await sendCode(`wakes-${email}`)
    for (let status = ''; status !== 'sent'; ) ({ status } = await tried(email))
  })

  test('law S4: one line in the log for each try, without an address', () => {
    const lines = log.filter(line => line.includes('mail could not be sent'))
    expect(lines.length).toBeGreaterThan(4)
    expect(lines.join('')).toContain('550')
    expect(log.join('')).not.toContain('@mail.example')
  })
})

describe('F4: an invitation', () => {
  const invite = (username: string) =>
    server.http('POST', '/admin/users', { username, email: `${username}@shop.example`, role: 'agent' }, owner)

  test('goes by mail where there is a server for it, and its code is not shown', async () => {
    plan = {}
    const { reply } = await invite('by-mail')
    expect(reply).toMatchObject({ data: { invitation: { by_mail: true, code: null } } })
  })

  test('with a password there is none', async () => {
    const account = {
      username: 'ready',
      email: 'ready@shop.example',
      role: 'agent',
      password: 'a long enough one',
    }
    const { reply } = await server.http('POST', '/admin/users', account, owner)
    expect(reply).toMatchObject({ data: { invitation: null } })
  })
})
