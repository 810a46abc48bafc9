import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, createMemoryStorage } from '../../client/sdk/index.ts'
import { until } from '../faults/wait.ts'
import { hasBrowser, launchBrowser } from '../fixtures/browser.ts'
import { adminPassword, startServer, type TestServer } from '../fixtures/harness.ts'
import { type Program, scratchFolder, unusedPort } from '../fixtures/processes.ts'
import { hasNginx, startNginx } from '../fixtures/proxies.ts'

/** As the shipped one has it, once with the path passed on and once without it. */
const location = (path: string, to: string) => `location ${path} {
  proxy_pass ${to};
  proxy_http_version 1.1;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_set_header Host $http_host;
}`

describe.runIf(hasNginx && hasBrowser)('G2: PUBLIC_URL below a path of a site', () => {
  let server: TestServer
  let folder: Awaited<ReturnType<typeof scratchFolder>>
  let browser: Browser
  let nginx: Program
  let passed: string
  let stripped: string
  beforeAll(async () => {
    server = await startServer({
      publicUrl: 'http://localhost/help/chat',
      basePath: '/help/chat',
      demoShop: true,
    })
    folder = await scratchFolder()
    const ports = [await unusedPort(), await unusedPort()]
    const sites = ports.map(
      (port, index) =>
        `server { listen 127.0.0.1:${port}; ${location('/help/chat/', server.url + (index === 0 ? '' : '/'))} }`,
    )
    const upgrade = `map $http_upgrade $connection_upgrade { default upgrade; '' ''; }`
    nginx = await startNginx(`events {}\nhttp { ${upgrade} ${sites.join('\n')} }`, folder.path, ports[0]!)
    passed = `http://127.0.0.1:${ports[0]}/help/chat`
    stripped = `http://127.0.0.1:${ports[1]}/help/chat`
    browser = await launchBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await nginx?.end('SIGKILL')
    await folder?.remove()
  })

  const ways: [string, () => string][] = [
    ['passed on', () => passed],
    ['stripped', () => stripped],
  ]

  test.each(ways)('the SDK, its sockets and its HTTP: %s', async (_name, url) => {
    const client = createClient({ url: url(), namespace: 'visitor', storage: createMemoryStorage() })
    client.connect()
    const conversation = client.conversation()
    await conversation.open()
    conversation.send('How long does delivery take?')
    await until('the answer', () => conversation.get().messages.at(-1)?.status === 'complete')
    expect(client.access.url).toBe(url())
    client.disconnect()
    const health = await fetch(`${url()}/api/v1/system/health`)
    expect(health.status).toBe(200)
  })

  test.each(ways)(
    'shop, widget with its second file, console and documents in a browser: %s',
    async (_name, url) => {
      const page = await browser.newPage({ locale: 'en-GB' })
      const failed: string[] = []
      page.on('response', response => {
        if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`)
      })
      page.on('requestfailed', request => {
        if (!request.failure()?.errorText.includes('ABORTED')) failed.push(request.url())
      })
      page.on('pageerror', error => failed.push(String(error)))
      await page.goto(`${url()}/`)
      await page
        .getByRole('link', { name: /Aurel Book 13/ })
        .first()
        .click()
      await page.getByRole('heading', { name: 'Aurel Book 13' }).waitFor()
      expect(new URL(page.url()).pathname).toBe('/help/chat/products/LP-101')
      await page.locator('.launcher').click()
      const box = page.getByRole('textbox', { name: /^(Message|Write)/ }).last()
      await box.fill('How heavy is it?')
      await box.press('Enter')
      await page.locator('.message.assistant .actions').last().waitFor()
      await page.goto(`${url()}/console`)
      await page.locator('input').first().fill('admin')
      await page.locator('input[type=password]').fill(adminPassword)
      await page.keyboard.press('Enter')
      await page.getByRole('navigation').first().waitFor()
      await page.goto(`${url()}/docs`)
      await page.locator('.group').first().waitFor()
      const { servers } = await (await fetch(`${url()}/openapi.json`)).json()
      expect(servers).toEqual([{ url: 'http://localhost/help/chat/api/v1' }])
      expect(failed).toEqual([])
      await page.close()
    },
    90_000,
  )

  test('the path itself without a slash is its front page, and what only looks like it is not', async () => {
    expect((await fetch(`${server.url}/help/chat`)).status).toBe(200)
    expect((await fetch(`${server.url}/help/chatter`)).status).toBe(404)
    const moved = await fetch(`${server.url}/help/chat/console/`, { redirect: 'manual' })
    expect([moved.status, moved.headers.get('location')]).toEqual([308, '/help/chat/console'])
  })
})
