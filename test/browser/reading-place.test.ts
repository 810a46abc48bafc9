import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { openChat, visitors, write } from '../fixtures/widget.ts'

/** Messages of a long conversation; two readings of older ones bring them all. */
const lineCount = 130
/** Further than this a line has moved, in CSS pixels. */
const movedPx = 2
/** What the wheel still turned by while the answer went on. */
const nearPx = 48

describe.runIf(hasBrowser)('B13: the line that is read stays where it is', { timeout: 120_000 }, () => {
  let server: TestServer
  let host: ModelServer
  beforeAll(async () => {
    host = await startModelServer()
    const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
    server = await startServer({}, { models: { chat }, handoff: { ...quick, leaseS: 60 } })
  }, 60_000)
  afterAll(() => host?.close())
  const { agent } = people(() => server)
  const { visit, errors } = visitors(() => server.url)
  afterAll(() => expect(errors).toEqual([]))

  const messages = (page: Page) => page.locator('.message')
  const older = (page: Page) => page.getByRole('button', { name: 'Earlier messages' })

  /** A visitor who has a long conversation. */
  async function longThread(): Promise<Page> {
    const ann = await agent('Ann')
    const page = await visit()
    await page.getByRole('button', { name: 'A person', exact: true }).click()
    await page.getByText('You are number').first().waitFor()
    const { items } = await ann.client.ask('queue:list', {})
    const { id, conversation_id } = items[0]!
    await ann.client.ask('conversation:open', { conversation_id })
    await ann.client.ask('handoff:accept', { handoff_id: id, key: key() })
    for (let line = 0; line < lineCount; line++)
      await say(ann.client, conversation_id, `Line ${line} ${'of many words '.repeat((line * 7) % 11)}`)
    await ann.client.ask('handoff:complete', { handoff_id: id, key: key() })
    return page
  }

  /** Comes back: of the conversation, the newest part is there. */
  async function comeBack(page: Page): Promise<void> {
    await page.reload()
    await openChat(page)
    await page.getByText(`Line ${lineCount - 1} `).waitFor()
  }

  const scrolled = (page: Page) => page.locator('.scroller').evaluate(({ scrollTop }) => scrollTop)

  /** To so far below the beginning; parts that come in later may still bring the end into view. */
  const scrollTo = (page: Page, top: number) =>
    expect
      .poll(async () => {
        await page.locator('.scroller').evaluate((scroller, top) => {
          scroller.scrollTop = top
          return new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
        }, top)
        return scrolled(page)
      })
      .toBe(top)

  /** How far the first line that is wholly in view moves against how far the reader scrolls: at most, in any frame. */
  async function watchLine(page: Page): Promise<() => Promise<number>> {
    const line = await page.locator('.scroller').evaluateHandle(scroller => {
      const edge = scroller.getBoundingClientRect().top
      const topOf = (element: Element) => element.getBoundingClientRect().top
      const lines = [...scroller.querySelectorAll('.bubble')]
      const line = lines.find(bubble => topOf(bubble) >= edge) ?? lines.at(-1)!
      const from = topOf(line)
      const seen = { moved: 0 }
      const measure = () => {
        const moved = topOf(line) - from
        if (Math.abs(moved) > Math.abs(seen.moved)) seen.moved = moved
        requestAnimationFrame(() => setTimeout(measure))
      }
      measure()
      return seen
    })
    return () =>
      line.evaluate(async seen => {
        await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
        return seen.moved
      })
  }

  async function readOlder(page: Page, press: (button: Locator) => Promise<unknown>): Promise<number> {
    const count = await messages(page).count()
    const moved = await watchLine(page)
    await press(older(page))
    await expect.poll(() => messages(page).count()).toBeGreaterThan(count)
    return Math.abs(await moved())
  }

  test('B13: older messages come in above it, wherever it is scrolled to, by a tap and by a key', async () => {
    const page = await longThread()
    for (const top of [0, 1, 20, 50]) {
      await comeBack(page)
      await scrollTo(page, top)
      expect(await readOlder(page, button => button.dispatchEvent('click'))).toBeLessThanOrEqual(movedPx)
      await scrollTo(page, top)
      expect(await readOlder(page, button => button.press('Enter'))).toBeLessThanOrEqual(movedPx)
      await older(page).waitFor({ state: 'detached' })
      // The keys go on in the chat.
      expect(await page.evaluate('document.activeElement.shadowRoot?.activeElement?.className')).toBeTruthy()
    }
    await page.context().close()
  })

  test('B13: and while the wheel turns, or a finger has let go', async () => {
    const page = await longThread()
    const devtools = await page.context().newCDPSession(page)
    await comeBack(page)
    const { x, y, width, height } = (await page.locator('.scroller').boundingBox())!
    const middle = { x: x + width / 2, y: y + height / 2 }
    const gestures = {
      wheel: async () => {
        await page.mouse.move(middle.x, middle.y)
        for (let turn = 0; turn < 6; turn++) await page.mouse.wheel(0, -40)
      },
      finger: () =>
        devtools.send('Input.synthesizeScrollGesture', {
          ...middle,
          yDistance: 240,
          speed: 2000,
          preventFling: false,
          gestureSourceType: 'touch',
        }),
    }
    for (const [name, gesture] of Object.entries(gestures)) {
      await comeBack(page)
      await scrollTo(page, 200)
      const moved = await readOlder(page, async button => {
        await Promise.all([gesture(), button.dispatchEvent('click')])
      })
      // No further than the gesture goes.
      expect(moved, name).toBeLessThanOrEqual(400)
      expect(await scrolled(page), name).toBeGreaterThan(1000)
    }
    await page.context().close()
  })

  test('B13: and while an answer is written below', async () => {
    const page = await longThread()
    const words = Array.from({ length: 400 }, (_, at) => `word ${at} `)
    host.always({ pieces: words, gate: () => new Promise(resolve => setTimeout(resolve, 10)) })
    await comeBack(page)
    await write(page, 'How are you?')
    await page.locator('.streaming').waitFor()
    for (const top of [0, 30]) {
      await scrollTo(page, top)
      expect(await readOlder(page, button => button.dispatchEvent('click'))).toBeLessThanOrEqual(movedPx)
    }
    expect(await page.locator('.streaming').count()).toBe(1)
    // Who goes up line by line is not taken back to the end by the next word.
    await page.locator('.scroller').evaluate(scroller => scroller.scrollTo({ top: scroller.scrollHeight }))
    const { x, y, width, height } = (await page.locator('.scroller').boundingBox())!
    await page.mouse.move(x + width / 2, y + height / 2)
    const left = () => page.locator('.pill').count()
    while (!(await left())) await page.mouse.wheel(0, -4)
    const moved = await watchLine(page)
    await page.locator('.message.assistant', { hasText: 'word 399' }).waitFor()
    expect(Math.abs(await moved())).toBeLessThanOrEqual(nearPx)
    await page.context().close()
  })
})
