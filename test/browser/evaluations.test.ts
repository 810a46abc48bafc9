import { beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { converse, startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('evaluations in a browser', () => {
  let server: TestServer
  const { hire, sitDown, errors } = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer({ demoShop: true })
    await hire('lead', 'admin')
  }, 60_000)

  test('questions are written and taken from real life, asked, plotted, and asked again beside what was answered before', async () => {
    const visitor = await server.connect()
    await converse(visitor, 'Within how many days can I return a laptop?')
    await converse(await server.connect(), 'Do you play the accordion?')
    const page = await sitDown('lead')

    await page.goto(`${server.url}/console#/questions`)
    await page
      .getByRole('button', { name: 'Check this after every change: Do you play the accordion?' })
      .click()
    await page.getByText('Added to the questions under Quality.').waitFor()

    await page.goto(`${server.url}/console#/evaluations`)
    await page.getByText('No run yet').waitFor()
    await page.getByRole('button', { name: 'New question' }).click()
    const dialog = page.locator('dialog')
    await dialog.getByLabel('Question', { exact: true }).fill('Within how many days can I return a laptop?')
    await dialog.getByLabel('Facts the answer must contain').fill('30 days | a month')
    await dialog.getByLabel('Search documents, products and your answers').fill('returns')
    await dialog.getByRole('button', { name: 'Add Returns and refunds' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Ask all now' }).click()
    await page.getByText('1 of 2 as expected').waitFor({ timeout: 20_000 })
    await page.locator('.plots figure canvas').first().waitFor()
    const result = (question: string) =>
      page.locator('tr', { has: page.locator('details', { hasText: question }) })
    await result('accordion').getByText('Found nothing').waitFor()
    await result('laptop').getByText('As expected').waitFor()

    await page.goto(`${server.url}/console#/questions`)
    await page.getByRole('button', { name: 'Answer', exact: true }).click()
    await dialog.getByLabel('Answer').fill('Only on Fridays.')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.goto(`${server.url}/console#/evaluations`)
    await page.getByRole('button', { name: 'Ask all now' }).click()
    await page.getByText('2 of 2 as expected').waitFor({ timeout: 20_000 })
    const accordion = result('accordion')
    await accordion.getByText('Better').waitFor()
    await accordion.locator('summary').click()
    expect(await accordion.locator('details').innerText()).toMatch(
      /Now\s+Only on Fridays[\s\S]*Before\s+Found nothing/,
    )

    const isSet = page.waitForResponse(
      response => response.url().endsWith('/evaluations/settings') && response.ok(),
    )
    await page.getByLabel('Ask all automatically after a change').check()
    await isSet
    await page.reload()
    await page.locator('input[type=checkbox]:checked').waitFor()
    expect(errors).toEqual([])
  }, 60_000)

  test('a message at the desk and one’s own answer are taken by a click', async () => {
    await converse(await server.connect(), 'Do you play the tuba?')
    const page = await sitDown('lead')
    await page.goto(`${server.url}/console#/questions`)
    const row = page.locator('tbody tr').filter({ hasText: 'tuba' })
    await row.getByRole('button', { name: 'Open conversation' }).click()
    const message = page.locator('.message.assistant').last()
    await message.hover()
    await message.getByRole('button', { name: 'Check this after every change' }).click()
    await page.getByText('Added to the questions under Quality.').waitFor()
    await page.goto(`${server.url}/console#/answers`)
    await page
      .getByRole('button', { name: /^Check this after every change: / })
      .first()
      .click()
    await page.goto(`${server.url}/console#/evaluations`)
    await page.getByRole('cell', { name: /^Do you play the tuba\?\s+In a visitor’s words/ }).waitFor()
    expect(errors).toEqual([])
  })
})
