import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { key, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('two at one conversation', { timeout: 120_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer({ handoffTimeoutS: 3600 })
  }, 60_000)
  afterAll(() => expect(staff.errors).toEqual([]))

  test('each sees that the other is there and writes, whoever came first, on a phone too; who leaves is gone', async () => {
    const visitor = await server.connect()
    const { conversation } = await visitor.ask('conversation:open', { new: true, key: key(), language: 'en' })
    await say(visitor, conversation.id, 'Is anybody there?')
    await visitor.ask('handoff:request', { conversation_id: conversation.id, key: key() })
    const ann = await staff.atDesk('ann')
    const bob = await staff.atDesk('bob', { viewport: { width: 390, height: 780 } })
    await ann.locator('.lists .row').first().click()
    await ann.locator('.pane .log').waitFor()
    expect(await ann.locator('.watchers').count()).toBe(0)
    await bob.locator('.lists .row').first().click()
    await ann.locator('.watchers').getByText('Also here: bob').waitFor()
    await bob.locator('.watchers').getByText('Also here: ann').waitFor()

    await ann.locator('.composer textarea').pressSequentially('She has ordered')
    await bob.locator('.watchers').getByText('Writing now: ann').waitFor()
    const name = bob.locator('.pane-head h2')
    expect(await name.evaluate(element => element.scrollWidth - element.clientWidth)).toBe(0)
    expect(await bob.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    await bob.locator('.watchers').getByText('Also here: ann').waitFor({ timeout: 15_000 })

    await bob.getByRole('button', { name: 'Back to the list' }).click()
    await ann.locator('.watchers').waitFor({ state: 'detached' })
    expect(visitor.received.map(({ event }) => event)).not.toContain('typing:changed')
  })
})
