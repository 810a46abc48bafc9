import { beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { converse, startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('questions in a browser', () => {
  let server: TestServer
  const { hire, sitDown, errors } = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer({ demoShop: true })
    await hire('lead', 'admin')
  }, 60_000)

  test('what was asked in vain is seen, answered once, and answered from then on', async () => {
    const visitor = await server.connect()
    await converse(visitor, 'Do you play the accordion?')
    const page = await sitDown('lead')
    await page.goto(`${server.url}/console#/questions`)
    const row = page.locator('tbody tr').filter({ hasText: 'accordion' })
    await row.waitFor()
    await converse(await server.connect(), 'can you play an accordion')
    await row.getByText('No answer 2').waitFor({ timeout: 15_000 })
    await row.getByText('Also asked as (1)').click()
    expect(await row.locator('.also-asked li').allTextContents()).toEqual(['Do you play the accordion?'])

    await row.getByRole('button', { name: 'Answer' }).click()
    const dialog = page.locator('dialog')
    const questions = dialog.getByLabel('Questions')
    expect(await questions.inputValue()).toBe('can you play an accordion\nDo you play the accordion?')
    await dialog.getByLabel('Answer').fill('Only on **Fridays**, in the shop.')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Nothing to answer').waitFor()

    const { answer } = await converse(await server.connect(), 'do you play accordion')
    expect(answer.content).toBe('Only on **Fridays**, in the shop [1].')
    await page.goto(`${server.url}/console#/answers`)
    await page.getByRole('cell', { name: /^can you play an accordion/ }).waitFor()
    await page.getByText('In use').waitFor()
    expect(errors).toEqual([])
  })

  test('what the shop will not answer is put aside', async () => {
    await converse(await server.connect(), 'Do you dance the polka?')
    const page = await sitDown('lead')
    await page.goto(`${server.url}/console#/questions`)
    const row = page.locator('tbody tr').filter({ hasText: 'polka' })
    await row.getByRole('button', { name: /Set aside/ }).click()
    await row.waitFor({ state: 'detached' })
    await page.getByLabel('Status').selectOption('dismissed')
    await row.getByRole('button', { name: /Reopen/ }).click()
    await row.waitFor({ state: 'detached' })
    expect(errors).toEqual([])
  })
})
