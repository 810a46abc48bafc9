import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { key, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('labels and macros on the desk', { timeout: 180_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer({ handoffTimeoutS: 3600 })
  }, 60_000)
  afterAll(() => expect(staff.errors).toEqual([]))

  test('made in the console, put on while writing, and one macro says, labels and completes', async () => {
    await staff.hire('lea', 'admin')
    const lea = await staff.sitDown('lea')
    await lea.goto(`${server.url}/console#/labels`)
    for (const name of ['Refund', 'A label whose name is as long as it may']) {
      await lea.getByRole('button', { name: 'New label' }).click()
      await lea.getByRole('dialog').getByLabel('Name').fill(name)
      await lea.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
      await lea.locator('td .tag.blue', { hasText: name }).waitFor()
    }
    await lea.goto(`${server.url}/console#/macros`)
    await lea.getByRole('button', { name: 'New macro' }).click()
    const form = lea.getByRole('dialog')
    await form.getByLabel('Name', { exact: true }).fill('Refunded')
    await form.getByLabel('Reply').fill('Your money is on its way. {{agent.name}}')
    await form.getByLabel('Refund', { exact: true }).check()
    await form.getByLabel('Then').selectOption({ label: 'Complete it' })
    await form.getByRole('button', { name: 'Save' }).click()
    await lea.locator('td', { hasText: 'Complete it' }).waitFor()

    const visitor = await server.connect()
    const { conversation } = await visitor.ask('conversation:open', { new: true, key: key(), language: 'en' })
    const { id } = conversation
    await say(visitor, id, 'Where is my money?')
    await visitor.ask('handoff:request', { conversation_id: id, key: key() })
    const page = await staff.atDesk('ann')
    await page.locator('.lists .row').first().click()
    const pane = page.locator('.pane.current')
    await pane.getByRole('button', { name: 'Take', exact: true }).click()
    await pane.locator('.composer.reply').waitFor()
    await page.getByRole('tab', { name: /^Mine ?1/ }).click()
    if (!(await pane.locator('.facts').isVisible())) await page.keyboard.press('Alt+i')
    await pane.getByRole('button', { name: 'A label whose name is as long as it may' }).click()
    await page.locator('.row .tag.blue', { hasText: 'A label whose name' }).waitFor()
    await pane.getByLabel('Add a tag').fill('money')
    await pane.getByLabel('Add a tag').press('Enter')
    await page.locator('.row .tag', { hasText: 'money' }).waitFor()

    await pane.getByRole('button', { name: 'Replies and macros' }).click()
    await page.getByRole('option', { name: /Refunded/ }).waitFor()
    await page.keyboard.type('refu')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Your money is on its way. ann').waitFor()
    await dialog.getByText('Complete it').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('“Refunded” is done').waitFor()
    await page.getByText('You have no conversations').waitFor()
    const { message } = await visitor.until('message:created', event => event.message.role === 'agent')
    expect(message.content).toBe('Your money is on its way. ann')

    await page.getByRole('tab', { name: /^All/ }).click()
    await page.getByRole('button', { name: /^Ended/ }).click()
    await page.getByLabel('Tag', { exact: true }).selectOption('Refund')
    await page.locator('.lists .row', { hasText: 'Where is my money?' }).waitFor()
  })
})
