import { beforeAll, expect, test } from 'vitest'
import { startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

let server: TestServer
let lead: TestClient
let colleague: TestClient
beforeAll(async () => {
  server = await startServer()
  lead = await server.connect({ namespace: 'agent', token: await server.signIn() })
  colleague = await server.connect({ namespace: 'agent', token: (await hire(server, 'Ida')).token })
})

async function waiting(visitor: TestClient, title?: string): Promise<string> {
  const { conversation } = await visitor.ask('conversation:open', {})
  const { id: conversation_id } = conversation
  if (title) await visitor.ask('conversation:update', { conversation_id, title })
  await visitor.ask('handoff:request', { conversation_id, key: 'h' })
  return conversation_id
}

/** The same conversation in every list of the desk, and opened. */
async function shown(desk: TestClient, conversation_id: string) {
  const queue = await desk.ask('queue:list', { page_size: 100 })
  const list = await desk.ask('conversation:list', { page_size: 100 })
  const opened = await desk.ask('conversation:open', { conversation_id })
  return [
    queue.items.find(item => item.conversation_id === conversation_id)!.conversation,
    list.items.find(({ id }) => id === conversation_id)!,
    opened.conversation,
  ]
}

test('A6: a title is a title: who asks is nobody until they sign in', async () => {
  const visitor = await server.connect()
  const id = await waiting(visitor, 'The manager')
  for (const { title, visitor } of await shown(lead, id)) {
    expect(title).toBe('The manager')
    expect(visitor).toMatchObject({ name: null, signed_in: false })
  }
  const { items } = await visitor.ask('conversation:list', {})
  expect(items[0]).not.toHaveProperty('visitor')
})

test('A6: a customer carries their name in every list, and is found by it', async () => {
  const mei = await hire(server, 'Mei Lin', 'user')
  const id = await waiting(await server.connect({ token: mei.token }), 'An order')
  for (const { visitor } of [...(await shown(lead, id)), ...(await shown(colleague, id))])
    expect(visitor).toEqual({ id: mei.id, name: 'Mei Lin', signed_in: true })
  const found = await lead.ask('conversation:list', { search: 'mei li' })
  expect(found.items.map(item => item.id)).toEqual([id])
})

test('A6: else it is the address they left, masked in lists for who does not serve them', async () => {
  const visitor = await server.connect()
  const conversation_id = await waiting(visitor)
  await visitor.ask('handoff:contact', { conversation_id, email: 'left@mail.example' })
  const names = (await shown(lead, conversation_id)).map(({ visitor }) => visitor!.name)
  expect(names).toEqual(Array(3).fill('left@mail.example'))
  const [queued, listed] = await shown(colleague, conversation_id)
  expect([queued!.visitor!.name, listed!.visitor!.name]).toEqual(['[email]', '[email]'])
})
