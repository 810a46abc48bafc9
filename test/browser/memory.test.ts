import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('what the assistant remembers, in the own account', { timeout: 90_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer()
    await staff.hire('olga')
  }, 60_000)
  afterAll(() => expect(staff.errors).toEqual([]))

  test('is switched on, read page by page, and put right; what it said before stays to be seen', async () => {
    const page = await staff.sitDown('olga')
    await page.goto(`${server.url}/console#/profile`)
    await page.getByLabel('Remember what I say about myself').click()
    await page.getByText('Nothing yet').waitFor()
    const token = await staff.tokenOf('olga')
    const remember = async (content: string) => {
      const memory = { content, key: crypto.randomUUID() }
      const { reply } = await server.http('POST', '/memories', memory, token)
      expect(reply).toMatchObject({ success: true })
    }
    await remember('My shoe size is 41')
    for (let count = 1; count <= 20; count++) await remember(`I prefer tea number ${count}`)
    await page.reload()
    const rows = page.locator('.own-memory tbody tr')
    await expect.poll(() => rows.count()).toBe(20)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Edit My shoe size is 41' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Memory').fill('My shoe size is 42')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    // What was changed last stands first.
    await page.getByRole('button', { name: 'Previous' }).click()
    await page.getByRole('button', { name: 'Edit My shoe size is 42' }).click()
    await dialog.getByRole('heading', { name: 'What it said before' }).waitFor()
    await dialog.locator('li', { hasText: 'My shoe size is 41' }).waitFor()
    await page.keyboard.press('Escape')
    const limit = page.getByLabel('Memories used for an answer, at most')
    await limit.fill('8')
    await limit.blur()
    await page.reload()
    await expect.poll(() => limit.inputValue()).toBe('8')
    await page.context().close()
  })
})
