import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser, launchBrowser } from '../fixtures/browser.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { adminPassword, converse, startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('what models cost, in the console', () => {
  let model: ModelServer
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    model = await startModelServer()
    model.always({ pieces: ['Yes.'], usage: { prompt_tokens: 1_000_000, completion_tokens: 500_000 } })
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

  test('the owner gives a model its price, and reads what an answer cost with it', async () => {
    const page = await browser.newPage({ locale: 'en-GB' })
    page.setDefaultTimeout(15_000)
    await page.goto(`${server.url}/console#/usage`)
    await page.getByLabel('User name or e-mail').fill('admin')
    await page.getByLabel('Password').fill(adminPassword)
    await page.keyboard.press('Enter')
    await page.getByText('No model was asked').waitFor()
    await page.getByText('No price yet').waitFor()
    await page.getByRole('button', { name: 'Set a price' }).click()
    await page.getByLabel('Input', { exact: true }).fill('0.5')
    await page.getByLabel('Output').fill('1.25')
    await page.getByLabel('Currency').fill('eur')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Set by you').waitFor()

    await converse(await server.connect(), 'Is it in stock?')
    // An answer is entered a moment after it was given.
    await expect
      .poll(
        async () => {
          await page.reload()
          await page.getByRole('heading', { name: 'Prices' }).waitFor()
          return page.getByText('€1.13').first().isVisible()
        },
        { timeout: 15_000 },
      )
      .toBe(true)
    await page.getByRole('heading', { name: 'By model' }).waitFor()
    await page.locator('.plots canvas').first().waitFor()
    expect(await accessibilityViolations(page)).toEqual([])
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download CSV' }).click()
    expect((await download).suggestedFilename()).toBe('usage.csv')
  })
})
