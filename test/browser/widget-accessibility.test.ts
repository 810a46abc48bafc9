import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { openChat, visitors, write } from '../fixtures/widget.ts'

const policy = 'https://shop.example/privacy'

describe.runIf(hasBrowser)(
  'the widget, for whoever reads and works it in another way',
  { timeout: 180_000 },
  () => {
    let server: TestServer
    beforeAll(async () => {
      server = await startServer({ demoShop: true }, { handoff: { ...quick, leaseS: 60 } })
    }, 60_000)
    const { agent } = people(() => server)
    const { visit, blank, errors } = visitors(() => server.url)
    afterAll(() => expect(errors).toEqual([]))

    async function isClean(page: Page, state: string): Promise<void> {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const found = await accessibilityViolations(page, 'parley-widget')
        expect(found, `${state}, ${colorScheme}`).toEqual([])
      }
    }

    async function accept(desk: Awaited<ReturnType<typeof agent>>) {
      const { items } = await desk.client.ask('queue:list', { page_size: 100 })
      const { id, conversation_id } = items.at(-1)!
      await desk.client.ask('conversation:open', { conversation_id })
      await desk.client.ask('handoff:accept', { handoff_id: id, key: key() })
      return { id, conversation_id }
    }

    /** What has the focus within the widget; null where it is elsewhere. */
    const focused = (page: Page) =>
      page.evaluate(() => {
        const inside = document.querySelector('parley-widget')?.shadowRoot?.activeElement
        return inside ? (inside.getAttribute('aria-label') ?? inside.textContent) : null
      })

    test('axe finds no violation of A or AA in any state, light and dark', async () => {
      const ann = await agent('Ann Lee')
      const page = await blank()
      page.setDefaultTimeout(10_000)
      await page.goto(server.url)
      await page.locator('.launcher').waitFor()
      await isClean(page, 'closed')
      await openChat(page)
      await isClean(page, 'nothing said')
      await write(page, 'How long does delivery take?')
      await page.locator('.message.assistant .actions').waitFor()
      await page.locator('.source > button').first().click()
      await page.getByRole('button', { name: 'Helpful', exact: true }).click()
      await isClean(page, 'answered, a source open')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.locator('.sheet input').fill('nobody')
      await page.locator('.sheet .main').click()
      await page.locator('.sheet .problem').waitFor()
      await isClean(page, 'signing in')
      await page.locator('.sheet input').fill('visitor@mail.example')
      await page.locator('.sheet .main').click()
      await page.locator('.code').waitFor()
      await isClean(page, 'the code')
      await page.keyboard.press('Escape')
      expect(await focused(page)).toBe('Sign in')
      await page.getByRole('button', { name: 'A person', exact: true }).click()
      await page.getByText('You are number 1').waitFor()
      await page.getByRole('button', { name: 'Leave your contact details' }).click()
      await page.locator('.card form .main').click()
      await page.locator('.card .problem').waitFor()
      await isClean(page, 'waiting, leaving an address')
      const { conversation_id } = await accept(ann)
      await page.locator('.company').waitFor()
      await say(ann.client, conversation_id, 'See https://shop.example/returns or call +49 30 901820')
      await page.locator('.message.agent a').first().waitFor()
      await write(page, 'And www.shop.example?')
      await page.locator('.message.user .meta').last().waitFor()
      await page.locator('.composer input[type=file]').setInputFiles([
        { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') },
        { name: 'b.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
      ])
      await page.locator('.picked .bad').waitFor()
      await isClean(page, 'with a person, files picked')
      await page.getByRole('button', { name: 'Assistant', exact: true }).click()
      await page.getByText('End the talk with Ann Lee?').waitFor()
      await isClean(page, 'asked whether to end')
      await page.getByRole('button', { name: 'End the talk' }).click()
      await page.getByRole('radio', { name: '4 of 5' }).check({ force: true })
      await page.getByRole('button', { name: 'E-mail this conversation' }).click()
      await isClean(page, 'rating, and the address for the mail')
      await isClean(await visit({ locale: 'zh-CN' }), 'in Chinese')
    })

    test('B14: the focus stays in the widget when what has it goes: a chip, a disabled button, Stop, a card, Agree', async () => {
      const owner = await server.signIn()
      const { reply } = await server.http('GET', '/admin/privacy', undefined, owner)
      const settings = reply.success && reply.data.settings
      const ask = (required: boolean) =>
        server.http(
          'PUT',
          '/admin/privacy',
          {
            ...settings,
            consent: {
              required,
              text: { en: `We keep it: [our policy](${policy}).`, zh: `[政策](${policy})` },
            },
          },
          owner,
        )
      await ask(true)
      const page = await visit()
      const link = page.getByRole('link', { name: 'our policy' })
      expect(await link.getAttribute('href'), 'B16').toBe(policy)
      await isClean(page, 'asked for consent')
      await page.getByRole('button', { name: 'Agree and continue' }).focus()
      await page.keyboard.press('Enter')
      await page.locator('.composer').waitFor()
      await ask(false)
      await expect.poll(() => focused(page)).toBe('Message')
      await page.locator('.chip').first().focus()
      await page.keyboard.press('Enter')
      await page.locator('.message.assistant .actions').waitFor()
      expect(await focused(page)).toBe('Message')
      await page.getByRole('button', { name: 'A person', exact: true }).focus()
      await page.keyboard.press('Enter')
      await page.getByText('You are number 1').waitFor()
      expect(await focused(page)).toBe('A person')
      await page.getByRole('button', { name: 'Stop waiting' }).focus()
      await page.keyboard.press('Enter')
      await page.locator('.place').waitFor({ state: 'detached' })
      await expect.poll(() => focused(page)).toBe('Assistant')
    })

    test('B14: what is typed stays here, and a dialog of the page’s does not call the focus back', async () => {
      const page = await visit()
      await page.evaluate(() => {
        const events: string[] = []
        Object.assign(window, { events })
        for (const type of ['keydown', 'keyup', 'keypress', 'input', 'paste', 'copy', 'focusin'])
          document.addEventListener(type, () => events.push(type))
        // As Bootstrap, focus-trap and Radix hold the focus in a dialog.
        document.body.insertAdjacentHTML(
          'beforeend',
          '<div role="dialog" aria-modal="true"><input id="held"></div>',
        )
        const field = document.getElementById('held')!
        const holdBack = ({ target, relatedTarget }: FocusEvent) => {
          const next = target === field ? relatedTarget : target
          if (next && next !== field) field.focus()
        }
        document.addEventListener('focusin', holdBack)
        document.addEventListener('focusin', holdBack, true)
        document.addEventListener('focusout', holdBack)
        field.focus()
        events.length = 0
      })
      const box = page.locator('.composer textarea')
      await box.click()
      await page.keyboard.type('Hi there')
      await page.keyboard.press('Control+A')
      await page.keyboard.press('Control+C')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Control+V')
      expect(await box.inputValue()).toBe('Hi thereHi there')
      expect(await page.evaluate('events')).toEqual([])
    })

    test('B14: on a page that goes from right to left the panel goes as its language does, and each text as its own', async () => {
      const ann = await agent('Noor')
      const page = await visit()
      await page.evaluate(() => {
        document.documentElement.dir = 'rtl'
        document.documentElement.style.writingMode = 'vertical-rl'
      })
      const direction = (selector: string) =>
        page
          .locator(selector)
          .last()
          .evaluate(element => getComputedStyle(element).direction)
      expect(await direction('.panel')).toBe('ltr')
      await page.getByRole('button', { name: 'A person', exact: true }).click()
      await page.getByText('You are number').waitFor()
      const { conversation_id } = await accept(ann)
      await page.locator('.company').waitFor()
      await say(ann.client, conversation_id, 'مرحبا بكم في متجرنا')
      await page.locator('.message.agent').waitFor()
      expect(await direction('.message.agent .bubble')).toBe('rtl')
      await page.locator('.composer textarea').fill('أين طلبي؟')
      expect(await direction('.composer textarea')).toBe('rtl')
      await page.locator('.composer textarea').press('Enter')
      await page.locator('.message.user').waitFor()
      expect(await direction('.message.user .bubble')).toBe('rtl')
      await say(ann.client, conversation_id, 'In English again')
      await page.locator('.message.agent', { hasText: 'English' }).waitFor()
      expect(await direction('.message.agent .bubble')).toBe('ltr')
      await page.getByRole('button', { name: 'End the talk' }).click()
      await page.getByRole('button', { name: 'End the talk' }).click()
      await page.locator('.stars').waitFor()
    })

    test('B7, B16: what people type stands letter for letter, and what leads somewhere is a link', async () => {
      const ann = await agent('Lin')
      const page = await visit()
      await page.getByRole('button', { name: 'A person', exact: true }).click()
      await page.getByText('You are number').waitFor()
      const { conversation_id } = await accept(ann)
      const typed = [
        '# 1: *2*3*4* = 24, a_b_c, `x`, [1] [x](y), C:\\temp\\*',
        '- one\n- two\n> three\n| four |\n   indented',
        'https://en.example/wiki/Lamp_(electric) or ann@shop.example',
      ]
      for (const [at, text] of typed.entries()) {
        await say(ann.client, conversation_id, text)
        await page.locator('.message.agent').nth(at).waitFor()
        await write(page, text)
        await page.locator('.message.user').nth(at).waitFor()
      }
      for (const role of ['agent', 'user'])
        expect(await page.locator(`.message.${role} .bubble`).allTextContents()).toEqual(typed)
      for (const role of ['agent', 'user'])
        expect(
          await page
            .locator(`.message.${role} .bubble a`)
            .evaluateAll(links => links.map(link => link.getAttribute('href'))),
        ).toEqual(['https://en.example/wiki/Lamp_(electric)', 'mailto:ann@shop.example'])
    })
  },
)
