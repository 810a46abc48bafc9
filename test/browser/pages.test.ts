import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startProxy } from '../faults/proxy.ts'
import { hasBrowser, launchBrowser } from '../fixtures/browser.ts'
import { adminPassword, startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('in a browser', () => {
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    server = await startServer({ demoShop: true })
    browser = await launchBrowser()
  }, 60_000)
  afterAll(() => browser?.close())

  /** A page whose errors fail the test that opened it. */
  async function open(address: string, options: Parameters<Browser['newContext']>[0] = {}) {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    // Shorter than a test: what was not found is named.
    page.setDefaultTimeout(10_000)
    const errors: string[] = []
    page.on('pageerror', error => errors.push(String(error)))
    page.on('console', message => {
      if (message.type() === 'error') errors.push(message.text())
    })
    await page.goto(server.url + address)
    return { context, page, errors }
  }

  async function ask(page: Page, question: string): Promise<void> {
    const box = page.getByRole('textbox', { name: /^(Message|消息|Write|写|输入)/ }).last()
    await box.fill(question)
    await box.press('Enter')
  }

  test('a question on a product page is answered as it is written, its reference opens, and a reload keeps the thread', async () => {
    const { page, errors, context } = await open('/', { locale: 'en-GB' })
    await page
      .getByRole('link', { name: /Aurel Book 13/ })
      .first()
      .click()
    await page.getByRole('heading', { name: 'Aurel Book 13' }).waitFor()
    await page.locator('.launcher').click()
    // Every state of the text that the page shows, in order.
    await page.evaluate(() => {
      const shadow = [...document.querySelectorAll('*')].find(element => element.shadowRoot)!.shadowRoot!
      const seen: string[] = []
      Object.assign(window, { seen })
      new MutationObserver(() => {
        const text = shadow.querySelector('.assistant .bubble')?.textContent ?? ''
        if (text !== seen.at(-1)) seen.push(text)
      }).observe(shadow, { subtree: true, childList: true, characterData: true })
    })
    await ask(page, 'How heavy is it, and what is the battery life?')
    const answer = page.locator('.message.assistant').last()
    await answer.locator('.actions').waitFor()
    const seen = (await page.evaluate(() => (window as never as { seen: string[] }).seen)).filter(
      text => text !== '',
    )
    expect(seen.length).toBeGreaterThan(2)
    for (const [index, text] of seen.entries())
      if (index > 0) expect(text.length).toBeGreaterThanOrEqual(seen[index - 1]!.length)
    expect(await answer.locator('.bubble').textContent()).toContain('1.08')

    await answer.locator('.mark').first().click()
    await page.locator('.source.open .detail').waitFor()
    expect(await page.locator('.source.open').textContent()).toContain('Aurel Book 13')

    const before = await answer.locator('.bubble').textContent()
    await page.reload()
    await page.locator('.launcher').click()
    await page.locator('.message.assistant .actions').first().waitFor()
    expect(await page.locator('.message.assistant .bubble').last().textContent()).toBe(before)
    expect(await page.locator('.message.user').count()).toBe(1)
    expect(errors).toEqual([])
    await context.close()
  })

  test('on a phone, in Chinese, in the dark, with the keyboard alone', async () => {
    const { page, errors, context } = await open('/', {
      locale: 'zh-CN',
      colorScheme: 'dark',
      viewport: { width: 390, height: 844 },
    })
    await page.locator('.launcher').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    const panel = (await page.locator('.panel').boundingBox())!
    expect([panel.width, panel.height].map(Math.round)).toEqual([390, 844])
    // Opening does not focus the box on a phone: that would raise its keyboard. Tab leads there.
    const box = page.getByRole('textbox', { name: /消息/ })
    const isFocused = () =>
      box.evaluate(element => (element.getRootNode() as ShadowRoot).activeElement === element)
    for (let steps = 0; steps < 20 && !(await isFocused()); steps++) await page.keyboard.press('Tab')
    await page.keyboard.type('最便宜的笔记本是哪台？')
    await page.keyboard.press('Enter')
    const answer = page.locator('.message.assistant').last()
    await answer.locator('.actions').waitFor()
    expect(await answer.textContent()).toMatch(/Nordlys Go 14/)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(errors).toEqual([])
    await context.close()
  })

  /** The same pages over a wire that can be cut. */
  async function overWire() {
    const line = await startProxy({ target: () => Number(new URL(server.url).port) })
    onTestFinished(line.close)
    return { line, url: `http://127.0.0.1:${line.port}` }
  }

  const answered = (page: Page, count: number) =>
    expect.poll(() => page.locator('.message.assistant .actions').count(), { timeout: 15_000 }).toBe(count)
  const texts = (page: Page, role: string) => page.locator(`.message.${role} .bubble`).allTextContents()

  test('law D2: what is said without a connection is kept over a reload, said so, and sent once, in order', async () => {
    const { line, url } = await overWire()
    const context = await browser.newContext({ locale: 'en-GB' })
    onTestFinished(() => context.close())
    const page = await context.newPage()
    await page.goto(url)
    await page.locator('.launcher').click()
    await ask(page, 'How long does delivery take?')
    await page.locator('.message.assistant .actions').waitFor()
    line.refuse()
    await page.getByText('Reconnecting').waitFor()
    await ask(page, 'And to Norway?')
    await ask(page, 'And what does it cost?')
    await page.getByText('Your message will be sent once you’re back online.').waitFor()
    await page.getByRole('textbox', { name: /^Message/ }).fill('Half a senten')
    line.heal()
    await page.reload()
    await page.locator('.launcher').click()
    await expect
      .poll(() => texts(page, 'user'), { timeout: 15_000 })
      .toEqual(['How long does delivery take?', 'And to Norway?', 'And what does it cost?'])
    expect(await page.getByRole('textbox', { name: /^Message/ }).inputValue()).toBe('Half a senten')
    await page.reload()
    await page.locator('.launcher').click()
    await page.locator('.message.assistant .actions').first().waitFor()
    expect(await texts(page, 'user')).toHaveLength(3)
  }, 60_000)

  test('law D4: two tabs show the same, each message once and in order, also when one comes back from nowhere', async () => {
    const { line, url } = await overWire()
    const context = await browser.newContext({ locale: 'en-GB' })
    onTestFinished(() => context.close())
    const near = await context.newPage()
    await near.goto(server.url)
    await near.locator('.launcher').click()
    await ask(near, 'How long does delivery take?')
    await near.locator('.message.assistant .actions').waitFor()
    // The other tab reaches the same server over the wire, as the same visitor.
    const stored = await near.evaluate(() => ({ ...localStorage }))
    const far = await context.newPage()
    await far.addInitScript(
      ([entries, host]) => {
        for (const [name, value] of Object.entries(entries as Record<string, string>))
          localStorage.setItem(name.replace(/^parley:[^:]+:\d+:/, `parley:${host}:`), value)
      },
      [stored, new URL(url).host] as const,
    )
    await far.goto(url)
    await far.locator('.launcher').click()
    await far.locator('.message.assistant .actions').waitFor()
    line.refuse()
    await far.getByText('Reconnecting').waitFor()
    await ask(near, 'And to Norway?')
    await answered(near, 2)
    line.heal()
    await answered(far, 2)
    await ask(far, 'And what does it cost?')
    await answered(near, 3)
    await answered(far, 3)
    for (const role of ['user', 'assistant']) expect(await texts(far, role)).toEqual(await texts(near, role))
    expect(await texts(far, 'user')).toHaveLength(3)
  }, 60_000)

  test('a model’s text and a document’s title run nothing and load nothing', async () => {
    const { page, errors, context } = await open('/')
    const outside: string[] = []
    page.on('request', request => {
      if (!request.url().startsWith(server.url) && !request.url().startsWith('data:'))
        outside.push(request.url())
    })
    await page.locator('.launcher').click()
    await ask(page, '<img src=x onerror=alert(1)> ![x](https://evil.example/x.png) [a](javascript:alert(1))')
    await page.locator('.message.assistant .actions').first().waitFor()
    expect(await page.locator('.log img').count()).toBe(0)
    expect(outside).toEqual([])
    expect(errors).toEqual([])
    await context.close()
  })

  test('the administrator signs in, imports products and documents, and the demo is gone', async () => {
    const { page, errors, context } = await open('/console', { locale: 'en-GB' })
    await page.getByLabel(/user name/i).fill('admin')
    await page
      .getByLabel(/password/i)
      .first()
      .fill(adminPassword)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Products' }).first().click()
    const lamp = { id: 7, name: 'Reading lamp Vesper', price: 59, currency: 'EUR', specs: { lumens: 450 } }
    await page.locator('input[type=file]').setInputFiles({
      name: 'products.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify([lamp])),
    })
    await page.getByText('Reading lamp Vesper').waitFor()
    await page.getByRole('link', { name: 'Documents' }).first().click()
    // Else the file may go to the page that is just being left.
    await page.getByRole('heading', { name: 'Documents', level: 1 }).waitFor()
    await page.locator('input[type=file]').setInputFiles({
      name: 'returns.md',
      mimeType: 'text/markdown',
      buffer: Buffer.from('# Returns\n\nLamps can be returned within 45 days.'),
    })
    await page
      .getByRole('row', { name: /Returns/ })
      .getByText(/ready/i)
      .waitFor()
    const { reply } = await server.http('POST', '/chat', {
      message: 'How many days do I have to return a lamp?',
    })
    expect(reply).toMatchObject({
      data: { answer: expect.stringContaining('45 days'), references: [{ source: 'document' }] },
    })
    const products = await server.http('GET', '/products')
    expect(products.reply).toMatchObject({ data: { pagination: { total: 1 } } })
    expect(errors).toEqual([])
    await context.close()
  })
})
