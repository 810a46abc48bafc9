import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { key, people, quick, say } from './handoff-fixture.ts'
import { startServer, type TestServer } from './harness.ts'
import { hasBrowser, openChat, visitors, write } from './widget-fixture.ts'

describe.runIf(hasBrowser)('a person in the widget', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({}, { handoff: quick })
  }, 60_000)
  const { agent, everybodyLeaves, waiting } = people(() => server)
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

  async function take(desk: Awaited<ReturnType<typeof agent>>) {
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

    const { id, conversation_id } = await take(ann)
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

  test('the talk can be ended by the visitor, who is asked first', async () => {
    const ann = await agent('Bea')
    const page = await visit()
    await person(page).click()
    await page.getByText('You are number 1').waitFor()
    const { conversation_id } = await take(ann)
    await page.locator('.company').waitFor()
    await assistant(page).click()
    await page.getByText('End the talk with Bea?').waitFor()
    await page.getByRole('button', { name: 'Go on talking' }).click()
    await page.locator('.company').waitFor()
    await page.getByRole('button', { name: 'End the talk' }).click()
    await page.getByRole('button', { name: 'End the talk' }).click()
    await system(page, /You have ended the talk/)
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
    await page.getByRole('button', { name: 'Leave an address' }).click()
    await page.getByRole('button', { name: 'Leave it' }).click()
    await page.getByText('An e-mail address or a phone number is needed.').waitFor()
    await page.getByLabel('E-mail').fill('mei@mail')
    await page.getByRole('button', { name: 'Leave it' }).click()
    await page.getByText('This is not an e-mail address.').waitFor()
    await page.getByLabel('E-mail').fill('mei@mail.example')
    await page.getByLabel('What is it about').fill('A refund')
    await page.getByRole('button', { name: 'Leave it' }).click()
    await page.getByText('We will write to you at mei@mail.example').waitFor()
    const { items } = await lead.client.ask('contact:list', {})
    expect(items[0]).toMatchObject({ email: 'mei@mail.example', phone: null, message: 'A refund' })
    await lead.client.ask('handoff:configure', { hours: null })
    await page.getByRole('button', { name: 'Stop waiting' }).click()
    await isPressed(page, 'Assistant')
  })

  test('an offer has a button, which is dead once somebody is asked for', async () => {
    const ann = await agent('Cleo')
    const page = await visit()
    for (const words of ['qwzx vbnm', 'plokij uhyg']) {
      const answered = page.locator('.message.assistant .actions')
      const before = await answered.count()
      await write(page, words)
      await answered.nth(before).waitFor()
    }
    const offer = page.getByRole('button', { name: 'Talk to a person' })
    await offer.click()
    await page.getByText('You are number 1').waitFor()
    expect(await offer.isDisabled()).toBe(true)
    await everybodyLeaves(ann.client)
    await page.getByRole('button', { name: 'Stop waiting' }).click()
    await isPressed(page, 'Assistant')
  })
})
