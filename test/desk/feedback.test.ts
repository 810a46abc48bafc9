import { beforeAll, describe, expect, test } from 'vitest'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let owner: string
beforeAll(async () => {
  server = await startServer({}, { handoff: quick })
  owner = await server.signIn()
})
const { agent, served, visitor } = people(() => server)

async function list(token: string, query = '') {
  const { reply } = await server.http('GET', `/admin/handoff/feedback${query}`, undefined, token)
  if (!reply.success) throw new Error(reply.error.message)
  return (reply.data as any).items as Record<string, any>[]
}

/** A talk with a person that has ended, and is rated. */
async function ratedTalk(desk: Awaited<ReturnType<typeof agent>>, comment?: string) {
  const { client, id, handoff } = await served(desk.client)
  await desk.client.ask('handoff:complete', { handoff_id: handoff.id, key: key() })
  await client.ask('handoff:rate', { conversation_id: id, rating: 2, comment })
  return { client, id, handoff }
}

/** An answer of the AI that is called wrong. */
async function badAnswer(comment: string) {
  const { client, id } = await visitor()
  await say(client, id, 'What does it weigh?')
  const { message } = await client.until(
    'message:updated',
    event => event.message.role === 'assistant' && event.message.status === 'complete',
  )
  await client.ask('message:feedback', { message_id: message.id, rating: -1, comment })
  return { client, id, message }
}

describe('A13: what visitors say with their ratings', () => {
  test('A13: the desk gets it with the talk, live and when it is opened; the visitor does not', async () => {
    const ann = await agent('Ann')
    const { client, id, handoff } = await ratedTalk(ann, 'Too slow for me')
    const received = await ann.client.until('handoff:changed', event => event.handoff.rating === 2)
    expect(received.handoff.rating_comment).toBe('Too slow for me')
    const opened = await ann.client.ask('conversation:open', { conversation_id: id })
    expect(opened.handoff).toMatchObject({ id: handoff.id, rating: 2, rating_comment: 'Too slow for me' })
    expect(
      (await client.until('handoff:changed', event => event.handoff.rating === 2)).handoff.rating_comment,
    ).toBeNull()
    expect(
      JSON.stringify(await client.ask('conversation:open', { conversation_id: id, since_seq: 0 })),
    ).not.toContain('Too slow')
  })

  test('A13: the desk gets it with the answer; the visitor does not', async () => {
    const { client, id, message } = await badAnswer('That is the wrong lamp')
    const admin = await agent('Ada', 'admin')
    const { messages } = await admin.client.ask('conversation:open', { conversation_id: id })
    expect(messages.find(each => each.id === message.id)).toMatchObject({
      feedback: -1,
      feedback_comment: 'That is the wrong lamp',
    })
    expect(JSON.stringify(await client.ask('conversation:open', { conversation_id: id }))).not.toContain(
      'wrong lamp',
    )
  })

  test('A13: it is listed newest first, with whom it is about, for those who may open the conversation', async () => {
    const bea = await agent('Bea')
    const talk = await ratedTalk(bea, 'Friendly')
    const bare = await ratedTalk(bea)
    const answer = await badAnswer('No answer at all')
    const all = await list(owner)
    expect(all.slice(0, 3).map(({ conversation_id }) => conversation_id)).toEqual([
      answer.id,
      bare.id,
      talk.id,
    ])
    expect(all[2]).toMatchObject({
      kind: 'talk',
      rating: 2,
      comment: 'Friendly',
      agent: { id: bea.id, name: 'Bea' },
    })
    expect(all[0]).toMatchObject({ kind: 'answer', rating: -1, comment: 'No answer at all', agent: null })
    const commented = await list(owner, '?commented=true')
    expect(commented.map(({ comment }) => comment)).not.toContain(null)
    const seen = await list(bea.token)
    expect(seen.map(({ conversation_id }) => conversation_id)).toEqual(
      expect.not.arrayContaining([answer.id]),
    )
    expect(seen[0]).toMatchObject({ conversation_id: bare.id })
    expect((await server.http('GET', '/admin/handoff/feedback', undefined, talk.client.token)).status).toBe(
      403,
    )
  })

  test('A13: erasing takes it away', async () => {
    const cem = await agent('Cem')
    const { client, id } = await ratedTalk(cem, 'Erase me please')
    expect((await list(owner)).some(each => each.conversation_id === id)).toBe(true)
    await client.ask('conversation:delete', { conversation_id: id })
    expect(JSON.stringify(await list(owner))).not.toContain('Erase me please')
    const rows = await server.app.database.sql`
      select 1 from handoffs where rating_comment like '%Erase me%'
      union all select 1 from events where payload::text like '%Erase me%'`
    expect(rows).toHaveLength(0)
  })
})
