import type { Page, Request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { people } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

const timeout = 90_000

describe.runIf(hasBrowser)('A4: an edit sends only what was changed', { timeout }, () => {
  let server: TestServer
  let owner: string
  let lead: Page
  const staff = desks(() => server.url)
  const { agent } = people(() => server)
  beforeAll(async () => {
    server = await startServer()
    owner = await server.signIn()
    await staff.hire('lead', 'admin')
  }, 60_000)
  beforeAll(async () => {
    lead = await staff.sitDown('lead')
  }, 60_000)
  afterAll(() => expect(staff.errors).toEqual([]))

  async function call(method: string, path: string, body?: object) {
    const { reply } = await server.http(method, path, body, owner)
    if (!reply.success) throw new Error(reply.error.message)
    return reply.data as any
  }

  async function open(section: string): Promise<void> {
    await lead.getByRole('link', { name: section, exact: true }).click()
    await lead.locator(`.rail a[aria-current=page]`, { hasText: section }).waitFor()
  }

  /** What the page sends when Save is pressed. */
  async function sentBySave(within = lead.getByRole('dialog')): Promise<unknown> {
    const sent = lead.waitForRequest((request: Request) => request.method() === 'PUT')
    await within.getByRole('button', { name: 'Save' }).click()
    const request = await sent
    expect((await request.response())?.status()).toBe(200)
    return request.postDataJSON()
  }

  test.each(['user', 'agent', 'admin'] as const)('A4: the name of a %s: the role stays', async role => {
    const account = {
      username: `old-${role}`,
      email: `old-${role}@staff.example`,
      password: 'a long password',
      role,
    }
    const { user } = await call('POST', '/admin/users', account)
    await open('Desk')
    await open('Accounts')
    await lead.getByRole('button', { name: `Edit old-${role}` }).click()
    const dialog = lead.getByRole('dialog')
    expect(await dialog.getByLabel('Role').inputValue()).toBe(role)
    await dialog.getByLabel('Name', { exact: true }).fill(' New Name ')
    expect(await sentBySave()).toEqual({ name: 'New Name' })
    const { items } = await call('GET', `/admin/users?search=old-${role}`)
    expect(items).toMatchObject([{ id: user.id, username: `old-${role}`, name: 'New Name', role }])
  })

  test('A4: a role is changed where it was chosen, and nothing is sent where nothing was changed', async () => {
    const account = {
      username: 'moves',
      email: 'moves@staff.example',
      name: 'Moves',
      password: 'a long password',
    }
    await call('POST', '/admin/users', { ...account, role: 'agent' })
    await open('Desk')
    await open('Accounts')
    const puts: string[] = []
    lead.on('request', request => request.method() === 'PUT' && puts.push(request.url()))
    await lead.getByRole('button', { name: 'Edit Moves' }).click()
    await lead.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await lead.getByRole('dialog').waitFor({ state: 'detached' })
    expect(puts).toEqual([])
    await lead.getByRole('button', { name: 'Edit Moves' }).click()
    await lead.getByRole('dialog').getByLabel('Role').selectOption('admin')
    expect(await sentBySave()).toEqual({ role: 'admin' })
  })

  test.each([
    ['zh', 'Chinese'],
    ['en', 'English'],
    [null, 'Any'],
  ] as const)('A4: the text of a reply in %s: its language stays', async (language, label) => {
    const shortcut = `hello-${language}`
    const { reply } = await call('POST', '/admin/canned', { shortcut, content: 'Before', language })
    await open('Desk')
    await open('Replies')
    const row = lead.getByRole('row', { name: new RegExp(`/${shortcut}`) })
    expect(await row.textContent()).toContain(label)
    await lead.getByRole('button', { name: `Edit /${shortcut}` }).click()
    const dialog = lead.getByRole('dialog')
    expect(await dialog.getByLabel('Language').inputValue()).toBe(language ?? '')
    await dialog.getByLabel('Text').fill('After')
    expect(await sentBySave()).toEqual({ content: 'After' })
    const { replies } = await call('GET', `/admin/canned?search=${shortcut}`)
    expect(replies).toMatchObject([{ id: reply.id, shortcut, content: 'After', language }])
  })

  test('A4: the name of a team: its members stay, who came meanwhile too', async () => {
    const [{ id: one }, { id: two }] = [await agent('one'), await agent('two')]
    const { team } = await call('POST', '/admin/teams', { name: 'Before', members: [one] })
    await open('Desk')
    await open('Service')
    await lead.getByRole('button', { name: 'Edit Before' }).click()
    const dialog = lead.getByRole('dialog')
    expect(await dialog.getByRole('checkbox', { name: 'one' }).isChecked()).toBe(true)
    expect(await dialog.getByRole('checkbox', { name: 'two' }).isChecked()).toBe(false)
    await dialog.getByRole('textbox', { name: 'Name' }).fill('After')
    await call('PUT', `/admin/teams/${team.id}`, { members: [one, two] })
    expect(await sentBySave()).toEqual({ name: 'After' })
    const { teams } = await call('GET', '/admin/teams')
    expect(teams).toMatchObject([{ name: 'After', members: [one, two].sort() }])
  })

  const edits: [string, () => Promise<unknown>, object][] = [
    [
      'routing',
      () => lead.getByLabel('Assignment').selectOption('least_loaded'),
      { routing: 'least_loaded' },
    ],
    [
      'SLA',
      () => lead.getByLabel('Next response', { exact: true }).fill('7'),
      { sla: { next_response_s: 420 } },
    ],
    [
      'priorities',
      () => lead.getByLabel('When the visitor is angry').selectOption('urgent'),
      { priorities: { angry: 'urgent' } },
    ],
    ['rules', () => lead.getByLabel('without a source in a row').fill('4'), { rules: { no_evidence: 4 } }],
    [
      'phrases',
      () => lead.locator('.phrases textarea').first().fill('a person\n\n please '),
      { rules: { direct: { phrases: { en: ['a person', 'please'] } } } },
    ],
    [
      'hours',
      () => lead.getByLabel('Time zone', { exact: true }).fill('Asia/Shanghai'),
      { hours: { time_zone: 'Asia/Shanghai' } },
    ],
  ]
  test.each(edits)(
    'A4: settings, %s: the rest stays, what another lead changed meanwhile too',
    async (_name, edit, sent) => {
      const weekdays = Array.from({ length: 7 }, () => [{ from: '08:00', to: '12:00' }])
      const hours = { time_zone: 'Europe/Berlin', weekdays, holidays: [] }
      const { settings: before } = await call('PUT', '/admin/handoff/settings', {
        routing: 'manual',
        hours,
        silence_s: 600,
        sla: { first_response_s: 100, next_response_s: 240, resolution_s: 300, only_in_hours: false },
        priorities: { initial: 'low', angry: 'low', lost: 'high' },
      })
      await open('Desk')
      await open('Service')
      expect(await lead.getByLabel('Assignment').inputValue()).toBe('manual')
      await edit()
      const meanwhile = {
        capacity: 9,
        sla: { resolution_s: 999 },
        hours: { holidays: [{ date: '2027-01-01', intervals: [] }] },
      }
      await call('PUT', '/admin/handoff/settings', meanwhile)
      expect(await sentBySave(lead.locator('.save-bar'))).toEqual(sent)
      const { settings: after } = await call('GET', '/admin/handoff/settings')
      expect(after).toEqual(deepMerge(deepMerge(before, meanwhile), sent))
    },
  )

  test('A4: a cancelled edit of the settings shows what is stored, in the lists of phrases too', async () => {
    await open('Desk')
    await open('Service')
    const phrases = lead.locator('.phrases textarea').first()
    const before = await phrases.inputValue()
    await phrases.fill('something else')
    await lead.locator('.save-bar').getByRole('button', { name: 'Cancel' }).click()
    expect(await phrases.inputValue()).toBe(before)
  })

  test('A4: over HTTP too, what is not named stays', async () => {
    const { reply } = await call('POST', '/admin/canned', {
      shortcut: 'kept',
      content: 'Text',
      language: 'zh',
    })
    await call('PUT', `/admin/canned/${reply.id}`, { shortcut: 'renamed' })
    const { replies } = await call('GET', '/admin/canned?search=renamed')
    expect(replies).toMatchObject([{ shortcut: 'renamed', content: 'Text', language: 'zh' }])
    const half = await server.http('PUT', '/admin/handoff/settings', { hours: null }, owner)
    expect(half.status).toBe(200)
    const partial = await server.http(
      'PUT',
      '/admin/handoff/settings',
      { hours: { time_zone: 'Asia/Tokyo' } },
      owner,
    )
    expect(partial.reply).toMatchObject({ error: { code: 'VALIDATION_ERROR' } })
  })
})

function deepMerge(before: any, change: any): any {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change
  return Object.fromEntries(
    [...new Set([...Object.keys(before), ...Object.keys(change)])].map(name => [
      name,
      name in change ? deepMerge(before[name], change[name]) : before[name],
    ]),
  )
}
