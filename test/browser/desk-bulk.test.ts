import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, rows } from '../fixtures/desk.ts'
import { key, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('many conversations at once', { timeout: 180_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer({ handoffTimeoutS: 3600 })
  }, 60_000)
  afterAll(() => expect(staff.errors).toEqual([]))

  async function ask(content: string) {
    const visitor = await server.connect()
    const { conversation } = await visitor.ask('conversation:open', { new: true, key: key(), language: 'en' })
    await say(visitor, conversation.id, content)
    await visitor.ask('handoff:request', { conversation_id: conversation.id, key: key() })
    return { visitor, id: conversation.id }
  }

  test('selected with X, tagged, taken and completed; what is refused stays selected, with the reason', async () => {
    const talks = []
    for (const question of ['First question', 'Second question', 'Third question'])
      talks.push(await ask(question))
    const page = await staff.atDesk('ann')
    await rows(page).nth(2).waitFor()
    await rows(page).first().locator('.open').focus()
    await page.keyboard.press('x')
    const bar = page.getByRole('toolbar')
    await bar.getByText('1 selected').waitFor()
    await rows(page).nth(1).locator('.open').click()
    await bar.getByText('2 selected').waitFor()
    await bar.getByRole('button', { name: 'Select all' }).click()
    await bar.getByText('3 selected').waitFor()
    await bar.getByRole('button', { name: 'Tag' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Add a tag').fill('parcel')
    await dialog.getByLabel('Add a tag').press('Enter')
    await dialog.getByRole('button', { name: 'Tag', exact: true }).click()
    await page.getByText('Done in 3.').waitFor()
    await expect.poll(() => page.locator('.row .tag', { hasText: 'parcel' }).count()).toBe(3)
    expect(await bar.count()).toBe(0)

    await page.getByRole('button', { name: 'Select several' }).click()
    await bar.getByRole('button', { name: 'Select all' }).click()
    await bar.getByRole('button', { name: 'Assign' }).click()
    await dialog.getByLabel('To me').waitFor()
    await dialog.getByRole('button', { name: 'Assign', exact: true }).click()
    await page.getByRole('tab', { name: /^Mine ?3/ }).click()
    await expect.poll(() => rows(page).count()).toBe(3)

    await page.getByRole('button', { name: 'Select several' }).click()
    await bar.getByRole('button', { name: 'Select all' }).click()
    // Meanwhile one of them has gone back to the assistant.
    await talks[0]!.visitor.ask('handoff:cancel', { conversation_id: talks[0]!.id })
    await expect.poll(() => rows(page).count()).toBe(2)
    await bar.getByRole('button', { name: 'Complete' }).click()
    await dialog.getByRole('button', { name: 'Complete', exact: true }).click()
    await page.getByRole('heading', { name: 'Not done in 1' }).waitFor()
    await dialog.getByText('This is no longer possible').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await bar.getByText('1 selected').waitFor()
    await page.getByText('You have no conversations').waitFor()
    for (const { visitor, id } of talks)
      expect((await visitor.ask('conversation:open', { conversation_id: id })).conversation.mode).toBe('ai')
    await bar.getByRole('button', { name: 'Stop selecting' }).click()
    await expect.poll(() => bar.count()).toBe(0)
  })
})
