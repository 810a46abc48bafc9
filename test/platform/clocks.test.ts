import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join as pathOf } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { passed, until } from '../faults/wait.ts'
import { fillDataFolder } from '../fixtures/embedded-template.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import {
  adminPassword,
  assemble,
  type ConnectOptions,
  connect,
  converse,
  type TestClient,
} from '../fixtures/harness.ts'
import { type ServerNode, scratchFolder, startNode, startRedis } from '../fixtures/processes.ts'
import { freshPostgres, hasService } from '../fixtures/services.ts'

const [library] = spawnSync('sh', ['-c', 'ls /usr/lib/*/faketime/libfaketimeMT.so.1'], {
  encoding: 'utf8',
}).stdout.split('\n')
const hasClocks = hasService('libfaketime', Boolean(library), 'apt-get install faketime')
const isThere = (command: string, flag: string) => spawnSync(command, [flag]).status === 0
const hasCluster =
  hasClocks &&
  hasService('Redis', isThere('redis-server', '--version'), 'install redis-server') &&
  hasService(
    'PostgreSQL',
    !!process.env.TEST_DATABASE_URL,
    'set TEST_DATABASE_URL to a PostgreSQL with pgvector',
  )

const hourMs = 3_600_000
/** By then every node has looked for answers that were left behind. */
const lookedMs = 1500
let model: ModelServer
let folder: Awaited<ReturnType<typeof scratchFolder>>
beforeAll(async () => {
  model = await startModelServer()
  folder = await scratchFolder()
})
afterAll(async () => {
  await model.close()
  await folder.remove()
})

/** The wall clock of a process, which is wrong by what its file says. Its monotonic clock goes on as it should. */
function createWallClock(name: string) {
  const path = pathOf(folder.path, `${name}.clock`)
  const set = (hours: number) => writeFileSync(path, `${hours < 0 ? '' : '+'}${hours}h`)
  return {
    set,
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: path,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  }
}

const common = () => ({
  DATA_DIR: pathOf(folder.path, 'data'),
  OPENAI_BASE_URL: `${model.url}/v1`,
  OPENAI_API_KEY: 'test',
  LLM_MODEL: 'test-model',
})

async function join(node: ServerNode, options: ConnectOptions = {}): Promise<TestClient> {
  const client = await connect(node.url, options)
  onTestFinished(() => void client.socket.disconnect())
  return client
}

/** By how many hours a node's clock is wrong, as its acknowledgements say. */
async function wrongBy(client: TestClient): Promise<number> {
  const { timestamp } = await client.call('conversation:list', {})
  return Math.round((Date.parse(timestamp) - Date.now()) / hourMs)
}

const isNow = (time: string) => Math.abs(Date.parse(time) - Date.now()) < 60_000

/** Words that come when the test says so. */
function gated(pieces: string[]) {
  const doors = pieces.map(() => Promise.withResolvers<void>())
  let count = 0
  model.script({ pieces, gate: () => doors[count++]!.promise })
  return { say: (piece: number) => doors[piece]!.resolve() }
}

async function signIn({ url }: ServerNode): Promise<string> {
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: adminPassword }),
  })
  return ((await response.json()) as any).data.access_token
}

/** An answer that goes on while the clock of its node jumps, twice, and everything after it. */
async function jumps(node: ServerNode, clock: ReturnType<typeof createWallClock>) {
  const client = await join(node)
  const { conversation } = await client.ask('conversation:open', {})
  const conversation_id = conversation.id
  const { say } = gated(['Once ', 'upon ', 'a time.'])
  const { message } = await client.ask('message:send', { conversation_id, key: 'q', content: 'Tell' })
  for (const [piece, hours] of [1, -1, 0].entries()) {
    clock.set(hours)
    await until(`the clock to be wrong by ${hours} hours`, async () => (await wrongBy(client)) === hours)
    await passed(lookedMs)
    say(piece)
  }
  const { message: answer } = await client.until(
    'message:updated',
    event => event.message.in_reply_to === message.id,
  )
  expect(answer).toMatchObject({ status: 'complete', content: 'Once upon a time.', degraded: false })
  expect(assemble(client.received, answer.id)).toBe(answer.content)
  for (const hours of [1, -1]) {
    clock.set(hours)
    await until('the jump', async () => (await wrongBy(client)) === hours)
    const later = await join(node, { token: client.token })
    const { events } = await later.ask('conversation:open', { conversation_id, since_seq: 1 })
    expect(events.map(({ seq }) => seq)[0]).toBe(2)
    expect((await converse(later, `Said at ${hours}`)).answer.status).toBe('complete')
  }
  expect(client.socket.connected).toBe(true)
  expect(client.received.filter(({ event }) => event === 'session:ended')).toEqual([])
}

describe.runIf(hasClocks)('a clock that jumps an hour', () => {
  test('breaks nothing on a node with the embedded database', async () => {
    const clock = createWallClock('alone')
    clock.set(0)
    await fillDataFolder(common().DATA_DIR)
    const node = await startNode('node', { ...common(), ...clock.environment })
    onTestFinished(() => node.end('SIGKILL'))
    await jumps(node, clock)
    clock.set(1)
    const form = new FormData()
    form.set('file', new File(['# Returns\n\nLamps can be returned within 45 days.'], 'returns.md'))
    const headers = { authorization: `Bearer ${await signIn(node)}` }
    const sent = await fetch(`${node.url}/api/v1/admin/docs`, { method: 'POST', headers, body: form })
    expect(sent.status).toBe(200)
    await until('the document to be indexed', async () => {
      const status = await fetch(`${node.url}/api/v1/admin/index/status`, { headers })
      return ((await status.json()) as any).data.status === 'idle'
    })
  }, 120_000)
})

describe.runIf(hasCluster)('two nodes, one an hour ahead and one behind', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>
  let database: Awaited<ReturnType<typeof freshPostgres>>
  let ahead: ServerNode
  let behind: ServerNode
  let clockAhead: ReturnType<typeof createWallClock>

  const start = (name: string, clock: ReturnType<typeof createWallClock>) =>
    startNode(name, {
      ...common(),
      ...clock.environment,
      DATABASE_URL: database.url!,
      REDIS_URL: redis.url,
      SECRET_KEY: 'a secret that all nodes of this test share',
    })

  beforeAll(async () => {
    redis = await startRedis()
    database = await freshPostgres()
    clockAhead = createWallClock('ahead')
    const clockBehind = createWallClock('behind')
    clockAhead.set(1)
    clockBehind.set(-1)
    ahead = await start('ahead', clockAhead)
    behind = await start('behind', clockBehind)
  }, 60_000)
  afterAll(async () => {
    await Promise.all([ahead, behind, redis].map(program => program?.end('SIGKILL')))
    await database.drop()
  })

  test('answer one conversation, with the time of the database, and a tab resumes at the other', async () => {
    const here = await join(ahead)
    const there = await join(behind, { token: here.token })
    expect([await wrongBy(here), await wrongBy(there)]).toEqual([1, -1])
    const { conversation, message, answer } = await converse(here, 'Hello?')
    const { events } = await there.ask('conversation:open', {
      conversation_id: conversation.id,
      since_seq: 0,
    })
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(
      [message.created_at, answer.created_at, conversation.created_at].filter(time => !isNow(time)),
    ).toEqual([])
    const { message: next } = await there.ask('message:send', {
      conversation_id: conversation.id,
      key: 'next',
      content: 'Again?',
    })
    const { message: answered } = await here.until(
      'message:updated',
      event => event.message.in_reply_to === next.id,
    )
    expect(assemble(here.received, answered.id)).toBe(answered.content)
  })

  test('take each other’s tokens, for as long as they hold', async () => {
    for (const [from, to] of [
      [behind, ahead],
      [ahead, behind],
    ] as const) {
      const staff = await join(to, { namespace: 'agent', token: await signIn(from) })
      const leftMs = Date.parse(staff.ready.expires_at) - Date.now()
      expect(Math.abs(leftMs - 30 * 60_000)).toBeLessThan(60_000)
      await staff.ask('conversation:list', {})
      const visitor = await join(from)
      await join(to, { token: visitor.token })
    }
  })

  test('law R4: when one dies, the other ends its answer within the lease, and not before', async () => {
    const here = await join(ahead)
    const there = await join(behind, { token: here.token })
    const { conversation } = await here.ask('conversation:open', { new: true, key: crypto.randomUUID() })
    const conversation_id = conversation.id
    await there.ask('conversation:open', { conversation_id })
    model.script({ pieces: ['Half '], ending: 'hang' })
    await here.ask('message:send', { conversation_id, key: 'q', content: 'Tell' })
    await there.until('reply:delta')
    await passed(lookedMs)
    expect(there.received.filter(({ event }) => event === 'message:updated')).toEqual([])
    await ahead.end('SIGKILL')
    const { message } = await there.until('message:updated')
    expect(message).toMatchObject({ status: 'failed', error: { code: 'AI_SERVICE_ERROR' } })
    ahead = await start('ahead', clockAhead)
  }, 60_000)

  test('and a jump on one of them in the middle of an answer breaks nothing', async () => {
    await jumps(ahead, clockAhead)
  }, 60_000)
})
