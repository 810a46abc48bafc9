import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, rows } from '../fixtures/desk.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

const timeout = 90_000

describe.runIf(hasBrowser)('C1: words that others made, and the agent’s own', { timeout }, () => {
  let server: TestServer
  let host: ModelServer
  beforeAll(async () => {
    host = await startModelServer()
    const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
    server = await startServer({}, { handoff: { ...quick, leaseS: 30 }, models: { chat } })
    await server.http(
      'POST',
      '/admin/canned',
      { shortcut: 'hi', content: 'Hello, {{agent.name}} here.' },
      await server.signIn(),
    )
  }, 60_000)
  afterAll(() => host?.close())
  const { waiting } = people(() => server)
  const staff = desks(() => server.url)
  afterAll(() => expect(staff.errors).toEqual([]))

  const box = (page: Page) => page.locator('.pane.current .composer textarea')
  const offer = (page: Page) => page.locator('.pane.current .draft-note')

  /** An agent who serves somebody that has asked something. */
  async function serving(name: string, language: 'en' | 'zh' = 'en') {
    const page = await staff.atDesk(name)
    const { client, id } = await waiting(language)
    await say(client, id, 'When does my parcel arrive?')
    // Those of earlier tests come back into the queue once their agents are gone.
    await rows(page)
      .getByRole('button', { name: `Take Visitor ${id.slice(-4)}` })
      .click()
    await page.locator('.pane .composer textarea:focus').waitFor()
    return { page, client, id }
  }

  /** The model answers with this once it is let go. */
  function heldAnswer(text: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    host.script({ pieces: [text], gate: () => promise })
    return resolve
  }

  test('C1: a draft for an empty box fills it, and one key empties it again', async () => {
    const { page } = await serving('empty')
    host.script({ pieces: ['It arrives on Friday.'] })
    await page.getByRole('button', { name: 'Draft by AI' }).click()
    await expect.poll(() => box(page).inputValue(), { timeout: 15_000 }).toBe('It arrives on Friday.')
    await page.keyboard.press('Control+z')
    expect(await box(page).inputValue()).toBe('')
    // Not lost either: it is offered once more.
    await offer(page).getByRole('button', { name: 'Use it' }).click()
    expect(await box(page).inputValue()).toBe('It arrives on Friday.')
    await page.context().close()
  })

  test('C1: a draft stands beside what was typed before and meanwhile; taken, one key restores; what is typed after it too', async () => {
    const { page, client } = await serving('typed')
    const go = heldAnswer('It arrives on Friday.')
    await page.keyboard.type('Dear Ada, ')
    await page.keyboard.press('Alt+g')
    await page.keyboard.type('one moment')
    go()
    await offer(page).getByText('It arrives on Friday.').waitFor()
    expect(await box(page).inputValue()).toBe('Dear Ada, one moment')
    await offer(page).getByRole('button', { name: 'Replace mine' }).click()
    expect(await box(page).inputValue()).toBe('It arrives on Friday.')
    await page.keyboard.type(' Sorry!')
    for (let step = 0; step < ' Sorry!'.length; step++) await page.keyboard.press('Backspace')
    await page.keyboard.press('Control+z')
    expect(await box(page).inputValue()).toBe('Dear Ada, one moment')
    await offer(page).getByRole('button', { name: 'Add below' }).click()
    expect(await box(page).inputValue()).toBe('Dear Ada, one moment\n\nIt arrives on Friday.')
    await page.keyboard.press('Enter')
    const { message } = await client.until('message:created', event => event.message.role === 'agent')
    expect(message.content).toBe('Dear Ada, one moment\n\nIt arrives on Friday.')
    expect(await box(page).inputValue()).toBe('')
    await page.context().close()
  })

  test('C1: a draft that comes while a note is written, or another conversation is open, waits in its own reply box', async () => {
    const { page } = await serving('elsewhere')
    const go = heldAnswer('It arrives on Friday.')
    await page.keyboard.press('Alt+g')
    await page.keyboard.press('Alt+m')
    await page.keyboard.type('Asks for her parcel')
    await page.getByRole('button', { name: 'Close conversation' }).click()
    go()
    await page.getByRole('tab', { name: /Mine/ }).click()
    await rows(page).locator('.open').first().click()
    await expect.poll(() => box(page).inputValue(), { timeout: 15_000 }).toBe('Asks for her parcel')
    await page.keyboard.press('Alt+m')
    await expect.poll(() => box(page).inputValue(), { timeout: 15_000 }).toBe('It arrives on Friday.')
    await page.context().close()
  })

  test('cells of a spreadsheet are text, a picture alone is a file', async () => {
    const { page } = await serving('pastes')
    const paste = (text: string) =>
      box(page).evaluate((field, text) => {
        const clipboardData = new DataTransfer()
        if (text) clipboardData.setData('text/plain', text)
        const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
        clipboardData.items.add(new File([png], 'image.png', { type: 'image/png' }))
        const options = { bubbles: true, cancelable: true, clipboardData }
        return field.dispatchEvent(new ClipboardEvent('paste', options))
      }, text)
    expect(await paste('a\tb\nc\td')).toBe(true)
    expect(await page.locator('.picked li').count()).toBe(0)
    expect(await paste('')).toBe(false)
    await page.locator('.picked li').waitFor()
    await page.context().close()
  })

  test('C1: a translation takes the place of what it was made of, and of nothing else; one key restores', async () => {
    const { page } = await serving('translates', 'zh')
    await page.getByRole('button', { name: 'Translate', exact: true }).click()
    host.script({ pieces: ['周五送达。'] })
    await box(page).fill('It arrives on Friday.')
    await page.getByRole('button', { name: 'Translate to Chinese' }).click()
    await expect.poll(() => box(page).inputValue(), { timeout: 15_000 }).toBe('周五送达。')
    await box(page).press('Control+z')
    expect(await box(page).inputValue()).toBe('It arrives on Friday.')
    const go = heldAnswer('周五送达。')
    await page.getByRole('button', { name: 'Translate to Chinese' }).click()
    await page.keyboard.type(' At noon.')
    go()
    await offer(page).getByText('周五送达。').waitFor()
    expect(await box(page).inputValue()).toBe('It arrives on Friday. At noon.')
    await page.context().close()
  })

  test('C1: a ready-made reply comes where it was called, and one key brings back what was typed', async () => {
    const { page } = await serving('canned')
    await page.keyboard.type('Good day. /h')
    await page.getByRole('option', { name: /\/hi/ }).waitFor()
    await page.keyboard.press('Enter')
    expect(await box(page).inputValue()).toBe('Good day. Hello, canned here.')
    await page.keyboard.press('Control+z')
    expect(await box(page).inputValue()).toBe('Good day. /h')
    await page.context().close()
  })
})
