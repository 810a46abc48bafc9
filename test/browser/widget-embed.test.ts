import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { openChat, visitors, write } from '../fixtures/widget.ts'

describe.runIf(hasBrowser)('the widget’s second file', () => {
  let shop: Server
  let shopUrl: string
  let server: TestServer
  const { blank } = visitors(() => server.url)

  beforeAll(async () => {
    shop = createServer((_, response) => {
      response.setHeader('content-type', 'text/html')
      response.setHeader(
        'content-security-policy',
        `default-src 'none'; img-src data:; script-src 'nonce-of-the-page'; connect-src ${server.url} ${server.url.replace('http', 'ws')}`,
      )
      response.end(
        `<!doctype html><link rel="icon" href="data:,"><body><script nonce="of-the-page" src="${server.url}/widget.js"></script>` +
          '<script nonce="of-the-page">Parley.init({ language: "en" })</script>',
      )
    })
    await new Promise<void>(resolve => shop.listen(0, '127.0.0.1', resolve))
    shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
    server = await startServer({ allowedOrigins: [shopUrl] })
  }, 60_000)
  afterAll(() => shop?.close())

  test('comes to another site whose policy names scripts one by one, and needs nothing else of it', async () => {
    const page = await blank()
    const refused: string[] = []
    page.on('console', message => message.type() === 'error' && refused.push(message.text()))
    await page.goto(shopUrl)
    await openChat(page)
    await page.getByRole('button', { name: 'A person', exact: true }).click()
    await page.getByText('You are number 1').waitFor()
    expect(refused).toEqual([])
  })

  test('is not waited for: the first answer comes without it, and it is asked for again', async () => {
    const page = await blank()
    let isAway = true
    let requested = 0
    await page.route('**/assets/widget-*.js', route => {
      requested++
      return isAway ? route.abort() : route.continue()
    })
    await page.goto(shopUrl)
    await page.locator('.launcher').click()
    await write(page, 'How long does delivery take?')
    await page.locator('.message.assistant .bubble:not(.streaming)').waitFor()
    expect(await page.locator('.desk').count()).toBe(0)
    isAway = false
    await page.locator('.desk').waitFor()
    await page.locator('.message.assistant .actions').waitFor()
    expect(requested).toBeGreaterThan(1)
  })

  test('is not asked for before the chat is opened', async () => {
    const page = await blank()
    const scripts: string[] = []
    page.on('request', request => request.resourceType() === 'script' && scripts.push(request.url()))
    await page.goto(shopUrl)
    await page.locator('.launcher').waitFor()
    expect(scripts).toEqual([`${server.url}/widget.js`])
  })
})
