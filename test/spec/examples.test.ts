import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HttpBinding, type Operation, type OperationName, operations } from '#protocol'
import { exampleArchive, exampleIds, exampleSound } from '#protocol/core/example'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { createOpenAISynthesizer, createOpenAITranscriber } from '../../server/providers/speech/openai.ts'
import { toWav } from '../../server/providers/speech/pcm.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { type SpeechServer, startSpeechServer, tone } from '../fixtures/fakes/speech-server.ts'
import { leaveQueue } from '../fixtures/handoff.ts'
import { converse, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { askInVain } from '../fixtures/questions.ts'
import { hire } from '../fixtures/staff.ts'

type Fields = Record<string, unknown>

let host: ModelServer
let speechHost: SpeechServer
const streams: string[] = []
let server: TestServer
let visitor: TestClient
let lead: TestClient
beforeAll(async () => {
  host = await startModelServer()
  host.always({ pieces: ['Yes.'] })
  const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
  speechHost = await startSpeechServer()
  const speaking = { baseUrl: `${speechHost.url}/v1`, apiKey: 'test', model: 'test-model' }
  const speech = {
    transcriber: createOpenAITranscriber(speaking),
    synthesizer: createOpenAISynthesizer(speaking),
  }
  server = await startServer({ outgoingAllowed: [host.url] }, { models: { chat }, speech })
  visitor = await server.connect()
  lead = await server.connect({
    namespace: 'agent',
    token: (await hire(server, 'lead', 'super_admin')).token,
  })
  await http('catalogue:import', operations['catalogue:import'].example, lead.token)
}, 120_000)
afterAll(() => Promise.all([host.close(), speechHost.close()]))

/** Over the first route of an operation; the data of its reply, or that it is a download. */
async function http(name: OperationName, input: Fields, token?: string): Promise<any> {
  const [route] = operations[name].http as readonly [HttpBinding]
  const called = (field: string) =>
    Object.entries(route.aliases ?? {}).find(([, target]) => target === field)?.[0] ?? field
  const left = new Map(Object.entries(input))
  const path = route.path.replace(/\{(\w+)\}/g, (_all, field: string) => {
    const value = left.get(field)
    left.delete(field)
    return String(value)
  })
  const fields = [...left].map(([field, value]) => [called(field), value] as const)
  const hasBody = route.method === 'POST' || route.method === 'PUT'
  const isForm = left.has('file')
  const query = hasBody ? '' : `?${new URLSearchParams(fields as [string, string][])}`
  const response = await fetch(`${server.url}/api/v1${path}${query}`, {
    method: route.method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(!isForm && { 'content-type': 'application/json' }),
    },
    ...(hasBody && {
      body: isForm ? toForm(fields) : JSON.stringify(input.body ?? Object.fromEntries(fields)),
    }),
  })
  if (route.response) {
    const text = await response.text()
    expect(response.status, text).toBe(200)
    return text
  }
  const reply = (await response.json()) as any
  if (!reply.success) throw new Error(`${name}: ${JSON.stringify(reply.error)}`)
  return reply.data
}

function toForm(fields: (readonly [string, unknown])[]): FormData {
  const form = new FormData()
  for (const [field, value] of fields) {
    if (field !== 'file') form.append(field, String(value))
    else {
      const { name, mime, text } = value as { name: string; mime: string; text: string | Buffer<ArrayBuffer> }
      form.append('file', new File([text], name, { type: mime }))
    }
  }
  return form
}

const newKey = () => crypto.randomUUID()

async function openConversation(): Promise<string> {
  const { conversation } = await visitor.ask('conversation:open', { new: true, key: newKey() })
  return conversation.id
}

/** A conversation with something said in it, for a person. */
async function request(): Promise<{ conversation_id: string; handoff_id: string }> {
  const conversation_id = await openConversation()
  const { message } = await visitor.ask('message:send', { conversation_id, key: newKey(), content: 'Hello?' })
  await visitor.until('message:updated', event => event.message.in_reply_to === message.id)
  const { handoff } = await visitor.ask('handoff:request', { conversation_id, key: newKey() })
  return { conversation_id, handoff_id: handoff.id }
}

async function accepted() {
  const requested = await request()
  await lead.ask('handoff:accept', { handoff_id: requested.handoff_id, key: newKey() })
  return requested
}

/** A word of the lead's to somebody else, in a conversation that is theirs. */
async function answered() {
  const guest = await server.connect()
  const { conversation } = await guest.ask('conversation:open', { new: true, key: newKey() })
  const of = { conversation_id: conversation.id }
  await lead.ask('handoff:take', { ...of, key: newKey() })
  const { message } = await lead.ask('message:send', { ...of, key: newKey(), content: 'Hello.' })
  return { message_id: message.id }
}

async function resolved() {
  const requested = await accepted()
  await lead.ask('handoff:complete', { handoff_id: requested.handoff_id, key: newKey() })
  return requested
}

/** Somebody who registered; the token and the password go with it. */
async function account() {
  const username = `ada-${newKey().slice(0, 8)}`
  const email = `${username}@mail.example`
  const example = operations['auth:register'].example
  const { access_token, refresh_token } = await http('auth:register', { ...example, username, email })
  return { username, email, token: access_token as string, refresh_token }
}

async function textTo(email: string): Promise<string> {
  const { items } = await http('mail:list', { page_size: 100 }, lead.token)
  const { id } = items.find((mail: any) => mail.recipient === email)
  const { mail } = await http('mail:get', { id }, lead.token)
  return mail.text
}

/** An agent who has begun to set up a second factor. */
async function factor() {
  const username = `agent-${newKey().slice(0, 8)}`
  const password = operations['auth:remove_factor'].example.password
  const email = `${username}@shop.example`
  await http('people:create', { username, email, password, role: 'agent' }, lead.token)
  const { access_token: token } = await http('auth:login', { username, password })
  const { secret } = await http('auth:begin_factor', {}, token)
  const codeOf = (steps: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 })
  return { token, codeOf }
}

/** Real ids for those of the examples: of something that is there, whatever state the operation asks of it. */
const real: Record<keyof typeof exampleIds, () => Promise<string>> = {
  conversation_id: openConversation,
  message_id: async () => (await converse(visitor, 'Hello?')).answer.id,
  handoff_id: async () => (await request()).handoff_id,
  doc_id: async () =>
    (await http('document:upload', operations['document:upload'].example, lead.token)).doc_id,
  upload_id: async () =>
    (await http('upload:create', operations['upload:create'].example, visitor.token)).upload_id,
  reply_id: async () => (await lead.ask('canned:save', { shortcut: newKey(), content: 'Hello' })).reply.id,
  team_id: async () => (await lead.ask('team:save', { name: newKey() })).team.id,
  label_id: async () => (await lead.ask('label:save', { name: newKey() })).label.id,
  macro_id: async () => (await lead.ask('macro:save', { name: newKey() })).macro.id,
  contact_id: async () => {
    const input = { conversation_id: await openConversation(), email: 'ada@mail.example' }
    return (await visitor.ask('handoff:contact', input)).contact.id
  },
  mail_id: async () => {
    await visitor.ask('auth:send_code', { email: 'mail@mail.example' })
    return (await http('mail:list', {}, lead.token)).items[0].id
  },
  provider_id: async () => {
    const provider = {
      ...operations['provider:create'].example,
      scope: 'organization',
      api_base_url: `${host.url}/v1`,
    }
    return (await http('provider:create', provider, lead.token)).id
  },
  async memory_id() {
    await http('memory:configure', { enabled: true }, lead.token)
    const content = `I collect ${newKey().slice(0, 6)}`
    return (await http('memory:add', { key: newKey(), content }, lead.token)).memory.id
  },
  article_id: async () =>
    (await http('article:save', operations['article:save'].example, lead.token)).article.id,
  case_id: async () =>
    (await http('evaluation:save', { question: `Is ${newKey()} open?` }, lead.token)).case.id,
  run_id: async () => (await http('evaluation:start', {}, lead.token)).run.id,
  group_id: async () => (await askInVain(visitor, lead, 'Do you play the accordion?')).id,
  budget_id: async () =>
    (await http('budget:create', operations['budget:create'].example, lead.token)).budget.id,
  price_id: async () =>
    (await http('price:set', { ...operations['price:set'].example, model: newKey() }, lead.token)).price.id,
  async picture_id() {
    const { example } = operations['profile:set_picture']
    const { avatar_url } = await http('profile:set_picture', example, lead.token)
    return avatar_url.split('/').at(-1)
  },
  person_id: async () => (await hire(server, newKey(), 'agent')).id,
  async stream_id() {
    // So many one may speak at once, with that of `voice:start` itself.
    if (streams.length === 2) await visitor.ask('voice:cancel', { stream_id: streams.shift()! })
    const conversation_id = await openConversation()
    const { stream_id } = await visitor.ask('voice:start', { conversation_id, mime: 'audio/pcm' })
    streams.push(stream_id)
    return stream_id
  },
  async speech_id() {
    const { answer } = await converse(visitor, 'Hello?')
    return (await visitor.ask('speech:start', { message_id: answer.id })).speech_id
  },
  async audio_id() {
    const { audio_url } = await http('speech:create', operations['speech:create'].example, visitor.token)
    return audio_url.split('/').at(-1)
  },
}

/** A zip all of whose bytes are ASCII: an example's file is text. */
const archive =
  'PK\x03\x04\x14\x00\x00\x00\x00\x00!\x00!\x00\x09\x1ak{\x0f\x00\x00\x00\x0f\x00\x00\x00\x09\x00\x00\x00hours.txtOpen daily, 12.PK\x01\x02\x14\x00\x14\x00\x00\x00\x00\x00!\x00!\x00\x09\x1ak{\x0f\x00\x00\x00\x0f\x00\x00\x00\x09\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00hours.txtPK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x007\x00\x00\x006\x00\x00\x00\x00\x00'

const asLead = async () => ({ token: lead.token })

/** What an example cannot say: the state an operation asks for, codes and tokens, and who calls. */
const prepare: Partial<Record<OperationName, () => Promise<Fields & { token?: string }>>> = {
  'handoff:cancel': request,
  'handoff:rate': resolved,
  'handoff:complete': accepted,
  'handoff:release': accepted,
  'macro:run': accepted,
  'note:add': accepted,
  'conversation:snooze': accepted,
  'message:retract': answered,
  'message:edit': answered,
  'draft:suggest': async () => {
    const { conversation_id } = await accepted()
    await visitor.ask('message:send', { conversation_id, key: newKey(), content: 'Is anybody there?' })
    return { conversation_id }
  },
  'text:translate': accepted,
  'voice:chunk': async () => ({ audio: tone(100, 16_000) }),
  async 'voice:end'() {
    const stream_id = await real.stream_id()
    await visitor.ask('voice:chunk', { stream_id, index: 0, audio: tone(500, 16_000) })
    return { stream_id }
  },
  'voice:transcribe': async () => ({
    file: { ...exampleSound, text: toWav({ sampleRate: 16_000, bytes: tone(500, 16_000) }) },
  }),
  'transcript:send': async () => ({ conversation_id: (await converse(visitor, 'Hello?')).conversation.id }),
  'document:import': async () => ({ file: { ...exampleArchive, text: archive } as never }),
  'memory:list': asLead,
  'memory:get': asLead,
  async 'memory:add'() {
    await http('memory:configure', { enabled: true }, lead.token)
    return asLead()
  },
  'memory:update': asLead,
  'memory:delete': asLead,
  'memory:clear': asLead,
  'memory:settings': asLead,
  'memory:configure': asLead,
  'usage:statistics': asLead,
  'provider:create': asLead,
  'provider:list': asLead,
  'provider:available': asLead,
  'provider:get': asLead,
  'provider:update': asLead,
  'provider:delete': asLead,
  'provider:test': asLead,
  'provider:models': asLead,
  'provider:distribute': async () => ({ user_ids: [await real.person_id()] }),
  async 'provider:revoke'() {
    const ids = { provider_id: await real.provider_id(), user_id: await real.person_id() }
    await http('provider:distribute', { ...ids, user_ids: [ids.user_id] }, lead.token)
    return ids
  },
  'auth:login': account,
  'auth:renew': account,
  'auth:logout': account,
  'auth:me': account,
  'auth:change_password': account,
  'profile:get': account,
  'profile:update': account,
  'auth:verify': async () => {
    const email = `${newKey()}@mail.example`
    const guest = await server.connect()
    await guest.ask('auth:send_code', { email })
    return { email, code: /\b\d{6}\b/.exec(await textTo(email))![0], token: guest.token }
  },
  'auth:reset_password': async () => {
    const { email } = await account()
    await http('auth:forgot_password', { email })
    return { email, code: /^\s*([\w-]{6,64})\s*$/m.exec(await textTo(email))![1] }
  },
  'auth:confirm_factor': async () => {
    const { token, codeOf } = await factor()
    return { token, code: codeOf(0) }
  },
  'auth:remove_factor': async () => {
    const { token, codeOf } = await factor()
    await http('auth:confirm_factor', { code: codeOf(-1) }, token)
    return { token, code: codeOf(0) }
  },
  'people:remove_factor': async () => {
    const { token, codeOf } = await factor()
    await http('auth:confirm_factor', { code: codeOf(0) }, token)
    return { id: (await http('auth:me', {}, token)).user.id }
  },
  'privacy:consent': async () => {
    const consent = { required: true, text: { en: 'We keep what you write.', zh: '我们会保存您写的内容。' } }
    await http('privacy:set', { ...operations['privacy:set'].example, consent }, lead.token)
    const { ready } = await server.connect()
    return { version: ready.features.consent!.version }
  },
  'privacy:erase': async () => ({ token: (await server.connect()).token }),
}

/** Fields of the operation's own; the preparation may tell more than it takes. */
function fill(example: Fields, prepared: Fields): Fields {
  return Object.fromEntries(
    Object.entries(example).map(([field, value]) => [field, prepared[field] ?? value]),
  )
}

async function realIds(example: Fields): Promise<Fields> {
  const kinds = Object.entries(exampleIds) as [keyof typeof exampleIds, string][]
  const filled: Fields = {}
  for (const [field, value] of Object.entries(example)) {
    const kind = kinds.find(([, id]) => id === value)?.[0]
    if (kind) filled[field] = await real[kind]()
  }
  return filled
}

const all = Object.entries(operations) as [OperationName, Operation][]

describe('I1: the example of every operation', () => {
  test.each(all)('I1: %s is taken by a running server', async (name, operation) => {
    await leaveQueue(visitor, lead)
    const { token, ...prepared } = (await prepare[name]?.()) ?? {}
    const example = operation.example as Fields
    const input = fill(example, { ...(await realIds(example)), ...prepared })
    const isStaffs = ['agent', 'admin', 'super_admin'].includes(operation.role)
    const client = operation.namespaces.includes('visitor') && !isStaffs ? visitor : lead
    if (operation.namespaces.length > 0 && !token) await client.ask(name, input as never)
    else await http(name, input, token ?? (isStaffs ? lead.token : visitor.token))
  })
})
