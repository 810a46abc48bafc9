import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { scansOf } from '../fixtures/documents/scan.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('documents as they change, in a browser', { timeout: 120_000 }, () => {
  let server: TestServer
  const { hire, sitDown, errors } = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer()
    await hire('olga', 'admin')
  }, 60_000)

  const upload = (page: Page, name: string, buffer: Buffer) =>
    page.locator('.drop input[type=file]').setInputFiles({ name, mimeType: '', buffer })
  const row = (page: Page, text: string) => page.locator('tbody tr').filter({ hasText: text })

  test('a scan is read, and what was read is shown', async () => {
    const page = await sitDown('olga')
    await page.goto(`${server.url}/console#/documents`)
    const [scan] = await scansOf(['The lamp is guaranteed for seven years.'])
    await upload(page, 'Guarantee.png', scan!)
    await row(page, 'Guarantee').getByText('Ready').waitFor({ timeout: 60_000 })
    await row(page, 'Guarantee').locator('button.title').click()
    await page.locator('dialog .passages').getByText('guaranteed for seven years').waitFor()
    expect(errors).toEqual([])
  })

  test('a document is replaced, compared with what it was and restored; tags find it, and a near last day stands on the overview', async () => {
    const page = await sitDown('olga')
    await page.goto(`${server.url}/console#/documents`)
    await upload(page, 'Fees.txt', Buffer.from('Sending a parcel costs 4 EUR.'))
    await row(page, 'Fees').getByText('Ready').waitFor()
    await row(page, 'Fees').locator('button.title').click()
    const dialog = page.locator('dialog')
    await dialog.locator('.versions input[type=file]').setInputFiles({
      name: 'Fees 2027.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('Sending a parcel costs 5 EUR.'),
    })
    await dialog.getByRole('button', { name: 'What changed since' }).click()
    await dialog.locator('ins', { hasText: '5 EUR' }).waitFor()
    await dialog.locator('del', { hasText: '4 EUR' }).waitFor()
    await dialog.getByRole('button', { name: 'Restore' }).click()
    await expect.poll(() => dialog.locator('.versions li').count()).toBe(3)

    await dialog.getByRole('button', { name: 'Close' }).click()
    await row(page, 'Fees').getByRole('button', { name: 'Edit Fees' }).click()
    await dialog.getByLabel('Tags').fill('shipping, prices')
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    await dialog.getByLabel('Valid until').fill(tomorrow)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByLabel('Search documents').fill('shipping')
    await row(page, 'Guarantee').waitFor({ state: 'detached' })
    await row(page, 'Fees').getByText('prices').waitFor()
    await page.goto(`${server.url}/console#/overview`)
    const warning = page.getByText('Documents that run out within two weeks: 1.')
    await warning.waitFor()
    await warning.click()
    await row(page, 'Fees').waitFor()
    expect(errors).toEqual([])
  })
})
