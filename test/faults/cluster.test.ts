import { existsSync } from 'node:fs'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { assemble, connect } from '../fixtures/harness.ts'
import { hasService } from '../fixtures/services.ts'
import { createRandom } from './random.ts'
import { until } from './wait.ts'
import { startWorld, type World } from './world.ts'

const hasServices = hasService(
  'PostgreSQL with redis-server',
  Boolean(process.env.TEST_DATABASE_URL) && existsSync('/usr/bin/redis-server'),
  'install redis-server, start test/tooling/postgres.sh and set TEST_DATABASE_URL',
)

let world: World
afterEach(() => world?.close())

/** Two nodes; a visitor asks on the first and reads on the second. */
async function twoNodes(pieces: string[]) {
  const doors = pieces.map(() => Promise.withResolvers<void>())
  let count = 0
  const script = { pieces, gate: () => doors[count++]!.promise }
  world = await startWorld({ nodes: 2, answers: { scripts: [script] }, random: createRandom(1) })
  const asker = await connect(world.url(0))
  const { conversation } = await asker.ask('conversation:open', {})
  const conversation_id = conversation.id
  const onSecond = async () => {
    const reader = await connect(world.url(1), { token: asker.token })
    onTestFinished(() => void reader.socket.disconnect())
    await reader.ask('conversation:open', { conversation_id })
    return reader
  }
  onTestFinished(() => void asker.socket.disconnect())
  return { asker, conversation_id, onSecond, say: (piece: number) => doors[piece]!.resolve() }
}

/** Whether a node reaches Redis, as it says itself. */
async function reaches(node: number): Promise<boolean> {
  return /^parley_redis_up 1/m.test(await (await fetch(`${world.url(node)}/metrics`)).text())
}

describe.runIf(hasServices)('two nodes without Redis for a moment', () => {
  test('law R2: text lost on the way between nodes is given to a reader of the other one who asks for it', async () => {
    const { asker, conversation_id, onSecond, say } = await twoNodes(['One. ', 'Two. ', 'Three. ', 'Four.'])
    const reader = await onSecond()
    await asker.ask('message:send', { conversation_id, key: 'q', content: 'Count' })
    say(0)
    const { message_id } = await reader.until('reply:delta')
    world.redis!.proxy.refuse()
    await until('the nodes to notice', async () => !(await reaches(0)) && !(await reaches(1)))
    say(1)
    await until('the second word at the asker', () =>
      assemble(asker.received, message_id).startsWith('One. Two.'),
    )
    world.redis!.proxy.heal()
    await until('the nodes to meet again', async () => (await reaches(0)) && (await reaches(1)))
    say(2)
    const known = 'One.'.length
    const later = await reader.until('reply:delta', delta => delta.offset > known + 1)
    const { text } = await reader.ask('reply:rejoin', { message_id, offset: known })
    expect(known + text.length).toBeGreaterThanOrEqual(later.offset)
    say(3)
    const { message } = await reader.until('message:updated', event => event.message.id === message_id)
    expect(message.content).toBe('One. Two. Three. Four.')
  }, 60_000)

  test('law D6: who was there before is told what a newcomer on the same node has read', async () => {
    const { asker, conversation_id, onSecond } = await twoNodes([])
    const reader = await onSecond()
    world.redis!.proxy.refuse()
    await until('the nodes to notice', async () => !(await reaches(0)) && !(await reaches(1)))
    for (let count = 0; count < 10; count++) {
      const title = `Title ${count}`
      await asker.ask('conversation:update', { conversation_id, title })
      await onSecond()
      await reader.until('conversation:updated', event => event.conversation.title === title)
    }
  }, 60_000)
})
