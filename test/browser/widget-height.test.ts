import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { openChat, visitors, write } from '../fixtures/widget.ts'

/** A phone with its keyboard up, one lying on its side, a screen of 1280x640 at twice the size, and one with room. */
const sizes = ['390x340', '844x390', '640x320', '1280x800'].map(size => {
  const [width = 0, height = 0] = size.split('x').map(Number)
  return { size, width, height }
})

describe.runIf(hasBrowser)('B5: however little height there is', { timeout: 120_000 }, () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ demoShop: true }, { handoff: { ...quick, leaseS: 60 } })
  }, 60_000)
  const { agent } = people(() => server)
  const { visit, errors } = visitors(() => server.url)
  afterAll(() => expect(errors).toEqual([]))

  /** What a reader sees of the thread, and of its newest message. */
  const measure = (page: Page) =>
    page.evaluate(paddingPx => {
      const shadow = document.querySelector('parley-widget')!.shadowRoot!
      const box = (selector: string) => shadow.querySelector(selector)!.getBoundingClientRect()
      const desk = shadow.querySelector('.desk')
      const isOver = desk && getComputedStyle(desk).position === 'sticky'
      const top = Math.max(box('.scroller').top, isOver ? box('.desk').bottom : 0)
      const bottom = Math.min(box('.scroller').bottom, innerHeight)
      const newest = [...shadow.querySelectorAll('.message, .day, .welcome')].at(-1)!
      const { top: start, bottom: end } = newest.getBoundingClientRect()
      // Of a message that is higher than the room, its end is at the end. The welcome always fits.
      const isCut = newest.matches('.message') && end >= bottom - paddingPx
      return {
        hasRoom: bottom - top >= 96,
        isShown: end <= bottom + 1 && (start >= top - 1 || isCut),
        canWrite: box('.composer, .consent').bottom <= innerHeight + 1,
      }
    }, 20)
  const good = { hasRoom: true, isShown: true, canWrite: true }

  // Controls are pressed by an event: to click one may scroll to it first, as a reader who scrolls would.
  async function isReadable(page: Page, state: string): Promise<void> {
    for (const { size, ...viewport } of sizes) {
      await page.setViewportSize(viewport)
      await expect.poll(() => measure(page), { message: `${state} at ${size}` }).toEqual(good)
    }
  }

  test('B5: the newest message is in view while one waits, leaves an address, talks, ends, rates, has it mailed, and picks files', async () => {
    const ann = await agent('Ann Lee')
    const page = await visit()
    await isReadable(page, 'nothing is said')
    await write(page, 'How long does delivery take?')
    await page.locator('.message.assistant .actions').waitFor()
    await isReadable(page, 'answered')
    await page.locator('.source > button').first().click()
    await page.locator('.source.open').waitFor()
    await page.getByRole('button', { name: 'A person', exact: true }).click()
    await page.getByText('You are number 1').waitFor()
    await isReadable(page, 'waiting')
    await write(page, 'I am in a hurry')
    await page.locator('.message.user', { hasText: 'hurry' }).waitFor()
    await isReadable(page, 'waiting, and said something')
    await page.getByRole('button', { name: 'Leave your contact details' }).dispatchEvent('click')
    await page.getByRole('button', { name: 'Send details' }).dispatchEvent('click')
    await page.locator('.problem').waitFor()
    await isReadable(page, 'leaving an address')
    const { items } = await ann.client.ask('queue:list', {})
    const { id, conversation_id } = items[0]!
    await ann.client.ask('conversation:open', { conversation_id })
    await ann.client.ask('handoff:accept', { handoff_id: id, key: key() })
    await page.locator('.company').waitFor()
    await say(ann.client, conversation_id, 'Hello, Ann here. Which order is it?')
    await page.locator('.message.agent').waitFor()
    await isReadable(page, 'with a person')
    await page.locator('.composer textarea').fill('One\ntwo\nthree\nfour\nfive\nsix')
    await isReadable(page, 'six lines written')
    await page.locator('.composer input[type=file]').setInputFiles(
      [1, 2, 3, 4, 5].map(count => ({
        name: `the receipt of my order, page ${count}.txt`,
        mimeType: 'text/plain',
        buffer: Buffer.from(`Page ${count}`),
      })),
    )
    await expect.poll(() => page.locator('.picked small', { hasText: 'kB' }).count()).toBe(5)
    await isReadable(page, 'files picked')
    await page.locator('.composer [type=submit]').click()
    await page.locator('.message.user .file').nth(4).waitFor()
    await isReadable(page, 'files sent')
    await page.getByRole('button', { name: 'Assistant', exact: true }).dispatchEvent('click')
    await page.getByText('End the talk with Ann Lee?').waitFor()
    await isReadable(page, 'asked whether to end')
    await page.getByRole('button', { name: 'End the talk' }).dispatchEvent('click')
    await page.locator('.stars').waitFor()
    await isReadable(page, 'rating')
    await page.getByRole('radio', { name: '4 of 5' }).check({ force: true })
    await page.getByRole('button', { name: 'E-mail this conversation' }).dispatchEvent('click')
    await isReadable(page, 'rating with a word, and an address for the mail')
  })

  test('B5: it is in view below an offer of a person, and while the connection is away, with something unsent too', async () => {
    const lead = await agent('Dora', 'admin')
    const { settings } = await lead.client.ask('handoff:settings', {})
    await lead.client.ask('handoff:configure', { rules: { ...settings.rules, no_evidence: 1 } })
    const page = await visit()
    await write(page, 'Do you sell moon rockets?')
    await page.locator('.offer').waitFor()
    await isReadable(page, 'offered a person')
    await page.context().setOffline(true)
    await page.locator('.banner p').waitFor()
    await isReadable(page, 'offered a person, and offline')
    await write(page, 'Is anybody there?')
    await page.locator('.message.user', { hasText: 'anybody' }).waitFor()
    await isReadable(page, 'offline, with something unsent')
    await page.context().setOffline(false)
    await page.locator('.banner p').waitFor({ state: 'detached' })
    await isReadable(page, 'online again')
  })

  test('B13: pictures that come late, and a card that opens, leave the newest message in view; hidden labels add no room to scroll', async () => {
    const ann = await agent('Bea')
    const page = await visit()
    await page.getByRole('button', { name: 'A person', exact: true }).click()
    await page.getByText('You are number 1').waitFor()
    const { items } = await ann.client.ask('queue:list', {})
    const { id, conversation_id } = items[0]!
    await ann.client.ask('conversation:open', { conversation_id })
    await ann.client.ask('handoff:accept', { handoff_id: id, key: key() })
    for (let line = 0; line < 12; line++) await say(ann.client, conversation_id, `Line ${line}`)
    let show = () => {}
    const shown = new Promise<void>(resolve => (show = resolve))
    await page.route('**/api/v1/uploads/*', async route => {
      if (route.request().method() === 'GET') await shown
      await route.continue()
    })
    await page.locator('.composer input[type=file]').setInputFiles({
      name: 'lamp.svg.png',
      mimeType: 'image/png',
      buffer: await page.screenshot({ clip: { x: 0, y: 0, width: 300, height: 240 } }),
    })
    await page.locator('.picked small', { hasText: 'kB' }).waitFor()
    await page.locator('.composer [type=submit]').click()
    await page.locator('.message.user .file').waitFor()
    await say(ann.client, conversation_id, 'I see it.')
    await page.locator('.message.agent', { hasText: 'I see it.' }).waitFor()
    show()
    await page.locator('.message.user img').waitFor()
    await isReadable(page, 'with a picture')
    await ann.client.ask('handoff:complete', { handoff_id: id, key: key() })
    await page.locator('.stars').waitFor()
    await isReadable(page, 'with the rating card')
    await page.reload()
    await openChat(page)
    await page.locator('.message.user img').waitFor()
    await isReadable(page, 'read anew')
    const overflow = await page.locator('.panel').evaluate(panel => {
      const root = panel.getRootNode() as ShadowRoot
      const scroller = root.querySelector('.scroller')!
      const end = root.querySelector('.flow')!.getBoundingClientRect().height
      return [panel.scrollHeight - panel.clientHeight, Math.abs(Math.round(scroller.scrollHeight - end))]
    })
    expect(overflow).toEqual([0, 0])
  })
})
