import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { openChat, visitors, write } from '../fixtures/widget.ts'

const table = [
  '| Model | Price | Delivery time |',
  '|---|---|---|',
  '| Nordlys Go 14 with the long name | €1,249.00 | 3 to 5 working days |',
  '| Aurel | €49.00 | tomorrow |',
  '',
  '```',
  `npm run a-command-that-is-much-longer-than-the-panel-is-wide -- --and-its-options`,
  '```',
  '',
  'See [our returns page](…).',
].join('\n')

describe.runIf(hasBrowser)('answers in the widget', { timeout: 180_000 }, () => {
  let server: TestServer
  let host: ModelServer
  beforeAll(async () => {
    host = await startModelServer()
    const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
    server = await startServer({}, { models: { chat }, handoff: { ...quick, leaseS: 60 } })
  }, 60_000)
  afterAll(() => host?.close())
  const { agent } = people(() => server)
  const { visit, blank, errors } = visitors(() => server.url)
  afterAll(() => expect(errors).toEqual([]))

  const answered = (page: Page, count: number) =>
    expect.poll(() => page.locator('.message.assistant .actions').count(), { timeout: 30_000 }).toBe(count)

  test('B17: a word of an answer renders its own message, however many there are', async () => {
    const ann = await agent('Ann')
    host.always({ pieces: Array.from({ length: 60 }, (_, at) => `word ${at} `) })
    const page = await visit()
    // Each message that is rendered tells its time.
    await page.evaluate(() => {
      Object.assign(window, { rendered: 0 })
      const { get: format } = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format')!
      Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', {
        get() {
          ;(window as never as { rendered: number }).rendered++
          return format!.call(this)
        },
      })
    })
    const rendersOf = async (question: string, answers: number) => {
      await page.evaluate('rendered = 0')
      await write(page, question)
      await answered(page, answers)
      return (await page.evaluate('rendered')) as number
    }
    const few = await rendersOf('How long does delivery take?', 1)
    await page.getByRole('button', { name: 'A person', exact: true }).click()
    await page.getByText('You are number 1').waitFor()
    const { items } = await ann.client.ask('queue:list', {})
    const { id, conversation_id } = items[0]!
    await ann.client.ask('conversation:open', { conversation_id })
    await ann.client.ask('handoff:accept', { handoff_id: id, key: key() })
    const count = 300
    await Promise.all(
      Array.from({ length: count }, (_, at) => say(ann.client, conversation_id, `Line ${at}`)),
    )
    await expect.poll(() => page.locator('.message.agent').count(), { timeout: 60_000 }).toBe(count)
    await ann.client.ask('handoff:complete', { handoff_id: id, key: key() })
    await page.locator('.stars').waitFor()
    const many = await rendersOf('And to Norway?', 2)
    // As many words came as before, give or take what came together; it was all of them at each word.
    expect(many).toBeLessThan(few * 1.5 + 70)
  })

  test('B18: words and prices stay whole in a table, what is wider can be scrolled to with the keyboard, and a label alone stands for an address that is gone', async () => {
    host.always({ pieces: [table] })
    const page = await visit({ viewport: { width: 390, height: 844 } })
    await write(page, 'Which one?')
    await answered(page, 1)
    const lines = await page.locator('td').evaluateAll(cells =>
      cells.flatMap(cell => {
        const text = cell.firstChild!
        const words = [...text.textContent!.matchAll(/\S+/g)]
        return words.flatMap(({ 0: word, index }) => {
          const range = document.createRange()
          range.setStart(text, index)
          range.setEnd(text, index + word.length)
          return range.getClientRects().length > 1 ? [word] : []
        })
      }),
    )
    expect(lines).toEqual([])
    for (const box of ['.table', 'pre']) {
      await page.locator(box).focus()
      expect(await page.locator(box).evaluate(each => each.matches(':focus'))).toBe(true)
    }
    const [visible, whole] = await page
      .locator('pre')
      .evaluate(pre => [pre.clientWidth, pre.scrollWidth] as const)
    expect(whole).toBeGreaterThan(visible)
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.locator('pre').evaluate(pre => pre.scrollLeft)).toBeGreaterThan(0)
    expect(await page.locator('.bubble.text p').last().textContent()).toBe('See our returns page.')
    expect(await accessibilityViolations(page, 'parley-widget')).toEqual([])
  })

  test('B18: in colours of the reader’s own choice the chosen side of the switch is told apart', async () => {
    const page = await visit({ forcedColors: 'active' })
    const [chosen, other] = await page
      .locator('.switch button')
      .evaluateAll(sides => sides.map(side => getComputedStyle(side).backgroundColor))
    expect(chosen).not.toBe(other)
    expect(await accessibilityViolations(page, 'parley-widget')).toEqual([])
  })

  test.each(['light', 'dark'] as const)(
    'B6: a browser that does not know light-dark() has plain colours, %s',
    async colorScheme => {
      host.always({ pieces: ['In three days.'] })
      const page = await blank({ colorScheme })
      page.setDefaultTimeout(10_000)
      // As Chrome before 123 and Safari before 17.5 do: a function they do not know is no colour.
      await page.addInitScript(() => {
        const { supports } = CSS
        CSS.supports = (...parts: [string]) => !parts.join().includes('light-dark') && supports(...parts)
        const { replaceSync } = CSSStyleSheet.prototype
        CSSStyleSheet.prototype.replaceSync = function (text) {
          replaceSync.call(this, text.replaceAll('light-dark(', 'unknown('))
        }
      })
      await page.goto(server.url)
      await page.locator('.launcher').waitFor()
      const background = (selector: string) =>
        page.locator(selector).evaluate(element => getComputedStyle(element).backgroundColor)
      expect(await background('.launcher')).toBe(
        colorScheme === 'light' ? 'rgb(11, 107, 91)' : 'rgb(89, 205, 181)',
      )
      await openChat(page)
      expect(await background('.panel')).toBe(
        colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(24, 28, 27)',
      )
      await write(page, 'How long does delivery take?')
      await answered(page, 1)
      expect(await accessibilityViolations(page, 'parley-widget')).toEqual([])
    },
  )
})
