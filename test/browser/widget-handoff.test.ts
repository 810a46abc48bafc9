import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProxy } from '../faults/proxy.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { openChat, visitors, write } from '../fixtures/widget.ts'

describe.runIf(hasBrowser)('a person in the widget', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({}, { handoff: quick })
  }, 60_000)
  const { agent, waiting } = people(() => server)
  const { visit, anotherTab, errors } = visitors(() => server.url)
  afterAll(() => expect(errors).toEqual([]))

  const person = (page: Page) => page.getByRole('button', { name: 'A person', exact: true })
  const assistant = (page: Page) => page.getByRole('button', { name: 'Assistant', exact: true })
  const isPressed = (page: Page, name: string) =>
    page.getByRole('button', { name, exact: true, pressed: true }).waitFor()
  const system = (page: Page, text: RegExp) => page.locator('.log .day', { hasText: text }).waitFor()

  /** The newest of those who wait. */
  async function newestWaiting(desk: Awaited<ReturnType<typeof agent>>) {
    const { items } = await desk.client.ask('queue:list', { page_size: 100 })
    return items.at(-1)!
  }

  async function accept(desk: Awaited<ReturnType<typeof agent>>) {
    const handoff = await newestWaiting(desk)
    await desk.client.ask('conversation:open', { conversation_id: handoff.conversation_id })
    await desk.client.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    return handoff
  }

  test('the whole story: asked for, waited, talked, ended, rated, and back with the assistant', async () => {
    const ann = await agent('Ann Lee')
    const page = await visit()
    await write(page, 'How long does delivery take?')
    await page.locator('.message.assistant .actions').waitFor()
    await person(page).click()
    await page.getByRole('status').getByText('You are number 1').waitFor()
    await isPressed(page, 'A person')
    await system(page, /A person will take over/)

    const { id, conversation_id } = await accept(ann)
    await page.locator('.company', { hasText: 'Ann Lee is with you' }).waitFor()
    expect(await page.locator('.company .face').textContent()).toBe('AL')
    await system(page, /Ann Lee has joined/)

    await ann.client.ask('typing:set', { conversation_id, typing: true })
    await page.locator('.typing', { hasText: 'Ann Lee is writing' }).waitFor()
    await say(ann.client, conversation_id, 'Hello, Ann here.')
    await page.locator('.message.agent .bubble', { hasText: 'Ann here' }).waitFor()
    await page.locator('.typing').waitFor({ state: 'detached' })
    const { message } = await say(ann.client, conversation_id, 'Which order is it?')
    await ann.client.until('message:seen', event => event.seq >= message.seq)

    await write(page, 'Order 42')
    await page.locator('.message.user .meta', { hasText: 'Delivered' }).waitFor()
    const { message: own } = await ann.client.until(
      'message:created',
      event => event.message.content === 'Order 42',
    )
    await ann.client.ask('message:read', { conversation_id, seq: own.seq })
    await page.locator('.message.user .meta', { hasText: 'Seen' }).waitFor()
    expect(await page.locator('.message.user .meta').count()).toBe(1)

    await page.reload()
    await openChat(page)
    await page.locator('.company', { hasText: 'Ann Lee' }).waitFor()
    await page.locator('.message.user .meta', { hasText: 'Seen' }).waitFor()

    await ann.client.ask('handoff:complete', { handoff_id: id, key: key() })
    await system(page, /The talk with our colleague has ended/)
    await isPressed(page, 'Assistant')
    await page.getByRole('radio', { name: '4 of 5' }).check({ force: true })
    await page.getByLabel('What could be better').fill('Quick and kind')
    await page.getByRole('button', { name: 'Send rating' }).click()
    await page.getByText('Thank you for your rating.').waitFor()
    await page.getByRole('button', { name: 'E-mail this conversation' }).click()
    await page.getByLabel('E-mail').fill('nobody')
    await page.getByRole('button', { name: 'Send e-mail' }).click()
    await page.getByText('This doesn’t look like an e-mail address.').waitFor()
    await page.getByLabel('E-mail').fill('visitor@mail.example')
    await page.getByRole('button', { name: 'Send e-mail' }).click()
    await page.getByText('On its way to visitor@mail.example.').waitFor()
    const { items } = await ann.client.ask('queue:list', { status: 'resolved' })
    expect(items[0]).toMatchObject({ id, rating: 4 })
    await page.reload()
    await openChat(page)
    await page.locator('.message.agent').first().waitFor()
    expect(await page.locator('.stars').count()).toBe(0)

    await write(page, 'Can I return an item?')
    await page.locator('.message.assistant .actions').nth(1).waitFor()
    expect(await page.locator('.message.user').count()).toBe(3)
  })

  test('two tabs agree, the place follows the queue, a reload comes back to it, and it can be cancelled', async () => {
    const ann = await agent()
    const first = await waiting()
    const page = await visit()
    await write(page, 'Hello')
    await page.locator('.message.assistant').waitFor()
    const other = await anotherTab(page)
    await other.locator('.message.assistant').waitFor()
    await person(page).click()
    for (const each of [page, other]) await each.getByText('You are number 2').waitFor()
    await page.reload()
    await openChat(page)
    await page.getByText('You are number 2').waitFor()
    await first.client.ask('handoff:cancel', { conversation_id: first.id })
    for (const each of [page, other]) await each.getByText('You are number 1').waitFor()
    await other.getByRole('button', { name: 'Stop waiting' }).click()
    for (const each of [page, other]) {
      await isPressed(each, 'Assistant')
      await system(each, /no longer waiting/)
    }
    expect((await ann.client.ask('queue:list', {})).items).toEqual([])
  })

  test('without a connection it is said so; who took over meanwhile is there when it is back', async () => {
    const ann = await agent('Dana')
    const line = await startProxy({ target: () => Number(new URL(server.url).port) })
    const page = await visit({}, `http://127.0.0.1:${line.port}`)
    await person(page).click()
    await page.getByText('You are number 1').waitFor()
    line.refuse()
    await page.getByText('Connection lost. Reconnecting…').waitFor()
    await page.getByText('You are number 1').waitFor()
    const { id, conversation_id } = await accept(ann)
    await say(ann.client, conversation_id, 'Are you there?')
    await write(page, 'Said without a connection')
    line.heal()
    await page.locator('.company', { hasText: 'Dana' }).waitFor()
    await page.locator('.message.agent', { hasText: 'Are you there?' }).waitFor()
    await page.locator('.message.user .meta', { hasText: 'Delivered' }).waitFor()
    await page.getByText('Reconnecting').waitFor({ state: 'detached' })
    line.refuse()
    await ann.client.ask('handoff:complete', { handoff_id: id, key: key() })
    line.heal()
    await page.locator('.stars').waitFor()
    await page.context().close()
    await line.close()
  })

  test('with the keyboard alone, in Chinese, on a phone; a screen reader hears each change', async () => {
    const ann = await agent('李明')
    const page = await visit({ locale: 'zh-CN', viewport: { width: 390, height: 844 } })
    const focused = () =>
      page.evaluate(() => {
        const inside = document.querySelector('parley-widget')?.shadowRoot?.activeElement
        return inside?.getAttribute('aria-label') ?? inside?.textContent ?? ''
      })
    const tabTo = async (name: string) => {
      for (let steps = 0; steps < 30 && (await focused()) !== name; steps++) await page.keyboard.press('Tab')
      expect(await focused()).toBe(name)
    }
    await tabTo('人工客服')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('您排在第 1 位').waitFor()
    await tabTo('不再等待')
    await accept(ann)
    await page.getByText('李明 正在为您服务').waitFor()
    await page.getByRole('status').getByText('李明已加入对话').waitFor()
    // The button under the focus is gone: it is found on the switch.
    expect(await focused()).toBe('人工客服')
    await tabTo('结束对话')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('要结束与李明的对话吗？').waitFor()
    await tabTo('结束对话')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('您已结束人工服务').waitFor()
    await tabTo('1 星（共 5 星）')
    for (let star = 1; star < 5; star++) await page.keyboard.press('ArrowRight')
    await tabTo('提交评价')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('感谢您的评价。').waitFor()
    const { items } = await ann.client.ask('queue:list', { status: 'resolved' })
    expect(items[0]).toMatchObject({ rating: 5 })
  })

  test('the talk can be ended by the visitor, who is asked first', async () => {
    const ann = await agent('Bea')
    const page = await visit()
    await person(page).click()
    await page.getByText('You are number 1').waitFor()
    const { conversation_id } = await accept(ann)
    await page.locator('.company').waitFor()
    await assistant(page).click()
    await page.getByText('End the talk with Bea?').waitFor()
    await page.getByRole('button', { name: 'Keep talking' }).click()
    await page.locator('.company').waitFor()
    await page.getByRole('button', { name: 'End the talk' }).click()
    await page.getByRole('button', { name: 'End the talk' }).click()
    await system(page, /You’ve ended the talk/)
    const { mode } = await ann.client.until(
      'handoff:changed',
      event => event.conversation_id === conversation_id && event.handoff.status === 'resolved',
    )
    expect(mode).toBe('ai')
    await page.getByRole('button', { name: 'Not now' }).click()
    expect(await page.locator('.stars').count()).toBe(0)
  })

  test('outside hours that is said at once, and an address can be left', async () => {
    const lead = await agent('Lead', 'admin')
    await lead.client.ask('handoff:configure', {
      hours: { time_zone: 'Europe/Berlin', weekdays: [[], [], [], [], [], [], []], holidays: [] },
    })
    const page = await visit()
    await person(page).click()
    await system(page, /We are closed at the moment/)
    await page.getByRole('button', { name: 'Leave your contact details' }).click()
    await page.getByRole('button', { name: 'Send details' }).click()
    await page.getByText('Please enter an e-mail address or a phone number.').waitFor()
    await page.getByLabel('E-mail').fill('mei@mail')
    await page.getByRole('button', { name: 'Send details' }).click()
    await page.getByText('This doesn’t look like an e-mail address.').waitFor()
    await page.getByLabel('E-mail').fill('mei@mail.example')
    await page.getByLabel('What is it about').fill('A refund')
    await page.getByRole('button', { name: 'Send details' }).click()
    await page.getByText('We’ll write to you at mei@mail.example').waitFor()
    const { items } = await lead.client.ask('contact:list', {})
    expect(items[0]).toMatchObject({ email: 'mei@mail.example', phone: null, message: 'A refund' })
    await lead.client.ask('handoff:configure', { hours: null })
    await page.getByRole('button', { name: 'Stop waiting' }).click()
    await isPressed(page, 'Assistant')
  })

  test('an offer has a button, which is dead once somebody is asked for', async () => {
    const lead = await agent('Cleo', 'admin')
    const { settings } = await lead.client.ask('handoff:settings', {})
    await lead.client.ask('handoff:configure', { rules: { ...settings.rules, no_evidence: 1 } })
    const page = await visit()
    await write(page, 'Do you sell moon rockets?')
    const offer = page.getByRole('button', { name: 'Talk to a person' })
    await offer.click()
    await page.getByText('You are number 1').waitFor()
    expect(await offer.isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Stop waiting' }).click()
    await isPressed(page, 'Assistant')
  })
})
