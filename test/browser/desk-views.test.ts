import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChatModel } from '../../server/providers/model.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, reply, rows } from '../fixtures/desk.ts'
import { key, notices, say, wordsAfterTakeover } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

/** A model that is in the middle of a sentence until it is told to stop. */
const pausing: ChatModel = {
  provider: 'test',
  model: 'pausing',
  async answer(_request, onText, signal) {
    for (const word of ['You ', 'can ', 'return ', 'it ']) onText(word)
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    return null
  },
  check: async () => null,
}

describe.runIf(hasBrowser)('all conversations on the desk', { timeout: 120_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer({ handoffTimeoutS: 3600 }, { models: { chat: pausing } })
  }, 60_000)
  afterAll(() => expect(staff.errors.filter(text => !/status of 4\d\d/.test(text))).toEqual([]))

  test('a lead watches the assistant write, takes over in mid-sentence, and the visitor is told', async () => {
    await staff.hire('lea', 'admin')
    const page = await staff.sitDown('lea')
    await page
      .getByRole('link', { name: /Desk|Conversations/ })
      .first()
      .click()
    await page.getByRole('tab', { name: /^All/ }).click()
    await page.getByText('Nothing here').waitFor()

    const visitor = await server.connect()
    const { conversation } = await visitor.ask('conversation:open', { new: true, key: key(), language: 'en' })
    await say(visitor, conversation.id, 'How do I return a lamp?')
    await rows(page).getByText('How do I return a lamp?').click()
    await page.locator('.pane').getByText('You can return it').waitFor()
    await page.locator('.pane').getByRole('button', { name: 'Take over' }).click()
    await visitor.until('handoff:changed', event => event.mode === 'human')
    await page.getByRole('tab', { name: /^Mine ?1/ }).waitFor()
    await page.locator('.pane.current .composer:not(.note)').waitFor()
    await reply(page, 'I am Lea, let me see.')
    await visitor.until('message:created', event => event.message.role === 'agent')
    expect(notices(visitor)).toEqual(['lea has joined the conversation.'])
    expect(wordsAfterTakeover(visitor)).toEqual([])
    // It has left the view by itself, and is the lead's.
    await page.getByText('Nothing here').waitFor()
    await page.getByRole('button', { name: /^All/ }).click()
    await rows(page).getByText('lea', { exact: true }).waitFor()
    await page.getByRole('tab', { name: /^Mine/ }).click()
    await rows(page).getByText('How do I return a lamp?').waitFor()
    expect(await page.locator('.pane').getByRole('button', { name: 'Take over' }).count()).toBe(0)
    // What was said is found by its words a moment later, marked.
    await page.getByRole('tab', { name: /^All/ }).click()
    const client = await server.connect({ namespace: 'agent', token: await staff.tokenOf('lea') })
    const search = async () => (await client.ask('conversation:search', { query: 'lamps' })).items.length
    await expect.poll(search, { timeout: 15_000 }).toBe(1)
    await page.getByRole('searchbox').fill('lamps')
    await page.locator('.views mark').getByText('lamp', { exact: true }).waitFor()
    await page.getByRole('searchbox').fill('zeppelin')
    await page.getByText('Nothing found').waitFor()
  })
})
