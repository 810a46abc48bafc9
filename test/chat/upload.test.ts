import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { uploadMaxBytes, uploadTypes } from '#protocol/chat/upload'
import { key, people, quick } from '../fixtures/handoff.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({}, { handoff: quick })
})

const { agent } = people(() => server)

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
const rule = 'The pump is serviced every 90 days. Use only grade seven oil for the pump.'

function send(token: string | undefined, content: BlobPart, name: string, mime = '') {
  const form = new FormData()
  form.append('file', new Blob([content], { type: mime }), name)
  return server.http('POST', '/upload', form, token)
}

async function upload(client: TestClient, content: BlobPart = rule, name = 'pump.txt'): Promise<string> {
  const { reply } = await send(client.token, content, name)
  if (!reply.success) throw new Error(reply.error.message)
  return reply.data.upload_id
}

async function open(client: TestClient): Promise<string> {
  return (await client.ask('conversation:open', { new: true, key: key() })).conversation.id
}

const fetchFile = (id: string, token?: string) =>
  fetch(`${server.url}/api/v1/uploads/${id}`, { headers: token ? { authorization: `Bearer ${token}` } : {} })

const stored = async (id: string) =>
  (await server.app.database.sql`select 1 from uploads where id = ${id}`).length

describe('a file', () => {
  test('is told of at connecting, read, attached once, and given back as it was', async () => {
    const client = await server.connect()
    expect(client.ready.features.upload).toEqual({
      max_bytes: uploadMaxBytes,
      max_files: 5,
      types: [...uploadTypes],
    })
    const { status, reply } = await send(client.token, '# Pump\n\nServiced every *ninety* days.', 'pump.md')
    expect([status, reply.success && reply.data]).toMatchObject([
      200,
      { extracted_content: expect.stringContaining('Serviced every ninety days.') },
    ])
    const id = reply.success && reply.data.upload_id
    const attached = { id, name: 'pump.md', mime: 'text/markdown', bytes: 37, extracted: true }
    const conversation_id = await open(client)
    const input = { conversation_id, key: key(), content: '', attachments: [id] }
    const { message } = await client.ask('message:send', input)
    expect(message).toMatchObject({ content: '', attachments: [attached] })
    // Law D2: a repeat has the first result, something else under the key has none.
    expect((await client.ask('message:send', input)).message.id).toBe(message.id)
    expect(code(await client.call('message:send', { ...input, attachments: [] }))).toBe('VALIDATION_ERROR')
    expect(code(await client.call('message:send', { ...input, content: 'x', attachments: [] }))).toBe(
      'CONFLICT',
    )
    expect(code(await client.call('message:send', { ...input, key: key() }))).toBe('CONFLICT')
    const { events } = await client.ask('conversation:open', { conversation_id, since_seq: 0 })
    expect(events[0]!.payload).toMatchObject({ message: { attachments: [attached] } })
    const file = await fetchFile(id, client.token)
    expect(await file.text()).toBe('# Pump\n\nServiced every *ninety* days.')
    expect(file.headers.get('content-disposition')).toContain('attachment;')
    expect(file.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(file.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('attached to two messages at the same moment is in one of them', async () => {
    const client = await server.connect()
    const id = await upload(client)
    const [one, two] = [await open(client), await open(client)]
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        client.call('message:send', {
          conversation_id: index % 2 ? one : two,
          key: key(),
          content: 'Look',
          attachments: [id],
        }),
      ),
    )
    expect(replies.map(code).sort()).toEqual([...Array(7).fill('CONFLICT'), 'ok'])
  })

  const kinds: [string, BlobPart, string, string, number][] = [
    ['a picture, whatever it is called', png, 'notes.txt', 'image/png', 200],
    ['a table', 'name,price\nPump,20', 'prices.csv', 'text/csv', 200],
    ['JSON', '{"pump":20}', 'pump.json', 'application/json', 200],
    ['a page', '<p>Pump</p><script>alert(1)</script>', 'pump.html', 'text/html', 200],
    ['text that calls itself a picture', 'not a picture', 'a.png', '', 415],
    ['a program', Uint8Array.from([0x4d, 0x5a, 0, 0, 1]), 'setup.exe', '', 415],
    ['a vector picture, which can run', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'a.svg', '', 415],
    ['binary in the name of text', Uint8Array.from([1, 0, 2, 0, 3]), 'a.txt', '', 422],
    ['nothing', '', 'empty.txt', '', 422],
    ['a page without a word', '<script>alert(1)</script>', 'a.html', '', 422],
    ['too much', new Uint8Array(uploadMaxBytes + 1).fill(65), 'big.txt', '', 413],
  ]
  test.each(kinds)('law S6: %s', async (_what, content, name, mime, expected) => {
    const client = await server.connect()
    const { status, reply } = await send(client.token, content, name)
    expect(status).toBe(expected)
    if (reply.success) expect(reply.data.attachment.mime).toBe(mime)
  })

  test('law S6: a name is only a name', async () => {
    const client = await server.connect()
    for (const [input, stored] of [
      ['../../etc/passwd.txt', 'passwd.txt'],
      ['C:\\temp\\说明"；.txt', '说明"；.txt'],
    ] as const) {
      const { reply } = await send(client.token, 'Text.', input)
      expect(reply).toMatchObject({ success: true, data: { attachment: { name: stored } } })
      const file = await fetchFile(reply.success && reply.data.upload_id, client.token)
      const header = file.headers.get('content-disposition')!
      expect(decodeURIComponent(header.split("UTF-8''")[1]!)).toBe(stored)
      expect(header.match(/"/g)).toHaveLength(2)
    }
  })

  test('law S6: no file, no name of a field, no form', async () => {
    const { token } = await server.connect()
    const form = new FormData()
    form.append('file', 'a string')
    for (const body of [form, {}, [1]])
      expect((await server.http('POST', '/upload', body, token)).reply).toMatchObject({
        error: { code: 'VALIDATION_ERROR' },
      })
    expect((await send(undefined, 'Text.', 'a.txt')).status).toBe(401)
  })

  test('more than may lie here without a message is refused, with the time to come back', async () => {
    const client = await server.connect()
    const large = new Uint8Array(uploadMaxBytes).fill(65)
    const codes: string[] = []
    for (let count = 0; count < 11; count++)
      codes.push(code((await send(client.token, large, 'a.txt')).reply))
    expect(codes.filter(each => each === 'ok').length).toBe(9)
    expect(codes.at(-1)).toBe('RATE_LIMITED')
  }, 60_000)
})

describe('law S2: whose it is', () => {
  test('another cannot attach or read it, and cannot tell that it is there', async () => {
    const [owner, other] = [await server.connect(), await server.connect()]
    const id = await upload(owner)
    const absent = crypto.randomUUID()
    const conversation_id = await open(other)
    const attach = async (upload: string) => {
      const reply = await other.call('message:send', {
        conversation_id,
        key: key(),
        content: 'x',
        attachments: [upload],
      })
      return reply.success ? reply : reply.error
    }
    expect(await attach(id)).toEqual(await attach(absent))
    const read = async (upload: string, token?: string) => {
      const response = await fetchFile(upload, token)
      const { error } = (await response.json()) as any
      return [response.status, error]
    }
    expect(await read(id, other.token)).toEqual(await read(absent, other.token))
    expect((await read(id))[0]).toBe(401)
    const { events } = await other.ask('conversation:open', { conversation_id, since_seq: 0 })
    expect(events).toEqual([])
  })

  test('law O1b: an agent reads it once its conversation is the desk’s, and attaches files of the own', async () => {
    const ann = await agent()
    const visitor = await server.connect()
    const conversation_id = await open(visitor)
    const id = await upload(visitor)
    await visitor.ask('message:send', { conversation_id, key: key(), content: 'See', attachments: [id] })
    expect((await fetchFile(id, ann.token)).status).toBe(404)
    const { handoff } = await visitor.ask('handoff:request', { conversation_id, key: key() })
    expect((await fetchFile(id, ann.token)).status).toBe(200)
    await ann.client.ask('conversation:open', { conversation_id })
    await ann.client.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    const { reply } = await send(ann.token, png, 'offer.png')
    const upload_id = reply.success && reply.data.upload_id
    await ann.client.ask('message:send', {
      conversation_id,
      key: key(),
      content: '',
      attachments: [upload_id],
    })
    const { message } = await visitor.until('message:created', event => event.message.role === 'agent')
    expect(message.attachments).toMatchObject([{ id: upload_id, mime: 'image/png', extracted: false }])
    expect((await fetchFile(upload_id, visitor.token)).status).toBe(200)
  })
})

describe('what is in it', () => {
  test('law A1: answers the question it came with, and later ones, with its name as the reference', async () => {
    const client = await server.connect()
    const conversation_id = await open(client)
    const attachments = [await upload(client)]
    const ask = async (content: string, extra: object = {}) => {
      const { message } = await client.ask('message:send', { conversation_id, key: key(), content, ...extra })
      return (await client.until('message:updated', event => event.message.in_reply_to === message.id))
        .message
    }
    for (const answer of [
      await ask('Which oil does the pump use?', { attachments }),
      await ask('What oil for the pump?'),
    ]) {
      expect(answer.references).toMatchObject([
        { number: 1, source: 'upload', source_id: attachments[0], title: 'pump.txt', url: null },
      ])
      expect(rule).toContain(answer.references[0]!.quote)
    }
  })

  test('is nobody else’s evidence', async () => {
    const [owner, other] = [await server.connect(), await server.connect()]
    const conversation_id = await open(owner)
    const attachments = [await upload(owner, 'The secret of the zeppelin is helium.', 'zeppelin.txt')]
    await owner.ask('message:send', { conversation_id, key: key(), content: 'Look', attachments })
    const theirs = await open(other)
    const { message } = await other.ask('message:send', {
      conversation_id: theirs,
      key: key(),
      content: 'What is the secret of the zeppelin?',
    })
    const { message: answer } = await other.until(
      'message:updated',
      event => event.message.in_reply_to === message.id,
    )
    expect(answer.references).toEqual([])
    expect(answer.content).not.toContain('helium')
  })
})

describe('how long it is kept', () => {
  test('with its conversation, with its person, and a day where nobody attached it', async () => {
    const client = await server.connect()
    const conversation_id = await open(client)
    const [attached, lying, old] = [await upload(client), await upload(client), await upload(client)]
    await client.ask('message:send', { conversation_id, key: key(), content: 'x', attachments: [attached] })
    await server.app.database
      .sql`update uploads set created_at = now() - interval '25 hours' where id in (${old}, ${attached})`
    await server.app.retain()
    expect([await stored(attached), await stored(lying), await stored(old)]).toEqual([1, 1, 0])
    const archive = await fetch(`${server.url}/api/v1/privacy/export`, {
      headers: { authorization: `Bearer ${client.token}` },
    })
    const tar = gunzipSync(Buffer.from(await archive.arrayBuffer())).toString()
    for (const id of [attached, lying]) expect(tar).toContain(id)
    expect(tar).toContain(Buffer.from(rule).toString('base64').slice(0, 60))
    await client.ask('conversation:delete', { conversation_id })
    expect([await stored(attached), await stored(lying)]).toEqual([0, 1])
    await server.http('POST', '/privacy/erase', { confirm: 'erase everything' }, client.token)
    expect(await stored(lying)).toBe(0)
  })
})
