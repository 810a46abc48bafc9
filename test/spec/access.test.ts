import { beforeAll, describe, expect, test } from 'vitest'
import {
  type HttpBinding,
  type Operation,
  type OperationName,
  operations,
  type Role,
  roleAtLeast,
} from '#protocol'
import { leaveQueue } from '../fixtures/handoff.ts'
import { converse, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { askInVain } from '../fixtures/questions.ts'
import { hire } from '../fixtures/staff.ts'
import { type Kind, matrix, type Row } from './access-matrix.ts'

const people = ['nobody', 'visitor', 'another visitor', 'user', 'agent', 'admin', 'super_admin'] as const
/** The agent who serves the first visitor, where somebody does. */
const holder = 'holder'
type Who = (typeof people)[number] | typeof holder

const everybody: readonly Who[] = [...people, holder]

const roles: Partial<Record<Who, Role>> = { nobody: 'anyone', 'another visitor': 'visitor', holder: 'agent' }
const roleOf = (who: Who): Role => roles[who] ?? (who as Role)

/** One way to call an operation: a socket of a namespace, or a route. */
type Way = 'visitor' | 'agent' | HttpBinding

let server: TestServer
let owner: TestClient
const tokens = new Map<Who, string | undefined>()
const sockets = new Map<string, TestClient>()
const owned: Partial<Record<Kind, string>> = {}

beforeAll(async () => {
  // Nobody listens there: a provider that is asked says so at once.
  server = await startServer({ outgoingAllowed: ['http://127.0.0.1:9'] })
  owner = await server.connect()
  const other = await server.connect()
  tokens.set('visitor', owner.token).set('another visitor', other.token).set('nobody', undefined)
  for (const role of ['user', 'agent', 'admin', 'super_admin'] as const)
    tokens.set(role, (await hire(server, role, role)).token)
  tokens.set(holder, (await hire(server, holder, 'agent')).token)
  for (const who of everybody.slice(1)) {
    sockets.set(`visitor ${who}`, await server.connect({ token: tokens.get(who) }))
    if (roleAtLeast(roleOf(who), 'agent'))
      sockets.set(`agent ${who}`, await server.connect({ namespace: 'agent', token: tokens.get(who) }))
  }
  const admin = tokens.get('super_admin')
  await server.http('POST', '/admin/products', [{ id: 'p1', name: 'Lamp' }], admin)
  await server.http('POST', '/auth/send-code', { email: 'known@mail.example' })
  const mail = await server.http('GET', '/admin/mail', undefined, admin)
  owned.mail = mail.reply.success && mail.reply.data.items[0].id
}, 60_000)

/** Something of that kind that belongs to the first visitor, or to the installation. */
async function subject(kind: Kind): Promise<string | undefined> {
  const key = crypto.randomUUID()
  if (kind === 'message') return (await converse(owner, 'Hello', key)).answer.id
  if (kind === 'conversation')
    return (await owner.ask('conversation:open', { new: true, key })).conversation.id
  if (kind === 'handoff') {
    const { conversation } = await owner.ask('conversation:open', { new: true, key })
    await leaveQueue(owner, sockets.get('agent admin')!)
    return (await owner.ask('handoff:request', { conversation_id: conversation.id, key })).handoff.id
  }
  if (kind === 'contact') {
    const { conversation } = await owner.ask('conversation:open', { new: true, key })
    const input = { conversation_id: conversation.id, email: 'left@mail.example' }
    return (await owner.ask('handoff:contact', input)).contact.id
  }
  if (kind === 'price') {
    const price = { model: key, currency: 'USD', input: 1, output: 2 }
    const { reply } = await server.http('POST', '/admin/prices', price, tokens.get('super_admin'))
    return reply.success ? reply.data.price.id : undefined
  }
  if (kind === 'provider') {
    const provider = {
      name: key,
      provider_type: 'custom',
      scope: 'organization',
      api_base_url: 'http://127.0.0.1:9/v1',
    }
    const { reply } = await server.http('POST', '/providers', provider, tokens.get('super_admin'))
    return reply.success ? reply.data.id : undefined
  }
  if (kind === 'memory') {
    const keeper = sockets.get('visitor user')!
    await keeper.ask('memory:configure', { enabled: true })
    return (await keeper.ask('memory:add', { key, content: `I collect ${key.slice(0, 6)}` })).memory.id
  }
  const lead = sockets.get('agent admin')!
  if (kind === 'budget') {
    const limit = { scope: 'overall', period: 'day', amount: 1_000_000_000 } as const
    return (await lead.ask('budget:create', limit)).budget.id
  }
  if (kind === 'team') return (await lead.ask('team:save', { name: key })).team.id
  if (kind === 'label') return (await lead.ask('label:save', { name: key })).label.id
  if (kind === 'macro') return (await lead.ask('macro:save', { name: key })).macro.id
  if (kind === 'canned') return (await lead.ask('canned:save', { shortcut: key, content: 'Hello' })).reply.id
  if (kind === 'document') {
    const form = new FormData()
    form.append('file', new Blob([`# ${key}\n\nText.`]), `${key}.md`)
    const { reply } = await server.http('POST', '/admin/docs', form, tokens.get('super_admin'))
    return reply.success ? reply.data.doc_id : undefined
  }
  if (kind === 'article') {
    const input = { questions: [`Do you sell ${key}?`], answer: 'No.', language: 'en' as const }
    return (await lead.ask('article:save', input)).article.id
  }
  if (kind === 'question') return (await askInVain(owner, lead, 'Do you play the accordion?')).id
  if (kind === 'case') return (await lead.ask('evaluation:save', { question: `Is ${key} open?` })).case.id
  if (kind === 'run') {
    await lead.ask('evaluation:save', { question: `Is ${key} open?` })
    return (await lead.ask('evaluation:start', {})).run.id
  }
  if (kind === 'upload') {
    const form = new FormData()
    form.append('file', new Blob(['Text.']), 'notes.txt')
    const { reply } = await server.http('POST', '/upload', form, owner.token)
    return reply.success ? reply.data.upload_id : undefined
  }
  if (kind === 'account') return (await hire(server, 'subject', 'user')).id
  return owned[kind]
}

async function besideOf({ beside = {} }: Row): Promise<Record<string, unknown>> {
  const found = Object.entries(beside).map(async ([field, kind]) => [field, await subject(kind)] as const)
  return Object.fromEntries(await Promise.all(found))
}

/** A talk of the first visitor with the holder, and what an id of each kind names in it. */
async function talk(): Promise<Partial<Record<Kind, string>> & { conversation: string }> {
  const key = crypto.randomUUID()
  const { conversation } = await owner.ask('conversation:open', { new: true, key })
  const of = { conversation_id: conversation.id, key }
  const { message } = await owner.ask('message:send', { ...of, key: `${key}-said`, content: 'Hello' })
  const answered = await owner.until('message:updated', event => event.message.in_reply_to === message.id)
  await leaveQueue(owner, sockets.get('agent admin')!)
  const { handoff } = await owner.ask('handoff:request', of)
  await sockets.get(`agent ${holder}`)!.ask('handoff:accept', { handoff_id: handoff.id, key })
  return { conversation: conversation.id, message: answered.message.id, handoff: handoff.id }
}

/** What a refused call must leave as it is. */
async function stateOf(id: string) {
  const [state] = await server.app.database.sql`
    select seq, epoch, mode, status, title, agent_id, (select count(*) from audit where subject = ${id}) as audits
    from conversations where id = ${id}`
  return state
}

interface Answer {
  code: string
  text: string
}

async function call(
  name: OperationName,
  who: Who,
  way: Way,
  input: Record<string, unknown>,
): Promise<Answer> {
  if (typeof way === 'string') {
    const reply = await sockets.get(`${way} ${who}`)!.call(name, input as never)
    return reply.success
      ? { code: 'ok', text: '' }
      : { code: reply.error.code, text: JSON.stringify([reply.error.message, reply.error.details]) }
  }
  const byField = Object.entries(way.aliases ?? {}).map(([alias, field]) => [field, alias] as const)
  const fields = { ...input }
  for (const [field, alias] of byField) {
    fields[alias] = fields[field]
    delete fields[field]
  }
  let path = way.path
  for (const [field, value] of Object.entries(fields))
    if (path.includes(`{${field}}`)) {
      path = path.replace(`{${field}}`, String(value))
      delete fields[field]
    }
  const hasBody = way.method === 'POST' || way.method === 'PUT'
  const query = hasBody ? '' : `?${new URLSearchParams(fields as Record<string, string>)}`
  // Logging out ends the session of the token: somebody of that role who has nothing else to do here.
  const role = roleOf(who)
  const token =
    name === 'auth:logout' && roleAtLeast(role, 'user')
      ? (await hire(server, 'leaving', role as 'user')).token
      : tokens.get(who)
  const response = await fetch(`${server.url}/api/v1${path}${query}`, {
    method: way.method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: hasBody ? JSON.stringify(fields) : undefined,
  })
  if (!response.headers.get('content-type')?.includes('application/json')) {
    await response.text()
    return { code: 'ok', text: '' }
  }
  const reply = (await response.json()) as any
  return reply.success
    ? { code: 'ok', text: '' }
    : { code: reply.error.code, text: JSON.stringify([reply.error.message, reply.error.details]) }
}

function waysOf(operation: Operation, who: Who): Way[] {
  const onSocket = (['visitor', 'agent'] as const).filter(
    namespace => operation.namespaces.includes(namespace) && sockets.has(`${namespace} ${who}`),
  )
  return [...onSocket, ...operation.http]
}

/** Whether somebody may reach what belongs to the first visitor, or to the installation. */
function reaches(who: Who, way: Way, kind: Kind, operation: Operation): boolean {
  if (kind === 'upload') return who === 'visitor'
  // Nobody's but theirs, whoever asks.
  if (kind === 'memory') return who === 'user'
  // The organization's are administrators'.
  if (kind === 'provider') return roleAtLeast(roleOf(who), 'admin')
  if (!['conversation', 'message', 'handoff'].includes(kind)) return true
  const onDesk =
    way === 'agent' ||
    (typeof way === 'object' && roleAtLeast(roleOf(who), 'agent') && operation.namespaces.includes('agent'))
  // A conversation the AI answers is nobody's on the desk but administrators'; one that waits is every agent's (O1b).
  if (onDesk) return kind === 'handoff' || roleAtLeast(roleOf(who), 'admin')
  return who === 'visitor'
}

const refusedByRole = (row: Row, who: Who) =>
  roleAtLeast(roleOf(who), row.least) ? null : who === 'nobody' ? 'UNAUTHORIZED' : 'FORBIDDEN'

const idFields = ({ input }: Operation) => {
  const { entries, pipe } = input as { entries?: object; pipe?: { entries?: object }[] }
  return Object.keys(entries ?? pipe?.[0]?.entries ?? {}).filter(field => /(^|_)ids?$/.test(field))
}

const all = Object.entries(operations) as [OperationName, Operation][]

describe('law S2: the access matrix', () => {
  test('has a row for every operation, with every id of its input', () => {
    expect(Object.keys(matrix).sort()).toEqual(all.map(([name]) => name).sort())
    for (const [name, operation] of all)
      expect(Object.keys(matrix[name].ids ?? {}).sort(), name).toEqual(idFields(operation).sort())
  })

  describe.each(people)('%s', who => {
    test.each(all)('%s', async (name, operation) => {
      const row = matrix[name]
      const refusal = refusedByRole(row, who)
      for (const way of waysOf(operation, who)) {
        const where = typeof way === 'string' ? `/${way}` : `${way.method} ${way.path}`
        const implied = typeof way === 'object' && way.fixed !== undefined
        const owns = implied ? [] : Object.entries(row.ids ?? {}).filter(([, kind]) => kind !== 'open')
        const fields = { key: crypto.randomUUID(), ...row.input, ...(await besideOf(row)) }
        if (owns.length === 0) {
          const { code } = await call(name, who, way, fields)
          if (refusal) expect(code, where).toBe(refusal)
          else if (name !== 'auth:renew') expect(code, where).not.toMatch(/UNAUTHORIZED|FORBIDDEN/)
          continue
        }
        for (const [field, kind] of owns) {
          const real = await call(name, who, way, { ...fields, [field]: await subject(kind) })
          const absent = await call(name, who, way, {
            ...fields,
            key: crypto.randomUUID(),
            [field]: crypto.randomUUID(),
          })
          if (refusal) expect([real.code, absent.code], where).toEqual([refusal, refusal])
          else if (reaches(who, way, kind, operation))
            expect(real.code, where).not.toMatch(/UNAUTHORIZED|FORBIDDEN|NOT_FOUND/)
          // What is refused by owner looks like what does not exist.
          else {
            expect(real, where).toEqual(absent)
            expect(real.code, where).toMatch(/NOT_FOUND/)
          }
        }
      }
    })
  })
})

describe('A1: on a namespace that is not its own an operation does not exist', () => {
  test.each(all)('%s', async (name, operation) => {
    const { ids = {}, input = {} } = matrix[name]
    for (const namespace of ['visitor', 'agent'] as const) {
      if (operation.namespaces.includes(namespace)) continue
      const fields = Object.fromEntries(Object.keys(ids).map(field => [field, crypto.randomUUID()]))
      for (const who of everybody) {
        if (!sockets.has(`${namespace} ${who}`)) continue
        const answer = await call(name, who, namespace, { key: 'k', ...input, ...fields })
        const unknown = await call('no:such' as OperationName, who, namespace, {})
        expect(answer, `/${namespace} ${who}`).toEqual(unknown)
        expect(answer.code).toBe('NOT_FOUND')
      }
    }
  })
})

describe('A2: operation x namespace x role x owner, in a talk that an agent has', () => {
  const owning: readonly string[] = ['conversation', 'message', 'handoff']
  const named = all.flatMap(([name, operation]) =>
    Object.entries(matrix[name].ids ?? {})
      .filter(([, kind]) => owning.includes(kind))
      .map(([field, kind]) => [name, operation, field, kind] as const),
  )

  test('what names something of a conversation says by what it is reached', () => {
    for (const [name, { access }] of named)
      expect(access, name).toMatch(name === 'queue:list' ? /role/ : /read|own|manage|take/)
  })

  test.each(named)('%s', async (name, operation, field, kind) => {
    let subjects = await talk()
    for (const who of everybody) {
      if (refusedByRole(matrix[name], who)) continue
      for (const way of waysOf(operation, who)) {
        if (typeof way === 'object' && way.fixed) continue
        const where = `${who} ${typeof way === 'string' ? `/${way}` : `${way.method} ${way.path}`}`
        const before = await stateOf(subjects.conversation)
        const beside = await besideOf(matrix[name])
        const fields = { key: crypto.randomUUID(), ...matrix[name].input, ...beside }
        const real = await call(name, who, way, { ...fields, [field]: subjects[kind] })
        const verdict = verdictOn(operation, who, way)
        if (verdict === 'reached') {
          expect(real.code, where).not.toMatch(/UNAUTHORIZED|FORBIDDEN|NOT_FOUND/)
          // Nor does a refusal for another reason show the visitor what is for staff.
          expect(real.text, where).not.toMatch(
            who === 'visitor' ? /"summary":"|"capacity":[1-9]/ : /"owner"|is with /,
          )
          subjects = await talk()
          continue
        }
        expect(real.code, where).toMatch(verdict)
        expect(await stateOf(subjects.conversation), where).toEqual(before)
      }
    }
  })

  function verdictOn({ access, namespaces }: Operation, who: Who, way: Way): 'reached' | RegExp {
    const isStaff = roleAtLeast(roleOf(who), 'agent')
    const onDesk = way === 'agent' || (typeof way === 'object' && isStaff && namespaces.includes('agent'))
    if (!onDesk) return who === 'visitor' ? 'reached' : /NOT_FOUND/
    if (who === holder || access === 'read') return 'reached'
    return access === 'manage' && roleOf(who) !== 'agent' ? 'reached' : /CONFLICT/
  }
})

test('A2: what staff do to a talk stands in the audit log without its words, and the visitor is told', async () => {
  const { conversation } = await talk()
  const desk = sockets.get(`agent ${holder}`)!
  const update = { conversation_id: conversation, title: 'Words of somebody', status: 'closed' } as const
  await desk.ask('conversation:update', update)
  const event = await owner.until(
    'message:created',
    ({ conversation_id, message }) =>
      conversation_id === conversation && /has closed this conversation/.test(message.content),
  )
  expect(event.message.role).toBe('system')
  await desk.ask('conversation:delete', { conversation_id: conversation }).catch(() => {})
  await sockets.get('agent admin')!.ask('conversation:delete', { conversation_id: conversation })
  await owner.until('conversation:deleted', event => event.conversation_id === conversation)
  const rows = await server.app.database.sql`
    select action, actor_role, before, after from audit where subject = ${conversation} order by id`
  expect(rows).toMatchObject([
    { action: 'conversation:update', actor_role: 'agent', after: { changed: ['title', 'status'] } },
    { action: 'conversation:delete', actor_role: 'admin', before: { status: 'closed' } },
  ])
  expect(JSON.stringify(rows)).not.toContain('Words of somebody')
})

test('A2: who only looks on is shown to the visitor neither as typing nor as having read', async () => {
  const { conversation: conversation_id } = await talk()
  const looking = sockets.get('agent agent')!
  const { seq } = await looking.ask('conversation:open', { conversation_id })
  expect(await looking.call('typing:set', { conversation_id, typing: true })).toMatchObject({
    error: { code: 'CONFLICT' },
  })
  await looking.ask('message:read', { conversation_id, seq })
  const desk = sockets.get(`agent ${holder}`)!
  await desk.ask('typing:set', { conversation_id, typing: true })
  await desk.ask('message:read', { conversation_id, seq })
  const seen = await owner.until('message:seen', event => event.conversation_id === conversation_id)
  const { read } = await owner.ask('conversation:open', { conversation_id })
  expect(Object.keys(read)).toEqual([seen.by])
  const typists = owner.received.filter(
    ({ event, payload }) => event === 'typing:changed' && payload.conversation_id === conversation_id,
  )
  expect(typists.map(({ payload }) => payload.author.name)).toEqual([holder])
})

describe('routes outside the operations', () => {
  const open = [
    '/healthz',
    '/readyz',
    '/metrics',
    '/openapi.json',
    '/asyncapi.json',
    '/docs',
    '/',
    '/console',
    '/widget.js',
  ]
  test.each(open)('%s is for anybody, and says nothing of anybody', async path => {
    const response = await fetch(server.url + path)
    expect(response.status).toBe(200)
    const text = await response.text()
    for (const secret of ['known@mail.example', tokens.get('super_admin')!, owner.token])
      expect(text).not.toContain(secret)
  })
})
