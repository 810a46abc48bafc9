import type { Language } from '#protocol'
import type { TestClient, TestServer } from './harness.ts'
import { hire } from './staff.ts'

export const key = () => crypto.randomUUID()

/** Short times, so that what takes seconds in use takes less in a test. */
export const quick = { leaseS: 3, heartbeatMs: 300, dutyMs: 100 }

/** What people on both sides do. */
export function people(server: () => TestServer) {
  const present: { id: string; client: TestClient }[] = []

  /** Somebody of the staff on the desk. */
  async function agent(name = 'Ann', role: 'agent' | 'admin' = 'agent') {
    const { id, token } = await hire(server(), name, role)
    const client = await server().connect({ namespace: 'agent', token })
    await client.until(
      'presence:changed',
      event => event.agent.id === id && event.agent.presence === 'online',
    )
    present.push({ id, client })
    return { id, token, client }
  }

  /** All but the one who watches. */
  async function everybodyLeaves(watching: TestClient): Promise<void> {
    const leaving = present.filter(({ client }) => client !== watching)
    for (const { client } of leaving) client.socket.disconnect()
    const ids = new Set(leaving.map(({ id }) => id))
    const isGone = async () => {
      const { agents } = await watching.ask('presence:list', {})
      return agents.every(({ id, presence }) => !ids.has(id) || presence === 'offline')
    }
    while (!(await isGone())) await new Promise(resolve => setImmediate(resolve))
  }

  /** A visitor in a new conversation. */
  async function visitor(language: Language = 'en') {
    const client = await server().connect()
    const { conversation } = await client.ask('conversation:open', { new: true, key: key(), language })
    return { client, id: conversation.id }
  }

  /** A visitor who waits. */
  async function waiting(language: Language = 'en') {
    const { client, id } = await visitor(language)
    const { handoff } = await client.ask('handoff:request', { conversation_id: id, key: key() })
    return { client, id, handoff }
  }

  /** A visitor whom the agent serves. */
  async function served(desk: TestClient) {
    const { client, id, handoff } = await waiting()
    await desk.ask('conversation:open', { conversation_id: id })
    const accepted = await desk.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    await client.until('handoff:changed', event => event.mode === 'human')
    return { client, id, handoff: accepted.handoff }
  }

  return { agent, visitor, waiting, served, everybodyLeaves }
}

/** A visitor waits in one conversation at a time: those of before are left. */
export async function leaveQueue(visitor: TestClient, staff: TestClient): Promise<void> {
  const { items } = await staff.ask('queue:list', { status: 'pending', page_size: 100 })
  for (const { conversation_id } of items) await visitor.call('handoff:cancel', { conversation_id })
}

export const say = (client: TestClient, conversation_id: string, content: string) =>
  client.ask('message:send', { conversation_id, key: key(), content })

/** Until the handoff of the client's conversation is so. */
export const becomes = (client: TestClient, status: string) =>
  client.until('handoff:changed', event => event.handoff.status === status)

/** What the visitor was told, newest last. */
export const told = (client: TestClient): string[] =>
  client.heard
    .filter(({ event, payload }) => event === 'message:created' && payload.message.role === 'system')
    .map(({ payload }) => payload.message.content)

/** Law O1, as one reader saw it: while a person owns the conversation the AI says nothing. */
export function wordsAfterTakeover(client: TestClient): string[] {
  let owner = 'ai'
  return client.heard.flatMap(({ event, payload }) => {
    if (event === 'handoff:changed') owner = payload.mode
    if (owner !== 'human') return []
    const isWord =
      event === 'reply:delta' || (event === 'message:created' && payload.message.role === 'assistant')
    return isWord ? [`${event} ${payload.seq ?? payload.offset}`] : []
  })
}
