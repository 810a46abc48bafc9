import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { maskPersonal } from '../../server/security/masking.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { code, converse, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

let server: TestServer
let host: ModelServer
let owner: string
beforeAll(async () => {
  host = await startModelServer()
  const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
  server = await startServer({}, { models: { chat } })
  owner = await server.signIn()
})
afterAll(() => host.close())

/** The files of a .tar.gz, by name. */
function unpack(archive: Buffer): Record<string, any> {
  const tar = gunzipSync(archive)
  const files: Record<string, any> = {}
  for (let at = 0; tar[at] !== 0; ) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '')
    const size = Number.parseInt(tar.toString('utf8', at + 124, at + 135), 8)
    expect(tar.toString('utf8', at + 257, at + 262)).toBe('ustar')
    files[name] = JSON.parse(tar.toString('utf8', at + 512, at + 512 + size))
    at += 512 + Math.ceil(size / 512) * 512
  }
  return files
}

async function download(path: string, token: string) {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  expect(response.headers.get('content-type')).toBe('application/gzip')
  return unpack(Buffer.from(await response.arrayBuffer()))
}

/** Every row of every table, as text. */
async function dump(): Promise<string> {
  const { sql } = server.app.database
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`
  const rows = await Promise.all(
    tables.map(({ name }) => sql`select row_to_json(t)::text as row from ${sql(name)} t`),
  )
  return rows
    .flat()
    .map(row => row.row)
    .join('\n')
}

const settings = async (change: object) => {
  const before = await server.http('GET', '/admin/privacy', undefined, owner)
  const value = { ...(before.reply.success && before.reply.data.settings), ...change }
  const { reply } = await server.http('PUT', '/admin/privacy', value, owner)
  expect(code(reply)).toBe('ok')
}

/** A signed-in user with words of their own in the database. */
async function user(name: string, words: string): Promise<{ client: TestClient; id: string; token: string }> {
  const email = `${name}@mail.example`
  const password = 'a long enough password'
  const { reply } = await server.http('POST', '/auth/register', {
    username: name,
    email,
    password,
    confirm_password: password,
  })
  const { user, access_token } = reply.success && reply.data
  const client = await server.connect({ token: access_token })
  const { conversation } = await converse(client, words)
  await client.ask('conversation:update', {
    conversation_id: conversation.id,
    title: `${words} title`,
    metadata: { note: words },
  })
  await client.ask('handoff:request', { conversation_id: conversation.id, key: 'h', reason: words })
  await server.http('POST', '/auth/forgot-password', { email })
  return { client, id: user.id, token: access_token }
}

describe('an export', () => {
  test('is one archive of everything held on the person, and of nobody else', async () => {
    const mei = await user('mei', 'mei’s words')
    await user('other', 'other words')
    const admin = await server.signIn()
    for (const person_id of [mei.id, null])
      await server.http(
        'POST',
        '/admin/budgets',
        { scope: 'person', person_id, period: 'month', currency: 'EUR', amount: 20 },
        admin,
      )
    const files = await download('/privacy/export', mei.token)
    expect(files['budgets.json']).toMatchObject([
      { scope: 'person', currency: 'EUR', spending: [{ spent: 0 }] },
    ])
    expect(files['person.json'][0]).toMatchObject({ id: mei.id, email: 'mei@mail.example' })
    expect(files['messages.json'].map((row: any) => row.content)).toContain('mei’s words')
    expect(files['conversations.json'][0].title).toBe('mei’s words title')
    expect(files['handoffs.json'][0].reason).toBe('mei’s words')
    expect(files['mail.json'][0].recipient).toBe('mei@mail.example')
    expect(files['log.json'].map((row: any) => row.action)).toContain('auth:register')
    expect(JSON.stringify(files)).not.toMatch(/other words|other@mail|argon2/)
  })

  test('of a long history comes in pieces, whole', async () => {
    const client = await server.connect()
    const { conversation } = await converse(client, 'the first')
    await server.app.database.sql`
      insert into messages (id, conversation_id, seq, role, content, status, epoch, created_at, updated_at)
      select gen_random_uuid(), ${conversation.id}, 1000 + n, 'user', 'number ' || n, 'complete', 0, now(), now()
      from generate_series(1, 1200) n`
    const files = await download('/privacy/export', client.token)
    const messages = Object.entries(files).flatMap(([name, rows]) =>
      name.startsWith('messages') ? rows : [],
    )
    expect(new Set(messages.map((row: any) => row.content)).size).toBe(1202)
  })

  test('is made by an administrator for a visitor, told in the log, and not for somebody above', async () => {
    const visitor = await server.connect()
    await converse(visitor, 'a visitor’s words')
    const files = await download(`/admin/users/${visitor.ready.session.id && idOf(visitor)}/export`, owner)
    expect(files['messages.json'][0].content).toBe('a visitor’s words')
    const { reply } = await server.http(
      'GET',
      `/admin/logs?action=privacy:export&person_id=${idOf(visitor)}`,
      undefined,
      owner,
    )
    expect(reply.success && reply.data.items).toHaveLength(1)
    const admin = await hire(server, 'deputy', 'admin')
    const me = await server.http('GET', '/auth/me', undefined, owner)
    const above = `/admin/users/${me.reply.success && me.reply.data.user.id}/export`
    expect(code((await server.http('GET', above, undefined, admin.token)).reply)).toBe('FORBIDDEN')
  })
})

/** Who the token says. */
function idOf({ token }: TestClient): string {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).sub
}

describe('erasing', () => {
  test('leaves nothing of the person in any table, ends their sockets, and is told in the log by id', async () => {
    const { client, id, token } = await user('goner', 'canary words of mine')
    expect(await dump()).toMatch(/canary words of mine/)
    expect((await server.http('POST', '/privacy/erase', {}, token)).status).toBe(400)
    const { reply } = await server.http('POST', '/privacy/erase', { confirm: 'erase everything' }, token)
    expect(code(reply)).toBe('ok')
    expect((await client.until('session:ended')).code).toBe('TOKEN_EXPIRED')
    expect(await dump()).not.toMatch(/canary words of mine|goner/i)
    expect((await server.http('GET', '/auth/me', undefined, token)).status).toBe(401)
    const log = await server.http('GET', `/admin/logs?action=privacy:erase&person_id=${id}`, undefined, owner)
    expect(log.reply.success && log.reply.data.items[0]).toMatchObject({
      actor_id: id,
      subject: id,
      before: { role: 'user', conversations: 1 },
    })
  })

  test('of a visitor by an administrator, in the middle of an answer', async () => {
    const visitor = await server.connect()
    host.script({ pieces: ['canary answer '], ending: 'hang' })
    const { conversation } = await visitor.ask('conversation:open', {})
    await visitor.ask('message:send', {
      conversation_id: conversation.id,
      key: 'k',
      content: 'canary of a visitor',
    })
    await visitor.until('reply:delta')
    const erase = (id: string) =>
      server.http('POST', `/admin/users/${id}/erase`, { reason: 'asked by mail' }, owner)
    expect(code((await erase(idOf(visitor))).reply)).toBe('ok')
    await visitor.until('session:ended')
    expect(await dump()).not.toMatch(/canary of a visitor|canary answer/)
    expect(code((await erase(idOf(visitor))).reply)).toBe('NOT_FOUND')
  })

  test('of staff leaves what they wrote to others, without their name; the last super_admin stays', async () => {
    const agent = await hire(server, 'Annabelle', 'agent')
    const visitor = await server.connect()
    const { conversation } = await converse(visitor, 'Hello')
    const { handoff } = await visitor.ask('handoff:request', { conversation_id: conversation.id, key: 'h' })
    const desk = await server.connect({ namespace: 'agent', token: agent.token })
    await desk.ask('handoff:accept', { handoff_id: handoff.id, key: 'a' })
    await desk.ask('message:send', { conversation_id: conversation.id, key: 's', content: 'I can help.' })
    await server.http('POST', `/admin/users/${agent.id}/erase`, { reason: 'left' }, owner)
    const { messages } = await visitor.ask('conversation:open', { conversation_id: conversation.id })
    const sent = messages.find(message => message.role === 'agent')
    expect(sent).toMatchObject({ content: 'I can help.', author: { name: null } })
    const me = await server.http('GET', '/auth/me', undefined, owner)
    const ownerId = me.reply.success && me.reply.data.user.id
    const last = await server.http('POST', `/admin/users/${ownerId}/erase`, { reason: 'x' }, owner)
    expect(code(last.reply)).toBe('CONFLICT')
  })
})

test('retention: what is older than its days goes, each kind by itself, by the server alone', async () => {
  const { sql } = server.app.database
  const [old, fresh] = [await server.connect(), await server.connect()]
  const { conversation: gone } = await converse(old, 'said long ago')
  const { conversation: stored } = await converse(fresh, 'said today')
  await sql`
    update conversations set last_message_at = now() - interval '31 days' where id = ${gone.id}`
  await sql`alter table audit disable trigger audit_rows_stay`
  await sql`
    update audit set at = now() - interval '400 days' where id = (select id from audit order by id limit 1)`
  await sql`alter table audit enable trigger audit_rows_stay`
  const [before] = await sql`select count(*)::int as count from audit where at < now() - interval '365 days'`
  expect(before!.count).toBe(1)
  await settings({ retention_days: { conversations: 30, mail: 30, audit: 365 } })
  await server.app.retain()
  expect(await sql`select id from conversations where id in (${gone.id}, ${stored.id})`).toEqual([
    { id: stored.id },
  ])
  expect(await sql`select 1 from people where id = ${idOf(old)}`).toEqual([])
  const [after] = await sql`select count(*)::int as count from audit where at < now() - interval '365 days'`
  expect(after!.count).toBe(0)
  await settings({ retention_days: { conversations: null, mail: null, audit: null } })
})

describe('consent', () => {
  const text = { en: 'We keep what you write.', zh: '我们会保存您写的内容。' }

  test('is asked for before the first message, for each wording anew, and goes along at sign-in', async () => {
    await settings({ consent: { required: true, text } })
    const visitor = await server.connect()
    const { consent } = visitor.ready.features
    expect(consent).toMatchObject({ text })
    const { conversation } = await visitor.ask('conversation:open', {})
    const send = (key: string) =>
      visitor.call('message:send', { conversation_id: conversation.id, key, content: 'Hello' })
    expect(await send('a')).toMatchObject({ error: { code: 'CONFLICT', details: { consent } } })
    expect((await server.http('POST', '/chat', { message: 'Hello' })).status).toBe(409)
    expect(code(await visitor.call('privacy:consent', { version: 'another' }))).toBe('CONFLICT')
    await visitor.ask('privacy:consent', { version: consent!.version })
    expect(code(await send('b'))).toBe('ok')
    const desk = await hire(server, 'Cleo', 'admin')
    expect((await server.connect({ namespace: 'agent', token: desk.token })).ready.session.role).toBe('admin')
    await settings({ consent: { required: true, text: { ...text, en: 'Another wording.' } } })
    expect(code(await send('c'))).toBe('CONFLICT')
    await settings({ consent: { required: false, text } })
    expect(code(await send('d'))).toBe('ok')
    expect((await server.connect()).ready.features.consent).toBeNull()
  })
})

describe('masking', () => {
  const cases: [string, string][] = [
    ['Write to mei.lin+shop@mail.example.cn, please', 'Write to [email], please'],
    ['我的邮箱是zhang@mail.cn,谢谢', '我的邮箱是[email],谢谢'],
    ['电话13812345678可以', '电话[phone number]可以'],
    ['Call +86 138-1234-5678 or +44 20 7946 0958.', 'Call [phone number] or [phone number].'],
    ['座机 010-12345678', '座机 [phone number]'],
    ['(212) 555-0187 and 212-555-0187', '[phone number] and [phone number]'],
    ['card 4111 1111 1111 1111 ok', 'card [card number] ok'],
    ['卡号6222021234567890128', '卡号[card number]'],
    ['5500-0000-0000-0004', '[card number]'],
    ['身份证11010519491231002X', '身份证[id number]'],
    ['SSN 536-90-4399', 'SSN [id number]'],
    ['NI number QQ 12 34 56 C, AB 12 34 56 C', 'NI number QQ 12 34 56 C, [id number]'],
  ]
  test.each(cases)('%s', (text, masked) => {
    expect(maskPersonal(text)).toBe(masked)
  })

  const stored = [
    'Under 1000 euros with 16 GB, 1920x1080, 2.5 kg',
    'Order 20260102 of 2026-01-02, 10:30, version 1.22.333',
    '019392a4-5b1c-7def-8123-456789abcdef',
    'SKU AB-12345678 and 4111-1111',
    '110105194912310021 is no id, 1234567890123 no card',
    'price 12999.00, 100,000 lumens, 0.5 W, 230 V',
    '1000 欧元以内,16GB 内存,13 英寸',
  ]
  test.each(stored)('leaves alone: %s', text => {
    expect(maskPersonal(text)).toBe(text)
  })

  test('models read what people wrote without these, once it is switched on', async () => {
    const read = () => JSON.stringify(host.requests.at(-1))
    const client = await server.connect()
    await converse(client, 'I am mei@mail.example, 13812345678')
    expect(read()).toContain('mei@mail.example')
    await settings({ mask_for_models: true })
    const { message } = await converse(client, 'Again: 13812345678, mei@mail.example')
    expect(read()).toContain('Again: [phone number], [email]')
    expect(read()).not.toMatch(/mei@|138123/)
    expect(message.content).toContain('13812345678')
    await settings({ mask_for_models: false })
  })

  test('agents see lists without them, and the whole once they open it', async () => {
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', {})
    await client.ask('conversation:update', {
      conversation_id: conversation.id,
      title: 'From list@mail.example',
    })
    await client.ask('handoff:request', { conversation_id: conversation.id, key: 'h' })
    const agent = await hire(server, 'Lee', 'agent')
    const desk = await server.connect({ namespace: 'agent', token: agent.token })
    const { items } = await desk.ask('conversation:list', { page_size: 100 })
    expect(items.find(item => item.id === conversation.id)!.title).toBe('From [email]')
    const opened = await desk.ask('conversation:open', { conversation_id: conversation.id })
    expect(opened.conversation.title).toBe('From list@mail.example')
  })
})
