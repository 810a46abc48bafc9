import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { code, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let owner: string
beforeAll(async () => {
  server = await startServer()
  owner = await server.signIn()
})

test('F4: without SMTP the code of an invitation is handed over by whoever made the account', async () => {
  const account = { username: 'invited', email: 'invited@shop.example', role: 'agent' }
  const { reply } = await server.http('POST', '/admin/users', account, owner)
  const { invitation } = reply.success && reply.data
  expect(invitation.by_mail).toBe(false)
  const password = 'a password of their own'
  const reset = { email: account.email, code: invitation.code, password }
  expect(code((await server.http('POST', '/auth/reset-password', reset)).reply)).toBe('ok')
  expect(code((await server.http('POST', '/auth/login', { username: 'invited', password })).reply)).toBe('ok')
})

describe.runIf(hasBrowser)('F4: in the console', { timeout: 120_000 }, () => {
  const staff = desks(() => server.url)
  afterAll(() => expect(staff.errors).toEqual([]))

  test('the code is shown where no mail goes out, and sets a password at the sign-in', async () => {
    await staff.hire('boss', 'admin')
    const boss = await staff.sitDown('boss')
    await boss.goto(`${server.url}/console#/staff`)
    await boss.getByRole('button', { name: 'New account' }).click()
    const dialog = boss.getByRole('dialog')
    await dialog.getByLabel('User name').fill('newcomer')
    await dialog.getByLabel('E-mail').fill('newcomer@shop.example')
    await boss.getByRole('button', { name: 'Save' }).click()
    await boss.getByText('Hand this code to newcomer').waitFor()
    expect(await boss.getByText('An invitation was sent to newcomer').count()).toBe(0)
    const handed = await boss.locator('dialog code').innerText()
    await boss.getByRole('button', { name: 'Close' }).click()
    await boss.getByRole('button', { name: 'Sign out' }).click()

    await boss.getByRole('button', { name: 'Forgotten password' }).click()
    await boss.locator('input[name=email]').fill('Newcomer@shop.example')
    await boss.locator('input[name=code]').fill(handed.toLowerCase().replaceAll('-', ' '))
    await boss.locator('input[name=password]').fill('a password of their own')
    await boss.getByRole('button', { name: 'Set the password' }).click()
    await boss.locator('.rail').waitFor()
    await boss.getByRole('link', { name: 'Your account (newcomer)' }).waitFor()
    await boss.context().close()
  })
})
