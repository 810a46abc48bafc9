import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { visitors } from '../fixtures/widget.ts'

/** Rules as sites have them, each with what it is meant for there. */
const sheets: Record<string, string> = {
  'a reset of everything': '* { all: unset !important; display: block !important }',
  'rules for what is in the body':
    'body > * { position: relative !important; transform: scale(.5) !important; margin: 40px !important }',
  'rules for what is in the page':
    'html > * { opacity: .2 !important; filter: blur(3px) !important; left: 0 !important; top: 0 !important }',
  'fading in':
    '* { transition: all 9s !important } html > * { animation: in 9s both paused !important } @keyframes in { from, to { opacity: 0; transform: translate(-300px) } }',
  'elements not yet defined': ':not(:defined) { visibility: hidden !important; display: none !important }',
  'empty elements': ':empty { display: none !important }',
  'the last child':
    'body > :last-child { margin-bottom: 400px !important } :last-child { outline: 3px solid red !important }',
  'how many children there are':
    'body:has(> :nth-child(4)) { background: red !important; padding: 50px !important }',
  'a flex body':
    'html { display: flex; gap: 30px } body { display: flex; gap: 20px; flex-direction: row-reverse }',
  'a grid body': 'html { display: grid; gap: 9px } body { display: grid; gap: 20px; grid-auto-rows: 200px }',
  columns: 'html, body { columns: 3; column-gap: 30px }',
  'a moved, filtered, faded body':
    'body { transform: translateX(80px) rotate(3deg); filter: grayscale(1); opacity: .5; perspective: 500px; will-change: transform }',
  'a body that is not rendered yet':
    'body { content-visibility: hidden; contain: strict; height: 200px; overflow: hidden; clip-path: inset(0 50% 0 0) }',
  'a body that is hidden': 'body { display: none }',
  'a page that takes no clicks':
    'html, body { pointer-events: none !important; user-select: none; cursor: none; visibility: hidden }',
  'the highest layer': 'div { position: fixed; inset: 0; z-index: 2147483647; background: lime }',
  'small letters':
    'html { font-size: 62.5%; letter-spacing: 5px; line-height: 4; word-spacing: 20px; text-transform: uppercase; text-indent: 90px }',
  'a page at a size of its own': 'html { zoom: 1.25 } body { zoom: .8 }',
  'everything as the browser has it': '* { all: revert !important } html > * { display: inline !important }',
  'inherited colours and direction':
    'html { direction: rtl; writing-mode: vertical-rl; color: red; font: italic bold 40px serif; color-scheme: only light }',
  'tokens of the same names':
    '*, [data-theme], [data-theme="auto"] { --accent: red; --on-accent: red; --surface: red; --text: red; --sans: serif }',
  'content before everything':
    '*::before, *::after { content: "x" !important; position: fixed !important; inset: 0 !important; background: red !important; z-index: 9 }',
  'boxes of everything':
    '* { box-sizing: content-box !important; border: 5px solid red !important; padding: 20px !important; width: 50% !important; max-height: 20px !important; overflow: hidden !important }',
  'snapping and scrolling':
    'html { overflow: hidden; scroll-snap-type: y mandatory; height: 100% } body { overflow: auto; height: 100%; margin: 0 }',
}

const content =
  '<div><p>One of the <b>page’s</b> own</p></div><section><h1>Title</h1><p>Text</p></section><footer>End</footer>'

describe.runIf(hasBrowser)('B4: the widget takes no part in the page', { timeout: 120_000 }, () => {
  let shop: Server
  let shopUrl: string
  let server: TestServer
  const { blank } = visitors(() => server.url)

  beforeAll(async () => {
    shop = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://shop')
      const style = sheets[searchParams.get('sheet') ?? ''] ?? ''
      // Rules may show what stands in the head: the page is the same with the widget and without.
      const start = `if (location.search.includes('&widget')) Parley.init({ language: 'en', theme: 'light' })`
      const scripts = `<script src="${server.url}/widget.js"></script><script>${start}</script>`
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(
        `<!doctype html><html><head><link rel="icon" href="data:,"><style>${style}</style>${scripts}</head><body>${content}</body></html>`,
      )
    })
    await new Promise<void>(resolve => shop.listen(0, '127.0.0.1', resolve))
    shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
    server = await startServer({ allowedOrigins: [shopUrl] })
  }, 60_000)
  afterAll(() => shop?.close())

  /** Where everything of the page's stands, and how it looks. */
  const layout = (page: Page) =>
    page.evaluate(() =>
      [...document.querySelectorAll('html, body, body *')].map(element => {
        const { x, y, width, height } = element.getBoundingClientRect()
        const { outlineWidth, backgroundColor, padding } = getComputedStyle(element)
        return [element.tagName, x, y, width, height, outlineWidth, backgroundColor, padding].join(' ')
      }),
    )
  const viewport = { width: 800, height: 600 }
  const launcher = { x: viewport.width - 78, y: viewport.height - 78, width: 58, height: 58 }
  /** What is within its circle. */
  const middle = { x: launcher.x + 10, y: launcher.y + 10, width: 38, height: 38 }

  test('B4: for every rule the launcher is at its corner, on top, opaque, takes the click, is not printed, and moves nothing', async () => {
    const page = await blank({ viewport, reducedMotion: 'reduce' })
    page.setDefaultTimeout(10_000)
    await page.goto(`${shopUrl}/?sheet=none&widget`)
    await page.locator('.launcher').waitFor()
    const plain = await page.screenshot({ clip: middle })
    for (const sheet of Object.keys(sheets)) {
      const address = `${shopUrl}/?sheet=${encodeURIComponent(sheet)}`
      await page.goto(address)
      const before = await layout(page)
      await page.goto(`${address}&widget`)
      await page.locator('.launcher').waitFor()
      expect.soft(await layout(page), sheet).toEqual(before)
      expect.soft(await page.locator('.launcher').boundingBox(), sheet).toEqual(launcher)
      expect.soft(plain.equals(await page.screenshot({ clip: middle })), sheet).toBe(true)
      await page.mouse.click(launcher.x + 29, launcher.y + 29)
      await page.locator('.panel').waitFor()
      // It has risen to its place a frame later.
      await expect
        .poll(() => page.locator('.panel').boundingBox(), { message: sheet })
        .toMatchObject({ x: 800 - 20 - 404, width: 404, y: 24, height: 484 })
      await page.emulateMedia({ media: 'print' })
      expect(await page.locator('.panel, .launcher').filter({ visible: true }).count(), sheet).toBe(0)
      await page.emulateMedia({ media: 'screen' })
    }
  })
})
