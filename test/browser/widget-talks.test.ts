import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startProxy } from '../faults/proxy.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { people, quick } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { openChat, visitors, write } from '../fixtures/widget.ts'

describe.runIf(hasBrowser)('a visitor’s talks', { timeout: 90_000 }, () => {
  let server: TestServer
  let owner: string
  beforeAll(async () => {
    server = await startServer({}, { handoff: quick })
    owner = await server.signIn()
  }, 60_000)
  const { visit, blank, tab, errors } = visitors(() => server.url)
  const { agent } = people(() => server)
  afterAll(() => expect(errors).toEqual([]))

  const answers = (page: Page) => page.locator('.message.assistant .actions')
  const askedFor = async (page: Page) => {
    await page.getByRole('button', { name: 'A person', exact: true }).click()
    await page.getByText('You are number').first().waitFor()
  }
  const own = (page: Page, text: string) => page.locator('.message.user', { hasText: text })
  /** What is kept of the visitor on this device. */
  const storedPerson = (page: Page) =>
    page.evaluate(() => {
      const [, text] = Object.entries(localStorage).find(([name]) => name.endsWith(':kept'))!
      return JSON.parse(text)
    })
  const idOf = async (page: Page): Promise<string> => (await storedPerson(page)).values.conversation
  const close = (id: string) => server.http('PUT', `/conversations/${id}`, { status: 'closed' }, owner)

  describe('B9: leaving a talk', () => {
    async function talkWithBen() {
      const ben = await agent('Ben')
      const page = await visit()
      await write(page, 'A talk with Ben')
      await answers(page).first().waitFor()
      await askedFor(page)
      const id = await idOf(page)
      const { handoffs } = await ben.client.until('queue:changed', ({ handoffs }) =>
        handoffs.some(entry => entry.conversation_id === id && entry.status === 'pending'),
      )
      const handoff = handoffs.find(entry => entry.conversation_id === id)!
      await ben.client.ask('conversation:open', { conversation_id: id })
      await ben.client.ask('handoff:accept', { handoff_id: handoff.id, key: 'accept' })
      await page.getByText('is with you').waitFor()
      return { page, id, ben, handoff }
    }

    test('B9: whoever waits is asked first; the queue is told, and the way back is there', async () => {
      const ann = await agent('Ann')
      const page = await visit()
      await write(page, 'The first talk')
      await answers(page).first().waitFor()
      await askedFor(page)
      const id = await idOf(page)
      await page.getByRole('button', { name: 'New conversation' }).click()
      await page.getByRole('button', { name: 'Keep waiting' }).click()
      await page.getByText('You are number').first().waitFor()
      await page.getByRole('button', { name: 'New conversation' }).click()
      await page.getByRole('button', { name: 'End and start new' }).click()
      await page.locator('.welcome').waitFor()
      await ann.client.until('queue:changed', ({ handoffs }) =>
        handoffs.some(entry => entry.conversation_id === id && entry.status === 'cancelled'),
      )
      await write(page, 'The second talk')
      await answers(page).first().waitFor()
      await page.getByRole('button', { name: /^Your conversations/ }).click()
      await page.locator('.sheet .row', { hasText: 'The first talk' }).click()
      await own(page, 'The first talk').waitFor()
    })

    test('B9: an agent is told that the talk has ended, and what came later has a badge', async () => {
      const { page, id, ben } = await talkWithBen()
      await page.getByRole('button', { name: 'New conversation' }).click()
      await page.getByText('This ends your talk with Ben.').waitFor()
      await page.getByRole('button', { name: 'End and start new' }).click()
      await ben.client.until('handoff:changed', event => event.conversation_id === id && event.mode === 'ai')
      await page.locator('.welcome').waitFor()
      const earlier = page.getByRole('button', { name: /^Your conversations/ })
      await earlier.waitFor()
      expect(await earlier.locator('.badge').count()).toBe(0)
      await close(id)
      await page.reload()
      await openChat(page)
      await page
        .getByRole('button', { name: 'Your conversations, 1 with new messages', exact: true })
        .waitFor()
      expect(await earlier.locator('.badge').textContent()).toBe('1')
      await earlier.click()
      await page.locator('.sheet .row.news', { hasText: 'A talk with Ben' }).click()
      await own(page, 'A talk with Ben').waitFor()
      await earlier.locator('.badge').waitFor({ state: 'detached' })
    })

    test('B9: the question goes with the talk it was asked of', async () => {
      const { page, ben, handoff } = await talkWithBen()
      await page.getByRole('button', { name: 'New conversation' }).click()
      await page.getByText('This ends your talk with Ben.').waitFor()
      await ben.client.ask('handoff:complete', { handoff_id: handoff.id, key: 'complete' })
      await page.getByText('This ends your talk with Ben.').waitFor({ state: 'detached' })
      await askedFor(page)
    })
  })

  describe('B10: a conversation that staff closed', () => {
    test('B10: says so, and the next message begins another with the words kept', async () => {
      const page = await visit()
      await write(page, 'Before it was closed')
      await answers(page).first().waitFor()
      const before = await idOf(page)
      await close(before)
      await page.getByText('This conversation is closed.').waitFor()
      await write(page, 'After it was closed')
      await own(page, 'After it was closed').waitFor()
      await answers(page).first().waitFor()
      expect(await page.locator('.message.user').count()).toBe(1)
      expect(await idOf(page)).not.toBe(before)
    })

    test('B10: while what was said waits for a connection', async () => {
      const line = await startProxy({ target: () => Number(new URL(server.url).port) })
      onTestFinished(line.close)
      const page = await visit({}, `http://127.0.0.1:${line.port}`)
      await write(page, 'Before it was closed')
      await answers(page).first().waitFor()
      const before = await idOf(page)
      line.refuse()
      await page.getByText('Connection lost').waitFor()
      await write(page, 'The one')
      await write(page, 'The other')
      await close(before)
      line.heal()
      await own(page, 'The other').waitFor()
      await answers(page).nth(1).waitFor()
      expect(await page.locator('.message.user').count()).toBe(2)
      expect(await page.getByText('Not sent').count()).toBe(0)
    })

    test('B10: a person is asked for in another one', async () => {
      const page = await visit()
      await write(page, 'Before it was closed')
      await answers(page).first().waitFor()
      await close(await idOf(page))
      await page.getByText('This conversation is closed.').waitFor()
      await askedFor(page)
    })
  })

  describe('B11: dead networks', () => {
    async function overWire() {
      const line = await startProxy({ target: () => Number(new URL(server.url).port) })
      onTestFinished(line.close)
      const page = await visit({}, `http://127.0.0.1:${line.port}`)
      await write(page, 'Over the wire')
      await answers(page).first().waitFor()
      return { line, page }
    }

    test('B11: a connection that swallows bytes is replaced when something is overdue on it', async () => {
      const { line, page } = await overWire()
      line.abandonAll()
      // Within 5 s of being needed, and room for a busy machine. What is said meanwhile may be gone in an instant.
      const replaced = page.waitForEvent('websocket', { timeout: 12_000 })
      await write(page, 'Into the void')
      await replaced
      await answers(page).nth(1).waitFor()
      expect(await own(page, 'Into the void').count()).toBe(1)
    })

    test.each(['online', 'visibilitychange'])('B11: and when the page hears %s', async event => {
      const { line, page } = await overWire()
      line.abandonAll()
      const newest = () => Math.max(...[...line.wires].map(({ id }) => id))
      const before = newest()
      await page.evaluate(
        name => (name === 'online' ? window : document).dispatchEvent(new Event(name, { bubbles: true })),
        event,
      )
      await expect.poll(newest, { timeout: 15_000 }).toBeGreaterThan(before)
    })

    test('B11: one that is only slow is kept', async () => {
      const { line, page } = await overWire()
      let closed = 0
      page.on('websocket', () => closed++)
      line.change({ latencyMs: 800 })
      await write(page, 'Slowly')
      await answers(page).nth(1).waitFor({ timeout: 30_000 })
      expect(closed).toBe(0)
    })

    test('B11: offline is said at once, and online mends it', async () => {
      const page = await visit()
      await page.context().setOffline(true)
      await page.getByText('Connection lost').waitFor()
      await page.context().setOffline(false)
      await page.getByText('Connection lost').waitFor({ state: 'detached' })
    })
  })

  describe('B12: the clock of the device is wrong', () => {
    async function customer(id: string, lifeMs: number) {
      const { reply } = await server.http('GET', '/admin/identity-secret', undefined, owner)
      const { secret } = (reply as { data: { secret: string } }).data
      const user = { id, email: null, name: null, expires_at: new Date(Date.now() + lifeMs).toISOString() }
      const text = [id, '', '', user.expires_at].join('\n')
      return { ...user, hash: createHmac('sha256', secret).update(text).digest('hex') }
    }

    const identify = (page: Page, user: object) =>
      page.evaluate(user => (window as any).Parley.init({ user }), user)

    test.each([
      ['20 minutes fast', 20],
      ['a day slow', -24 * 60],
    ])('B12: %s: the customer is known all the same, and today is today', async (_name, minutes) => {
      const page = await blank()
      onTestFinished(() => page.context().close())
      await page.addInitScript(aheadMs => {
        const Real = Date
        class Shifted extends Real {
          constructor(...given: [number]) {
            super(...(given.length > 0 ? given : ([Shifted.now()] as const)))
          }

          static override now() {
            return Real.now() + aheadMs
          }
        }
        Object.assign(window, { Date: Shifted })
      }, minutes * 60_000)
      await tab(page)
      await identify(page, await customer(`clock${minutes}`, 15 * 60_000))
      await openChat(page)
      await write(page, 'Who am I?')
      await answers(page).first().waitFor()
      expect(await storedPerson(page)).toMatchObject({ isGuest: false, site: `clock${minutes}` })
      expect(await page.locator('.day').first().textContent()).toBe('Today')
    })

    test('B12: a word that has run out leaves who is known already known, and lets nobody go on as another', async () => {
      const page = await visit()
      await identify(page, await customer('kim', 15 * 60_000))
      await openChat(page)
      await write(page, 'Said by kim')
      await answers(page).first().waitFor()
      await page.reload()
      await identify(page, await customer('kim', -1000))
      await openChat(page)
      await own(page, 'Said by kim').waitFor()
      expect(await storedPerson(page)).toMatchObject({ site: 'kim' })
      await page.reload()
      await identify(page, await customer('lou', -1000))
      await page.locator('.launcher').click()
      await page.getByText('Your session has').waitFor()
      expect(await own(page, 'Said by kim').count()).toBe(0)
    })
  })

  describe('B15: paste and files', () => {
    const text = (name: string, content = `About ${name}`) => ({ name, type: 'text/plain', content })
    type Given = ReturnType<typeof text>

    /** @returns whether the page left it to the browser */
    const give = (
      page: Page,
      event: 'paste' | 'drop',
      given: { text?: string; files: Given[] },
      place = event === 'paste' ? '.composer textarea' : '.thread',
    ) =>
      page.locator(place).evaluate(
        (element, { event, text, files }) => {
          const data = new DataTransfer()
          if (text) data.setData('text/plain', text)
          for (const { name, type, content } of files) data.items.add(new File([content], name, { type }))
          const options = { bubbles: true, cancelable: true, composed: true }
          const dispatched =
            event === 'paste'
              ? new ClipboardEvent('paste', { ...options, clipboardData: data })
              : new DragEvent('drop', { ...options, dataTransfer: data })
          return element.dispatchEvent(dispatched)
        },
        { event, ...given },
      )
    const picked = (page: Page) => page.locator('.picked li')

    test('B15: cells of a spreadsheet are text, a copied file is a file', async () => {
      const page = await visit()
      const picture = { name: 'image.png', type: 'image/png', content: 'cells as a picture' }
      expect(await give(page, 'paste', { text: 'a\tb\nc\td', files: [picture] })).toBe(true)
      expect(await picked(page).count()).toBe(0)
      expect(await give(page, 'paste', { text: 'notes.txt', files: [text('notes.txt')] })).toBe(false)
      await picked(page).waitFor()
      expect(await give(page, 'paste', { files: [text('screenshot.txt')] })).toBe(false)
      await picked(page).nth(1).waitFor()
    })

    test('B15: a picked file outlasts the panel and the page, and goes with the next message', async () => {
      const page = await visit()
      await give(page, 'drop', { files: [text('kept.txt')] })
      await picked(page).getByText('0.1 kB').waitFor()
      await page.keyboard.press('Escape')
      await page.locator('.launcher').click()
      await picked(page).getByText('kept.txt').waitFor()
      await page.reload()
      await openChat(page)
      await picked(page).getByText('kept.txt').waitFor()
      await write(page, 'Here it is')
      await own(page, 'kept.txt').waitFor()
      await page.reload()
      await openChat(page)
      await own(page, 'kept.txt').waitFor()
      expect(await picked(page).count()).toBe(0)
    })

    test('B15: one that was on its way when the page went is said to be missing', async () => {
      const page = await visit()
      await page.route('**/api/v1/upload', () => {})
      await give(page, 'drop', { files: [text('lost.txt')] })
      await picked(page).waitFor()
      await page.reload()
      await openChat(page)
      await picked(page).getByText('choose it again').waitFor()
    })

    test('B15: what is dropped anywhere on the panel is taken, and the limit is said', async () => {
      const page = await visit()
      const files = [1, 2, 3, 4, 5, 6, 7].map(number => text(`${number}.txt`))
      expect(await give(page, 'drop', { files })).toBe(false)
      await page.getByText('A message takes up to 5 files.').waitFor()
      expect(await picked(page).count()).toBe(5)
    })

    test('what is dropped on the button is taken once', async () => {
      const page = await visit()
      await give(page, 'drop', { files: [text('once.txt')] }, '.clip >> nth=0')
      await picked(page).first().waitFor()
      expect(await picked(page).count()).toBe(1)
    })
  })
})
