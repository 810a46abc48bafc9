import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, launchBrowser } from '../fixtures/browser.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('the widget', () => {
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    // Built anew it would vanish for a moment under the servers of other suites.
    if (!existsSync('client/dist/widget.js')) execFileSync(process.execPath, ['client/build.ts'])
    server = await startServer()
    browser = await launchBrowser()
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

  test('the widget stays when the site swaps its body, and a second init tells it the new page', async () => {
    const page = await visit('/products/one')
    await page.evaluate(() => {
      history.pushState(null, '', '/products/two')
      document.body.replaceWith(document.createElement('body'))
      const { Parley } = window as unknown as { Parley: { init(settings: object): void } }
      Parley.init({ language: 'zh', context: { productId: 'two' } })
    })
    await page.getByRole('button', { name: '打开对话' }).click()
    expect(await page.locator('parley-widget').count()).toBe(1)
    expect(await page.locator('.chip').first().textContent()).toBe('它有多重？')
  })

  test('calls made before the script is there are played back, as methods or as data', async () => {
    for (const queue of [
      "Parley = new Proxy({ q: [] }, { get: (t, name) => name === 'q' ? t.q : (...a) => t.q.push([name, ...a]) });" +
        "Parley.open(); Parley.on('ready', () => { ready = true }); Parley.init({ language: 'en' })",
      "Parley = []; Parley.push(['open'], ['on', 'ready', () => { ready = true }], ['init', { language: 'en' }])",
    ]) {
      const page = await visit('/healthz')
      const body = `<!doctype html><body><script>${queue}</script><script src="/widget.js" async></script>`
      await page.route('**/embedding', route => route.fulfill({ contentType: 'text/html', body }))
      await page.goto(`${server.url}/embedding`)
      await page.getByRole('dialog', { name: 'Ask us' }).waitFor()
      expect(await page.evaluate('ready')).toBe(true)
    }
  })
})
