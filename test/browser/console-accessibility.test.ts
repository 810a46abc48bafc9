import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { converse, startServer, type TestServer } from '../fixtures/harness.ts'

const provider = {
  provider_type: 'openai',
  api_base_url: 'https://api.openai.com/v1',
  config: { model: 'test-model' },
}

/** What opens one, by section. */
const dialogs: readonly [section: string, button: string][] = [
  ['desk', '.lists .quiet[title]:not([aria-pressed])'],
  ['staff', '.toolbar .primary'],
  ['staff', 'td .quiet'],
  ['staff', 'td .danger'],
  ['replies', '.toolbar .push'],
  ['replies', 'td .quiet'],
  ['replies', 'td .danger'],
  ['documents', 'td .danger'],
  ['models', '.toolbar .push'],
  ['models', 'td .button'],
  ['models', 'td .quiet'],
  ['usage', 'td .button:last-child'],
  ['service', '.toolbar .push'],
  ['mail', 'td .button'],
  ['audit', 'td .button'],
  ['profile', '.danger'],
]

describe.runIf(hasBrowser)('axe-core on the console', { timeout: 300_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer({ demoShop: true })
    await staff.hire('lea', 'admin')
    await fillPages()
  }, 60_000)
  afterAll(() => expect(staff.errors).toEqual([]))

  /** Something in every list that a new shop has nothing in. */
  async function fillPages(): Promise<void> {
    const visitor = await server.connect()
    await converse(visitor, 'Do you repair grandfather clocks?')
    const owner = await server.signIn()
    const rows: [path: string, row: object][] = [
      ['/providers', { ...provider, name: 'Ours', scope: 'organization', priority: 1 }],
      ['/admin/prices', { model: 'test-model', currency: 'EUR', input: 0.5, output: 1.25 }],
      ['/admin/canned', { shortcut: 'hello', language: null, content: 'Hello {{visitor.name}}' }],
      ['/admin/teams', { name: 'Returns', members: [] }],
      ['/auth/send-code', { email: 'ada@shop.example' }],
    ]
    for (const [path, row] of rows) {
      const { reply } = await server.http('POST', path, row, owner)
      expect([path, reply.success || reply.error]).toEqual([path, true])
    }
  }

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
    for (const [section, button] of dialogs) {
      await lea.goto(`${server.url}/console#/${section}`)
      await lea.locator(`main ${button}`).first().click()
      await lea.getByRole('dialog').waitFor()
      await lea.locator('dialog .skeleton').first().waitFor({ state: 'detached' })
      await inspect(lea, `dialog of ${section}: ${button}`)
      await lea.keyboard.press('Escape')
      await lea.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await lea.goto(`${server.url}/console#/desk`)
    await lea.locator('.lists .quiet[aria-pressed]').click()
    await lea.locator('.lists .quiet[aria-pressed=true]').waitFor()
    await inspect(lea, 'desk: choosing rows')
    await lea.context().close()
    expect(Object.fromEntries(Object.entries(found).filter(([, lines]) => lines.length > 0))).toEqual({})
  })
})
