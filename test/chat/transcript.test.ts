import { beforeAll, describe, expect, test } from 'vitest'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let admin: string
beforeAll(async () => {
  server = await startServer({}, { handoff: quick })
  admin = await server.signIn()
})

const { agent, served, visitor } = people(() => server)

const send = (client: TestClient, conversation_id: string, email: string) =>
  client.call('transcript:send', { conversation_id, email })

async function mailTo(address: string) {
  const { reply } = await server.http('GET', '/admin/mail', undefined, admin)
  const [mail] = reply.success ? reply.data.items.filter((item: any) => item.recipient === address) : []
  const { reply: whole } = await server.http('GET', `/admin/mail/${mail.id}`, undefined, admin)
  return whole.success && whole.data.mail
}

describe('a transcript', () => {
  test('has what the visitor saw: words, files, sources, changes; and nothing that only staff see', async () => {
    const ann = await agent('Ann')
    const { client, id, handoff } = await served(ann.client)
    await say(client, id, 'My parcel has not come')
    await say(ann.client, id, 'It left us on Monday.')
    await ann.client.ask('note:add', { conversation_id: id, key: key(), content: 'A secret note' })
    const form = new FormData()
    form.append('file', new Blob(['Text.']), 'receipt.txt')
    const { reply } = await server.http('POST', '/upload', form, client.token)
    const attachments = [reply.success && reply.data.upload_id]
    await client.ask('message:send', { conversation_id: id, key: key(), content: '', attachments })
    await ann.client.ask('handoff:complete', { handoff_id: handoff.id, key: key(), note: 'Another secret' })
    expect(code(await send(client, id, 'Visitor@mail.example'))).toBe('ok')
    const { subject, text } = await mailTo('Visitor@mail.example')
    expect(subject).toBe('Your conversation with us')
    expect(text).toMatch(/You, \d{4}-\d\d-\d\d \d\d:\d\d\nMy parcel has not come/)
    expect(text).toMatch(/Ann, [\d: -]+\nIt left us on Monday\./)
    expect(text).toMatch(/You, [\d: -]+\nreceipt\.txt/)
    expect(text).toMatch(/— .*Ann.* —/)
    expect(text).not.toContain('secret')
    // Erased with the conversation.
    await client.ask('conversation:delete', { conversation_id: id })
    expect(
      await server.app.database.sql`select 1 from outbox where recipient = 'Visitor@mail.example'`,
    ).toEqual([])
  })

  test('is in the language of the conversation, with the answer’s sources', async () => {
    const form = new FormData()
    form.append('file', new Blob(['# 退货\n\n收到商品后 30 天内可以退货。']), '退货.md')
    await server.http('POST', '/admin/docs', form, admin)
    const { client, id } = await visitor('zh')
    await expect
      .poll(async () => (await server.http('GET', '/admin/index/status', undefined, admin)).reply)
      .toMatchObject({ data: { status: 'idle' } })
    const { message } = await say(client, id, '几天内可以退货？')
    await client.until('message:updated', event => event.message.in_reply_to === message.id)
    expect(code(await send(client, id, 'zh@mail.example'))).toBe('ok')
    const { subject, text } = await mailTo('zh@mail.example')
    expect(subject).toBe('您与我们的对话记录')
    expect(text).toMatch(/智能助手, [\d: -]+\n.*30 天内可以退货.*\[1\].*\n {2}\[1\] 退货/)
  })

  test('laws S2, S6: of one’s own conversation, to an address, not without words, not again and again', async () => {
    const { client, id } = await visitor()
    const other = await server.connect()
    expect(code(await send(client, id, 'a@mail.example'))).toBe('CONFLICT')
    await say(client, id, 'Hello')
    expect(code(await send(other, id, 'a@mail.example'))).toBe('CONVERSATION_NOT_FOUND')
    expect(code(await send(client, crypto.randomUUID(), 'a@mail.example'))).toBe('CONVERSATION_NOT_FOUND')
    for (const bad of ['', 'nobody', 'a@b.example\r\nBcc: c@d.example', `${'a'.repeat(320)}@b.example`])
      expect(code(await send(client, id, bad))).toBe('VALIDATION_ERROR')
    const codes = []
    for (let count = 0; count < 4; count++) codes.push(code(await send(client, id, 'A@mail.example')))
    expect(codes).toEqual(['ok', 'ok', 'ok', 'RATE_LIMITED'])
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, index) => send(client, id, `b${index}@mail.example`)),
    )
    expect(all.map(code).sort()).toEqual([
      'RATE_LIMITED',
      'RATE_LIMITED',
      'RATE_LIMITED',
      'RATE_LIMITED',
      'ok',
      'ok',
    ])
  })
})
