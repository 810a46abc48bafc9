import { beforeAll, describe, expect, test } from 'vitest'
import { adminPassword, code, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let owner: string
beforeAll(async () => {
  server = await startServer({ adminEmail: 'owner@shop.example' })
  owner = await server.signIn()
})

const call = (method: string, path: string, body?: unknown, token = owner) =>
  server.http(method, path, body, token)
const password = 'a long enough password'

async function make(role: string, name: string) {
  const { reply } = await call('POST', '/admin/users', {
    username: name,
    email: `${name}@shop.example`,
    password,
    role,
  })
  if (!reply.success) throw new Error(reply.error.message)
  return reply.data.user
}

async function signIn(username: string) {
  const { reply } = await server.http('POST', '/auth/login', { username, password })
  return reply.success ? reply.data : null
}

describe('accounts', () => {
  test('are made with a password they can sign in with at once', async () => {
    const agent = await make('agent', 'Mei.Lin')
    expect(agent).toMatchObject({ role: 'agent', email: 'mei.lin@shop.example', is_active: true })
    expect(await signIn('mei.lin')).toMatchObject({ user: { id: agent.id, role: 'agent' } })
    await expect(
      server.connect({ namespace: 'agent', token: (await signIn('MEI.LIN@shop.example'))!.access_token }),
    ).resolves.toBeDefined()
  })

  test('have a name and an address of their own, in any case', async () => {
    await make('user', 'only-one')
    for (const duplicate of [
      { username: 'ONLY-ONE', email: 'other@shop.example' },
      { username: 'other-one', email: 'Only-One@Shop.example' },
    ]) {
      const { status, reply } = await call('POST', '/admin/users', { ...duplicate, password, role: 'user' })
      expect([status, code(reply)]).toEqual([409, 'USER_ALREADY_EXISTS'])
    }
  })

  const wrong: [string, object][] = [
    ['username', { username: 'a@b.example' }],
    ['username', { username: 'x' }],
    ['email', { email: 'nobody' }],
    ['password', { password: 'short' }],
    ['password', { password: 'aaaaaaaaaaaa' }],
    ['role', { role: 'visitor' }],
    ['role', { role: 'owner' }],
  ]
  test.each(wrong)('law S6: a wrong %s is named: %o', async (field, change) => {
    const fine = { username: 'fine', email: 'fine@shop.example', password, role: 'user' }
    const { reply } = await call('POST', '/admin/users', { ...fine, ...change })
    expect(reply).toMatchObject({ error: { code: 'VALIDATION_ERROR', details: [{ field }] } })
  })

  test('are found by search, role and state, page by page, and counted', async () => {
    const before = (await call('GET', '/admin/users/statistics')).reply
    for (const name of ['paged-1', 'paged-2', 'paged-3']) await make('agent', name)
    const off = await make('agent', 'paged_4')
    await call('PUT', `/admin/users/${off.id}/status`, { is_active: false, reason: 'left' })
    const search = async (query: string) => {
      const { reply } = await call('GET', `/admin/users?${query}`)
      return reply.success && reply.data
    }
    const page = await search('search=PAGED-&page_size=2')
    expect(page.items.map((user: any) => user.username)).toEqual(['paged-3', 'paged-2'])
    expect(page.pagination).toMatchObject({ total: 3, total_pages: 2, has_next: true })
    expect((await search('search=paged&is_active=false')).items).toMatchObject([
      { username: 'paged_4', disabled_reason: 'left' },
    ])
    expect((await search('search=paged&role=admin')).items).toEqual([])
    expect((await search('search=%25')).items).toEqual([])
    const after = (await call('GET', '/admin/users/statistics')).reply
    const agents = (reply: any) => reply.data.by_role.agent
    expect(agents(after).active - agents(before).active).toBe(3)
    expect(agents(after).disabled - agents(before).disabled).toBe(1)
  })
})

describe('law S2: nobody reaches above the own role', () => {
  test('an admin makes and changes admins, but no super_admin', async () => {
    await make('admin', 'deputy')
    const { access_token } = (await signIn('deputy'))!
    const as = (method: string, path: string, body: object) => call(method, path, body, access_token)
    const fresh = { username: 'climber', email: 'climber@shop.example', password }
    expect(code((await as('POST', '/admin/users', { ...fresh, role: 'super_admin' })).reply)).toBe(
      'FORBIDDEN',
    )
    const { reply } = await as('POST', '/admin/users', { ...fresh, role: 'admin' })
    const id = reply.success && reply.data.user.id
    expect(code((await as('PUT', `/admin/users/${id}`, { role: 'super_admin' })).reply)).toBe('FORBIDDEN')
    const above = await call('GET', '/admin/users?role=super_admin')
    const ownerId = above.reply.success && above.reply.data.items[0].id
    expect(code((await as('PUT', `/admin/users/${ownerId}`, { name: 'Mine' })).reply)).toBe('FORBIDDEN')
    expect(
      code((await as('PUT', `/admin/users/${ownerId}/status`, { is_active: false, reason: 'x' })).reply),
    ).toBe('FORBIDDEN')
  })

  test('the last super_admin is neither demoted nor disabled, also by two at once', async () => {
    const { reply } = await call('GET', '/auth/me')
    const ownerId = reply.success && reply.data.user.id
    expect(code((await call('PUT', `/admin/users/${ownerId}`, { role: 'admin' })).reply)).toBe('CONFLICT')
    const second = await make('super_admin', 'second')
    const disable = (id: string) =>
      call('PUT', `/admin/users/${id}/status`, { is_active: false, reason: 'raced' })
    const both = await Promise.all([disable(ownerId), disable(second.id)])
    expect(both.map(({ reply }) => code(reply)).sort()).toEqual(['CONFLICT', 'ok'])
    const survivor = both[0].reply.success ? 'second' : 'admin'
    const secret = survivor === 'admin' ? adminPassword : password
    const again = await server.http('POST', '/auth/login', { username: survivor, password: secret })
    owner = again.reply.success && again.reply.data.access_token
    for (const id of [ownerId, second.id]) await call('PUT', `/admin/users/${id}/status`, { is_active: true })
    owner = await server.signIn()
  })
})

describe('law S5: the audit log', () => {
  async function log(query: string) {
    const { reply } = await call('GET', `/admin/logs?${query}`)
    if (!reply.success) throw new Error(reply.error.message)
    return reply.data
  }

  test('says who did what to whom, what was before and after, with addresses masked', async () => {
    const user = await make('user', 'audited')
    await call('PUT', `/admin/users/${user.id}`, { role: 'agent', email: 'Changed@shop.example' })
    await call('PUT', `/admin/users/${user.id}/status`, { is_active: false, reason: 'on leave' })
    const { items } = await log(`person_id=${user.id}`)
    expect(items.map((row: any) => row.action)).toEqual([
      'people:set_status',
      'people:update',
      'people:create',
    ])
    expect(items[1]).toMatchObject({
      scope: 'people',
      actor_role: 'super_admin',
      address: expect.stringMatching(/127\.0\.0\.1/),
      request_id: expect.any(String),
      before: { role: 'user', email: 'a***@shop.example' },
      after: { role: 'agent', email: 'c***@shop.example' },
    })
    expect(items[0]).toMatchObject({
      after: { is_active: false, reason: 'on leave' },
      actor_name: 'Administrator',
      subject_name: 'audited',
    })
  })

  test('has a row for each write to the catalogue, the documents and the index', async () => {
    const rows = [{ id: 'p1', name: 'Lamp' }]
    await call('POST', '/admin/products', rows)
    await call('POST', '/admin/products', [...rows, { id: 'p2', name: 'Desk' }])
    await call('POST', '/admin/products/versions/1/restore', {})
    const form = new FormData()
    form.append('file', new Blob(['# Returns\n\nWithin 30 days.']), 'returns.md')
    const { reply } = await call('POST', '/admin/docs', form)
    const id = reply.success && reply.data.doc_id
    await call('DELETE', `/admin/docs/${id}`)
    await call('POST', '/admin/index/rebuild', {})
    const catalogue = await log('scope=catalogue')
    expect(catalogue.items.map((row: any) => [row.action, row.before, row.after])).toEqual([
      ['catalogue:restore', { version: 2, count: 2 }, { version: 1, count: 1 }],
      ['catalogue:import', { version: 1, count: 1 }, { version: 2, count: 2 }],
      ['catalogue:import', null, { version: 1, count: 1 }],
    ])
    const knowledge = await log(`scope=knowledge`)
    const me = (await call('GET', '/auth/me')).reply
    const own = knowledge.items.filter((row: any) => row.actor_id === (me.success && me.data.user.id))
    expect(own.map((row: any) => [row.action, row.subject])).toEqual([
      ['index:rebuild', null],
      ['document:delete', id],
      ['document:upload', id],
    ])
  })

  test('is paged, cut by time, and comes down as CSV that no spreadsheet runs', async () => {
    const { pagination, items } = await log('page_size=1')
    expect(pagination).toMatchObject({ total: expect.any(Number), has_next: true })
    const until = encodeURIComponent(items[0].at)
    expect((await log(`until=${until}&page_size=1`)).pagination.total).toBeLessThan(pagination.total)
    const odd = await make('user', 'formula')
    await call('PUT', `/admin/users/${odd.id}/status`, { is_active: false, reason: 'a "quoted", reason' })
    const response = await fetch(`${server.url}/api/v1/admin/logs.csv?person_id=${odd.id}`, {
      headers: { authorization: `Bearer ${owner}` },
    })
    expect(response.headers.get('content-disposition')).toContain('audit.csv')
    const lines = (await response.text()).trimEnd().split('\r\n')
    expect(lines[0]).toBe(
      'id,at,scope,action,actor_id,actor_role,address,request_id,subject,before,after,actor_name,subject_name',
    )
    expect(lines).toHaveLength(3)
    expect(lines[1]).toContain('a \\""quoted\\"", reason')
    expect((await log('scope=audit')).items[0]).toMatchObject({ after: { person_id: odd.id } })
  })

  test('cannot be edited, not even by the server’s own database user', async () => {
    const { sql } = server.app.database
    const [row] = await sql`select id from audit limit 1`
    await expect(sql`update audit set action = 'nothing' where id = ${row!.id}`).rejects.toThrow('edited')
    await expect(sql`delete from audit where id = ${row!.id}`).rejects.toThrow('edited')
    await expect(sql`truncate audit`).rejects.toThrow('edited')
  })
})
