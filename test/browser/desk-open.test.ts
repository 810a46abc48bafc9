import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, rows } from '../fixtures/desk.ts'
import { people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

const timeout = 90_000

describe.runIf(hasBrowser)('C2: what an agent had open is kept', { timeout }, () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({}, { handoff: { ...quick, leaseS: 30 } })
  }, 60_000)
  const { waiting } = people(() => server)
  const staff = desks(() => server.url)
  afterAll(() => expect(staff.errors).toEqual([]))

  const panes = (page: Page) => page.locator('.pane')
  const box = (page: Page) => page.locator('.pane.current .composer textarea')
  const isOnline = (page: Page) => page.getByRole('button', { name: 'Online' }).waitFor()
  const shown = (page: Page) => page.locator('[role=tab][aria-selected=true]').textContent()

  /** An agent with two of their own side by side: in the second a note half written, and a file picked for the reply. */
  async function busy(name: string) {
    const page = await staff.atDesk(name)
    const people = []
    for (const text of ['First question', 'Second question']) {
      const { client, id } = await waiting()
      await say(client, id, text)
      const row = rows(page).filter({ hasText: text })
      await row.getByRole('button', { name: /^Take/ }).click()
      await page.locator('.pane.current .message.user', { hasText: text }).waitFor()
      people.push({ client, id })
    }
    await page.getByRole('tab', { name: /Mine\s*2/ }).click()
    await rows(page)
      .filter({ hasText: 'First question' })
      .locator('.open')
      .click({ modifiers: ['Control'] })
    await panes(page).nth(1).waitFor()
    await box(page).fill('Half a reply')
    await page.locator('.pane.current input[type=file]').setInputFiles({
      name: 'label.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('Return label'),
    })
    await page.locator('.pane.current .picked small', { hasText: 'kB' }).waitFor()
    await page.keyboard.press('Alt+m')
    await box(page).fill('Half a note')
    return { page, people }
  }

  /** Two columns, the second current, its note shown, its reply and file behind. */
  async function expectAllThere(page: Page) {
    await panes(page).nth(1).waitFor()
    expect(await panes(page).count()).toBe(2)
    await page.locator('.pane.current .message.user', { hasText: 'First question' }).waitFor()
    expect(await shown(page)).toContain('Mine')
    await expect.poll(() => box(page).inputValue(), { timeout: 15_000 }).toBe('Half a note')
    await page.locator('.pane.current').getByRole('button', { name: 'Reply', exact: true }).click()
    expect(await box(page).inputValue()).toBe('Half a reply')
    await page.locator('.pane.current .picked', { hasText: 'label.txt' }).waitFor()
    await page.locator('.pane.current').getByRole('button', { name: 'Note', exact: true }).click()
  }

  /** As the browser's "Duplicate": with a copy of what the tab holds for itself. */
  async function duplicate(context: BrowserContext, page: Page): Promise<Page> {
    const copy = await context.newPage()
    const own = await page.evaluate(() => ({ ...sessionStorage }) as Record<string, string>)
    await copy.addInitScript(entries => {
      for (const [name, value] of Object.entries(entries)) sessionStorage.setItem(name, value)
    }, own)
    await copy.goto(page.url())
    return copy
  }

  test('C2: over a look at another page, a reload, a second tab and a copy of the tab; sent from one, it is gone from all', async () => {
    const { page, people } = await busy('keeps')
    await page.getByRole('link', { name: 'Figures' }).click()
    await page.getByRole('combobox', { name: 'Period' }).selectOption('7')
    await page.getByRole('link', { name: 'Desk' }).click()
    await expectAllThere(page)
    await page.reload()
    await isOnline(page)
    await expectAllThere(page)
    const context = page.context()
    const second = await context.newPage()
    await second.goto(`${server.url}/console#/desk`)
    await isOnline(second)
    await panes(second).nth(1).waitFor()
    const copy = await duplicate(context, page)
    await isOnline(copy)
    await expectAllThere(copy)
    await page.bringToFront()
    await page.locator('.pane.current').getByRole('button', { name: 'Reply', exact: true }).click()
    await box(page).press('Enter')
    const { message } = await people[0]!.client.until(
      'message:created',
      event => event.message.role === 'agent',
    )
    expect(message.attachments).toMatchObject([{ name: 'label.txt' }])
    for (const other of [second, copy]) {
      await expect.poll(() => box(other).inputValue(), { timeout: 15_000 }).toBe('')
      expect(await other.locator('.pane.current .picked').count()).toBe(0)
    }
    await page.getByRole('link', { name: 'Figures' }).click()
    expect(await page.getByRole('combobox', { name: 'Period' }).inputValue()).toBe('7')
    await context.close()
  })

  test('C2: where one was reading, and the notes of a dialog', async () => {
    const page = await staff.atDesk('reads')
    const { client, id } = await waiting()
    for (let count = 0; count < 30; count++)
      await say(client, id, `Line ${count} of a long story that is told to whoever is going to read it`)
    await rows(page)
      .filter({ hasText: id.slice(-4) })
      .getByRole('button', { name: /^Take/ })
      .click()
    const line = page.locator('.message.user', { hasText: 'Line 5 of' })
    await line.evaluate(element => element.scrollIntoView({ block: 'start' }))
    await page.locator('.to-end').waitFor()
    const top = async () => (await line.boundingBox())!.y
    const before = await top()
    await page.keyboard.press('Alt+c')
    await page.getByRole('dialog').getByLabel('Note for later').fill('Half a note for later')
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Figures' }).click()
    await page.getByRole('link', { name: 'Desk' }).click()
    await expect.poll(top, { timeout: 15_000 }).toBeCloseTo(before, 0)
    await page.reload()
    await isOnline(page)
    await line.waitFor()
    await expect.poll(top, { timeout: 15_000 }).toBeCloseTo(before, 0)
    await page.getByRole('button', { name: 'Complete' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByLabel('Note for later').inputValue()).toBe('Half a note for later')
    await dialog.getByRole('button', { name: 'Complete' }).click()
    const { handoff } = await client.until('handoff:changed', event => event.handoff.status === 'resolved')
    expect(handoff.id).toBeTruthy()
    await page.context().close()
  })

  test('C2: tabs and a copy renew one session at once, also where nothing keeps them apart, and signing out in one holds for all', async () => {
    const page = await staff.atDesk('tabs')
    const context = page.context()
    const second = await context.newPage()
    await second.goto(`${server.url}/console#/desk`)
    const tabs = [second, await duplicate(context, page), await duplicate(context, page)]
    for (const tab of tabs) await isOnline(tab)
    for (let round = 0; round < 2; round++) {
      for (const tab of tabs) {
        // As on a page that is not a secure one.
        await tab.evaluate(() =>
          Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true }),
        )
        await tab.route('**/statistics*', route => route.fulfill({ status: 401, json: runOut }), { times: 1 })
      }
      await Promise.all(tabs.map(tab => tab.getByRole('link', { name: 'Figures' }).click()))
      for (const tab of tabs) {
        await tab.locator('.figures').waitFor()
        await tab.getByRole('link', { name: 'Desk' }).click()
      }
    }
    await second.getByRole('button', { name: /^Sign out/ }).click()
    for (const tab of [page, ...tabs]) await tab.locator('input[name=password]').waitFor()
    const left = () => second.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
    await expect.poll(left).not.toMatch(/refresh_token|:agent:/)
    await context.close()
  })
})

const runOut = {
  success: false,
  error: { code: 'TOKEN_EXPIRED', message: 'It has run out.', retryable: false },
}
