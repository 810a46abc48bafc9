import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog } from '../../server/observability/log.ts'
import { startServer, type TestClient } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

/** Words that stand nowhere else, in a form that no compression of PostgreSQL's hides. */
const marker = 'Xq7canaryZv9'

test('A9: what was erased is in no file of the embedded database once its space is overwritten', async () => {
  let scrubbed = () => {}
  const done = () => new Promise<void>(resolve => (scrubbed = resolve))
  const lines = new Writable({
    write(line, _encoding, next) {
      if (String(line).includes('is overwritten')) scrubbed()
      next()
    },
  })
  const scrub = { firstMs: 3_600_000, afterMs: 0, pauseMs: 0 }
  const server = await startServer({ databaseUrl: null }, { log: createLog('info', lines), scrub })
  const { sql } = server.app.database
  const owner = await server.signIn()
  const agent = await hire(server, 'Ida')
  const desk = await server.connect({ namespace: 'agent', token: agent.token })

  async function holdingFiles(): Promise<string[]> {
    const names = await readdir(server.config.dataDir, { recursive: true, withFileTypes: true })
    const files = names.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
    const matches = await Promise.all(files.map(async file => (await readFile(file)).includes(marker)))
    return files.filter((_file, index) => matches[index])
  }

  async function say(visitor: TestClient, conversation_id: string, content: string): Promise<void> {
    const { message } = await visitor.ask('message:send', {
      conversation_id,
      key: crypto.randomUUID(),
      content,
    })
    await visitor.until('message:updated', event => event.message.in_reply_to === message.id)
  }

  async function plant(visitor: TestClient): Promise<void> {
    const { conversation } = await visitor.ask('conversation:open', {})
    const { id: conversation_id } = conversation
    for (const round of [1, 2, 3]) await say(visitor, conversation_id, `${marker} ${round}`)
    const metadata = { [marker]: marker }
    await visitor.ask('conversation:update', { conversation_id, title: marker, metadata })
    await visitor.ask('conversation:update', { conversation_id, title: `${marker} again` })
    const form = new FormData()
    form.append('file', new Blob([Array(20_000).fill(marker).join('')]), `${marker}.txt`)
    await server.http('POST', '/upload', form, visitor.token)
    const email = `${marker}@mail.example`
    await visitor.ask('handoff:contact', { conversation_id, email, message: marker })
    await visitor.ask('transcript:send', { conversation_id, email })
    await visitor.ask('auth:send_code', { email })
    const { handoff } = await visitor.ask('handoff:request', { conversation_id, key: 'h', reason: marker })
    await desk.ask('handoff:accept', { handoff_id: handoff.id, key: 'a' })
    await desk.ask('note:add', { conversation_id, key: 'n', content: marker })
    await desk.ask('handoff:complete', { handoff_id: handoff.id, key: 'c', note: marker, tags: [marker] })
    await visitor.ask('handoff:rate', { conversation_id, rating: 3, comment: marker })
  }

  const [goner, neighbour] = [await server.connect(), await server.connect()]
  const stored = await neighbour.ask('conversation:open', {})
  const stay = () => say(neighbour, stored.conversation.id, 'a neighbour’s words')
  await stay()
  await plant(goner)
  await stay()
  // A sample of the planner's, as an administrator's ANALYZE would make it.
  await sql`analyze`
  await sql`checkpoint`
  expect((await holdingFiles()).length).toBeGreaterThan(5)
  const overwritten = done()
  await server.http('POST', '/privacy/erase', { confirm: 'erase everything' }, goner.token)
  await stay()
  await overwritten
  expect(await holdingFiles()).toEqual([])

  // By deletion alone, in the space that is there now.
  const another = await server.connect()
  const { conversation } = await another.ask('conversation:open', {})
  await say(another, conversation.id, marker)
  await sql`checkpoint`
  expect((await holdingFiles()).length).toBeGreaterThan(0)
  const again = done()
  await another.ask('conversation:delete', { conversation_id: conversation.id })
  await again
  expect(await holdingFiles()).toEqual([])

  // Every page reads as PostgreSQL left it, indexes too, and the neighbour's words are there.
  const { messages } = await neighbour.ask('conversation:history', {
    conversation_id: stored.conversation.id,
  })
  expect(messages.filter(({ content }) => content === 'a neighbour’s words')).toHaveLength(3)
  await sql`select pg_buffercache_evict_all()`
  for (const { name } of await sql<{ name: string }[]>`
      select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`)
    await sql`select count(*) from ${sql(name)} t where t::text is not null`
  expect(await sql`select 1 from messages where id = ${messages[0]!.id}`).toHaveLength(1)
  expect((await server.http('GET', '/admin/users', undefined, owner)).status).toBe(200)
}, 120_000)
