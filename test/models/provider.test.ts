import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { converse, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

let first: ModelServer
let second: ModelServer
let server: TestServer
let admin: string
let ada: { id: string; token: string }
let bob: { id: string; token: string }
beforeAll(async () => {
  first = await startModelServer(['small', 'large'])
  second = await startModelServer(['small'])
  server = await startServer({ outgoingAllowed: [first.url, second.url, 'http://127.0.0.1:9'] })
  admin = await server.signIn()
  ada = await hire(server, 'Ada', 'user')
  bob = await hire(server, 'Bob', 'user')
})
afterAll(async () => {
  await first.close()
  await second.close()
})

async function call(method: string, path: string, body?: object, token = admin) {
  const { status, reply } = await server.http(method, path, body, token)
  return { status, data: reply.success ? reply.data : reply.error }
}

async function create(fields: object, token = admin) {
  const { status, data } = await call(
    'POST',
    '/providers',
    {
      name: 'First',
      provider_type: 'custom',
      api_base_url: `${first.url}/v1`,
      api_key: 'sk-secret-1234',
      config: { model: 'small' },
      ...fields,
    },
    token,
  )
  expect([status, data.message]).toEqual([200, undefined])
  return data
}

const remove = (id: string, token = admin) => call('DELETE', `/providers/${id}`, undefined, token)

/** What staff read of an answer: visitors are not shown who wrote it. */
async function usageOf(answer: { id: string; conversation_id: string }) {
  const lead = await server.connect({ namespace: 'agent', token: admin })
  const { messages } = await lead.ask('conversation:open', { conversation_id: answer.conversation_id })
  const { usage, degraded, content } = messages.find(({ id }) => id === answer.id)!
  return { provider_id: usage?.provider_id, model: usage?.model, degraded, content }
}

async function sendTo(client: TestClient, choice: object) {
  const { conversation } = await client.ask('conversation:open', { new: true, key: crypto.randomUUID() })
  return client.call('message:send', {
    conversation_id: conversation.id,
    key: crypto.randomUUID(),
    content: 'Hello?',
    ...choice,
  })
}

describe('providers', () => {
  test('are made, read, changed and removed; the key is never shown, and goes to no other host', async () => {
    const made = await create({ scope: 'organization' })
    expect(made).toMatchObject({
      name: 'First',
      provider_type: 'custom',
      scope: 'organization',
      has_key: true,
      is_active: true,
      priority: null,
      config: { model: 'small' },
    })
    const { data } = await call('GET', '/providers?scope=organization')
    expect(JSON.stringify(data)).not.toContain('sk-secret')
    const [row] = await server.app.database.sql`select api_key from providers where id = ${made.id}`
    expect(row!.api_key).not.toContain('sk-secret')
    const update = (fields: object) => call('PUT', `/providers/${made.id}`, fields)
    expect((await update({ name: 'Renamed' })).data).toMatchObject({ name: 'Renamed', has_key: true })
    expect((await update({ api_base_url: `${second.url}/v1` })).data.has_key).toBe(false)
    const logs = await call('GET', '/admin/logs?scope=provider')
    expect(JSON.stringify(logs.data)).not.toContain('sk-secret')
    expect(logs.data.items.map((entry: any) => entry.action)).toContain('provider:update')
    expect((await remove(made.id)).status).toBe(200)
    expect((await remove(made.id)).data.code).toBe('NOT_FOUND')
  })

  test.each([
    [{ provider_type: 'unknown' }, 'provider_type'],
    [{ name: '' }, 'name'],
    [{ api_base_url: 'ftp://models.example' }, 'api_base_url'],
    [{ api_base_url: 'https://name:word@models.example' }, 'api_base_url'],
    [{ api_base_url: 'http://169.254.169.254/v1' }, 'api_base_url'],
    [{ api_base_url: 'http://10.0.0.1/v1' }, 'api_base_url'],
    [{ provider_type: 'custom', api_base_url: undefined }, 'api_base_url'],
    [{ config: { temperature: 9 } }, 'config.temperature'],
    [{ api_key: 'two\nlines' }, 'api_key'],
    [{ scope: 'personal', priority: 1 }, 'priority'],
  ])('bad input names its field and changes nothing: %j', async (fields, field) => {
    const before = (await call('GET', '/providers')).data.pagination.total
    const input = { name: 'Bad', provider_type: 'custom', api_base_url: `${first.url}/v1`, ...fields }
    const { status, data } = await call('POST', '/providers', input)
    expect([status, data.code]).toEqual([400, 'VALIDATION_ERROR'])
    expect(data.details[0].field).toBe(field)
    expect((await call('GET', '/providers')).data.pagination.total).toBe(before)
  })

  test('whose they are: the own, the organization’s for administrators, what was given', async () => {
    const own = await create({ name: 'Ada’s' }, ada.token)
    const shared = await create({ name: 'Shared', scope: 'organization' })
    expect(
      (
        await call(
          'POST',
          '/providers',
          { name: 'X', provider_type: 'ollama', scope: 'organization' },
          ada.token,
        )
      ).data.code,
    ).toBe('FORBIDDEN')
    const names = async (path: string, token: string) =>
      (await call('GET', path, undefined, token)).data.items.map((item: any) => item.name)
    expect(await names('/providers', ada.token)).toEqual(['Ada’s'])
    expect(await names('/providers', bob.token)).toEqual([])
    expect(await names('/providers', admin)).toEqual(['Shared'])
    for (const token of [bob.token, admin])
      expect((await call('GET', `/providers/${own.id}`, undefined, token)).data.code).toBe('NOT_FOUND')

    const response = await call('POST', `/providers/${shared.id}/distribute`, { user_ids: [ada.id, ada.id] })
    expect(response.data).toMatchObject({ provider_id: shared.id, distributed_to: [ada.id] })
    expect(await names('/providers/available', ada.token)).toEqual(['Ada’s', 'Shared'])
    expect(await names('/providers/available', bob.token)).toEqual([])
    const { data } = await call('GET', `/providers/${shared.id}/distributions`)
    expect(data).toMatchObject([{ user_id: ada.id, user: { id: ada.id }, is_active: true }])
    const revoke = () => call('DELETE', `/providers/${shared.id}/distribute/${ada.id}`)
    expect((await revoke()).status).toBe(200)
    expect((await revoke()).data.code).toBe('NOT_FOUND')
    expect(await names('/providers/available', ada.token)).toEqual(['Ada’s'])
    expect(
      (await call('POST', `/providers/${shared.id}/distribute`, { user_ids: [crypto.randomUUID()] })).data
        .code,
    ).toBe('VALIDATION_ERROR')
    expect((await call('POST', `/providers/${own.id}/distribute`, { user_ids: [bob.id] })).data.code).toBe(
      'NOT_FOUND',
    )
    await remove(own.id, ada.token)
    await remove(shared.id)
  })

  test('go with whoever is erased, key and all; what they were given is taken back', async () => {
    const { id, token } = await hire(server, 'Leaving', 'user')
    const own = await create({ name: 'Leaving’s' }, token)
    const shared = await create({ name: 'Given', scope: 'organization' })
    await call('POST', `/providers/${shared.id}/distribute`, { user_ids: [id] })
    const exported = await fetch(`${server.url}/api/v1/privacy/export`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const archive = gunzipSync(Buffer.from(await exported.arrayBuffer())).toString()
    expect(archive).toContain(own.id)
    expect(archive).toContain(shared.id)
    expect(archive).not.toContain('sk-secret')
    expect((await call('POST', `/admin/users/${id}/erase`, { reason: 'Asked by mail' })).status).toBe(200)
    const { sql } = server.app.database
    expect(await sql`select 1 from providers where created_by = ${id}`).toHaveLength(0)
    expect((await call('GET', `/providers/${shared.id}/distributions`)).data).toEqual([])
    await remove(shared.id)
  })

  test('list the models they offer, and are tested with the fault in words', async () => {
    const { id } = await create({})
    expect((await call('GET', `/providers/${id}/models`)).data.models).toEqual([
      { id: 'small', name: 'small' },
      { id: 'large', name: 'large' },
    ])
    const probe = async () => (await call('POST', `/providers/${id}/test`)).data
    expect(await probe()).toMatchObject({ ok: true, fault: null, problem: null })
    const refusals = [
      [401, '{"error":{"message":"Incorrect API key sk-secret-1234"}}', 'key'],
      [404, '{"error":{"message":"The model small does not exist"}}', 'model'],
      [429, '{"error":{"code":"insufficient_quota","message":"You exceeded your quota"}}', 'quota'],
      [402, '{"error":{"message":"Insufficient Balance"}}', 'quota'],
      [429, '{"error":{"message":"Too many requests"}}', 'rate'],
      [400, '{"error":{"message":"maximum context length is 10 tokens"}}', 'context'],
      [400, '{"error":{"code":"content_filter","message":"content policy"}}', 'filter'],
      [500, 'oops', 'down'],
    ] as const
    for (const [status, body, fault] of refusals) {
      first.always({ status, body })
      const result = await probe()
      expect([status, result.ok, result.fault]).toEqual([status, false, fault])
      expect(result.problem).not.toContain('sk-secret-1234')
    }
    first.always({ pieces: ['OK'] })
    first.script({ raw: ['<html>Not a model</html>'] })
    expect(await probe()).toMatchObject({ ok: false, fault: 'garbage' })
    const gone = await create({ name: 'Gone', api_base_url: 'http://127.0.0.1:9/v1' })
    expect((await call('POST', `/providers/${gone.id}/test`)).data).toMatchObject({
      ok: false,
      fault: 'down',
    })
    expect((await call('GET', `/providers/${gone.id}/models`)).data).toMatchObject({
      code: 'PROVIDER_ERROR',
      details: { fault: 'down' },
    })
    await remove(gone.id)
    await remove(id)
  })
})

describe('who answers', () => {
  test('the shop’s in their order; the next where one fails before its first word; the built-in one at last', async () => {
    first.always({ pieces: ['From the first.'] })
    second.always({ pieces: ['From the second.'] })
    const ask = async () => usageOf((await converse(await server.connect(), 'Hello?')).answer)
    expect(await ask()).toMatchObject({ provider_id: 'builtin', degraded: false })
    const one = await create({ scope: 'organization', priority: 1 })
    const two = await create({
      scope: 'organization',
      priority: 2,
      name: 'Second',
      api_base_url: `${second.url}/v1`,
    })
    expect(await ask()).toMatchObject({ provider_id: one.id, model: 'small', content: 'From the first.' })
    first.always({ status: 500 })
    expect(await ask()).toMatchObject({ provider_id: two.id, content: 'From the second.', degraded: false })
    second.always({ status: 500 })
    expect(await ask()).toMatchObject({ provider_id: 'builtin', degraded: true })
    expect((await call('GET', `/providers/${one.id}`)).data.problem).toMatch(/500/)
    first.always({ pieces: ['From the first.'] })
    second.always({ pieces: ['From the second.'] })
    await call('PUT', `/providers/${one.id}`, { is_active: false })
    expect(await ask()).toMatchObject({ provider_id: two.id })
    await call('PUT', `/providers/${one.id}`, { is_active: true, priority: 3 })
    expect(await ask()).toMatchObject({ provider_id: two.id })
    await remove(one.id)
    await remove(two.id)
    expect(await ask()).toMatchObject({ provider_id: 'builtin' })
  })

  test('one that fails again and again is left alone for a while', async () => {
    first.always({ status: 503 })
    second.always({ pieces: ['From the second.'] })
    const one = await create({ scope: 'organization', priority: 1 })
    const two = await create({ scope: 'organization', priority: 2, api_base_url: `${second.url}/v1` })
    for (let count = 0; count < 3; count++) await converse(await server.connect(), 'Hello?')
    const requestCount = first.requests.length
    await converse(await server.connect(), 'Hello?')
    expect(first.requests.length).toBe(requestCount)
    first.always({ pieces: ['From the first.'] })
    // Changed by hand, it is tried again at once.
    await call('PUT', `/providers/${one.id}`, { name: 'Mended' })
    expect(await usageOf((await converse(await server.connect(), 'Hello?')).answer)).toMatchObject({
      provider_id: one.id,
    })
    await remove(one.id)
    await remove(two.id)
  })

  test('a person picks one of theirs and its model, for a message; others may not', async () => {
    first.always({ pieces: ['From the first.'] })
    const own = await create({ name: 'Ada’s', config: { model: 'small', models: ['large'] } }, ada.token)
    const client = await server.connect({ token: ada.token })
    const sent = await sendTo(client, { provider_id: own.id, model: 'large' })
    expect(sent.success).toBe(true)
    const { message } = await client.until('message:updated')
    expect(await usageOf(message)).toMatchObject({ provider_id: own.id, model: 'large' })
    expect(first.requests.at(-1)?.model).toBe('large')
    for (const token of [bob.token, undefined]) {
      const other = await server.connect(token ? { token } : {})
      expect(await sendTo(other, { provider_id: own.id })).toMatchObject({
        success: false,
        error: { code: 'PROVIDER_NOT_ACCESSIBLE' },
      })
    }
    await call('PUT', `/providers/${own.id}`, { is_active: false }, ada.token)
    expect(await sendTo(client, { provider_id: own.id })).toMatchObject({
      success: false,
      error: { code: 'PROVIDER_INACTIVE' },
    })
    await remove(own.id, ada.token)
    expect(await sendTo(client, { provider_id: own.id })).toMatchObject({
      success: false,
      error: { code: 'PROVIDER_NOT_ACCESSIBLE' },
    })
  })

  test('settings of a provider reach its host', async () => {
    const one = await create({
      scope: 'organization',
      priority: 1,
      config: { model: 'small', temperature: 0.2, max_tokens: 321 },
    })
    await converse(await server.connect(), 'Hello?')
    expect(first.requests.at(-1)).toMatchObject({ temperature: 0.2, max_tokens: 321 })
    await remove(one.id)
  })

  test('what a removed provider was asked keeps its name in the figures', async () => {
    const { data } = await call('GET', '/statistics/usage')
    expect(data.by_provider.map((entry: any) => entry.provider_name)).toContain('Second')
  })
})

describe('Anthropic’s wire format', () => {
  const event = (value: object) =>
    `event: ${(value as { type: string }).type}\ndata: ${JSON.stringify(value)}\n\n`
  const begun = (usage: object) =>
    event({ type: 'message_start', message: { role: 'assistant', content: [], usage } })
  const text = (words: string) =>
    event({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: words } })

  async function askWith(raw: string[]) {
    const one = await create({
      provider_type: 'anthropic',
      scope: 'organization',
      priority: 1,
      config: { model: 'small' },
    })
    first.script({ raw })
    const { answer } = await converse(await server.connect(), 'Hello?')
    const lead = await server.connect({ namespace: 'agent', token: admin })
    const { messages } = await lead.ask('conversation:open', { conversation_id: answer.conversation_id })
    await remove(one.id)
    return {
      answer: messages.find(({ id }) => id === answer.id)!,
      headers: first.headers.at(-1)!,
      body: first.requests.at(-1) as any,
    }
  }

  test('is spoken: key and version in their headers, instructions apart, thoughts kept out, tokens as it counts them', async () => {
    const { answer, headers, body } = await askWith([
      begun({
        input_tokens: 100,
        cache_read_input_tokens: 40,
        cache_creation_input_tokens: 10,
        output_tokens: 1,
      }),
      event({ type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } }),
      event({
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'thinking_delta', thinking: 'Secret thoughts.' },
      }),
      event({ type: 'ping' }),
      text('Hello '),
      text('there.'),
      event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 25 } }),
      event({ type: 'message_stop' }),
    ])
    expect(answer).toMatchObject({ status: 'complete', content: 'Hello there.', degraded: false })
    expect(answer.usage).toMatchObject({ prompt_tokens: 150, cached_tokens: 40, completion_tokens: 25 })
    expect(headers).toMatchObject({ 'x-api-key': 'sk-secret-1234', 'anthropic-version': '2023-06-01' })
    expect(body.system).toEqual(expect.any(String))
    expect(body.max_tokens).toBeGreaterThan(0)
    expect(body.messages.every(({ role }: any) => role === 'user' || role === 'assistant')).toBe(true)
  })

  test('an answer that reaches the limit is cut and says so; an error before the first word lets another answer', async () => {
    const cut = await askWith([
      begun({ input_tokens: 10, output_tokens: 1 }),
      text('Half of'),
      event({ type: 'message_delta', delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 2 } }),
      event({ type: 'message_stop' }),
    ])
    expect(cut.answer).toMatchObject({ status: 'failed', content: 'Half of' })
    const overloaded = await askWith([
      event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
    ])
    expect(overloaded.answer).toMatchObject({ status: 'complete', degraded: true })
  })
})
