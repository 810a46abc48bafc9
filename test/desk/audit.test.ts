import { beforeAll, expect, test } from 'vitest'
import { people, quick } from '../fixtures/handoff.ts'
import { startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let owner: string
let lead: TestClient
const { agent, visitor } = people(() => server)
beforeAll(async () => {
  server = await startServer({}, { handoff: quick })
  owner = await server.signIn()
  lead = (await agent('Lead', 'admin')).client
})

/** What the log has of a thing, oldest first: the action, what was before, what is after. */
async function loggedOf(subject: string) {
  const { reply } = await server.http('GET', '/admin/logs?page_size=100', undefined, owner)
  if (!reply.success) throw new Error(reply.error.message)
  return (reply.data as any).items
    .filter((row: any) => row.subject === subject)
    .map((row: any) => [row.action, row.before, row.after])
    .reverse()
}

test('A2: a team: what it was called and who was in it, before and after', async () => {
  const { id } = await agent('Member')
  const { team } = await lead.ask('team:save', { name: 'Returns' })
  await lead.ask('team:save', { team_id: team.id, members: [id] })
  await lead.ask('team:save', { team_id: team.id, name: 'Refunds' })
  await lead.ask('team:delete', { team_id: team.id })
  const states = [
    { id: team.id, name: 'Returns', members: [] },
    { id: team.id, name: 'Returns', members: [id] },
    { id: team.id, name: 'Refunds', members: [id] },
  ]
  expect(await loggedOf(team.id)).toEqual([
    ['team:save', null, states[0]],
    ['team:save', states[0], states[1]],
    ['team:save', states[1], states[2]],
    ['team:delete', states[2], null],
  ])
})

test('A2: a ready-made reply: its words too, which go to customers', async () => {
  const first = { shortcut: 'greet', language: null, content: 'Hello!' }
  const { reply } = await lead.ask('canned:save', first)
  await lead.ask('canned:save', { reply_id: reply.id, content: 'Good day!' })
  await lead.ask('canned:delete', { reply_id: reply.id })
  const second = { ...first, content: 'Good day!' }
  expect(await loggedOf(reply.id)).toEqual([
    ['canned:save', null, first],
    ['canned:save', first, second],
    ['canned:delete', second, null],
  ])
})

test('A2: a contact that was settled, and one that was opened again', async () => {
  const { client, id } = await visitor()
  await client.ask('handoff:contact', { conversation_id: id, email: 'ann@shop.example' })
  const { items } = await lead.ask('contact:list', { page: 1, page_size: 20 })
  const contact = items.find(({ conversation_id }) => conversation_id === id)!
  for (const done of [true, false]) await lead.ask('contact:settle', { contact_id: contact.id, done })
  expect(await loggedOf(contact.id)).toEqual([
    ['contact:settle', { done: false }, { done: true }],
    ['contact:settle', { done: true }, { done: false }],
  ])
})

test('A2: an account: that a name was changed, without the names', async () => {
  const { id } = await agent('Before')
  await server.http('PUT', `/admin/users/${id}`, { name: 'Afterwards' }, owner)
  const [row] = (await loggedOf(id)).filter(([action]: string[]) => action === 'people:update')
  expect(row).toMatchObject(['people:update', { role: 'agent' }, { role: 'agent', changed: ['name'] }])
  expect(JSON.stringify(row)).not.toMatch(/Before|Afterwards/)
})

test('A2: the secret of the site: until when the one before holds, never the secret', async () => {
  const secrets = []
  for (const _ of [1, 2]) {
    const { reply } = await server.http('POST', '/admin/identity-secret/rotate', {}, owner)
    if (!reply.success) throw new Error(reply.error.message)
    secrets.push(reply.data as { secret: string; previous_until: string })
  }
  const [one, two] = secrets as [(typeof secrets)[0], (typeof secrets)[0]]
  const rows = (await loggedOf('site_identity')).filter(
    ([action]: string[]) => action === 'identity:rotate_secret',
  )
  expect(rows).toEqual([
    ['identity:rotate_secret', { previous_until: null }, { previous_until: one.previous_until }],
    [
      'identity:rotate_secret',
      { previous_until: one.previous_until },
      { previous_until: two.previous_until },
    ],
  ])
  expect(JSON.stringify(rows)).not.toContain(two.secret)
})
