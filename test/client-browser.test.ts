import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from './harness.ts'
import { hasService } from './services.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const executable = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap(folder => names.map(name => join(folder, name)))
  .find(existsSync)

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

describe.runIf(hasService('Chromium', executable !== undefined, 'apt-get install chromium'))(
  'the widget',
  () => {
    let server: TestServer
    let browser: Browser
    beforeAll(async () => {
      // Built anew it would vanish for a moment under the servers of other suites.
      if (!existsSync('client/dist/widget.js')) execFileSync(process.execPath, ['client/build.ts'])
      server = await startServer({ demoShop: true })
      browser = await chromium.launch({ executablePath: executable, args: flags })
    }, 120_000)
    afterAll(() => browser?.close())

    async function visit(path: string, locale = 'en-GB'): Promise<Page> {
      const context = await browser.newContext({ locale })
      const page = await context.newPage()
      page.on('pageerror', error => {
        throw error
      })
      await page.goto(server.url + path)
      return page
    }

    /** The different lengths an answer had on the way. */
    async function watchGrowth(page: Page): Promise<() => Promise<number[]>> {
      await page.evaluate(() => {
        const seen = new Set<number>()
        Object.assign(window, { seen })
        setInterval(() => {
          const root = document.querySelector('parley-widget')?.shadowRoot
          seen.add(root?.querySelector('.assistant .text')?.textContent?.length ?? 0)
        }, 5)
      })
      return () => page.evaluate(() => [...(window as unknown as { seen: Set<number> }).seen])
    }

    test('a question on a product page is answered as one watches, with a source that opens, and survives a reload', async () => {
      const page = await visit('/products/LP-101')
      await page.getByRole('button', { name: 'Open chat' }).click()
      await page.getByLabel('Message').fill('What does it weigh, and how long does delivery take?')
      const lengths = await watchGrowth(page)
      await page.keyboard.press('Enter')
      const answer = page.locator('.assistant .text').first()
      await answer.waitFor()
      await page.locator('.assistant .actions').waitFor()
      const said = await answer.textContent()
      expect(said?.length).toBeGreaterThan(20)
      expect((await lengths()).length).toBeGreaterThan(2)
      await page.locator('.mark').first().click()
      await page.locator('.source.open blockquote').waitFor()
      await page.reload()
      await page.getByRole('button', { name: 'Open chat' }).click()
      await expect.poll(() => page.locator('.assistant .text').first().textContent()).toBe(said)
      await page.keyboard.press('Escape')
      await page.locator('.panel').waitFor({ state: 'detached' })
    })

    test('Enter that ends a composition does not send; the draft is kept', async () => {
      const page = await visit('/', 'zh-CN')
      await page.getByRole('button', { name: '打开对话' }).click()
      const field = page.getByLabel('消息', { exact: true })
      await field.fill('你好')
      await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
      await field.dispatchEvent('keydown', { key: 'Enter', keyCode: 229 })
      expect(await field.inputValue()).toBe('你好')
      await page.reload()
      await page.getByRole('button', { name: '打开对话' }).click()
      expect(await page.getByLabel('消息', { exact: true }).inputValue()).toBe('你好')
    })

    test('the widget stays when the site swaps its body, and its text is never HTML', async () => {
      const page = await visit('/')
      await page.evaluate(() => {
        document.body.replaceWith(document.createElement('body'))
      })
      await page.getByRole('button', { name: 'Open chat' }).click()
      await page.getByLabel('Message').fill('<img src=x onerror="document.title=1"> [x](javascript:alert(1))')
      await page.keyboard.press('Enter')
      await page.locator('.assistant .actions').waitFor()
      expect(await page.locator('parley-widget').locator('img, a[href^="javascript"]').count()).toBe(0)
      expect(await page.title()).not.toBe('1')
    })
  },
)
