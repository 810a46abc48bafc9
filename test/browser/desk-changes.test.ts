import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, reply } from '../fixtures/desk.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { visitors, write } from '../fixtures/widget.ts'

describe.runIf(hasBrowser)('taking back, correcting, removing', { timeout: 120_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  const shop = visitors(() => server.url)
  beforeAll(async () => {
    server = await startServer({ handoffTimeoutS: 3600 })
  }, 60_000)
  afterAll(() =>
    expect([...staff.errors, ...shop.errors].filter(text => !/status of 4\d\d/.test(text))).toEqual([]),
  )

  test('an agent takes a message back, corrects another, and an administrator removes the visitor’s; the widget follows', async () => {
    const desk = await staff.atDesk('ann')
    const page = await shop.visit()
    await write(page, 'My card is 4111 1111')
    await page.locator('.message.assistant .actions').waitFor()
    await page.getByRole('button', { name: 'A person', exact: true }).click()
    await desk.locator('.lists .row').first().click()
    const pane = desk.locator('.pane.current')
    await pane.getByRole('button', { name: 'Take', exact: true }).click()
    await page.locator('.company').waitFor()
    await pane.locator('.composer.reply').waitFor()

    await reply(desk, 'Words for somebody else')
    await page.locator('.message.agent', { hasText: 'somebody else' }).waitFor()
    await pane.getByRole('button', { name: 'Take back' }).click()
    await pane.getByText('ann took this back.').waitFor()
    await page.locator('.message.agent').waitFor({ state: 'detached' })
    const box = pane.locator('.composer textarea')
    expect(await box.inputValue()).toBe('Words for somebody else')

    await reply(desk, 'We open at ten.')
    const own = pane.locator('.message.own', { hasText: 'We open at ten.' })
    await own.hover()
    await own.getByRole('button', { name: 'Edit' }).click()
    const editor = pane.locator('.editor textarea')
    await editor.fill('We open at nine.')
    await editor.press('Enter')
    await pane.locator('.message.own', { hasText: 'We open at nine.' }).getByText('edited').waitFor()
    await page.locator('.message.agent', { hasText: 'We open at nine.' }).getByText('Edited').waitFor()
    expect(await pane.getByRole('button', { name: 'Remove for good' }).count()).toBe(0)

    await staff.hire('lea', 'admin')
    const lead = await staff.sitDown('lea')
    await lead.getByRole('link', { name: /Desk/ }).first().click()
    await lead.getByRole('tab', { name: /^All/ }).click()
    await lead.getByRole('button', { name: /^All/ }).click()
    await lead.locator('.lists .row').first().click()
    const card = lead.locator('.pane .message.user', { hasText: '4111' })
    await card.hover()
    await card.getByRole('button', { name: 'Remove for good' }).click()
    await lead.getByRole('button', { name: 'Remove', exact: true }).click()
    await lead.locator('.pane').getByText('Removed by an administrator.').waitFor()
    await page.locator('.message.user').getByText('Message removed').waitFor()
    await pane.getByText('Removed by an administrator.').waitFor()
    for (const shown of [page, desk, lead])
      await expect.poll(() => shown.content(), { timeout: 10_000 }).not.toContain('4111')
  })
})
