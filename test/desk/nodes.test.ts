import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FaultProxy, startProxy } from '../faults/proxy.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, reply, rows } from '../fixtures/desk.ts'
import { key, say } from '../fixtures/handoff.ts'
import type { TestClient } from '../fixtures/harness.ts'
import { hasShared, sharedNodes } from '../fixtures/nodes.ts'
import type { ServerNode } from '../fixtures/processes.ts'

describe.runIf(hasBrowser && hasShared)('the desk on two nodes', { timeout: 120_000 }, () => {
  let one: ServerNode
  let two: ServerNode
  /** Where the agent's browser goes: to the first node while that lives. */
  let way: FaultProxy
  let visitor: TestClient
  let target = 0
  const staff = desks(() => `http://127.0.0.1:${way.port}`)

  const { start, join } = sharedNodes()

  beforeAll(async () => {
    one = await start('one')
    two = await start('two')
    target = one.port
    way = await startProxy({ target: () => target })
  }, 60_000)
  afterAll(() => way?.close())

  test('the agent’s server is killed in the middle: the desk comes back on the other, nothing is lost or doubled', async () => {
    visitor = await join(two)
    const { conversation } = await visitor.ask('conversation:open', { new: true, key: key() })
    const input = { conversation_id: conversation.id, key: key() }
    await visitor.ask('handoff:request', input)
    const ann = await staff.atDesk('ann')
    await rows(ann).getByRole('button', { name: /^Take/ }).click()
    await visitor.until('handoff:changed', event => event.handoff.status === 'active')
    await reply(ann, 'Before')
    await visitor.until('message:created', event => event.message.content === 'Before')

    target = 0
    await one.end('SIGKILL')
    await ann.locator('.connection', { hasText: 'Reconnecting' }).waitFor()
    await reply(ann, 'While it was away')
    await ann.locator('.bubble.pending', { hasText: 'While it was away' }).waitFor()
    await say(visitor, conversation.id, 'Are you there?')
    target = two.port

    await visitor.until('message:created', event => event.message.content === 'While it was away')
    await ann.locator('.message.user', { hasText: 'Are you there?' }).waitFor()
    await ann.locator('.connection').waitFor({ state: 'detached' })
    await ann.locator('.bubble.pending').waitFor({ state: 'detached' })
    await reply(ann, 'After')
    await visitor.until('message:created', event => event.message.content === 'After')
    const { messages, conversation: now } = await visitor.ask('conversation:open', {
      conversation_id: conversation.id,
    })
    const sent = messages.filter(({ role }) => role === 'agent').map(({ content }) => content)
    expect(sent).toEqual(['Before', 'While it was away', 'After'])
    expect(now).toMatchObject({ mode: 'human', agent: { name: 'ann' } })
    const shown = ann.locator('.pane .message.agent .bubble')
    expect(await shown.allTextContents()).toEqual(sent)
    expect(staff.errors).toEqual([])
  })
})
