import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../faults/wait.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, rows } from '../fixtures/desk.ts'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

const timeout = 90_000

describe.runIf(hasBrowser)('A3: nothing that arrives moves focus, scroll or selection', { timeout }, () => {
  let server: TestServer
  beforeAll(async () => {
    // A browser on a busy machine may be slow to say that it is there.
    server = await startServer({}, { handoff: { ...quick, leaseS: 30 } })
  }, 60_000)
  const { agent, waiting, served } = people(() => server)
  const staff = desks(() => server.url)
  afterAll(() => expect(staff.errors).toEqual([]))

  const box = (page: Page) => page.locator('.pane.current .composer textarea')
  const focused = (page: Page) =>
    page.evaluate(() => {
      const field = document.activeElement as HTMLTextAreaElement
      return { tag: field.tagName, value: field.value, from: field.selectionStart, to: field.selectionEnd }
    })

  /** An agent who writes to a visitor: a waiting one, taken by hand. */
  async function writing(name: string) {
    const page = await staff.atDesk(name)
    const id = await idOf(name)
    const first = await waiting()
    const row = rows(page).filter({ hasText: first.id.slice(-4) })
    await row.getByRole('button', { name: /^Take/ }).click()
    await page.locator('.pane .composer textarea:focus').waitFor()
    return { page, first, id }
  }

  let colleague: Awaited<ReturnType<typeof agent>>
  beforeAll(async () => {
    colleague = await agent('Cora')
  })
  const desk = () => colleague.client

  /** Of somebody who has just sat down: the desk is shown before all know of it. */
  async function idOf(name: string): Promise<string> {
    let found: string | undefined
    await until(`${name} to be listed`, async () => {
      const { agents } = await desk().ask('presence:list', {})
      found = agents.find(agent => agent.name === name)?.id
      return found !== undefined
    })
    return found!
  }

  /** Somebody the colleague serves is handed on to that agent. */
  async function handOn(to: string) {
    const other = await served(desk())
    await desk().ask('handoff:release', { handoff_id: other.handoff.id, key: key(), to })
    await other.client.until('handoff:changed', event => event.handoff.agent?.id === to)
    return other
  }

  test('A3: handed on, assigned, waiting, noted, mentioned: the half sentence goes on, and Enter sends it where it was begun', async () => {
    const { page, first, id } = await writing('mid')
    await page.keyboard.type('Your code is ')
    await page.keyboard.press('Home')
    for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowRight')
    const other = await handOn(id)
    await page.locator('.pane').nth(1).waitFor()
    expect(await focused(page)).toEqual({ tag: 'TEXTAREA', value: 'Your code is ', from: 5, to: 5 })
    await waiting()
    await rows(page).first().waitFor()
    await desk().ask('conversation:open', { conversation_id: other.id })
    await desk().ask('note:add', { conversation_id: other.id, key: key(), content: '@mid please look' })
    await page.locator('.toast', { hasText: 'Cora' }).waitFor()
    await say(other.client, other.id, 'Hello?')
    await page.getByText('Hello?').first().waitFor()
    expect(await focused(page)).toEqual({ tag: 'TEXTAREA', value: 'Your code is ', from: 5, to: 5 })
    await page.keyboard.press('End')
    await page.keyboard.type('4711')
    await page.keyboard.press('Enter')
    await first.client.until('message:created', event => event.message.content === 'Your code is 4711')
    const { messages } = await other.client.ask('conversation:open', { conversation_id: other.id })
    expect(messages.filter(({ role }) => role === 'agent')).toEqual([])
    // By hand the other one is reached, and written in.
    await page.keyboard.press('F6')
    await page.keyboard.type('Good day')
    await page.keyboard.press('Enter')
    await other.client.until('message:created', event => event.message.content === 'Good day')
    await page.context().close()
  })

  test('A3: a take that is answered late opens beside what is written meanwhile', async () => {
    const { page, first } = await writing('late')
    const second = await waiting()
    const release = await holdAnswers(page)
    await page.getByRole('tab', { name: /Mine/ }).click()
    await rows(page)
      .filter({ hasText: first.id.slice(-4) })
      .locator('.open')
      .click()
    await box(page).waitFor()
    await page.getByRole('tab', { name: /Waiting/ }).click()
    const open = release.pause()
    await rows(page)
      .filter({ hasText: second.id.slice(-4) })
      .getByRole('button', { name: /^Take/ })
      .click()
    await second.client.until('handoff:changed', event => event.handoff.status === 'active')
    await box(page).click()
    await page.keyboard.type('For the fir')
    open()
    await page.locator('.pane').nth(1).waitFor()
    await page.locator('.pane').nth(1).locator('.composer').waitFor()
    await page.keyboard.type('st one')
    await page.keyboard.press('Enter')
    await first.client.until('message:created', event => event.message.content === 'For the first one')
    await page.context().close()
  })

  test('A3: ended elsewhere in mid-word: the words stay, take no command, and go to nobody', async () => {
    const { page, first } = await writing('cut')
    const second = await waiting()
    await page.keyboard.type('I look into it')
    await first.client.ask('handoff:cancel', { conversation_id: first.id })
    await page.locator('.pane .composer > .warning').waitFor()
    // "n" takes the next one, "t" this one, "?" explains: only outside of a box.
    await page.keyboard.type(' now, not then?')
    await page.keyboard.press('Enter')
    expect((await focused(page)).value).toBe('I look into it now, not then?')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await say(first.client, first.id, 'Anybody?')
    await page.getByText('Anybody?').first().waitFor()
    const { handoff } = await second.client.ask('handoff:get', { conversation_id: second.id })
    expect(handoff?.status).toBe('pending')
    const { messages } = await first.client.ask('conversation:open', { conversation_id: first.id })
    expect(messages.filter(({ role }) => role === 'agent')).toEqual([])
    // Left, it makes room for why; taken again, the words are there.
    await page.keyboard.press('Escape')
    await page.locator('.pane .closed').waitFor()
    await first.client.ask('handoff:request', { conversation_id: first.id, key: key() })
    await rows(page).filter({ hasText: 'Anybody?' }).getByRole('button', { name: /^Take/ }).click()
    await expect.poll(() => box(page).inputValue(), { timeout: 15_000 }).toBe('I look into it now, not then?')
    await second.client.ask('handoff:cancel', { conversation_id: second.id })
    await page.context().close()
  })

  test('A3: a dialog that is filled in stays when its conversation has ended', async () => {
    const { page, first } = await writing('dial')
    const second = await waiting()
    await page.keyboard.press('Alt+c')
    const note = page.getByRole('dialog').getByLabel('Note for later')
    await note.click()
    await page.keyboard.type('Wants a lamp')
    await first.client.ask('handoff:cancel', { conversation_id: first.id })
    await page.locator('.pane .closed').waitFor({ state: 'attached' })
    await page.keyboard.type(', not a bulb')
    expect(await note.inputValue()).toBe('Wants a lamp, not a bulb')
    const { handoff } = await second.client.ask('handoff:get', { conversation_id: second.id })
    expect(handoff?.status).toBe('pending')
    await page.keyboard.press('Escape')
    await second.client.ask('handoff:cancel', { conversation_id: second.id })
    await page.context().close()
  })

  test('A3: one that is being read and is then assigned does not call the focus', async () => {
    const page = await staff.atDesk('read')
    const { client, id, handoff } = await waiting()
    await rows(page)
      .filter({ hasText: id.slice(-4) })
      .locator('.open')
      .click()
    await page.locator('.pane .closed').waitFor()
    const tab = page.getByRole('tab', { name: /Mine/ })
    await tab.focus()
    const me = await idOf('read')
    await desk().ask('conversation:open', { conversation_id: id })
    await desk().ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    await desk().ask('handoff:release', { handoff_id: handoff.id, key: key(), to: me })
    await page.locator('.pane .composer').waitFor({ state: 'attached' })
    expect(await tab.evaluate(button => button === document.activeElement)).toBe(true)
    await client.ask('handoff:cancel', { conversation_id: id })
    await page.context().close()
  })

  test('A3: a row keeps the focus when others pass it, and where it goes the list has it; what is scrolled to stays', async () => {
    const { page, id } = await writing('rows')
    const others = []
    for (let count = 0; count < 12; count++) others.push(await handOn(id))
    await page.getByRole('tab', { name: /Mine\s*13/ }).click()
    const row = rows(page).filter({ hasText: others[6]!.id.slice(-4) })
    await page.locator('.virtual').evaluate(list => list.scrollTo(0, 200))
    const top = async (locator = row) => (await locator.boundingBox())?.y
    await row.waitFor()
    await row.locator('.open').focus()
    const before = await top()
    await say(others[1]!.client, others[1]!.id, 'I am on top now')
    await page.locator('.virtual').evaluate(async list => {
      while (!list.scrollTop) await new Promise(requestAnimationFrame)
    })
    await page.getByRole('tab', { name: /Mine/ }).locator('.mark').waitFor()
    await expect.poll(() => top(), { timeout: 15_000 }).toBeCloseTo(before!, 0)
    await say(others[6]!.client, others[6]!.id, 'I pass everybody')
    await row.filter({ hasText: 'I pass everybody' }).waitFor()
    expect(await row.locator('.open').evaluate(open => open === document.activeElement)).toBe(true)
    await others[6]!.client.ask('handoff:cancel', { conversation_id: others[6]!.id })
    await row.waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('virtual')
    await page.context().close()
  })

  test('A3: who reads further up is not moved by a note, an answer, or a column that opens', async () => {
    const { page, first, id } = await writing('reads')
    for (let count = 0; count < 12; count++)
      await say(
        first.client,
        first.id,
        `Line ${count} of what I have to tell, which is long enough to be broken into two`,
      )
    await page.getByText('Line 11').first().waitFor()
    const line = page.locator('.pane').first().locator('.message', { hasText: 'Line 4' })
    const scroller = page.locator('.pane').first().locator('.scroller')
    await line.evaluate(element => element.scrollIntoView({ block: 'start' }))
    await page.locator('.to-end').waitFor()
    const offset = () => line.evaluate(element => element.getBoundingClientRect().top)
    const before = await offset()
    await desk().ask('conversation:open', { conversation_id: first.id })
    await desk().ask('note:add', { conversation_id: first.id, key: key(), content: 'Seen by a colleague' })
    await scroller.locator('.note').waitFor()
    expect(await offset()).toBeCloseTo(before, 0)
    await handOn(id)
    await page.locator('.pane').nth(1).waitFor()
    await expect.poll(async () => Math.abs((await offset()) - before), { timeout: 15_000 }).toBeLessThan(2)
    await page.context().close()
  })

  test('A3: on a narrow screen what arrives does not cover the list', async () => {
    const page = await staff.atDesk('nar', { viewport: { width: 390, height: 844 } })
    const other = await handOn(await idOf('nar'))
    await page.getByRole('tab', { name: /Mine\s*1/ }).click()
    await rows(page)
      .filter({ hasText: other.id.slice(-4) })
      .waitFor()
    expect(await page.locator('.pane').count()).toBe(0)
    await page.context().close()
  })

  /** Loads the page anew with its socket in our hands: while held, what the server answers does not reach it. */
  async function holdAnswers(page: Page): Promise<{ pause(): () => void }> {
    const pending: (() => void)[] = []
    let isHeld = false
    await page.routeWebSocket(/socket\.io/, socket => {
      const upstream = socket.connectToServer()
      upstream.onMessage(message => {
        if (isHeld) pending.push(() => socket.send(message))
        else socket.send(message)
      })
    })
    await page.reload()
    await page.getByRole('button', { name: 'Online' }).waitFor()
    return {
      pause() {
        isHeld = true
        return () => {
          isHeld = false
          for (const pass of pending) pass()
        }
      },
    }
  }
})
