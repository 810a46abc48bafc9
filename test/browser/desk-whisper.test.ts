import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChatModel } from '../../server/providers/model.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, reply, rows } from '../fixtures/desk.ts'
import { key, say } from '../fixtures/handoff.ts'
import { startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

/** Says what it was told in private. */
const obedient: ChatModel = {
  provider: 'test',
  model: 'obedient',
  async answer({ guidance = [] }, onText) {
    onText(`I was told: ${guidance.join(' ') || 'nothing'}.`)
    return null
  },
  check: async () => null,
}

describe.runIf(hasBrowser)('whispering to the assistant', { timeout: 120_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer({ handoffTimeoutS: 3600 }, { models: { chat: obedient } })
  }, 60_000)
  afterAll(() => expect(staff.errors.filter(text => !/status of 4\d\d/.test(text))).toEqual([]))

  async function asking(question: string) {
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', { new: true, key: key(), language: 'en' })
    return { client, id: conversation.id, ask: () => answerTo(client, conversation.id, question) }
  }

  async function answerTo(client: TestClient, id: string, question: string): Promise<string> {
    const { message } = await say(client, id, question)
    const { message: answer } = await client.until(
      'message:updated',
      event => event.message.in_reply_to === message.id,
    )
    return answer.content
  }

  test('a lead who watches hints, sees it as what it is, and what is begun so never becomes a message', async () => {
    await staff.hire('lea', 'admin')
    const page = await staff.sitDown('lea')
    await page
      .getByRole('link', { name: /Desk|Conversations/ })
      .first()
      .click()
    await page.getByRole('tab', { name: /^All/ }).click()
    const { client, id, ask } = await asking('Is there a discount?')
    expect(await ask()).toBe('I was told: nothing.')
    await rows(page).getByText('Is there a discount?').click()
    const pane = page.locator('.pane.current')
    await pane.getByRole('button', { name: 'Whisper', exact: true }).click()
    expect(await pane.getByText('No language model is configured').count()).toBe(0)
    await reply(page, 'Offer 10 percent.')
    await pane.locator('.message.guide').getByText('Offer 10 percent.').waitFor()
    await pane.locator('.message.guide').getByText('Whispered to the assistant').waitFor()
    expect(await ask()).toBe('I was told: Offer 10 percent..')

    // In mid-word the conversation becomes the lead's: what was begun for the assistant goes on as a note.
    const box = pane.locator('.composer textarea')
    await box.pressSequentially('And say tha')
    const desk = await server.connect({ namespace: 'agent', token: await staff.tokenOf('lea') })
    await desk.ask('handoff:take', { conversation_id: id, key: key() })
    await pane.locator('.composer.note').waitFor()
    await box.pressSequentially('nk you')
    expect(await box.inputValue()).toBe('And say thank you')
    await box.press('Enter')
    await pane.locator('.message.note:not(.guide)').getByText('And say thank you').waitFor()
    expect(JSON.stringify(client.received)).not.toContain('thank you')
    await pane.getByRole('button', { name: 'Reply', exact: true }).click()
    await reply(page, 'I am Lea.')
    await client.until('message:created', event => event.message.role === 'agent')
  })
})

describe.runIf(hasBrowser)('whispering where no model is', { timeout: 120_000 }, () => {
  let server: TestServer
  const staff = desks(() => server.url)
  beforeAll(async () => {
    server = await startServer({ handoffTimeoutS: 3600 })
  }, 60_000)

  test('says that it needs one before it is sent, in Chinese and on a phone too', async () => {
    await staff.hire('lin', 'admin')
    const page = await staff.sitDown('lin', { locale: 'zh-CN', viewport: { width: 390, height: 780 } })
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', { new: true, key: key(), language: 'zh' })
    await say(client, conversation.id, '有优惠吗？')
    await page.goto(`${server.url}/console#/desk`)
    await page.getByRole('tab', { name: /^全部/ }).click()
    await rows(page).getByText('有优惠吗？').click()
    const pane = page.locator('.pane')
    await pane.getByRole('button', { name: '提示助手', exact: true }).click()
    await pane.getByText('尚未配置语言模型').waitFor()
    const send = await pane.getByRole('button', { name: '发送提示' }).boundingBox()
    expect(send!.x + send!.width).toBeLessThanOrEqual(390)
    expect(send!.y + send!.height).toBeLessThanOrEqual(780)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  })
})
