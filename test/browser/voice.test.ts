import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { createOpenAISynthesizer, createOpenAITranscriber } from '../../server/providers/speech/openai.ts'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, rows } from '../fixtures/desk.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { type SpeechServer, startSpeechServer } from '../fixtures/fakes/speech-server.ts'
import { key, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { hasVoiceTools, microphoneFlags, type Take } from '../fixtures/microphone.ts'
import { pageWith, startSite } from '../fixtures/site.ts'
import { openChat, visitors, write } from '../fixtures/widget.ts'

const folder = mkdtempSync(join(tmpdir(), 'parley-voice-'))
let host: SpeechServer
let model: ModelServer
let server: TestServer
let site: Awaited<ReturnType<typeof startSite>>

/** Visitors whose microphone hears this, from when it is opened. */
function speakers(name: string, ...takes: Take[]) {
  return visitors(
    () => server.url,
    () => microphoneFlags(join(folder, `${name}.wav`), takes),
  )
}

/** For whoever wants to look: `SCREENSHOTS` names a folder. */
async function shoot(page: Page, name: string) {
  const { SCREENSHOTS } = process.env
  if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, `voice-${name}.png`) })
}

const level = (page: Page) =>
  page.locator('.voice .meter').evaluate(meter => Number(getComputedStyle(meter).getPropertyValue('--level')))

/** What is said has begun, and has ended. */
async function spokenOut(page: Page) {
  await expect.poll(() => level(page), { interval: 20 }).toBeGreaterThan(0.5)
  await expect.poll(() => level(page), { interval: 50 }).toBeLessThan(0.1)
}

describe.runIf(hasBrowser && hasVoiceTools)('voice in the widget', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    host = await startSpeechServer()
    model = await startModelServer()
    site = await startSite()
    const connection = { baseUrl: `${host.url}/v1`, apiKey: 'test' }
    const chat = createOpenAIModel({ baseUrl: `${model.url}/v1`, apiKey: 'test', model: 'test-model' })
    const transcriber = createOpenAITranscriber({ ...connection, model: 'whisper-1' })
    const voices = { en: 'nova', zh: 'shimmer' }
    const synthesizer = createOpenAISynthesizer({ ...connection, model: 'tts-1', voices })
    server = await startServer(
      { outgoingAllowed: [model.url], allowedOrigins: [site.url] },
      { models: { chat }, speech: { transcriber, synthesizer } },
    )
    const policy = `default-src 'none'; img-src data:; script-src 'nonce-of-the-page'; connect-src ${server.url} ${server.url.replace('http', 'ws')}`
    site.put('/', {
      html: pageWith(
        `<script nonce="of-the-page" src="${server.url}/widget.js"></script><script nonce="of-the-page">Parley.init({ language: 'en' })</script>`,
      ),
      headers: { 'content-security-policy': policy },
    })
  }, 60_000)
  afterAll(async () => {
    await Promise.all([host.close(), model.close(), site.close()])
    rmSync(folder, { recursive: true })
  })

  describe('press and speak', () => {
    const { visit, errors } = speakers('question', 700, 'How heavy is the lamp?', 60_000)
    afterAll(() => expect(errors).toEqual([]))

    test('what is said is a message of the visitor’s, and is answered', async () => {
      const page = await visit()
      host.script({ pieces: ['How heavy', ' is the lamp?'] })
      model.script({ pieces: ['It weighs 1.2 kg.'] })
      await page.getByRole('button', { name: 'Speak' }).click()
      await page.getByText('Speak now').waitFor()
      await spokenOut(page)
      await shoot(page, 'recording')
      await page.locator('.voice').getByRole('button', { name: 'Send', exact: true }).click()
      await page.locator('.message.user', { hasText: 'How heavy is the lamp?' }).waitFor()
      await page.locator('.message.assistant', { hasText: 'It weighs 1.2 kg.' }).waitFor()
      const { file } = host.transcriptions.at(-1)!
      // Sixteen thousand samples a second, of two bytes.
      expect((file.size / 32_000) * 1000).toBeGreaterThan(1500)
    })

    test('what is said can be put right before it is sent', async () => {
      const page = await visit()
      host.script({ pieces: ['How heavy is the lump?'] })
      await page.getByRole('button', { name: 'Speak' }).click()
      await page.getByText('Speak now').waitFor()
      await spokenOut(page)
      await page.getByRole('button', { name: 'Edit before sending' }).click()
      const box = page.locator('.composer textarea')
      await expect.poll(() => box.inputValue()).toBe('How heavy is the lump?')
      expect(await box.evaluate(field => field.matches(':focus'))).toBe(true)
      expect(await page.locator('.message').count()).toBe(0)
    })

    test('a key does the same as a press, Escape calls it off, and the focus comes back', async () => {
      const page = await visit()
      const speak = page.getByRole('button', { name: 'Speak' })
      await speak.focus()
      await page.keyboard.press('Enter')
      await page.getByText('Speak now').waitFor()
      const send = page.locator('.voice').getByRole('button', { name: 'Send', exact: true })
      await expect.poll(() => send.evaluate(button => button.matches(':focus'))).toBe(true)
      await page.keyboard.press('Escape')
      await page.locator('.voice').waitFor({ state: 'detached' })
      await expect.poll(() => speak.evaluate(button => button.matches(':focus'))).toBe(true)
    })

    test('a host that fails is said in one line, and text goes on', async () => {
      const page = await visit()
      host.script({ status: 500, body: '{}' })
      await page.getByRole('button', { name: 'Speak' }).click()
      await page.getByText('Speak now').waitFor()
      await spokenOut(page)
      await page.locator('.voice').getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByText('We couldn’t understand that just now. You can still type.').waitFor()
      await shoot(page, 'failed')
      await page.getByRole('button', { name: 'Close', exact: true }).click()
      await write(page, 'How heavy is it?')
      await page.locator('.message.user', { hasText: 'How heavy is it?' }).waitFor()
    })
  })

  describe('sound that the browser keeps back', () => {
    const { visit, errors } = speakers('quiet', 60_000)
    afterAll(() => expect(errors).toEqual([]))

    test('no sound on phones in call mode: hands-free says that it is blocked, and one tap lets it out', async () => {
      const page = await visit()
      await page.evaluate(() => {
        const state = { isOpen: false }
        Object.assign(window, {
          sound: state,
          AudioContext: class extends AudioContext {
            override get state() {
              return state.isOpen ? super.state : 'suspended'
            }
            override resume() {
              return state.isOpen ? super.resume() : new Promise<void>(() => {})
            }
          },
        })
      })
      await page.getByRole('button', { name: 'Speak' }).click()
      await page.getByRole('button', { name: 'Hands-free' }).click()
      const tap = page.getByRole('alert').getByRole('button', { name: 'Tap to turn it on' })
      await tap.waitFor()
      expect(await accessibilityViolations(page)).toEqual([])
      await shoot(page, 'blocked')
      await page.evaluate(() => Object.assign((window as any).sound, { isOpen: true }))
      await tap.click()
      await tap.waitFor({ state: 'detached' })
      await page.getByText('Listening').waitFor()
      await page.getByRole('button', { name: 'End', exact: true }).click()
    })
  })

  describe('hands-free', () => {
    const staff = desks(() => server.url)
    const { visit, errors } = speakers(
      'talk',
      ...[1500, 'How heavy is the lamp?', 6000, 'Wait, and how much does it cost?', 60_000],
    )
    afterAll(() => expect(errors).toEqual([]))

    test('speak, hear the answer, interrupt it: what was heard stays with it', async () => {
      const page = await visit()
      host.always({ pieces: [], soundMs: 20_000, pieceMs: 500 })
      host.script({ pieces: ['How heavy is the lamp?'] })
      model.script({ pieces: ['It weighs 1.2 kg. '] })
      await page.getByRole('button', { name: 'Speak' }).click()
      await page.getByRole('button', { name: 'Hands-free' }).click()
      const bar = page.getByRole('group', { name: 'Hands-free' })
      const status = bar.getByRole('status')
      await expect.poll(() => status.textContent()).toBe('Listening')
      await page.locator('.message.user', { hasText: 'How heavy is the lamp?' }).waitFor()
      await expect.poll(() => status.textContent()).toBe('Speaking')
      await shoot(page, 'speaking')
      // Said over the answer.
      host.script({ pieces: ['Wait, and how much does it cost?'] })
      model.script({ pieces: ['It costs 49 euros.'] })
      await expect.poll(() => status.textContent(), { interval: 20 }).toBe('Listening')
      await page.locator('.message.user', { hasText: 'how much does it cost?' }).waitFor()
      await page.locator('.message.assistant', { hasText: 'It costs 49 euros.' }).waitFor()
      await expect.poll(() => status.textContent()).toBe('Speaking')
      // A person takes over: the assistant falls silent, and what the person writes is spoken.
      await staff.hire('lea', 'admin')
      const lea = await server.connect({ namespace: 'agent', token: await staff.tokenOf('lea') })
      const { items } = await lea.ask('conversation:list', {})
      const conversation_id = items[0]!.id
      await lea.ask('handoff:take', { conversation_id, key: key() })
      await expect.poll(() => status.textContent()).toBe('Listening')
      await say(lea, conversation_id, 'Lea here, I can help.')
      await expect.poll(() => host.speeches.at(-1)!.input).toBe('Lea here, I can help.')
      await expect.poll(() => status.textContent()).toBe('Speaking')
      const { messages } = await lea.ask('conversation:open', { conversation_id })
      const [question, answer, second] = messages
      expect(question!.voice).toMatchObject({ duration_ms: expect.any(Number) })
      expect(second!.voice).not.toBeNull()
      expect('It weighs 1.2 kg. '.startsWith(answer!.heard_text!)).toBe(true)
      // One tap turns everything off.
      await page.getByRole('button', { name: 'End', exact: true }).click()
      await bar.waitFor({ state: 'detached' })
      expect(await page.locator('.message').count()).toBe(5)

      const desk = await staff.sitDown('lea')
      await desk.goto(`${server.url}/console#/desk`)
      await desk.getByRole('tab', { name: /^Mine/ }).click()
      await rows(desk).first().click()
      await desk.locator('.message.user').getByText('Spoken').first().waitFor()
      await shoot(desk, 'desk')
      await desk
        .getByText(/Heard until|Stopped before/)
        .first()
        .waitFor()
      await shoot(desk, 'desk')
    })

    test('in Chinese, on a phone, in the dark', async () => {
      const page = await visit({
        locale: 'zh-CN',
        viewport: { width: 390, height: 760 },
        colorScheme: 'dark',
      })
      host.script({ pieces: ['这盏灯有多重？'] })
      model.script({ pieces: ['重 1.2 公斤。'] })
      await page.getByRole('button', { name: '语音输入' }).click()
      await page.getByText('请说话').waitFor()
      await shoot(page, 'recording-zh')
      await page.getByRole('button', { name: '语音通话' }).click()
      const status = page.getByRole('group', { name: '语音通话' }).getByRole('status')
      await expect.poll(() => status.textContent()).toBe('正在听')
      await shoot(page, 'listening-zh')
      await expect.poll(() => status.textContent()).toBe('正在回答')
      await shoot(page, 'speaking-zh')
      // Closed, the panel has no place to switch it off: then it is off.
      await page.getByRole('button', { name: '关闭对话' }).click()
      await openChat(page)
      expect(await page.locator('.voice').count()).toBe(0)
    })
  })

  describe('on the page of a site with a strict policy', () => {
    const { blank } = speakers('strict', 1000, 'How heavy is the lamp?', 60_000)

    test('the microphone works without the script of the audio thread, and hands-free without WebAssembly', async () => {
      const page = await blank()
      page.setDefaultTimeout(10_000)
      await page.goto(site.url)
      await openChat(page)
      host.always({ pieces: [], soundMs: 500 })
      host.script({ pieces: ['How heavy is the lamp?'] })
      model.script({ pieces: ['It weighs 1.2 kg.'] })
      await page.getByRole('button', { name: 'Speak' }).click()
      await page.getByRole('button', { name: 'Hands-free' }).click()
      await page.locator('.message.user', { hasText: 'How heavy is the lamp?' }).waitFor()
      await page.locator('.message.assistant', { hasText: 'It weighs 1.2 kg.' }).waitFor()
    })
  })

  describe('without a microphone', () => {
    const denied = visitors(
      () => server.url,
      () => ['--use-fake-ui-for-media-stream=deny', '--use-fake-device-for-media-stream'],
    )
    const missing = visitors(() => server.url)

    test('that is not allowed, it is said how to allow it', async () => {
      const page = await denied.visit({ viewport: { width: 390, height: 760 } })
      await page.getByRole('button', { name: 'Speak' }).click()
      await page.getByRole('alert').getByText('The microphone is blocked.').waitFor()
      await shoot(page, 'denied')
      expect(await accessibilityViolations(page)).toEqual([])
    })

    test('where there is none, that is said', async () => {
      const page = await missing.visit({ permissions: ['microphone'] })
      await page.getByRole('button', { name: 'Speak' }).click()
      await page.getByRole('alert').getByText('No microphone was found.').waitFor()
    })
  })

  describe('listening', () => {
    const { visit, errors } = visitors(() => server.url)
    afterAll(() => expect(errors).toEqual([]))

    test('an answer sounds from its first sentence on, while the rest is written', async () => {
      const page = await visit()
      let goOn = () => {}
      const gate = new Promise<void>(resolve => {
        goOn = resolve
      })
      let pieces = 0
      model.script({
        pieces: ['It weighs 1.2 kg. ', 'It costs 49 euros.'],
        gate: () => (pieces++ === 0 ? Promise.resolve() : gate),
      })
      host.always({ pieces: [], soundMs: 1500 })
      await write(page, 'How heavy is the lamp?')
      const before = host.speeches.length
      await page.getByRole('button', { name: 'Listen' }).click()
      await expect.poll(() => host.speeches.length).toBeGreaterThan(before)
      expect(await page.locator('.bubble.streaming').count()).toBe(1)
      await page.getByRole('button', { name: 'Stop', exact: true }).waitFor()
      goOn()
      await expect.poll(() => host.speeches.at(-1)!.input).toBe('It costs 49 euros.')
      await page.getByRole('button', { name: 'Listen' }).waitFor()
      await shoot(page, 'listened')
    })

    test('stopping it keeps what was heard, and a speed is remembered', async () => {
      const page = await visit()
      host.always({ pieces: [], soundMs: 6000 })
      model.script({ pieces: ['It weighs 1.2 kg. It costs 49 euros. It is blue.'] })
      await write(page, 'How heavy is the lamp?')
      await page.locator('.actions').waitFor()
      await page.getByRole('button', { name: 'Listen' }).click()
      await page.getByRole('button', { name: 'Speed 1×' }).click()
      await page.getByRole('button', { name: 'Speed 1.25×' }).waitFor()
      await expect.poll(() => host.speeches.at(-1)!.speed).toBe(1.25)
      await shoot(page, 'listening')
      await page.getByRole('button', { name: 'Stop', exact: true }).click()
      await page.getByRole('button', { name: 'Listen' }).waitFor()
      await page.reload()
      await openChat(page)
      await page.getByRole('button', { name: 'Listen' }).click()
      await page.getByRole('button', { name: 'Speed 1.25×' }).waitFor()
    })
  })
})
