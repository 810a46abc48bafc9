import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startProxy } from '../faults/proxy.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { people, quick } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { openChat, visitors, write } from '../fixtures/widget.ts'

describe.runIf(hasBrowser)('A5: what is kept on a device belongs to one person', { timeout: 90_000 }, () => {
  let server: TestServer
  let owner: string
  let secret: string
  beforeAll(async () => {
    server = await startServer({ adminEmail: 'owner@shop.example' }, { handoff: quick })
    owner = await server.signIn()
    secret = (await get('/admin/identity-secret')).secret
  }, 60_000)
  const { visit, tab, errors } = visitors(() => server.url)
  const staff = desks(() => server.url)
  const { waiting } = people(() => server)
  afterAll(() => expect([...errors, ...staff.errors]).toEqual([]))

  async function get(path: string): Promise<any> {
    const { reply } = await server.http('GET', path, undefined, owner)
    if (!reply.success) throw new Error(reply.error.message)
    return reply.data
  }

  /** What the site's own server says of a customer. */
  function customer(id: string) {
    const user = {
      id,
      email: `${id}@mail.example`,
      name: `Name of ${id}`,
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    }
    const text = [user.id, user.email, user.name, user.expires_at].join('\n')
    return { ...user, hash: createHmac('sha256', secret).update(text).digest('hex') }
  }

  const parley = (page: Page, method: string, ...values: unknown[]) =>
    page.evaluate(([method, values]) => (window as any).Parley[method as string](...(values as unknown[])), [
      method,
      values,
    ] as const)
  const box = (page: Page) => page.locator('.composer textarea')
  const answered = (page: Page, count = 1) =>
    page
      .locator('.message.assistant .actions')
      .nth(count - 1)
      .waitFor()
  const shown = async (page: Page) =>
    page.locator('parley-widget').evaluate(host => {
      const texts = [...host.shadowRoot!.querySelectorAll('textarea, input')].map(
        field => (field as any).value,
      )
      return `${host.shadowRoot!.querySelector('.parley')!.textContent} ${texts.join(' ')}`
    })
  const storedState = (page: Page) => page.evaluate(() => JSON.stringify({ ...localStorage }))

  /** All that the server holds of what people have said. */
  const sent = async (text: string) =>
    server.app.database.sql<{ person: string }[]>`
      select coalesce(p.name, 'guest') as person from messages m
      join conversations c on c.id = m.conversation_id join people p on p.id = c.person_id
      where m.content = ${text} and m.role = 'user'`

  /** The shop behind a line that can be cut. */
  async function overWire() {
    const line = await startProxy({ target: () => Number(new URL(server.url).port) })
    onTestFinished(line.close)
    const url = `http://127.0.0.1:${line.port}`
    return { page: await visit({}, url), line, url }
  }

  /** A customer in two tabs, with a conversation; in the first with a draft, and words that could not be sent. */
  async function busyCustomer(id: string) {
    const { page, line, url } = await overWire()
    await parley(page, 'init', { user: customer(id) })
    await openChat(page)
    await write(page, `Said by ${id}`)
    await answered(page)
    const other = await tab(await page.context().newPage(), url)
    await parley(other, 'init', { user: customer(id) })
    await openChat(other)
    await other.getByText(`Said by ${id}`).waitFor()
    line.refuse()
    await page.getByText('Reconnecting').waitFor()
    await write(page, `Unsent of ${id}`)
    await page.locator('.message.user', { hasText: `Unsent of ${id}` }).waitFor()
    await box(page).fill(`Draft of ${id}`)
    return { page, other, line }
  }

  test('A5: another customer of the site sees nothing of the one before, in no tab, and sends nothing of theirs', async () => {
    const { page, other, line } = await busyCustomer('anna')
    await parley(page, 'init', { user: customer('bert') })
    await openChat(page)
    expect(await shown(page)).not.toMatch(/anna/)
    line.heal()
    await box(page).waitFor()
    await write(page, 'Said by bert')
    await answered(page)
    await other.getByText('Said by bert').waitFor()
    for (const each of [page, other]) expect(await shown(each)).not.toMatch(/anna/)
    await write(other, 'Said by bert in the other tab')
    await page.getByText('Said by bert in the other tab').waitFor()
    expect(await storedState(page)).not.toMatch(/anna/)
    expect(await sent('Unsent of anna')).toEqual([])
    expect(await sent('Said by bert in the other tab')).toMatchObject([{ person: 'Name of bert' }])
    await page.reload()
    await parley(page, 'init', { user: customer('anna') })
    await openChat(page)
    await box(page).waitFor()
    expect(await shown(page)).not.toMatch(/bert/)
  })

  test('A5: after a log-out the next one is a stranger, in every open tab', async () => {
    const { page, other, line } = await busyCustomer('cleo')
    line.heal()
    await box(page).fill('Draft of cleo')
    await parley(page, 'reset')
    await openChat(page)
    await box(page).waitFor()
    await expect.poll(() => shown(other), { timeout: 15_000 }).not.toMatch(/cleo/)
    await write(other, 'Said by a stranger')
    await answered(other)
    for (const each of [page, other]) expect(await shown(each)).not.toMatch(/cleo/)
    expect(await storedState(page)).not.toMatch(/cleo/)
    expect(await sent('Said by a stranger')).toMatchObject([{ person: 'guest' }])
  })

  test('A5: a guest who is then known stays the same person: draft and unsent words go with them, once', async () => {
    const { page, line } = await overWire()
    await write(page, 'Said as a guest')
    await answered(page)
    line.refuse()
    await page.getByText('Reconnecting').waitFor()
    await write(page, 'Unsent as a guest')
    await page.locator('.message.user', { hasText: 'Unsent as a guest' }).waitFor()
    await box(page).fill('Draft of a guest')
    await parley(page, 'init', { user: customer('dora') })
    await openChat(page)
    expect(await box(page).inputValue()).toBe('Draft of a guest')
    line.heal()
    await answered(page, 2)
    expect(await box(page).inputValue()).toBe('Draft of a guest')
    await page.getByText('Said as a guest').waitFor()
    expect(await sent('Unsent as a guest')).toMatchObject([{ person: 'Name of dora' }])
  })

  test('A5: on the desk, a draft and unsent words are not those of the next colleague in the same tab', async () => {
    await staff.hire('gina')
    await staff.hire('gert')
    const page = await staff.sitDown('gina')
    const { client, id } = await waiting()
    await page
      .locator('.lists .row')
      .filter({ hasText: id.slice(-4) })
      .getByRole('button', { name: /^Take/ })
      .click()
    await page.locator('.pane .composer textarea').fill('Draft of gina')
    await page.getByRole('button', { name: /^Sign out/ }).click()
    await page.locator('input[name=username]').fill('gert')
    await page.locator('input[name=password]').fill('a desk of their own')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Online' }).waitFor()
    // Whoever has left the desk gives back what they had.
    await client.until('handoff:changed', event => event.epoch === 3 && event.mode === 'queued')
    await page.getByRole('tab', { name: /Waiting/ }).click()
    await page
      .locator('.lists .row')
      .filter({ hasText: id.slice(-4) })
      .getByRole('button', { name: /^Take/ })
      .click()
    const box = page.locator('.pane .composer textarea')
    await box.waitFor()
    expect(await box.inputValue()).toBe('')
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('Draft of gina')
    await page.context().close()
  })
})
