import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handoffTimings } from '../../server/areas/desk/handoff/index.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, rows } from '../fixtures/desk.ts'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

const timeout = 90_000

describe.runIf(hasBrowser)('what an agent is told of', { timeout }, () => {
  let server: TestServer
  beforeAll(async () => {
    // As long as it is in use: a node judges by the clock once it was there for a lease, and agents get through a reload.
    server = await startServer({}, { handoff: { ...quick, leaseS: handoffTimings.leaseS } })
  }, 60_000)
  const { agent, waiting } = people(() => server)
  const staff = desks(() => server.url)
  afterAll(() => expect(staff.errors).toEqual([]))

  const box = (page: Page) => page.locator('.pane.current .composer textarea')
  const rowOf = (page: Page, { id }: { id: string }) => rows(page).filter({ hasText: id.slice(-4) })
  const configure = async (change: object) =>
    server.http('PUT', '/admin/handoff/settings', change, await server.signIn())

  async function takes(page: Page, someone: { id: string }) {
    await rowOf(page, someone).getByRole('button', { name: /^Take/ }).click()
    await page.locator('.pane .composer textarea:focus').waitFor()
  }

  /** Loads the desk anew where the browser's own means are these, and nobody looks at the page. */
  async function reloadWith(page: Page, means: string) {
    await page.addInitScript(`
      localStorage.setItem('parley:alerts:notices', 'true')
      document.hasFocus = () => false
      window.notices = []
      ${means}`)
    await page.reload()
    await page.getByRole('button', { name: 'Online' }).waitFor()
    await page.locator('.list .virtual, .list .empty').first().waitFor()
  }

  test('C5: no way of telling can undo what it tells: it throws, is refused, is not there', async () => {
    const means = {
      throwing: `window.Notification = class { static permission = 'granted'; constructor() { throw new TypeError('Illegal constructor') } }
        window.AudioContext = class { constructor() { throw new DOMException('no device') } }`,
      refused: `window.Notification = class { static permission = 'denied' }`,
      absent: `delete window.Notification; delete window.AudioContext`,
    }
    for (const [name, script] of Object.entries(means)) {
      const page = await staff.atDesk(name)
      await reloadWith(page, script)
      const someone = await waiting()
      await rowOf(page, someone).waitFor()
      await page.waitForFunction(() => document.title.startsWith('(1) '))
      await page.getByRole('button', { name: 'Online' }).click()
      if (name !== 'refused') await page.getByText('Your browser blocks them').waitFor()
      expect(await page.getByRole('checkbox', { name: /Browser notifications/ }).isChecked()).toBe(false)
      await someone.client.ask('handoff:cancel', { conversation_id: someone.id })
      await page.context().close()
    }
  })

  test('C5: unread words are counted in the title and at the navigation, on every page, until they are seen', async () => {
    const page = await staff.atDesk('counts')
    const someone = await waiting()
    await takes(page, someone)
    await page.getByRole('link', { name: /^Figures/ }).click()
    await page.waitForFunction(() => document.title.startsWith('Figures'))
    // Another conversation is what the agent works in.
    await page.getByRole('link', { name: /^Desk/ }).click()
    await page.getByRole('button', { name: 'Close conversation' }).click()
    await page.getByRole('link', { name: /^Figures/ }).click()
    for (const text of ['Hello?', 'Anybody?']) await say(someone.client, someone.id, text)
    await page.waitForFunction(() => document.title.startsWith('(2) Figures'))
    await page.locator('.rail .count', { hasText: '2' }).waitFor()
    await page.getByRole('link', { name: /^Desk/ }).click()
    await page.getByRole('tab', { name: /Mine/ }).click()
    await rowOf(page, someone).locator('.open').click()
    await page.waitForFunction(() => document.title.startsWith('Desk'))
    await page.context().close()
    await someone.client.ask('handoff:cancel', { conversation_id: someone.id })
  })

  test('C5: a crowd is one sentence and one notice; each talk that goes back is told of', async () => {
    await configure({ sla: { first_response_s: 1, only_in_hours: false }, silence_s: null })
    const page = await staff.atDesk('crowd')
    await reloadWith(
      page,
      `window.Notification = class {
        static permission = 'granted'
        constructor(title, options) { notices.push({ title, tag: options.tag, renotify: options.renotify }) }
      }`,
    )
    const crowd = await Promise.all(Array.from({ length: 6 }, () => waiting()))
    await page.locator('.toast', { hasText: /^6 visitors have waited/ }).waitFor({ timeout: 20_000 })
    expect(await page.locator('.toast').count()).toBe(1)
    const notices = await page.evaluate(() => (window as never as { notices: any[] }).notices)
    expect(notices.length).toBeLessThan(12)
    expect(notices.every(({ tag, renotify }) => tag && renotify)).toBe(true)
    await page.reload()
    await page.getByRole('tab', { name: /Waiting\s*6/ }).waitFor()
    await expect.poll(() => page.locator('.lists .tag', { hasText: 'Overdue' }).count()).toBe(6)
    for (const one of crowd.slice(3)) await one.client.ask('handoff:cancel', { conversation_id: one.id })
    await configure({ sla: { first_response_s: null }, silence_s: 2 })
    for (const one of crowd.slice(0, 3)) await rowOf(page, one).getByRole('button', { name: /^Take/ }).click()
    await page.getByRole('link', { name: /^Figures/ }).click()
    await page
      .locator('.toast', { hasText: /^3 conversations are no longer with you/ })
      .waitFor({ timeout: 20_000 })
    await configure({ silence_s: null })
    for (const one of crowd.slice(0, 3)) await one.client.ask('handoff:cancel', { conversation_id: one.id })
    await page.context().close()
  })

  test('C3: Escape leaves the box also where the list is empty; N leaves alone what waits for another team', async () => {
    const page = await staff.atDesk('keys')
    const someone = await waiting()
    await takes(page, someone)
    await page.getByRole('tab', { name: /Ended/ }).click()
    await page.locator('.lists .empty').waitFor()
    await box(page).click()
    await page.keyboard.press('Escape')
    await page.keyboard.press('1')
    await page.locator('[role=tab][aria-selected=true]', { hasText: 'Waiting' }).waitFor()
    expect(await box(page).inputValue()).toBe('')
    const { reply } = await server.http(
      'POST',
      '/admin/teams',
      { name: 'Returns', members: [] },
      await server.signIn(),
    )
    const ann = await agent('Ann')
    const other = await waiting()
    await ann.client.ask('conversation:open', { conversation_id: other.id })
    await ann.client.ask('handoff:accept', { handoff_id: other.handoff.id, key: key() })
    const to = `team:${(reply as any).data.team.id}`
    await ann.client.ask('handoff:release', { handoff_id: other.handoff.id, key: key(), to })
    await rowOf(page, other).locator('.tag', { hasText: 'Returns' }).waitFor()
    await page.locator('.lists [data-focus]').first().focus()
    await page.keyboard.press('n')
    await page.locator('.toast', { hasText: 'Nobody is waiting for you' }).waitFor()
    const { handoff } = await other.client.ask('handoff:get', { conversation_id: other.id })
    expect(handoff!.status).toBe('pending')
    // By name they can be taken all the same.
    await takes(page, other)
    for (const one of [someone, other]) await one.client.ask('handoff:cancel', { conversation_id: one.id })
    await page.context().close()
  })

  test('C7: a colleague who is mentioned can answer in a note; everybody can be named; what is left at a hand-on stands in the thread', async () => {
    await staff.hire('neverthere')
    const page = await staff.atDesk('noted')
    const ann = await agent('Ann')
    const someone = await waiting('zh')
    await ann.client.ask('conversation:open', { conversation_id: someone.id })
    await ann.client.ask('handoff:accept', { handoff_id: someone.handoff.id, key: key() })
    await ann.client.ask('note:add', {
      conversation_id: someone.id,
      key: key(),
      content: '请＠noted 看一下',
    })
    await page.locator('.toast', { hasText: 'Ann' }).waitFor()
    await page.getByRole('tab', { name: /Mentions/ }).click()
    await rows(page).locator('.open').first().click()
    await page.locator('.pane .closed', { hasText: 'Ann' }).waitFor()
    const note = page.locator('.pane .composer.note textarea')
    await note.click()
    await page.keyboard.type('请@nev')
    await page.getByRole('option', { name: 'neverthere' }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.type('看')
    await page.keyboard.press('Enter')
    await page.locator('.message.note', { hasText: '请@neverthere 看' }).waitFor()
    const { agents } = await ann.client.ask('presence:list', {})
    await ann.client.ask('handoff:release', {
      handoff_id: someone.handoff.id,
      key: key(),
      to: agents.find(({ name }) => name === 'noted')!.id,
      note: 'Wants her money back by Friday',
    })
    await page.locator('.message.note', { hasText: 'Wants her money back by Friday' }).waitFor()
    await page.getByRole('button', { name: 'Reply', exact: true }).waitFor()
    await someone.client.ask('handoff:cancel', { conversation_id: someone.id })
    await page.context().close()
  })
})
