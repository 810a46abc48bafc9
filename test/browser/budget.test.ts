import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser, launchBrowser } from '../fixtures/browser.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { adminPassword, startServer, type TestServer } from '../fixtures/harness.ts'
import { visitors, write } from '../fixtures/widget.ts'

describe.runIf(hasBrowser)('a budget, from the console to the widget', { timeout: 120_000 }, () => {
  let model: ModelServer
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    model = await startModelServer()
    model.always({ pieces: ['It is light.'], usage: { prompt_tokens: 900, completion_tokens: 100 } })
    server = await startServer({
      llm: {
        provider: 'openai',
        model: 'test-model',
        embeddingModel: null,
        openaiKey: 'test',
        openaiUrl: `${model.url}/v1`,
        ollamaHost: null,
      },
    })
    browser = await launchBrowser()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await model.close()
  })
  const { visit } = visitors(() => server.url)

  test('the owner sets one, sees how far it is, and chooses what visitors get when it is used up', async () => {
    const page = await browser.newPage({ locale: 'en-GB' })
    page.setDefaultTimeout(15_000)
    await page.goto(`${server.url}/console#/usage`)
    await page.getByLabel('User name or e-mail').fill('admin')
    await page.getByLabel('Password').fill(adminPassword)
    await page.keyboard.press('Enter')
    await page.getByText('No budgets').waitFor()
    await page.getByRole('button', { name: 'Add a budget' }).click()
    await page.getByLabel('Applies to').selectOption({ label: 'Everyone in a role' })
    await page.getByLabel('Counted in').selectOption({ label: 'Tokens' })
    await page.getByLabel('Limit', { exact: true }).fill('6000')
    await page.getByRole('button', { name: 'Save' }).click()
    const row = page.getByRole('row').filter({ hasText: 'Visitors' })
    await row.getByText('0 of 6,000 tokens').waitFor()
    expect(await accessibilityViolations(page)).toEqual([])

    const visitor = await visit()
    const answers = (count: number) =>
      visitor
        .getByRole('log')
        .getByText('It is light.')
        .nth(count - 1)
        .waitFor()
    await write(visitor, 'Is it light?')
    await answers(1)
    await write(visitor, 'And what about the weight?')
    await answers(2)
    await write(visitor, 'Really?')
    await visitor.getByRole('log').getByText('this is quoted straight from our pages').waitFor()

    await page.reload()
    await row.getByText('2,000 of 6,000 tokens').waitFor()
    await row.getByText('Used up').waitFor()
    await row.getByRole('button', { name: 'Edit Visitors' }).click()
    await page.getByLabel('When it’s used up').selectOption({ label: 'Questions are declined' })
    await page.getByRole('button', { name: 'Save' }).click()
    await row.getByText('Questions are declined').waitFor()
    await write(visitor, 'How about now?')
    await visitor.getByRole('log').getByText('A limit has been reached. Please try again later.').waitFor()

    await row.getByRole('button', { name: 'Delete Visitors' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No budgets').waitFor()
    await write(visitor, 'And now?')
    await answers(3)
  })
})
