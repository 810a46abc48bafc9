import { readFile } from 'node:fs/promises'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

const password = 'a chat of their own'

describe.runIf(hasBrowser)('conversations on a page of their own', { timeout: 120_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer({ demoShop: true })
  }, 60_000)
  afterAll(() => expect(staff.errors).toEqual([]))

  async function register(name: string): Promise<void> {
    const person = { username: name, email: `${name}@mail.example`, password, confirm_password: password }
    const { reply } = await server.http('POST', '/auth/register', person)
    expect(reply).toMatchObject({ success: true })
  }

  /** The page, with a new person signed in. */
  async function sitDown(name: string, options?: BrowserContextOptions): Promise<Page> {
    await register(name)
    const page = await staff.stranger(options)
    await page.goto(`${server.url}/chat`)
    await page.getByRole('button', { name: /password|密码登录/ }).click()
    await page.locator('input[name=username]').fill(name)
    await page.locator('input[name=password]').fill(password)
    await page.keyboard.press('Enter')
    await page.locator('.composer').waitFor()
    return page
  }

  async function ask(page: Page, question: string) {
    const answered = await page.locator('.message.assistant .message-tools').count()
    await page.locator('.composer textarea').fill(question)
    await page.keyboard.press('Enter')
    await page.locator('.message.assistant .message-tools').nth(answered).waitFor()
  }

  const item = (page: Page, title: string) => page.locator('.sidebar .item', { hasText: title })

  async function choose(page: Page, title: string, action: string) {
    await item(page, title).hover()
    await page.getByRole('button', { name: `Actions for “${title}”` }).click()
    await page.getByRole('menuitem', { name: action }).click()
  }

  test('a question begins one, which its address names and the list titles; it is there after a reload', async () => {
    const page = await sitDown('ada')
    await ask(page, 'How heavy is the desk lamp? I want to hang it up.')
    await item(page, 'How heavy is the desk lamp?').waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/chat\/[\da-f-]{36}$/)
    await page.locator('.message.assistant .mark').first().click()
    await page.locator('.source.open blockquote').waitFor()
    await page.reload()
    await page.locator('.message.assistant .message-tools').waitFor()
    await page.getByRole('button', { name: 'New conversation' }).first().click()
    await page.getByText('What would you like to know?').waitFor()
    await page.goBack()
    await page.locator('.message.assistant').waitFor()
    await page.context().close()
  })

  test('is renamed, pinned, tagged, archived and deleted from its menu, by the keyboard as well', async () => {
    const page = await sitDown('ben')
    await ask(page, 'Which laptop is best for travelling?')
    await page.getByRole('button', { name: 'New conversation' }).first().click()
    await ask(page, 'How long does delivery take?')
    const title = 'Which laptop is best for travelling?'
    await choose(page, title, 'Rename')
    await page.getByRole('textbox', { name: 'Title' }).fill('Travelling')
    await page.keyboard.press('Enter')
    await item(page, 'Travelling').waitFor()
    await choose(page, 'Travelling', 'Pin')
    await page.getByRole('heading', { name: 'Pinned' }).waitFor()
    await page.getByRole('button', { name: 'Actions for “Travelling”' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Rename' }).and(page.locator(':focus')).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Tags' }).fill('trip, work')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'trip' }).click()
    await page.getByText('Tagged “trip”').waitFor()
    await expect.poll(() => page.locator('.sidebar .item').count()).toBe(1)
    await page.getByRole('button', { name: 'Show all' }).click()
    await choose(page, 'Travelling', 'Archive')
    await item(page, 'Travelling').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Archive', exact: true }).click()
    await choose(page, 'Travelling', 'Delete')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Nothing is archived.').waitFor()
    await page.context().close()
  })

  test('titles and texts are searched', async () => {
    const page = await sitDown('cleo')
    await ask(page, 'Can I return an item?')
    await page.getByRole('button', { name: 'New conversation' }).first().click()
    await ask(page, 'How long does delivery take?')
    // What was said is in the index a moment after it was committed.
    await expect
      .poll(
        async () => {
          await page.getByRole('searchbox').fill('')
          await page.getByRole('searchbox').fill('return')
          await page.locator('.found .row').or(page.getByText('Nothing found')).first().waitFor()
          return page.locator('.found mark').count()
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0)
    await page.locator('.found .row').first().click()
    await page.locator('.message.user', { hasText: 'Can I return an item?' }).waitFor()
    await page.keyboard.press('Escape')
    await page.context().close()
  })

  test('a person who takes over is shown, and left again', async () => {
    const page = await sitDown('dora')
    await ask(page, 'How long does delivery take?')
    const id = new URL(page.url()).pathname.split('/').at(-1)!
    const desk = await staff.hire('olga', 'admin').then(() => staff.tokenOf('olga'))
    const { reply } = await server.http(
      'POST',
      '/admin/handoff/take',
      { conversation_id: id, key: 'take-1' },
      desk,
    )
    expect(reply.success || reply.error).toBe(true)
    await page.getByText('olga answers here.').waitFor()
    await page.getByRole('button', { name: 'Back to the assistant' }).click()
    await page.getByText('olga answers here.').waitFor({ state: 'detached' })
    await page.context().close()
  })

  test('a question asked otherwise and an answer given again are versions to leaf through; all of it can be saved', async () => {
    const page = await sitDown('finn')
    await ask(page, 'How long does delivery take?')
    await page.locator('.message.user').hover()
    await page.getByRole('button', { name: 'Edit question' }).click()
    await page.getByRole('textbox', { name: 'Edit question' }).fill('Can I return an item?')
    await page.keyboard.press('Enter')
    const question = page.locator('.message.user')
    await question.getByText('Can I return an item?').waitFor()
    await question.getByText('2/2').waitFor()
    await page.locator('.message.assistant .message-tools').waitFor()
    expect(await page.locator('.message').count()).toBe(2)
    await page.getByRole('button', { name: 'Answer again' }).click()
    const answer = page.locator('.message.assistant')
    await answer.getByText('2/2').waitFor()
    await page.getByRole('button', { name: 'Answer again' }).waitFor()
    expect(await accessibilityViolations(page)).toEqual([])
    await answer.getByRole('button', { name: 'Previous version' }).click()
    await answer.getByText('1/2').waitFor()
    await question.getByRole('button', { name: 'Previous version' }).click()
    await question.getByText('How long does delivery take?').waitFor()
    // What is said next is said on the branch that is shown.
    await ask(page, 'And to Austria?')
    expect(await page.locator('.message.user').allInnerTexts()).toEqual([
      expect.stringContaining('How long does delivery take?'),
      expect.stringContaining('And to Austria?'),
    ])
    const saved = page.waitForEvent('download')
    await choose(page, 'How long does delivery take?', 'Save as Markdown')
    const text = await readFile(await (await saved).path(), 'utf8')
    expect(text).toMatch(
      /^# How long does delivery take\?\n\n## You\n\nHow long does delivery take\?\n\n## Assistant\n/,
    )
    expect(text).not.toContain('Can I return an item?')
    const whole = page.waitForEvent('download')
    await choose(page, 'How long does delivery take?', 'Save as JSON')
    const { messages } = JSON.parse(await readFile(await (await whole).path(), 'utf8'))
    expect(messages).toHaveLength(7)
    await page.context().close()
  })

  const looks: [string, BrowserContextOptions][] = [
    ['wide, light, in English', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
    [
      'on a phone, dark, in Chinese',
      { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' },
    ],
    ['low, dark', { viewport: { width: 844, height: 390 }, colorScheme: 'dark' }],
  ]
  test.each(looks)(
    'no A or AA violation, and nothing is wider than the window: %s',
    async (name, options) => {
      const found: Record<string, string[]> = {}
      const person = `eve${looks.findIndex(([look]) => look === name)}`
      const stranger = await staff.stranger(options)
      await stranger.goto(`${server.url}/chat`)
      await stranger.locator('input[type=email]').waitFor()
      found['sign-in'] = await accessibilityViolations(stranger)
      await stranger.context().close()
      const page = await sitDown(person, options)
      found.greeting = await accessibilityViolations(page)
      await ask(page, options.locale === 'zh-CN' ? '台灯有多重？' : 'How heavy is the desk lamp?')
      found.thread = await accessibilityViolations(page)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBe(options.viewport!.width)
      const opener = page.locator('.bar .opener')
      if (await opener.isVisible()) await opener.click()
      await page.locator('.sidebar .item .button').first().click()
      await page.getByRole('menu').waitFor()
      found.menu = await accessibilityViolations(page)
      expect(found).toEqual({ 'sign-in': [], greeting: [], thread: [], menu: [] })
      await page.context().close()
    },
  )
})
