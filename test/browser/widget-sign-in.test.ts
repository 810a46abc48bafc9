import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { openChat, visitors, write } from '../fixtures/widget.ts'

describe.runIf(hasBrowser)('signing in inside the widget', () => {
  let server: TestServer
  let owner: string
  beforeAll(async () => {
    server = await startServer({ adminEmail: 'owner@shop.example' })
    owner = await server.signIn()
  }, 60_000)
  const { visit, anotherTab, errors } = visitors(() => server.url)
  afterAll(() => expect(errors).toEqual([]))

  /** What the owner reads in the outbox. */
  async function codeMailedTo(recipient: string): Promise<string> {
    const { reply } = await server.http('GET', '/admin/mail?page_size=100', undefined, owner)
    const found = reply.success && reply.data.items.find((mail: any) => mail.recipient === recipient)
    const one = await server.http('GET', `/admin/mail/${found.id}`, undefined, owner)
    return /\b\d{6}\b/.exec(one.reply.success && one.reply.data.mail.text)![0]
  }

  const sheet = (page: Page) => page.getByRole('dialog', { name: /Sign in|Your account/ })
  const code = (page: Page) => page.getByLabel('Six-digit code')

  async function askForCode(page: Page, email: string): Promise<string> {
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('E-mail').fill(email)
    await page.keyboard.press('Enter')
    await page.getByText(`on its way to ${email}`).waitFor()
    return codeMailedTo(email)
  }

  async function signIn(page: Page, email: string): Promise<void> {
    await code(page).fill(await askForCode(page, email))
    await page.getByRole('dialog', { name: 'Your account' }).getByText(`Signed in as ${email}`).waitFor()
  }

  const answered = (page: Page) => page.locator('.message.assistant .actions').first().waitFor()
  const leave = (page: Page) => page.keyboard.press('Escape')
  const spoken = (page: Page) => page.locator('.message.user .bubble').allTextContents()

  test('the conversation moves along, other tabs follow, and a reload is still signed in', async () => {
    const page = await visit()
    await write(page, 'Before I signed in')
    await answered(page)
    const other = await anotherTab(page)
    await answered(other)
    const digits = await askForCode(page, 'mei@mail.example')
    // Reading the mail may unload the page.
    await page.reload()
    await openChat(page)
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect(await code(page).getAttribute('autocomplete')).toBe('one-time-code')
    await code(page).fill(digits === '000000' ? '111111' : '000000')
    await page.getByText('That code isn’t right').waitFor()
    await page.evaluate(
      text => {
        const field = document
          .querySelector('parley-widget')!
          .shadowRoot!.querySelector<HTMLElement>('.code')!
        field.focus()
        document.execCommand('selectAll')
        document.execCommand('insertText', false, text)
      },
      `Your code: ${digits.slice(0, 3)} ${digits.slice(3)}`,
    )
    await page.getByText('Signed in as mei@mail.example').waitFor()
    await leave(page)
    await write(page, 'After I signed in')
    for (const each of [page, other]) await each.getByText('After I signed in').waitFor()
    await other.getByRole('button', { name: 'Signed in as mei@mail.example' }).waitFor()
    await write(other, 'From the other tab')
    await page.getByText('From the other tab').waitFor()
    await page.reload()
    await openChat(page)
    await page.getByRole('button', { name: 'Signed in as mei@mail.example' }).waitFor()
    await page.getByText('From the other tab').waitFor()
    expect(await spoken(page)).toEqual(['Before I signed in', 'After I signed in', 'From the other tab'])
  })

  test('on another device the conversations are found again, and signing out forgets them', async () => {
    const [phone, desk] = [await visit(), await visit()]
    await write(phone, 'Said on the phone')
    await answered(phone)
    await signIn(phone, 'two@mail.example')
    await write(desk, 'Said at the desk').catch(() => {})
    await answered(desk)
    await signIn(desk, 'two@mail.example')
    await desk.locator('.list [aria-current=false]').click()
    await desk.locator('.message.user', { hasText: 'Said on the phone' }).waitFor()
    expect(await spoken(desk)).toEqual(['Said on the phone'])
    await desk.getByRole('button', { name: 'Signed in as two@mail.example' }).click()
    await desk.getByRole('button', { name: 'Sign out' }).click()
    await openChat(desk)
    await desk.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await spoken(desk)).toEqual([])
    expect(await spoken(phone)).toEqual(['Said on the phone'])
  })

  test('a token that has run out while the page was closed is renewed', async () => {
    const page = await visit()
    await write(page, 'Kept')
    await answered(page)
    await signIn(page, 'late@mail.example')
    await page.evaluate(() => {
      const name = Object.keys(localStorage).find(key => key.endsWith(':token'))!
      const [head, body, mark] = JSON.parse(localStorage.getItem(name)!).split('.')
      localStorage.setItem(name, JSON.stringify([head, body, `${mark.slice(0, -3)}AAA`].join('.')))
    })
    await page.reload()
    await openChat(page)
    await page.getByRole('button', { name: 'Signed in as late@mail.example' }).waitFor()
    expect(await spoken(page)).toEqual(['Kept'])
  })

  test('what is wrong is said in words: the address, the time to wait', async () => {
    const page = await visit()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('E-mail').fill('nobody')
    await page.keyboard.press('Enter')
    await page.getByText('This doesn’t look like an e-mail address.').waitFor()
    await leave(page)
    await sheet(page).waitFor({ state: 'detached' })
    await askForCode(page, 'often@mail.example')
    for (let sent = 1; sent < 5; sent++) {
      const { reply } = await server.http('POST', '/auth/send-code', { email: 'often@mail.example' })
      expect(reply.success).toBe(true)
    }
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByText(/Too many attempts. Try again in (\d+ minutes|1 hour)/).waitFor()
  })

  test('somebody the site vouches for is never asked', async () => {
    const { reply } = await server.http('GET', '/admin/identity-secret', undefined, owner)
    const secret = reply.success && reply.data.secret
    const user = {
      id: 'customer-7',
      email: 'lin@mail.example',
      name: 'Lin',
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    }
    const text = [user.id, user.email, user.name, user.expires_at].join('\n')
    const hash = createHmac('sha256', secret).update(text).digest('hex')
    const page = await visit()
    await write(page, 'Said before the site knew me')
    await answered(page)
    await page.evaluate(settings => (window as any).Parley.init(settings), { user: { ...user, hash } })
    await openChat(page)
    await page.getByText('Said before the site knew me').waitFor()
    await write(page, 'And after')
    await page.locator('.message.assistant .actions').nth(1).waitFor()
    expect(await page.getByRole('button', { name: /Sign/ }).count()).toBe(0)
    const { reply: people } = await server.http('GET', '/admin/users?search=lin@mail', undefined, owner)
    expect(people).toMatchObject({ data: { items: [{ name: 'Lin', role: 'user' }] } })
  })

  test('where consent is asked for, nothing is sent before', async () => {
    const { reply } = await server.http('GET', '/admin/privacy', undefined, owner)
    const settings = reply.success && reply.data.settings
    const ask = (required: boolean) =>
      server.http(
        'PUT',
        '/admin/privacy',
        { ...settings, consent: { required, text: { zh: '同意吗？', en: 'We keep what you write.' } } },
        owner,
      )
    await ask(true)
    const page = await visit()
    await page.getByText('We keep what you write.').waitFor()
    expect(await page.locator('.composer, .chip').count()).toBe(0)
    await page.locator('.thread').evaluate(thread => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['Mine'], 'mine.txt', { type: 'text/plain' }))
      thread.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }))
    })
    await page.getByRole('button', { name: 'Agree and continue' }).click()
    await page.locator('.composer').waitFor()
    expect(await page.locator('.picked').count()).toBe(0)
    await write(page, 'Now I write')
    await answered(page)
    await page.reload()
    await openChat(page)
    await page.locator('.composer').waitFor()
    await ask(false)
  })
})
