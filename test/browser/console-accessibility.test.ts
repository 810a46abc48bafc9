import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('axe-core on the console', { timeout: 180_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer({ demoShop: true })
    await staff.hire('lea', 'admin')
  }, 60_000)
  afterAll(() => expect(staff.errors).toEqual([]))

  const looks: [string, BrowserContextOptions][] = [
    ['wide, light, in English', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
    [
      'on a phone, dark, in Chinese',
      { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' },
    ],
  ]
  test.each(looks)('no A or AA violation on any page: %s', async (_name, options) => {
    const found: Record<string, string[]> = {}
    const inspect = async (page: Page, name: string) => {
      found[name] = await accessibilityViolations(page)
    }
    const page = await staff.stranger(options)
    await page.goto(`${server.url}/console`)
    await page.locator('input[name=username]').waitFor()
    await inspect(page, 'sign-in')
    await page.goto(`${server.url}/console#/new-password?email=ada%40shop.example&code=ABCDE`)
    await page.locator('input[autocomplete=new-password]').waitFor()
    await inspect(page, 'new password')
    await page.context().close()

    const lea = await staff.sitDown('lea', options)
    const links = await lea
      .locator('.rail a, .own')
      .evaluateAll(all => all.map(link => link.getAttribute('href')!))
    expect(links.length).toBeGreaterThan(15)
    for (const link of links) {
      await lea.goto(`${server.url}/console${link}`)
      await lea.locator(`[href="${link}"][aria-current=page]`).waitFor()
      await lea.locator('main > :nth-child(2)').waitFor()
      await lea.locator('main .skeleton').first().waitFor({ state: 'detached' })
      await inspect(lea, link)
    }
    await lea.goto(`${server.url}/console#/staff`)
    await lea.locator('.toolbar .primary').click()
    await lea.getByRole('dialog').waitFor()
    await inspect(lea, 'dialog')
    await lea.context().close()
    expect(Object.fromEntries(Object.entries(found).filter(([, lines]) => lines.length > 0))).toEqual({})
  })
})
