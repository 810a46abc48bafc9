import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { hasService } from './services.ts'

const path = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync) ?? ''

export const hasBrowser = hasService(
  'Chromium',
  existsSync(path),
  'install Debian’s chromium, or set CHROMIUM to its path',
)

/** Nothing of the browser's own goes out: the page under test is all that is loaded. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: path, args: flags })

/** Visitors with a browser each; what goes wrong on their pages is kept. */
export function visitors(url: () => string) {
  let browser: Browser
  const errors: string[] = []
  beforeAll(async () => {
    browser = await launch()
  }, 60_000)
  afterAll(() => browser?.close())

  async function visit(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', ...options })
    return tab(await context.newPage())
  }

  /** The shop in a page, its chat open. */
  async function tab(page: Page): Promise<Page> {
    // Shorter than a test: what was not found is named.
    page.setDefaultTimeout(10_000)
    page.on('pageerror', error => errors.push(String(error)))
    await page.goto(url())
    await openChat(page)
    return page
  }

  return { visit, errors, anotherTab: async (page: Page) => tab(await page.context().newPage()) }
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
