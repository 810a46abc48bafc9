import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { launchBrowser } from './browser-fixture.ts'

/** Visitors with a browser each; what goes wrong on their pages is kept. */
export function visitors(url: () => string) {
  let browser: Browser
  const errors: string[] = []
  beforeAll(async () => {
    browser = await launchBrowser()
  }, 60_000)
  afterAll(() => browser?.close())

  async function blank(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', ...options })
    return context.newPage()
  }

  /** The shop in a page, its chat open. */
  async function tab(page: Page, address = url()): Promise<Page> {
    // Shorter than a test: what was not found is named.
    page.setDefaultTimeout(10_000)
    page.on('pageerror', error => errors.push(String(error)))
    await page.goto(address)
    await openChat(page)
    return page
  }

  return {
    errors,
    blank,
    tab,
    visit: async (options?: BrowserContextOptions, address?: string) => tab(await blank(options), address),
    anotherTab: async (page: Page) => tab(await page.context().newPage()),
  }
}

export async function openChat(page: Page): Promise<void> {
  await page.locator('.launcher').click()
  await page.locator('.desk').waitFor()
}

export async function write(page: Page, text: string): Promise<void> {
  const box = page.locator('.composer textarea')
  await box.fill(text)
  await box.press('Enter')
}
