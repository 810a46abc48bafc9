import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, rows } from '../fixtures/desk.ts'
import { quick } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { visitors } from '../fixtures/widget.ts'

/** A picture of one pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describe.runIf(hasBrowser)('files between visitor and agent', { timeout: 120_000 }, () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({}, { handoff: quick })
  }, 60_000)
  const staff = desks(() => server.url)
  const { visit, blank, tab, errors } = visitors(() => server.url)
  afterAll(() => expect([...staff.errors, ...errors]).toEqual([]))

  const pick = (page: Page, name: string, mimeType: string, content: string | Buffer) =>
    page.locator('.composer input[type=file]').setInputFiles({ name, mimeType, buffer: Buffer.from(content) })

  test('go with a message, are answered from, shown, taken off, saved; what cannot be read is said', async () => {
    const visitor = await visit()
    const send = visitor.locator('.composer [type=submit]')
    await pick(visitor, 'setup.exe', 'application/x-msdownload', 'MZ\0')
    await visitor.locator('.picked', { hasText: 'This kind of file cannot be read.' }).waitFor()
    expect(await send.isDisabled()).toBe(true)
    await visitor.getByRole('button', { name: 'Take setup.exe off' }).click()
    await pick(visitor, 'pump.txt', 'text/plain', 'Use only grade seven oil for the pump.')
    await visitor.locator('.picked small', { hasText: 'kB' }).waitFor()
    await visitor.locator('.composer textarea').fill('Which oil does the pump use?')
    await send.click()
    await visitor.locator('.message.user .file', { hasText: 'pump.txt' }).waitFor()
    await visitor.locator('.message.assistant .bubble', { hasText: 'grade seven oil' }).waitFor()
    await visitor.locator('.message.assistant', { hasText: 'pump.txt' }).waitFor()
    const [saved] = await Promise.all([
      visitor.waitForEvent('download'),
      visitor.locator('.message.user .file').click(),
    ])
    expect(saved.suggestedFilename()).toBe('pump.txt')
    expect(await readFile(await saved.path(), 'utf8')).toBe('Use only grade seven oil for the pump.')

    await pick(visitor, 'pump.png', 'image/png', pixel)
    await visitor.locator('.picked small', { hasText: 'kB' }).waitFor()
    await send.click()
    await visitor.getByRole('img', { name: 'pump.png' }).waitFor()
    await visitor.getByRole('button', { name: 'A person', exact: true }).click()

    const ann = await staff.atDesk('ann')
    await rows(ann).getByRole('button', { name: /^Take/ }).first().click()
    await visitor.locator('.company', { hasText: 'ann is with you' }).waitFor()
    await ann.locator('.pane .message.user .file', { hasText: 'pump.txt' }).waitFor()
    await ann.getByRole('img', { name: 'pump.png' }).waitFor()
    await pick(ann, 'label.png', 'image/png', pixel)
    await ann.locator('.picked small', { hasText: 'kB' }).waitFor()
    await ann.locator('.pane .composer textarea').fill('Your label')
    await ann.locator('.pane .composer [type=submit]').click()
    await visitor.locator('.message.agent', { hasText: 'Your label' }).getByRole('img').waitFor()
    if (process.env.SHOTS)
      for (const [name, page] of Object.entries({ visitor, ann }))
        await page.screenshot({ path: `${process.env.SHOTS}/files-${name}.png` })
    // Nothing is lost over a reload.
    await visitor.reload()
    await visitor.locator('.launcher').click()
    await visitor.getByRole('img', { name: 'label.png' }).waitFor()
    await visitor.locator('.message.user .file', { hasText: 'pump.txt' }).waitFor()
  })

  test('may be picked before there is a connection, and while it is away', async () => {
    const page = await blank()
    const { promise: connected, resolve: connect } = Promise.withResolvers<void>()
    // The page is there before its socket, as on a slow network.
    await page.routeWebSocket(/socket\.io/, async route => {
      await connected
      route.connectToServer()
    })
    const visitor = await tab(page)
    const pickTwo = (names: string[]) =>
      visitor
        .locator('.composer input[type=file]')
        .setInputFiles(
          names.map(name => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`What ${name} says.`) })),
        )
    const there = visitor.locator('.picked small', { hasText: 'kB' })
    await pickTwo(['one.txt', 'two.txt'])
    await visitor.locator('.picked li').nth(1).waitFor()
    connect()
    await there.nth(1).waitFor()
    await page.context().setOffline(true)
    await pickTwo(['three.txt'])
    await visitor.locator('.picked li').nth(2).waitFor()
    await page.context().setOffline(false)
    await there.nth(2).waitFor()
    expect(await visitor.locator('.picked .bad').count()).toBe(0)
  })
})
