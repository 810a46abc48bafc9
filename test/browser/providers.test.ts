import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser, launchBrowser } from '../fixtures/browser.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { adminPassword, converse, startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('providers of models, in the console', () => {
  let model: ModelServer
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    model = await startModelServer()
    server = await startServer({ outgoingAllowed: [model.url] })
    browser = await launchBrowser()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await model.close()
  })

  async function openModels(): Promise<Page> {
    const page = await browser.newPage({ locale: 'en-GB' })
    page.setDefaultTimeout(15_000)
    await page.goto(`${server.url}/console#/models`)
    await page.getByLabel('User name or e-mail').fill('admin')
    await page.getByLabel('Password').fill(adminPassword)
    await page.keyboard.press('Enter')
    await page.getByText('No providers yet').waitFor()
    return page
  }

  test('an address that the server may not call leaves what was typed where it is, and says why', async () => {
    const page = await openModels()
    await page.getByRole('button', { name: 'Add a provider' }).click()
    await page.getByLabel('Service').selectOption('vLLM')
    await page.getByLabel('Address').fill('http://127.0.0.1:9/v1')
    await page.getByLabel('API key').fill('sk-typed')
    await page.getByLabel('Model').fill('test-model')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').getByText('OUTGOING_ALLOWED').waitFor()
    expect(await accessibilityViolations(page)).toEqual([])
    expect(await page.getByLabel('API key').inputValue()).toBe('sk-typed')
    await page.getByLabel('Address').fill(`${model.url}/v1`)
    await page.getByLabel('API key').fill('')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('No. 1 in line').waitFor()
    // Stored without a key it is no new one: it keeps its kind, and its address.
    await page.getByRole('button', { name: 'Edit vLLM' }).click()
    expect(await page.getByLabel('Service').count()).toBe(0)
    expect(await page.getByLabel('Address').inputValue()).toBe(`${model.url}/v1`)
    await page.getByLabel('Address').fill('')
    await page.getByRole('button', { name: 'Save' }).click()
    expect(await page.locator('dialog input:invalid').count()).toBe(1)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Delete vLLM' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No providers yet').waitFor()
    await page.context().close()
  })

  test('the owner adds one, tests it, and it answers visitors', async () => {
    const page = await openModels()
    await page.getByRole('button', { name: 'Add a provider' }).click()
    await page.getByLabel('Service').selectOption('DeepSeek')
    await page.getByLabel('Address').fill(`${model.url}/v1`)
    await page.getByLabel('API key').fill('sk-secret')
    await page.getByLabel('Model').fill('test-model')
    expect(await accessibilityViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('No. 1 in line').waitFor()

    model.script({ status: 401, body: '{"error":{"message":"Incorrect API key"}}' })
    await page.getByRole('button', { name: 'Test' }).click()
    await page.getByText('DeepSeek: The API key was not accepted.').waitFor()
    await page.getByRole('button', { name: 'Test' }).click()
    await page.getByText(/DeepSeek answered in \d+ ms/).waitFor()

    model.script({ pieces: ['From the provider.'] })
    const { answer } = await converse(await server.connect(), 'Who is there?')
    expect(answer.content).toBe('From the provider.')
    expect(model.headers.at(-1)?.authorization).toBe('Bearer sk-secret')
    await page.getByRole('button', { name: 'Delete DeepSeek' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No providers yet').waitFor()
  })
})
