import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { operations } from '#protocol'
import { hasBrowser, launchBrowser } from '../fixtures/browser.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

/** What the whole page may weigh on the wire for each operation. Swagger UI alone is 500,000 bytes. */
const operationMaxBytes = 500

describe.runIf(hasBrowser)('I2: the page of documents', () => {
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    server = await startServer()
    browser = await launchBrowser()
  }, 120_000)
  afterAll(() => browser?.close())

  async function visit(path: string): Promise<{ page: Page; problems: string[] }> {
    const page = await browser.newPage()
    onTestFinished(() => page.close())
    const problems: string[] = []
    page.on('pageerror', error => problems.push(error.message))
    page.on('console', message => problems.push(message.text()))
    page.on('requestfailed', request => problems.push(request.url()))
    page.on('response', response => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`)
    })
    await page.goto(server.url + path)
    return { page, problems }
  }

  test('I2: is light and closed at first, and opens what is looked for', async () => {
    const { page, problems } = await visit('/docs')
    await page.locator('.group').first().waitFor()
    expect(await page.locator('details[open]').count()).toBe(0)
    expect(await page.locator('meta[name=description]').getAttribute('content')).toBeTruthy()
    const bytes = await page.evaluate(() =>
      performance
        .getEntries()
        .reduce((sum, entry) => sum + ((entry as PerformanceResourceTiming).encodedBodySize ?? 0), 0),
    )
    expect(bytes).toBeGreaterThan(5000)
    expect(bytes).toBeLessThan(operationMaxBytes * Object.keys(operations).length)

    await page.getByLabel('Find').fill('post /chat/messages')
    const entry = page.locator('.entry:visible')
    await entry.locator('summary').first().click()
    await entry.getByText("-d '{").waitFor()
    expect(await entry.getByText('curl -X POST').textContent()).toContain('/api/v1/chat/messages')

    await page.getByLabel('Find').fill('handoff:accept')
    await page.locator('#calls .entry:visible summary').first().click()
    await page.getByText('Acknowledgement', { exact: true }).waitFor()
    await page.getByLabel('Find').fill('no such thing')
    await page.getByText('Nothing is called that.').waitFor()
    expect(problems).toEqual([])
  })

  test('I2: its link leads to where the route can be called', async () => {
    const { page, problems } = await visit('/docs')
    await page.getByLabel('Find').fill('get /system/health')
    await page.locator('.entry:visible summary').first().click()
    const link = await page.getByRole('link', { name: 'Try it out' }).last().getAttribute('href')
    await page.goto(new URL(link!, page.url()).href)
    await page.getByRole('button', { name: 'Try it out' }).waitFor()
    expect(await page.locator('.opblock.is-open').textContent()).toContain('/system/health')
    expect(problems).toEqual([])
  })
})
