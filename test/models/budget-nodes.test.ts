import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Budget } from '#protocol/models/budget'
import { until } from '../faults/wait.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { hasShared, sharedNodes } from '../fixtures/nodes.ts'
import { adminPassword, type ServerNode } from '../fixtures/processes.ts'

let model: ModelServer

describe.skipIf(!hasShared)('a budget that two nodes share', () => {
  const { start, join } = sharedNodes(() => ({
    LLM_PROVIDER: 'openai',
    LLM_MODEL: 'test-model',
    OPENAI_BASE_URL: `${model.url}/v1`,
    OPENAI_API_KEY: 'test',
  }))
  let one: ServerNode
  let other: ServerNode
  let token: string
  beforeAll(async () => {
    model = await startModelServer()
    one = await start('one')
    other = await start('other')
    token = (await http(one, 'POST', '/auth/login', { username: 'admin', password: adminPassword }))
      .access_token
  }, 120_000)
  afterAll(() => model.close())

  /** As every client does, again where a busy machine was too slow: what was asked then may have been begun too. */
  async function http(
    node: ServerNode,
    method: string,
    path: string,
    body?: object,
    as?: string,
  ): Promise<any> {
    const response = await fetch(`${node.url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(as && { authorization: `Bearer ${as}` }) },
      body: body && JSON.stringify(body),
    })
    const reply = (await response.json()) as any
    if (reply.success) return reply.data
    if (reply.error.retryable) return http(node, method, path, body, as)
    throw new Error(JSON.stringify(reply.error))
  }

  async function find(): Promise<Budget> {
    return (await http(one, 'GET', '/admin/budgets', undefined, token)).budgets[0]
  }

  const ask = (node: ServerNode) =>
    http(node, 'POST', '/chat/messages', { message: 'Is it light?', language: 'en' })

  test('law R6: a hundred questions at once pass it by nothing', async () => {
    const created = { scope: 'overall', period: 'month', amount: 1_000_000 }
    const { budget } = await http(one, 'POST', '/admin/budgets', created, token)
    await until('the other node to know of it', async () => {
      await ask(other)
      return model.requests.at(-1)!.max_tokens !== undefined
    })
    const gate = Promise.withResolvers<void>()
    model.always({
      pieces: ['Yes.'],
      usage: { prompt_tokens: 100, completion_tokens: 20 },
      gate: () => gate.promise,
    })
    const first = ask(one)
    await until('a reservation', async () => (await find()).reserved > 0)
    const { spent, reserved } = await find()
    const amount = spent + 10 * reserved + 3
    await http(one, 'PUT', `/admin/budgets/${budget.id}`, { amount }, token)
    const requestsBefore = model.requests.length
    let answered = 0
    const answers = Array.from({ length: 100 }, async (_, index) => {
      await ask(index % 2 ? one : other)
      answered += 1
    })
    const totals: number[] = []
    const sample = async () => {
      const now = await find()
      totals.push(now.spent + now.reserved)
    }
    await until(
      'all but ten to be answered',
      async () => {
        await sample()
        return answered >= 91
      },
      90_000,
    )
    expect(model.requests.length).toBeGreaterThan(requestsBefore)
    gate.resolve()
    await Promise.all([first, ...answers])
    await until('all to be settled', async () => (await find()).reserved === 0)
    await sample()
    expect(Math.max(...totals)).toBeLessThanOrEqual(amount)
    expect(Math.max(...totals)).toBe(spent + 10 * reserved)
  }, 120_000)

  test('what a node that was killed had reserved is free again, less what it is known to have used', async () => {
    await http(one, 'PUT', `/admin/budgets/${(await find()).id}`, { amount: 1_000_000 }, token)
    const { spent } = await find()
    const gate = Promise.withResolvers<void>()
    let pieces = 0
    model.always({
      pieces: ['It is light. ', 'Very.'],
      gate: () => (pieces++ ? gate.promise : Promise.resolve()),
    })
    const visitor = await join(other)
    const { conversation } = await visitor.ask('conversation:open', {})
    const sent = { conversation_id: conversation.id, key: crypto.randomUUID(), content: 'Is it light?' }
    await visitor.ask('message:send', sent)
    await visitor.until('reply:delta')
    const desk = await join(one, { namespace: 'agent', token })
    await until('the text to be stored', async () => {
      const { messages } = await desk.ask('conversation:open', { conversation_id: conversation.id })
      return messages.at(-1)?.content !== ''
    })
    const reserved = await find()
    expect(reserved.reserved).toBeGreaterThan(4096)
    await other.end('SIGKILL')
    gate.resolve()
    await until('the reservation to be settled', async () => (await find()).reserved === 0, 60_000)
    const used = (await find()).spent - spent
    expect(used).toBeGreaterThan(0)
    expect(used).toBeLessThan(600)
  }, 120_000)
})
