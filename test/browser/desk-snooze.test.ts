import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, reply } from '../fixtures/desk.ts'
import { key, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('snoozing on the desk', { timeout: 120_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer({ handoffTimeoutS: 3600 })
  }, 60_000)
  afterAll(() => expect(staff.errors).toEqual([]))

  test('out of the list until the visitor writes or it is taken up, with times in the desk’s zone; and reopened after its end', async () => {
    const lead = await staff.hire('lea', 'admin').then(() => staff.tokenOf('lea'))
    const settings = await server.connect({ namespace: 'agent', token: lead })
    await settings.ask('handoff:configure', { time_zone: 'Asia/Shanghai' })
    const visitor = await server.connect()
    const { conversation } = await visitor.ask('conversation:open', { new: true, key: key(), language: 'en' })
    const { id } = conversation
    await say(visitor, id, 'Where is my parcel?')
    await visitor.ask('handoff:request', { conversation_id: id, key: key() })
    const page = await staff.atDesk('ann', { timezoneId: 'Europe/Berlin' })
    await page.locator('.lists .row').first().click()
    const pane = page.locator('.pane.current')
    await pane.getByRole('button', { name: 'Take', exact: true }).click()
    await pane.locator('.composer.reply').waitFor()
    await reply(page, 'I ask the carrier.')
    await page.getByRole('tab', { name: /^Mine ?1/ }).click()

    await page.keyboard.press('Alt+s')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Times in Asia/Shanghai').waitFor()
    expect(await dialog.locator('.choice', { hasText: 'Tomorrow morning' }).textContent()).toContain('09:00')
    await dialog.getByRole('button', { name: 'Snooze' }).click()
    await pane
      .getByText(/Snoozed until .*09:00/)
      .first()
      .waitFor()
    await page.getByText('You have no conversations').waitFor()
    const until = (await settings.ask('conversation:open', { conversation_id: id })).conversation.snoozed!
      .until!
    expect(new Date(until).getUTCHours()).toBe(1)
    await page.getByRole('tab', { name: /^All/ }).click()
    await page.getByRole('button', { name: /^Snoozed ?1/ }).click()
    await page.locator('.lists .row', { hasText: 'Where is my parcel?' }).waitFor()
    await pane.getByRole('button', { name: 'Unsnooze now' }).click()
    await page.getByText('Nothing here').waitFor()

    await page.getByRole('tab', { name: /^Mine ?1/ }).click()
    await page.locator('.lists .row', { hasText: 'Where is my parcel?' }).waitFor()
    await pane.getByRole('button', { name: 'Snooze', exact: true }).click()
    await dialog.getByText('Until the visitor writes', { exact: true }).click()
    await dialog.getByRole('button', { name: 'Snooze' }).click()
    await page.getByText('You have no conversations').waitFor()
    await say(visitor, id, 'It has come!')
    await page.locator('.lists .row', { hasText: 'It has come!' }).waitFor()

    await settings.ask('conversation:update', { conversation_id: id, status: 'closed' })
    await pane.getByRole('button', { name: 'Reopen' }).click()
    await pane.locator('.composer.reply').waitFor()
    await reply(page, 'One thing more.')
    await visitor.until('message:created', event => event.message.content === 'One thing more.')
  })
})
