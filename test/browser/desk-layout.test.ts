import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, rows } from '../fixtures/desk.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

const timeout = 120_000
/** The last is 1280x640 at 200 %. */
const sizes = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
  { width: 844, height: 390 },
  { width: 640, height: 320 },
]

describe.runIf(hasBrowser)('C8: the desk in every size', { timeout }, () => {
  let server: TestServer
  let host: ModelServer
  beforeAll(async () => {
    host = await startModelServer()
    const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
    server = await startServer({}, { handoff: { ...quick, leaseS: 8 }, models: { chat } })
  }, 60_000)
  afterAll(() => host?.close())
  const { agent, waiting } = people(() => server)
  const staff = desks(() => server.url)
  afterAll(() => expect(staff.errors).toEqual([]))

  const isInView = (page: Page, selector: string) =>
    page
      .locator(selector)
      .last()
      .evaluate(element => {
        const { left, right, top, bottom, width, height } = element.getBoundingClientRect()
        const at = document.elementFromPoint(left + width / 2, top + height / 2)
        const isOnTop = element.contains(at)
        return isOnTop && left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight
      })
  const sizeTo = async (page: Page, size: (typeof sizes)[number]) => {
    await page.setViewportSize(size)
    await page.evaluate(
      () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    )
  }

  test('C8: Send is on screen with translation, two columns, an offer and files; axe finds nothing; in English and in Chinese', async () => {
    for (const locale of ['en-GB', 'zh-CN']) {
      const page = await staff.atDesk(`Wilhelmina-Theodora-${locale}`, { locale })
      const talks = [await waiting(locale === 'zh-CN' ? 'en' : 'zh'), await waiting()]
      for (const { client, id } of talks) {
        await say(client, id, 'Hello, where is my parcel?')
        const row = rows(page).filter({ hasText: id.slice(-4) })
        await row.locator('.button').click()
        await page.locator('.pane .composer textarea:focus').waitFor()
      }
      expect(await accessibilityViolations(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.keyboard.press('2')
      await rows(page)
        .filter({ hasText: talks[0]!.id.slice(-4) })
        .locator('.open')
        .click({ modifiers: ['Control'] })
      await page.locator('.pane').nth(1).waitFor()
      const pane = page.locator('.pane.current')
      await pane.locator('.acts .quiet[aria-pressed]').first().click()
      await pane.locator('textarea').fill('Some words of my own 自己的话')
      host.script({ pieces: ['A draft that is offered beside what was written.'] })
      await pane.locator('.draft').click()
      await pane.locator('.offered').waitFor()
      for (const size of sizes) {
        await sizeTo(page, size)
        expect([size, await isInView(page, '.pane.current [type=submit]')]).toEqual([size, true])
        expect([size, await isInView(page, '.pane.current textarea')]).toEqual([size, true])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
          size.width,
        )
        expect((await pane.locator('.who h2').boundingBox())!.width).toBeGreaterThan(40)
      }
      await sizeTo(page, sizes[0]!)
      expect(await accessibilityViolations(page)).toEqual([])
      for (const { client, id } of talks) await client.ask('handoff:cancel', { conversation_id: id })
      await page.context().close()
    }
  })

  test('C8: marks are whole, a name is never cut to nothing, a wait goes on through the queue, and a column comes into view', async () => {
    const token = await server.signIn()
    await server.http(
      'PUT',
      '/admin/handoff/settings',
      { sla: { first_response_s: 1, only_in_hours: false } },
      token,
    )
    const { reply } = await server.http(
      'POST',
      '/admin/teams',
      { name: 'Returns, complaints and everything else', members: [] },
      token,
    )
    const page = await staff.atDesk('marks', { viewport: { width: 1100, height: 800 } })
    const ann = await agent('Ann')
    const talks = []
    for (let count = 0; count < 4; count++) talks.push(await waiting())
    const [first] = talks
    await ann.client.ask('handoff:accept', { handoff_id: first!.handoff.id, key: key() })
    const row = rows(page).filter({ hasText: first!.id.slice(-4) })
    await row.waitFor({ state: 'detached' })
    await ann.client.ask('handoff:release', {
      handoff_id: first!.handoff.id,
      key: key(),
      to: `team:${(reply as any).data.team.id}`,
    })
    await row.locator('.tag', { hasText: 'Overdue' }).waitFor()
    const cut = await row
      .locator('.marks .tag:not(.team)')
      .evaluateAll(tags => tags.filter(tag => tag.scrollWidth > tag.clientWidth).map(tag => tag.textContent))
    expect(cut).toEqual([])
    expect((await row.locator('strong').boundingBox())!.width).toBeGreaterThan(40)
    // Since the first request.
    const waitedMs = Date.now() - Date.parse(first!.handoff.created_at)
    const title = (await row.locator('.when').getAttribute('title'))!
    expect(Number(/(\d+) s/.exec(title)?.[1] ?? 60)).toBeGreaterThanOrEqual(
      Math.min(59, Math.floor(waitedMs / 1000) - 2),
    )
    for (const { id } of talks)
      await rows(page)
        .filter({ hasText: id.slice(-4) })
        .locator('.open')
        .click({ modifiers: ['Control'] })
    await page.locator('.pane').nth(3).waitFor()
    await expect.poll(() => isInView(page, '.pane.current .who h2')).toBe(true)
    await rows(page)
      .filter({ hasText: first!.id.slice(-4) })
      .locator('.open')
      .click()
    await expect.poll(() => isInView(page, '.pane.current .who h2')).toBe(true)
    for (const { client, id } of talks) await client.ask('handoff:cancel', { conversation_id: id })
    await page.context().close()
  })

  test('C8: the list of a hand-on scrolls to its last, times are minutes and hours, a refused setting names its field', async () => {
    for (let count = 0; count < 6; count++) await agent(`Colleague ${count}`)
    const page = await staff.atDesk('hands', { viewport: sizes[2] })
    const someone = await waiting()
    await rows(page)
      .filter({ hasText: someone.id.slice(-4) })
      .locator('.button')
      .click()
    await page.locator('.pane .composer textarea:focus').waitFor()
    await page.keyboard.press('Alt+t')
    const last = page.locator('.choice').last()
    await last.scrollIntoViewIfNeeded()
    expect(await isInView(page, '.choice')).toBe(true)
    expect(await isInView(page, 'dialog .primary')).toBe(true)
    expect(await accessibilityViolations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await someone.client.ask('handoff:cancel', { conversation_id: someone.id })
    await page.context().close()

    await staff.hire('lead', 'admin')
    const lead = await staff.sitDown('lead')
    await lead.getByRole('link', { name: 'Service' }).click()
    const limit = lead.getByLabel('First response', { exact: true })
    await limit.fill('3')
    await lead.getByLabel('First response: seconds').selectOption('minutes')
    await limit.fill('3')
    await lead.getByRole('button', { name: 'Save' }).click()
    await lead.getByText('Saved.').waitFor()
    const { reply } = await server.http('GET', '/admin/handoff/settings', undefined, await server.signIn())
    expect((reply as any).data.settings.sla.first_response_s).toBe(180)
    await lead.getByLabel('Figures follow the clock of').fill('Mars/Olympus')
    await lead.getByRole('button', { name: 'Save' }).click()
    await lead.locator('.toast', { hasText: 'Figures follow the clock of' }).waitFor()
    // The browser itself notes a refused call in its log.
    staff.errors.splice(0, staff.errors.length, ...staff.errors.filter(error => !/ 400 /.test(error)))
    expect(await accessibilityViolations(lead)).toEqual([])
    await lead.getByRole('link', { name: 'Figures' }).click()
    await lead.locator('.figures').waitFor()
    expect(await accessibilityViolations(lead)).toEqual([])
    await lead.context().close()
  })
})
