import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Operation, operations, roleAtLeast } from '#protocol'
import { plainName } from '#protocol/core/name'
import { cleanPageAddress } from '#protocol/core/page-address'
import { code, converse, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

let server: TestServer
let owner: string
beforeAll(async () => {
  server = await startServer()
  owner = await server.signIn()
})

const idOf = ({ token }: TestClient): string =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).sub

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
    .map(({ row }) => row)
    .join('\n')
}

function fileOf(name: string, text: string): FormData {
  const form = new FormData()
  form.append('file', new Blob([text]), name)
  return form
}

describe('A8: one gate for consent in front of whatever brings in words, files or addresses', () => {
  const text = { en: 'We keep what you write.', zh: '我们会保存您写的内容。' }
  const ask = async (required: boolean) => {
    const { reply } = await server.http('GET', '/admin/privacy', undefined, owner)
    const settings = { ...(reply.success && reply.data.settings), consent: { required, text } }
    await server.http('PUT', '/admin/privacy', settings, owner)
  }

  test('every operation that takes such a field of a visitor says that it asks', () => {
    // What opens an account that is there, what is only looked up, and the agreement itself.
    const exempt =
      /^(auth:(login|verify|forgot_password|reset_password)|product:\w+|privacy:\w+|conversation:(open|list))$/
    const personal = [
      'comment',
      'content',
      'email',
      'file',
      'message',
      'phone',
      'reason',
      'title',
      'username',
    ]
    for (const [name, { role, input, consent }] of Object.entries(operations) as [string, Operation][]) {
      if (roleAtLeast(role, 'agent') || exempt.test(name)) continue
      const { entries, pipe } = input as { entries?: object; pipe?: { entries?: object }[] }
      const personalFields = Object.keys(entries ?? pipe?.[0]?.entries ?? {}).filter(field =>
        personal.includes(field),
      )
      const asks = (field: string) => consent === true || (consent !== false && consent.includes(field))
      expect(personalFields.every(asks), name).toBe(true)
    }
  })

  test('nothing is taken before, over sockets and over HTTP, and all of it after', async () => {
    const visitor = await server.connect()
    const { conversation, answer } = await converse(visitor, 'Hello')
    await ask(true)
    const ofTalk = { conversation_id: conversation.id, key: 'k' }
    const email = 'someone@mail.example'
    const onSocket = () =>
      Promise.all([
        visitor.call('message:send', { ...ofTalk, content: 'words' }),
        visitor.call('message:feedback', { message_id: answer.id, rating: 1, comment: 'words' }),
        visitor.call('conversation:update', { conversation_id: conversation.id, title: 'words' }),
        visitor.call('conversation:update', { conversation_id: conversation.id, metadata: { a: 'words' } }),
        visitor.call('handoff:request', { ...ofTalk, key: 'h', reason: 'words' }),
        visitor.call('handoff:contact', { conversation_id: conversation.id, email, message: 'words' }),
        visitor.call('handoff:rate', { conversation_id: conversation.id, rating: 1, comment: 'words' }),
        visitor.call('transcript:send', { conversation_id: conversation.id, email }),
        visitor.call('auth:send_code', { email }),
      ])
    const overHttp = async (token?: string) => {
      const calls = [
        ['/chat', { message: 'words' }],
        ['/chat/messages', { message: 'words' }],
        ['/chat/stream', { message: 'words' }],
        ['/upload', fileOf('notes.txt', 'words')],
        ['/auth/send-code', { email }],
      ] as const
      return Promise.all(calls.map(([path, body]) => server.http('POST', path, body, token)))
    }
    for (const reply of await onSocket())
      expect(reply).toMatchObject({ error: { code: 'CONFLICT', details: { consent: { text } } } })
    for (const { status } of await overHttp(visitor.token)) expect(status).toBe(409)
    for (const { status } of await overHttp()) expect([401, 409]).toContain(status)
    expect(await dump()).not.toMatch(/someone@mail\.example/)
    // A rating by itself and the language are nobody's words.
    expect(
      code(await visitor.call('conversation:update', { conversation_id: conversation.id, language: 'zh' })),
    ).toBe('ok')

    // Who has no socket agrees too, and is somebody from then on.
    const { version } = (await server.connect()).ready.features.consent!
    const agreed = await server.http('POST', '/privacy/consent', { version })
    const token = agreed.reply.success && agreed.reply.data.token
    expect((await server.http('POST', '/chat', { message: 'Hello' }, token)).status).toBe(200)
    // Staff bring files to the desk, and are asked nothing.
    const agent = await hire(server, 'Filer')
    expect((await server.http('POST', '/upload', fileOf('a.txt', 'text'), agent.token)).status).toBe(200)
    await visitor.ask('privacy:consent', { version })
    for (const reply of await onSocket()) expect(JSON.stringify(reply)).not.toContain('Consent is asked')
    await ask(false)
  })
})

describe('A9: erasing leaves nothing', () => {
  test('of a visitor: tags, mail to any address, codes, contacts, and the export has the contacts', async () => {
    const visitor = await server.connect()
    const { conversation } = await converse(visitor, 'canaryword')
    const { id: conversation_id } = conversation
    const agent = await hire(server, 'Ida')
    const desk = await server.connect({ namespace: 'agent', token: agent.token })
    const { handoff } = await visitor.ask('handoff:request', {
      conversation_id,
      key: 'h',
      reason: 'canaryword',
    })
    await desk.ask('handoff:accept', { handoff_id: handoff.id, key: 'a' })
    await desk.ask('note:add', { conversation_id, key: 'n', content: 'canaryword' })
    const input = { note: 'canaryword', tags: ['canaryword'] }
    await desk.ask('handoff:complete', { handoff_id: handoff.id, key: 'c', ...input })
    await visitor.ask('handoff:rate', { conversation_id, rating: 2, comment: 'canaryword' })
    await visitor.ask('handoff:contact', { conversation_id, email: 'canaryword@mail.example' })
    await visitor.ask('transcript:send', { conversation_id, email: 'canaryword-two@mail.example' })
    await visitor.ask('auth:send_code', { email: 'canaryword-three@mail.example' })
    await server.http('POST', '/upload', fileOf('canaryword.txt', 'canaryword'), visitor.token)
    expect((await dump()).match(/canaryword/g)!.length).toBeGreaterThan(10)

    const archive = await fetch(`${server.url}/api/v1/privacy/export`, {
      headers: { authorization: `Bearer ${visitor.token}` },
    })
    const exported = gunzipSync(Buffer.from(await archive.arrayBuffer())).toString()
    expect(exported).toContain('contacts.json')
    expect(exported).toContain('canaryword@mail.example')
    expect(exported).toContain('canaryword-three@mail.example')

    const erase = { reason: 'asked by mail' }
    await server.http('POST', `/admin/users/${idOf(visitor)}/erase`, erase, owner)
    expect(await dump()).not.toContain('canaryword')
  })

  test('of a customer: what the log said of them, and from where they came', async () => {
    const person = {
      username: 'canarylin',
      email: 'canarylin@mail.example',
      password: 'a long enough password',
    }
    const made = await server.http('POST', '/auth/register', { ...person, confirm_password: person.password })
    const { user, access_token } = made.reply.success && made.reply.data
    await server.http(
      'PUT',
      `/admin/users/${user.id}`,
      { name: 'Canary Lin', email: 'lin@other.example' },
      owner,
    )
    await server.http('POST', `/admin/users/${user.id}/erase`, { reason: 'Canary Lin asked' }, owner)
    expect(await dump()).not.toMatch(/canary ?lin|lin@other/i)
    const rows = await server.app.database.sql`
      select action, before, after, address from audit
      where subject = ${user.id} or actor_id = ${user.id} order by id`
    expect(rows.map(({ action }) => action)).toEqual(['auth:register', 'people:update', 'privacy:erase'])
    expect(rows[1]).toMatchObject({ before: null, after: null })
    expect(rows[0]!.address).toBeNull()
    await expect(server.app.database.sql`update audit set before = null`).rejects.toThrow(/cannot be edited/)
    expect((await server.http('GET', '/auth/me', undefined, access_token)).status).toBe(401)
  })

  test('of staff: their name in the talks of others, events and sentences too', async () => {
    const agent = await hire(server, 'Wilhelmina')
    const visitor = await server.connect()
    const { conversation } = await converse(visitor, 'Hello')
    const { id: conversation_id } = conversation
    const { handoff } = await visitor.ask('handoff:request', { conversation_id, key: 'h' })
    const desk = await server.connect({ namespace: 'agent', token: agent.token })
    await desk.ask('handoff:accept', { handoff_id: handoff.id, key: 'a' })
    await desk.ask('message:send', { conversation_id, key: 's', content: 'I can help.' })
    await desk.ask('note:add', { conversation_id, key: 'n', content: 'A note' })
    expect(await dump()).toContain('Wilhelmina has joined')
    await server.http('POST', `/admin/users/${agent.id}/erase`, { reason: 'left' }, owner)
    expect(await dump()).not.toContain('Wilhelmina')
    const { messages } = await visitor.ask('conversation:open', { conversation_id })
    expect(messages.map(({ content }) => content)).toContain('I can help.')
    expect(messages.map(({ content }) => content).join()).toContain('A colleague has joined')
  })

  test('no mail has its code in the subject', async () => {
    await server.http('POST', '/auth/send-code', { email: 'subject@mail.example' })
    const [mail] = await server.app.database.sql`
      select subject from outbox where recipient = 'subject@mail.example'`
    expect(mail!.subject).toBe('Your code')
  })
})

describe('A10: the address of a page', () => {
  const cases: [string, string][] = [
    [
      'https://shop.example/p/7?reset_token=abc&colour=red#access_token=xyz',
      'https://shop.example/p/7?colour=red',
    ],
    ['https://u:p@shop.example/a@b?x=1', 'https://shop.example/a@b?x=1'],
    ['//u@shop.example/', '//shop.example/'],
    ['/p?Access%5FToken=1&q=lamp', '/p?q=lamp'],
    ['/p?access%255Ftoken=1&q=lamp', '/p?q=lamp'],
    ['/x?X-Amz-Signature=1&X-Amz-Credential=2&X-Amz-Date=3', '/x?X-Amz-Date=3'],
    ['/x?accessToken=1&apiKey=2&APIKEY=3&code=4&auth=5&sig=6&jwt=7&pwd=8&page=2', '/x?page=2'],
    [
      '/a;jsessionid=12/b;v=1?PHPSESSID=1&keyword=k&author=me&design=2',
      '/a/b;v=1?keyword=k&author=me&design=2',
    ],
    ['/login?next=https%3A%2F%2Fx%2F%3Ftoken%3Dabc&a=1', '/login?a=1'],
    ['/v/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc/x', '/v/…/x'],
    ['/a?x=1?token=2&y=3', '/a?x=1&y=3'],
    ['/a?token=1', '/a'],
  ]
  test.each(cases)('%s', (address, stored) => {
    expect(cleanPageAddress(address)).toBe(stored)
    expect(cleanPageAddress(stored)).toBe(stored)
  })

  test('is cleaned wherever it comes in, and refuses nothing', async () => {
    const url = `https://u:p@shop.example/p?reset_token=abc&q=1${'x'.repeat(5000)}#access_token=xyz`
    const context = { product_id: 42, sku_id: '', url } as never
    const visitor = await server.connect({ auth: { context: { url, product_id: null, sku_id: {} } } })
    const opened = await visitor.ask('conversation:open', { new: true, key: 'n', context })
    expect(opened.conversation.context).toMatchObject({ product_id: '42' })
    expect(opened.conversation.context.url).toHaveLength(2048)
    const { id: conversation_id } = opened.conversation
    await visitor.ask('message:send', { conversation_id, key: 'm', content: 'Hello', context })
    await visitor.ask('message:send', {
      conversation_id,
      key: 'm2',
      content: 'Hello',
      context: 'none' as never,
    })
    await server.http('POST', '/chat', { message: 'Hello', context })
    await server.http('POST', '/conversations', { context })
    const all = await dump()
    expect(all).toContain('https://shop.example/p?q=1x')
    expect(all).not.toMatch(/reset_token|access_token|u:p@/)
  })
})

describe('A11: signs that nobody sees, or that turn the direction, in names', () => {
  const cases: [string, string][] = [
    ['invoice\u202Egnp.html', 'invoicegnp.html'],
    ['\u200BAn\u00ADna\uFEFF', 'Anna'],
    ['\u2066Anna\u2069 \u200FB', 'Anna B'],
    ['A\u2028B\tC\u0007', 'A B C'],
    ['e\u0301', '\u00E9'],
    ['\u3164\u115F', ''],
    ['a\u200Db', 'ab'],
    ['👩\u200D👩\u200D👧 👩🏽\u200D💻 ❤\uFE0F', '👩\u200D👩\u200D👧 👩🏽\u200D💻 ❤\uFE0F'],
    ['می\u200Cخواهم', 'می\u200Cخواهم'],
    ['क्\u200Dष', 'क्\u200Dष'],
  ]
  test.each(cases)('%j', (given, stored) => expect(plainName(given)).toBe(stored))

  test('never stand in a stored name', async () => {
    const sign = '\u202E'
    const visitor = await server.connect()
    const { conversation } = await visitor.ask('conversation:open', {})
    const { id: conversation_id } = conversation
    await visitor.ask('conversation:update', { conversation_id, title: `t${sign}itle` })
    const file = fileOf(`page${sign}gnp.html`, '<p>Text</p>')
    const { reply } = await server.http('POST', '/upload', file, visitor.token)
    expect(reply.success && reply.data.attachment.name).toBe('pagegnp.html')
    await server.http('POST', '/admin/docs', fileOf(`a${sign}b.md`, `# He${sign}ad\n\nText.`), owner)
    await server.http(
      'POST',
      '/admin/products',
      [{ id: 'p', name: `La${sign}mp`, category: `L${sign}` }],
      owner,
    )
    await server.http('POST', '/admin/teams', { name: `Sa${sign}les` }, owner)
    const person = { username: 'signs', email: 'signs@mail.example', role: 'agent', name: `A${sign}nn` }
    await server.http('POST', '/admin/users', person, owner)
    const { handoff } = await visitor.ask('handoff:request', { conversation_id, key: 'h' })
    const desk = await server.connect({ namespace: 'agent', token: (await hire(server, 'Tagger')).token })
    await desk.ask('handoff:accept', { handoff_id: handoff.id, key: 'a' })
    await desk.ask('handoff:complete', { handoff_id: handoff.id, key: 'c', tags: [`t${sign}ag`] })
    const { sql } = server.app.database
    const [names] = await sql`
      select (select string_agg(name, ' ') from people) || (select string_agg(name, ' ') from teams)
        || (select string_agg(name || title, ' ') from documents) || (select string_agg(name || category, ' ') from products)
        || (select string_agg(name, ' ') from uploads) || (select string_agg(title, ' ') from conversations)
        || (select string_agg(tags::text, ' ') from handoffs) as all`
    expect(names!.all).toMatch(/Ann.*Sales.*Lamp.*pagegnp\.html.*title.*tag/s)
    expect(names!.all).not.toContain(sign)
    const invisible = { ...person, username: 'ab\u3164', email: 'b@mail.example' }
    expect((await server.http('POST', '/admin/users', invisible, owner)).status).toBe(400)
  })
})
