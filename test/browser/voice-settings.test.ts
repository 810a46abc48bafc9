import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser, launchBrowser } from '../fixtures/browser.ts'
import { type SpeechServer, startSpeechServer } from '../fixtures/fakes/speech-server.ts'
import { adminPassword, startServer, type TestServer } from '../fixtures/harness.ts'
import { hasVoiceTools, microphoneFlags } from '../fixtures/microphone.ts'

describe.runIf(hasBrowser && hasVoiceTools)('voice, in the console', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-voice-settings-'))
  let host: SpeechServer
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    host = await startSpeechServer()
    server = await startServer({ outgoingAllowed: [host.url] })
    browser = await launchBrowser(
      microphoneFlags(join(folder, 'question.wav'), [500, 'How heavy is the lamp?', 60_000]),
    )
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await host.close()
    rmSync(folder, { recursive: true })
  })

  async function openVoice(): Promise<Page> {
    const page = await browser.newPage({ locale: 'en-GB' })
    page.setDefaultTimeout(20_000)
    await page.goto(`${server.url}/console#/voice`)
    await page.getByLabel('User name or e-mail').fill('admin')
    await page.getByLabel('Password').fill(adminPassword)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Speech recognition' }).waitFor()
    return page
  }

  /** For whoever wants to look: `SCREENSHOTS` names a folder. */
  async function shoot(page: Page, name: string) {
    const { SCREENSHOTS } = process.env
    if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true })
  }

  test('the owner chooses a provider, speaks, reads what was understood and hears the answer; a fault is in words', async () => {
    const admin = await server.signIn()
    const provider = { name: 'Loud', scope: 'organization', provider_type: 'custom', priority: null }
    await server.http('POST', '/providers', { ...provider, api_base_url: `${host.url}/v1` }, admin)
    const page = await openVoice()
    const group = (name: string) => page.locator('section', { has: page.getByRole('heading', { name }) })
    await page.getByRole('button', { name: 'Speak', exact: true }).click()
    await page.getByRole('button', { name: /^Stop/ }).click()
    await page.getByText('Nothing is set up for this.').waitFor()

    for (const [name, model] of [
      ['Speech recognition', 'ears'],
      ['Reading aloud', 'mouth'],
    ] as const) {
      const card = group(name)
      await card.getByRole('combobox').first().selectOption('provider')
      await card.getByRole('combobox').nth(1).selectOption({ label: 'Loud' })
      await card.getByLabel('Model').fill(model)
    }
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('In use: ears (Loud).').waitFor()
    expect(await accessibilityViolations(page)).toEqual([])

    host.script({ pieces: ['How long do I have', ' to return a laptop?'] })
    await page.getByRole('button', { name: 'Speak', exact: true }).click()
    // By then it was said.
    await page.getByRole('button', { name: 'Stop (3 s)' }).click()
    await page.getByText('How long do I have to return a laptop?').waitFor()
    await page.getByText(/First sound after \d+ ms/).waitFor()
    host.script({ status: 401, body: '{"error":{"message":"Incorrect API key"}}' })
    await page.setViewportSize({ width: 1280, height: 1800 })
    await shoot(page, 'voice-settings')
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    expect(await accessibilityViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Speak', exact: true }).click()
    await page.getByRole('button', { name: 'Stop (3 s)' }).click()
    await page.getByText('The API key was not accepted.').waitFor()
    await page.getByText('Incorrect API key').waitFor()
    await page.getByRole('button', { name: '中文' }).click()
    await page.setViewportSize({ width: 390, height: 3000 })
    await shoot(page, 'voice-settings-phone-dark-zh')
  })
})
