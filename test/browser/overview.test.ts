import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, rows } from '../fixtures/desk.ts'
import { people, quick } from '../fixtures/handoff.ts'
import { converse, startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('the overview of the console', { timeout: 90_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  const { waiting } = people(() => server)
  beforeAll(async () => {
    server = await startServer({}, { handoff: { ...quick, leaseS: 30 } })
    await staff.hire('olga', 'admin')
  }, 60_000)
  afterAll(() => expect(staff.errors).toEqual([]))

  test('every figure leads to what it counts', async () => {
    const visitor = await server.connect()
    await converse(visitor, 'Do you repair grandfather clocks?')
    const someone = await waiting()
    const page = await staff.sitDown('olga')
    const tile = (title: string) =>
      page.locator('.tile', { has: page.getByRole('heading', { name: title, exact: true }) })
    const follow = async (title: string) => {
      await page.getByRole('link', { name: 'Overview' }).click()
      await tile(title).getByRole('link').click()
    }
    const period = page.getByLabel('Period')

    await tile('Conversations today').locator('.value', { hasText: '2' }).waitFor()
    await tile('Conversations today').getByText('0 by this time, 0 in all').waitFor()
    await tile('Unanswered questions').locator('.value', { hasText: '1' }).waitFor()
    for (const title of ['Conversations today', 'Resolved by AI', 'Rating']) {
      await follow(title)
      await expect.poll(() => period.inputValue()).toBe('7')
      await page.locator('.figures').waitFor()
    }
    await period.selectOption('90')
    await page.reload()
    await expect.poll(() => period.inputValue()).toBe('90')

    await follow('Waiting now')
    await rows(page)
      .filter({ hasText: someone.id.slice(-4) })
      .waitFor()
    await follow('Cost this month')
    await expect.poll(() => period.inputValue()).toBe('month')
    await follow('Unanswered questions')
    await page.getByRole('row', { name: 'Do you repair grandfather clocks?' }).waitFor()
    await page.getByRole('button', { name: 'Open conversation' }).click()
    await page.locator('.pane.current', { hasText: 'grandfather clocks' }).waitFor()
    await someone.client.ask('handoff:cancel', { conversation_id: someone.id })
    await page.context().close()
  })

  test('says how each part does, and what is left to set up until it is done', async () => {
    const page = await staff.sitDown('olga')
    const step = page.getByRole('link', { name: 'Import your products' })
    await step.click()
    await page.getByRole('heading', { name: 'Products', level: 1 }).waitFor()
    await server.http('POST', '/admin/products', [{ id: 'p1', name: 'Lamp' }], await server.signIn())
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('link', { name: 'Connect a mail server' }).waitFor()
    expect(await step.count()).toBe(0)
    await page.getByRole('link', { name: 'Mail No mail server.' }).waitFor()
    await page.getByRole('link', { name: 'Server Running' }).click()
    await page.getByRole('heading', { name: 'Health', level: 1 }).waitFor()
    await page.locator('.tile', { hasText: 'Version' }).waitFor()
    await page.context().close()
  })

  test('in Chinese, dark, on a phone, nothing runs over the edge and axe finds nothing', async () => {
    const page = await staff.sitDown('olga', {
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
      locale: 'zh-CN',
    })
    for (const [path, title] of [
      ['overview', '今日会话'],
      ['questions', '最近一次'],
      ['health', '服务器'],
    ]) {
      await page.goto(`${server.url}/console#/${path}`)
      await page.locator('main', { hasText: title }).waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
      expect(await accessibilityViolations(page)).toEqual([])
    }
    await page.context().close()
  })
})
