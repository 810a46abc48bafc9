import { readdir, readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { pageWith, startSite } from '../fixtures/site.ts'
import { visitors, write } from '../fixtures/widget.ts'

const dist = new URL('../../client/dist/', import.meta.url)

describe.runIf(hasBrowser)('the widget on real pages', { timeout: 60_000 }, () => {
  let server: TestServer
  let site: Awaited<ReturnType<typeof startSite>>
  let stranger: Awaited<ReturnType<typeof startSite>>
  const logged: string[] = []
  const { blank } = visitors(() => server.url)

  beforeAll(async () => {
    site = await startSite()
    stranger = await startSite()
    server = await startServer({ allowedOrigins: [site.url] })
    const warn = server.app.log.warn.bind(server.app.log)
    server.app.log.warn = ((...args: [object, string]) => {
      logged.push(args[1])
      warn(...args)
    }) as typeof server.app.log.warn
  }, 60_000)
  afterAll(() => Promise.all([site?.close(), stranger?.close()]))

  /** A page, what it says in the browser's console, and the `error` events of the widget. */
  async function open(address: string, before?: (page: Page) => Promise<unknown>) {
    const page = await blank()
    onTestFinished(() => page.context().close())
    page.setDefaultTimeout(15_000)
    const lines: string[] = []
    page.on('console', message => lines.push(message.text()))
    page.on('pageerror', error => lines.push(`thrown: ${error}`))
    await page.addInitScript(() => {
      Object.assign(window, { codes: [] })
      Object.assign(window, {
        Parley: [['on', 'error', ({ code }: { code: string }) => (window as any).codes.push(code)]],
      })
    })
    await before?.(page)
    await page.goto(address)
    const codes = () => page.evaluate(() => (window as any).codes as string[])
    const ours = () => lines.filter(text => text.startsWith('Parley:') || text.startsWith('thrown:'))
    return { page, ours, codes }
  }

  const script = () => `<script src="${server.url}/widget.js"></script>`
  const init = (settings: string) => `<script>Parley.init(${settings})</script>`
  let count = 0
  /** A page with the widget on the allowed site. */
  const shop = (settings: string, headers: Record<string, string> = {}) =>
    site.put(`/${++count}`, { html: pageWith(script() + init(settings)), headers })

  async function ask(page: Page, question = 'How long does delivery take?') {
    if (await page.locator('.launcher:not(.open)').count()) await page.locator('.launcher').click()
    await write(page, question)
    await page.locator('.message.assistant .bubble:not(.streaming)').last().waitFor()
  }

  describe('B1: a hint never ends the chat', () => {
    test.each([
      ['en-US', 'en'],
      ['zh-CN', 'zh'],
      ['ZH_Hant_TW', 'zh'],
      ['de', 'en'],
      ['', 'en'],
      [null, 'en'],
      [7, 'en'],
      [{}, 'en'],
    ])('B1: language %j is %s', async (tag, spoken) => {
      const { page, ours } = await open(shop(`{ language: ${JSON.stringify(tag)} }`))
      await ask(page)
      expect(await page.locator('.parley').getAttribute('lang')).toMatch(new RegExp(`^${spoken}`))
      expect(ours().join()).toMatch(tag === null ? /^$/ : /language/)
    })

    test.each([
      `{ productId: 42, skuId: 7 }`,
      `{ productId: null, skuId: '' }`,
      `{ productId: { a: 1 }, url: 5 }`,
      `null`,
      `'lamp-7'`,
      `{ productId: 'x'.repeat(5000), url: 'https://shop.example/' + 'x'.repeat(5000) }`,
    ])('B1: context %s', async context => {
      const { page } = await open(shop(`{ context: ${context} }`))
      await ask(page)
    })

    test('B1: numbers arrive as strings, and nothing where nothing was said', async () => {
      const { page } = await open(shop(`{ context: { productId: 42, skuId: null } }`))
      const sent: string[] = []
      page.on('websocket', socket => socket.on('framesent', ({ payload }) => sent.push(String(payload))))
      await ask(page)
      const message = JSON.parse(sent.find(text => text.includes('message:send'))!.replace(/^[^[]*/, ''))
      expect(message[1].context).toEqual({ product_id: '42', url: page.url() })
    })

    test('B1: a page whose own address is longer than any', async () => {
      const { page } = await open(`${shop('{}')}?q=${'x'.repeat(4000)}#${'y'.repeat(4000)}`)
      await ask(page)
    })

    test('B1: what init does not know or cannot use is said, and the rest holds', async () => {
      const { page, ours } = await open(
        shop(
          `{ lang: 'zh', theme: 'blue', url: 'chat.example', context: { product_id: 'x' }, title: 'Ask Ada' }`,
        ),
      )
      await page.evaluate(() => {
        ;(window as any).Parley.on('opened', () => {})
        ;(window as any).Parley.push(['show'])
      })
      await ask(page)
      await page.getByRole('heading', { name: 'Ask Ada' }).waitFor()
      for (const name of ['lang', 'theme', 'url', 'product_id', 'opened', 'show'])
        expect(
          ours().filter(text => text.includes(name)),
          name,
        ).not.toEqual([])
    })

    test.each([
      'undefined',
      'null',
      '7',
      '{ user: null }',
      '{ starters: 5, offset: 3, title: 7, launcher: "..." }',
    ])('B1: init(%s)', async settings => {
      const { page, ours } = await open(shop(settings))
      await ask(page)
      expect(ours().filter(text => text.startsWith('thrown'))).toEqual([])
    })
  })

  describe('B2: a refusal is told from a bad network', () => {
    const unavailable = (page: Page) => page.getByText('The chat is not available here.').waitFor()

    test('B2: an origin that is not allowed: the page, its console and the log each say what to add', async () => {
      const address = stranger.put('/', { html: pageWith(script() + init('{}')) })
      const { page, ours, codes } = await open(address)
      await page.locator('.launcher').click()
      await unavailable(page)
      expect(await codes()).toEqual(['ORIGIN_NOT_ALLOWED'])
      expect(ours().join()).toMatch(/ALLOWED_ORIGINS/)
      await page.reload()
      await page.locator('.launcher').click()
      await unavailable(page)
      expect(logged.filter(text => text.includes(stranger.url))).toEqual([
        expect.stringContaining(`ALLOWED_ORIGINS=${site.url},${stranger.url}`),
      ])
    })

    test('B2: a Content-Security-Policy that blocks the socket', async () => {
      const policy = `script-src 'unsafe-inline' ${server.url}; connect-src 'self'`
      const { page, ours, codes } = await open(shop('{}', { 'content-security-policy': policy }))
      await page.locator('.launcher').click()
      await unavailable(page)
      expect(await codes()).toEqual(['BLOCKED_BY_POLICY'])
      expect(ours().join()).toContain(`connect-src: ${server.url} ${server.url.replace('http', 'ws')}`)
    })

    test.each([
      ['a port where nobody listens', () => 'http://127.0.0.1:9'],
      ['a name that does not exist', () => 'https://chat.invalid'],
      ['a site that is none of ours', () => stranger.url],
      ['a page of the site itself', () => '/nowhere'],
    ])('B2: a wrong url: %s', async (_name, url) => {
      const { page, ours, codes } = await open(shop(`{ url: '${url()}' }`))
      await page.locator('.launcher').click()
      await unavailable(page)
      expect(await codes()).toContain('SERVER_UNREACHABLE')
      expect(ours().join()).toMatch(/url/)
    })

    test('B2: what comes and goes is still the network', async () => {
      const { page, codes } = await open(shop('{}'))
      await ask(page)
      await page.context().setOffline(true)
      await page.getByText('Connection lost').waitFor()
      await page.context().setOffline(false)
      await page.getByText('Connection lost').waitFor({ state: 'detached' })
      expect(await codes()).toEqual([])
    })
  })

  describe('B3: the second file', () => {
    const hasPerson = async (page: Page) => {
      await page.locator('.launcher').click()
      await page.getByRole('button', { name: 'A person', exact: true }).click()
      await page.getByText('You are number').first().waitFor()
    }

    test('B3: of a page that has the script within it, or among others of its own', async () => {
      const code = await (await fetch(`${server.url}/widget.js`)).text()
      const settings = `{ url: '${server.url}' }`
      const inlined = site.put('/inlined', { html: pageWith(`<script>${code}</script>${init(settings)}`) })
      site.put('/all.js', { html: `window.shop = 1;${code};window.shop = 2` })
      const combined = site.put('/combined', {
        html: pageWith(`<script src="/all.js"></script>${init(settings)}`),
      })
      for (const address of [inlined, combined]) await hasPerson((await open(address)).page)
    })

    test.each([
      ['as a module', () => `<script type="module" src="${server.url}/widget.js"></script>`],
      ['imported', () => `<script type="module">await import('${server.url}/widget.js')</script>`],
      ['with crossorigin', () => `<script crossorigin src="${server.url}/widget.js"></script>`],
    ])('B3: of a page that has the script %s', async (name, tag) => {
      const queued = `<script>Parley.push(['init', { language: 'en' }])</script>`
      await hasPerson(
        (await open(site.put(`/${name.replaceAll(' ', '-')}`, { html: pageWith(queued + tag()) }))).page,
      )
    })

    test('B3: of a page that takes scripts from named policies only', async () => {
      const policy = `require-trusted-types-for 'script'; trusted-types parley`
      const { page, ours } = await open(shop('{}', { 'content-security-policy': policy }))
      await hasPerson(page)
      expect(ours()).toEqual([])
    })

    test.each([
      [
        'its policy is not named',
        `require-trusted-types-for 'script'; trusted-types other`,
        'trusted-types parley',
      ],
      ['its address is not named', `script-src 'nonce-n' 'strict-dynamic'`, 'script-src'],
    ])('B3: where %s the chat goes on and says what is missing', async (name, policy, add) => {
      const blocks = name.includes('address')
      const tag = blocks
        ? `<script nonce="n" src="/first.js"></script><script nonce="n">Parley.init({ url: '${server.url}' })</script>`
        : script() + init('{}')
      site.put('/first.js', { html: await (await fetch(`${server.url}/widget.js`)).text() })
      const address = site.put(`/${++count}`, {
        html: pageWith(tag),
        headers: { 'content-security-policy': policy },
      })
      const { page, ours, codes } = await open(address, page =>
        blocks ? page.route('**/assets/widget-*.js', route => route.abort()) : Promise.resolve(),
      )
      await ask(page)
      await page.getByText('Parts of the chat did not load').waitFor()
      expect(await codes()).toContain('LAZY_PART_MISSING')
      expect(ours().join()).toContain(add)
      expect(ours()).toHaveLength(1)
    })

    test('B3: of a page that was loaded before a deploy, from any node', async () => {
      const [name] = (await readdir(new URL('assets/', dist))).filter(each => each.startsWith('widget-'))
      const current = await readFile(new URL(`assets/${name}`, dist), 'utf8')
      const { sql } = server.app.database
      await sql`insert into widget_files (name, content) values ('assets/widget-0ldBui1d.js', ${Buffer.from('/* old */')})`
      const old = await fetch(`${server.url}/assets/widget-0ldBui1d.js`)
      expect([await old.text(), old.headers.get('cache-control')]).toEqual([
        '/* old */',
        expect.stringContaining('immutable'),
      ])
      expect(old.headers.get('access-control-allow-origin')).toBe('*')
      const lost = await fetch(`${server.url}/assets/widget-unKnown1.js`)
      expect([await lost.text(), lost.headers.get('cache-control')]).toEqual([current, 'no-store'])
      expect((await fetch(`${server.url}/assets/index-unKnown1.js`)).status).toBe(404)
      const [kept] = await sql`select content from widget_files where name = ${`assets/${name}`}`
      expect(Buffer.from(kept!.content).toString()).toBe(current)
    })

    test('B3: one that was made for another first file does nothing, and that is said', async () => {
      const { page, codes } = await open(shop('{}'), page =>
        page.route('**/assets/widget-*.js', async route => {
          const response = await route.fetch()
          const body = (await response.text()).replace(/\.version\b/, '.otherVersion')
          await route.fulfill({ response, body })
        }),
      )
      await ask(page)
      await page.getByText('Parts of the chat did not load').waitFor()
      expect(await codes()).toEqual(['LAZY_PART_MISSING'])
    })
  })

  test('B4: a page that writes itself anew after it has loaded has the chat with what was said', async () => {
    const { page, ours } = await open(shop("{ language: 'en' }"))
    await ask(page)
    const bubbles = await page.locator('.message .bubble').allTextContents()
    for (const round of [1, 2]) {
      await page.evaluate(number => {
        document.open()
        document.write(`<!doctype html><title>Written</title><body><h1>Written ${number}</h1>`)
        document.close()
      }, round)
      await page.getByRole('heading', { name: `Written ${round}` }).waitFor()
      if (await page.locator('.launcher:not(.open)').count()) await page.locator('.launcher').click()
      await expect.poll(() => page.locator('.message .bubble').allTextContents()).toEqual(bubbles)
      expect(await page.locator('parley-widget').count()).toBe(1)
    }
    await write(page, 'Can I return it?')
    await page.locator('.message.assistant .bubble:not(.streaming)').nth(1).waitFor()
    expect(ours()).toEqual([])
  })

  describe('B8: storage that is full, refused or throws', () => {
    /** Leaves no room for a single letter. */
    const fill = (page: Page) =>
      page.evaluate(() => {
        for (let size = 1 << 22; size >= 1; size >>= 1) {
          try {
            for (let index = 0; ; index++) localStorage.setItem(`page-${size}-${index}`, 'x'.repeat(size))
          } catch {}
        }
      })

    test('B8: filled by the page, it is still read: the same visitor, with the conversation', async () => {
      const { page } = await open(shop('{}'))
      await ask(page)
      await fill(page)
      await page.reload()
      await ask(page, 'And to Norway?')
      expect(await page.locator('.message.user').count()).toBe(2)
      await page.reload()
      await page.locator('.launcher').click()
      await page.getByText('And to Norway?').waitFor()
    })

    test.each([
      [
        'refused',
        `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })`,
      ],
      ['absent', `Object.defineProperty(window, 'localStorage', { value: null })`],
      [
        'full from the start',
        `Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError') }`,
      ],
      [
        'throwing at everything',
        `for (const name of ['getItem', 'setItem', 'removeItem']) Storage.prototype[name] = () => { throw new Error('no') }`,
      ],
    ])('B8: %s, the chat holds for as long as the page does', async (_name, breaking) => {
      const { page } = await open(shop('{}'), page => page.addInitScript(breaking))
      await ask(page)
      await ask(page, 'And to Norway?')
      expect(await page.locator('.message.user').count()).toBe(2)
    })
  })
})
