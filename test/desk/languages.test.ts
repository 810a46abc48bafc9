import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks, rows } from '../fixtures/desk.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

describe.runIf(hasBrowser)('the desk between languages and colleagues', { timeout: 120_000 }, () => {
  let server: TestServer
  let host: ModelServer
  beforeAll(async () => {
    host = await startModelServer()
    const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
    server = await startServer({}, { handoff: quick, models: { chat } })
  }, 60_000)
  afterAll(() => host?.close())
  const { waiting, agent } = people(() => server)
  const staff = desks(() => server.url)
  afterAll(() => expect(staff.errors).toEqual([]))
  const shot = (name: string) => (process.env.SHOTS ? { path: `${process.env.SHOTS}/${name}.png` } : null)

  test('what the visitor writes is read in one’s own language, and the reply put into theirs before it goes', async () => {
    const ann = await staff.atDesk('ann')
    const { client, id } = await waiting('zh')
    await say(client, id, '我的包裹在哪里？')
    await rows(ann).getByRole('button', { name: /^Take/ }).first().click()
    await ann.locator('.pane .message.user', { hasText: '我的包裹在哪里' }).waitFor()
    host.script({ pieces: ['Where is ', 'my parcel?'] })
    await ann.getByRole('button', { name: 'Translate', exact: true }).click()
    await ann.locator('.message.user .translated', { hasText: 'Where is my parcel?' }).waitFor()
    const box = ann.locator('.pane .composer textarea')
    await box.fill('It arrives tomorrow.')
    host.script({ pieces: ['包裹明天', '送达。'] })
    await ann.getByRole('button', { name: 'Translate to Chinese' }).click()
    await ann.waitForFunction(() => document.querySelector('textarea')?.value === '包裹明天送达。')
    const wide = shot('desk-translated')
    if (wide) await ann.screenshot(wide)
    host.script({ pieces: ['The parcel arrives tomorrow.'] })
    await box.press('Enter')
    const { message } = await client.until('message:created', event => event.message.role === 'agent')
    expect(message.content).toBe('包裹明天送达。')
    await ann.locator('.message.own .translated', { hasText: 'The parcel arrives tomorrow.' }).waitFor()
    host.script({ status: 500 })
    await say(client, id, '谢谢')
    await ann.locator('.translated', { hasText: 'Could not be translated.' }).waitFor()
    await ann.context().close()
  })

  test('a mention is told, kept until it is read, and leads to its conversation; on a phone, in the dark, in Chinese', async () => {
    const bob = await staff.atDesk('bob', {
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
      locale: 'zh-CN',
    })
    const dana = await agent('Dana')
    const { client, id: conversation_id } = await waiting()
    await say(client, conversation_id, 'Is my order here?')
    await dana.client.ask('note:add', { conversation_id, key: key(), content: '@bob do you know this one?' })
    await bob
      .getByText(/Dana.*提/)
      .first()
      .waitFor()
    await bob.reload()
    await bob.getByRole('tab', { name: '提及 1' }).click()
    const row = bob.locator('.mentions .row', { hasText: 'do you know this one?' })
    await row.waitFor()
    const phone = shot('desk-mentions')
    if (phone) await bob.screenshot(phone)
    await row.getByRole('button').click()
    await bob.locator('.pane .message.user', { hasText: 'Is my order here?' }).waitFor()
    await bob.getByRole('button', { name: '返回' }).first().click()
    await bob.getByRole('tab', { name: '提及', exact: true }).waitFor()
    await bob.context().close()
  })
})
