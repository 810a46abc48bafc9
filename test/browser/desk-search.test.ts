import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { key, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('searching on the desk', { timeout: 120_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer({ handoffTimeoutS: 3600 })
  }, 60_000)
  afterAll(() => expect(staff.errors).toEqual([]))

  test('what is found is opened at its message, however far back, and marked; filters narrow it, on a phone too', async () => {
    await staff.hire('lea', 'admin')
    const token = await staff.tokenOf('lea')
    const lead = await server.connect({ namespace: 'agent', token })
    const visitor = await server.connect()
    const { conversation } = await visitor.ask('conversation:open', { new: true, key: key(), language: 'en' })
    const { id } = conversation
    await lead.ask('handoff:take', { conversation_id: id, key: key() })
    await say(visitor, id, 'The wombat ate my order.')
    for (let index = 0; index < 130; index++)
      await say(index % 2 ? visitor : lead, id, `Line ${index} of a long talk`)
    const search = async () => (await lead.ask('conversation:search', { query: 'wombat' })).items.length
    await expect.poll(search, { timeout: 15_000 }).toBe(1)

    for (const viewport of [
      { width: 1440, height: 860 },
      { width: 390, height: 780 },
    ]) {
      const page = await staff.sitDown('lea', { viewport })
      await page.goto(`${server.url}/console#/desk`)
      await page.getByRole('tab', { name: /^All/ }).click()
      await page.getByRole('searchbox').fill('wombat')
      await page.locator('.views mark').waitFor()
      await page.getByRole('button', { name: 'Filters' }).click()
      await page.getByLabel('Handled by').selectOption('ai')
      await page.getByText('Nothing found').waitFor()
      await page.getByLabel('Handled by').selectOption('human')
      await page.locator('.views mark').waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width)
      await page.locator('.lists .row', { hasText: 'wombat' }).click()
      const found = page.locator('.message.found', { hasText: 'The wombat ate my order.' })
      await found.waitFor()
      expect(await found.evaluate(element => element.getBoundingClientRect().top)).toBeGreaterThan(0)
      expect(await found.evaluate(element => element.getBoundingClientRect().bottom)).toBeLessThan(
        viewport.height,
      )
      await page.getByRole('button', { name: 'To the newest message' }).click()
      await page.getByText('Line 129 of a long talk').waitFor()
      await page.context().close()
    }
  })
})
