import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { pageWith, startSite } from '../fixtures/site.ts'
import { visitors, write } from '../fixtures/widget.ts'

const logo = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg"/>')}`

describe.runIf(hasBrowser)('issue 16: the page API', { timeout: 60_000 }, () => {
  let server: TestServer
  let site: Awaited<ReturnType<typeof startSite>>
  const { blank, errors } = visitors(() => server.url)

  beforeAll(async () => {
    site = await startSite()
    server = await startServer({ allowedOrigins: [site.url] })
  }, 60_000)
  afterAll(async () => {
    await site?.close()
    expect(errors).toEqual([])
  })

  /** A page of the site with the widget, and all its events in `window.events`. */
  async function open(settings: string, body = ''): Promise<Page> {
    const page = await blank()
    onTestFinished(() => page.context().close())
    page.setDefaultTimeout(15_000)
    page.on('pageerror', error => errors.push(String(error)))
    await page.addInitScript(() => {
      Object.assign(window, { events: [] })
      const names = ['ready', 'open', 'close', 'sent', 'received', 'unread', 'handoff', 'rating', 'error']
      const calls = names.map(name => [
        'on',
        name,
        (detail: unknown) => (window as any).events.push([name, detail]),
      ])
      Object.assign(window, { Parley: calls })
    })
    const script = `<script src="${server.url}/widget.js"></script><script>Parley.init(${settings})</script>`
    await page.goto(site.put('/', { html: pageWith(body + script) }))
    return page
  }

  const eventsOf = (page: Page, name: string): Promise<any[]> =>
    page.evaluate(
      name =>
        (window as any).events
          .filter((event: unknown[]) => event[0] === name)
          .map((event: unknown[]) => event[1]),
      name,
    )
  const call = (page: Page, method: string, ...values: unknown[]) =>
    page.evaluate(([method, values]) => (window as any).Parley[method](...values), [method, values] as [
      string,
      unknown[],
    ])
  const state = (page: Page) =>
    page.evaluate(() => [(window as any).Parley.isOpen, (window as any).Parley.unread])

  test('issue 16: ask opens the chat and asks; what is sent and received is told, once', async () => {
    const page = await open('{}')
    expect(await state(page)).toEqual([false, 0])
    await call(page, 'ask', 'How long does delivery take?')
    await page.locator('.message.assistant .actions').waitFor()
    expect(await state(page)).toEqual([true, 0])
    expect(await eventsOf(page, 'sent')).toMatchObject([
      { role: 'user', content: 'How long does delivery take?' },
    ])
    expect(await eventsOf(page, 'received')).toMatchObject([{ role: 'assistant', status: 'complete' }])
    await page.reload()
    await page.locator('.launcher').click()
    await page.locator('.message.assistant .actions').waitFor()
    expect([await eventsOf(page, 'sent'), await eventsOf(page, 'received')]).toEqual([[], []])
  })

  test('issue 16: what comes while the chat is closed is unread, said and counted', async () => {
    const page = await open('{}')
    await call(page, 'ask', 'How long does delivery take?')
    await call(page, 'close')
    await page.locator('.badge').waitFor()
    expect(await state(page)).toEqual([false, 1])
    expect(await eventsOf(page, 'unread')).toEqual([{ count: 1 }])
    await call(page, 'open')
    await expect.poll(() => eventsOf(page, 'unread')).toEqual([{ count: 1 }, { count: 0 }])
  })

  test('issue 16: who has the conversation, and what it was rated, are told', async () => {
    const page = await open('{}')
    await call(page, 'ask', 'How long does delivery take?')
    await page.getByRole('button', { name: 'Helpful', exact: true }).click()
    await expect.poll(() => eventsOf(page, 'rating')).toEqual([{ of: 'answer', rating: 1 }])
    await page.getByRole('button', { name: 'A person', exact: true }).click()
    await expect
      .poll(() => eventsOf(page, 'handoff'))
      .toEqual([{ mode: 'queued', status: 'pending', agent: null }])
  })

  test('issue 16: the launcher goes to the left, with offsets, and below what the page puts above it', async () => {
    const page = await open(`{ side: 'left', offset: { x: 40, y: 60 }, zIndex: 5 }`)
    const { width, height } = page.viewportSize()!
    const launcher = (await page.locator('.launcher').boundingBox())!
    expect([launcher.x, height - launcher.y - launcher.height]).toEqual([40, 60])
    expect(await page.locator('parley-widget').evaluate(element => getComputedStyle(element).zIndex)).toBe(
      '5',
    )
    await page.locator('.launcher').click()
    const panel = (await page.locator('.panel').boundingBox())!
    expect(panel.x).toBe(40)
    expect(panel.x + panel.width).toBeLessThan(width)
    expect(panel.y).toBeGreaterThanOrEqual(0)
  })

  test('issue 16: without a launcher only the page opens the chat', async () => {
    const page = await open('{ launcher: false }')
    await page.locator('.parley').waitFor({ state: 'attached' })
    expect(await page.locator('.launcher').count()).toBe(0)
    await call(page, 'toggle')
    await page.locator('.panel').waitFor()
    await call(page, 'init', { launcher: true })
    await page.locator('.launcher').waitFor()
  })

  test('issue 16: an element of the page is the launcher, also one that comes later; the focus goes back to it', async () => {
    const page = await open(
      `{ launcher: '.help' }`,
      '<a class="help" id="first" href="#nowhere"><b>Help</b></a>',
    )
    await page.locator('#first b').click()
    await page.locator('.panel').waitFor()
    expect([page.url().includes('#'), await page.locator('#first').getAttribute('aria-expanded')]).toEqual([
      false,
      'true',
    ])
    await page.keyboard.press('Escape')
    await page.locator('.panel').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('first')
    expect(await page.locator('#first').getAttribute('aria-expanded')).toBe('false')
    await page.evaluate(() =>
      document.body.insertAdjacentHTML('beforeend', '<button class="help" id="later">?</button>'),
    )
    await page.locator('#later').click()
    await page.locator('.panel').waitFor()
  })

  test('issue 16: title, greeting, questions, colour and logo are those of init, in the language of the page', async () => {
    const page = await open(
      `{ title: { en: 'Ask Ada', zh: '问问阿达' }, greeting: 'Good day\\nWe are here.', starters: ['How long does delivery take?'], color: '#fc0', logo: '${logo}' }`,
    )
    await page.locator('.launcher').click()
    await page.getByRole('heading', { name: 'Ask Ada' }).waitFor()
    await page.getByRole('heading', { name: 'Good day' }).waitFor()
    await page.getByText('We are here.').waitFor()
    expect(await page.locator('.logo').getAttribute('src')).toBe(logo)
    const colours = await page.locator('.launcher').evaluate(element => {
      const { backgroundColor, color } = getComputedStyle(element)
      return [backgroundColor, color]
    })
    expect(colours).toEqual(['rgb(255, 204, 0)', 'rgb(17, 17, 17)'])
    expect(await page.locator('.chip').allTextContents()).toEqual(['How long does delivery take?'])
    await page.locator('.chip').click()
    await page.locator('.message.assistant .actions').waitFor()
    await call(page, 'setLanguage', 'zh-TW')
    await page.getByRole('heading', { name: '问问阿达' }).waitFor()
  })

  test('issue 16: what the owner has set holds without a word of the page and without a request, and the page’s word goes before it', async () => {
    const token = await server.signIn()
    const change = {
      title: { en: 'Ask Fernwood', zh: '' },
      side: 'left',
      color: '#123456',
      starters: { en: ['Set?'], zh: [] },
    }
    expect((await server.http('PUT', '/admin/widget', change, token)).status).toBe(200)
    const page = await blank()
    onTestFinished(() => page.context().close())
    const requests: string[] = []
    page.on('request', request => requests.push(request.url()))
    const html = pageWith(
      `<script src="${server.url}/widget.js"></script><script>Parley.init({ color: '#654321' })</script>`,
    )
    await page.goto(site.put('/set', { html }))
    const launcher = (await page.locator('.launcher').boundingBox())!
    expect(launcher.x).toBe(20)
    expect(requests.filter(address => address.startsWith('http'))).toEqual([
      `${site.url}/set`,
      `${server.url}/widget.js`,
    ])
    await page.locator('.launcher').click()
    await page.getByRole('heading', { name: 'Ask Fernwood' }).waitFor()
    await page.getByText('Set?').waitFor()
    expect(
      await page.locator('.launcher').evaluate(element => getComputedStyle(element).backgroundColor),
    ).toBe('rgb(101, 67, 33)')
    await write(page, 'Hello')
    await page.locator('.message.user').waitFor()
  })
})
