import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { costOf } from '../../server/providers/cost.ts'
import { createOpenAISynthesizer, createOpenAITranscriber } from '../../server/providers/speech/openai.ts'
import { type SpeechServer, startSpeechServer, tone } from '../fixtures/fakes/speech-server.ts'
import { converse, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { sendSound } from '../fixtures/speech.ts'
import { hire } from '../fixtures/staff.ts'

let host: SpeechServer
let server: TestServer
let visitor: TestClient
let lead: TestClient
beforeAll(async () => {
  host = await startSpeechServer()
  const speaking = { baseUrl: `${host.url}/v1`, apiKey: 'test' }
  const speech = {
    transcriber: createOpenAITranscriber({ ...speaking, model: 'hears' }),
    synthesizer: createOpenAISynthesizer({ ...speaking, model: 'says' }),
  }
  server = await startServer({}, { speech })
  visitor = await server.connect()
  const { token } = await hire(server, 'lead', 'super_admin')
  lead = await server.connect({ namespace: 'agent', token })
})
afterAll(() => host.close())

async function admin(method: string, path: string, body?: unknown) {
  const { reply } = await server.http(method, path, body, lead.token)
  if (!reply.success) throw new Error(reply.error.message)
  return reply.data
}

async function speak(usage?: object) {
  host.script({ pieces: ['Hello.'], usage })
  const { conversation } = await visitor.ask('conversation:open', {})
  const input = { conversation_id: conversation.id, mime: 'audio/pcm' }
  const { stream_id } = await visitor.ask('voice:start', input)
  await sendSound(visitor, stream_id, tone(30_000, 16_000), { chunkBytes: 64_000 })
  return visitor.call('voice:end', { stream_id })
}

const ofModel = async (model: string) =>
  (await admin('GET', '/statistics/usage')).by_model.find((row: { model: string }) => row.model === model)

describe('what speech costs', () => {
  test('is exact, by the minute and by tokens', () => {
    const rates = {
      currency: 'USD',
      input: '1.250000',
      cached_input: null,
      output: '5.000000',
      minute: '0.006000',
    }
    const none = { prompt_tokens: 0, completion_tokens: 0 }
    expect(costOf({ ...none, sound_ms: 60_000 }, rates)).toBe('0.006000000000')
    expect(costOf({ ...none, sound_ms: 1 }, rates)).toBe('0.000000100000')
    expect(costOf({ prompt_tokens: 100, completion_tokens: 10, sound_ms: 30_000 }, rates)).toBe(
      '0.003175000000',
    )
  })

  test('stands with the other usage: seconds and money, of what is heard and of what is said', async () => {
    expect((await speak()).success).toBe(true)
    await expect.poll(() => ofModel('hears')).toMatchObject({ requests: 1, cost: 0 })
    expect((await admin('GET', '/admin/prices')).unpriced).toEqual(expect.arrayContaining(['hears', 'says']))
    for (const [model, minute] of [
      ['hears', 0.6],
      ['says', 6],
    ] as const)
      await admin('POST', '/admin/prices', { model, currency: 'EUR', input: 0, output: 0, minute })
    expect((await admin('GET', '/admin/prices')).prices).toContainEqual(
      expect.objectContaining({ model: 'hears', minute: 0.6 }),
    )
    // The host counts otherwise, and is believed.
    await speak({ type: 'duration', seconds: 60 })
    await expect.poll(async () => (await ofModel('hears')).cost).toBe(0.6)
    const { answer } = await converse(visitor, 'Hello?')
    host.always({ soundMs: 10_000 })
    const { speech_id } = await visitor.ask('speech:start', { message_id: answer.id })
    const { duration_ms } = await visitor.until('speech:finished', event => event.speech_id === speech_id)
    await expect.poll(async () => (await ofModel('says'))?.cost).toBeCloseTo((6 * duration_ms) / 60_000)
    const { summary } = await admin('GET', '/statistics/usage')
    expect(summary.sound_seconds).toBe(90 + duration_ms / 1000)
    expect(summary.total_requests).toBeGreaterThan(2)
  })

  test('law R5: what does not fit a budget is not asked for, and is said in one line', async () => {
    const { summary } = await admin('GET', '/statistics/usage')
    const amount = summary.total_cost + 0.31
    const limit = { scope: 'overall', period: 'day', currency: 'EUR', amount } as const
    const { budget } = await lead.ask('budget:create', limit)
    const calls = host.transcriptions.length
    // Half a minute is 0.30.
    expect((await speak()).success).toBe(true)
    await expect
      .poll(async () => (await lead.ask('budget:list', {})).budgets.find(({ id }) => id === budget.id))
      .toMatchObject({ reserved: 0 })
    expect(await speak()).toMatchObject({
      error: { code: 'INSUFFICIENT_QUOTA', message: expect.stringMatching(/type instead/) },
    })
    expect(host.transcriptions.length).toBe(calls + 1)
    await lead.ask('budget:delete', { budget_id: budget.id })
    expect((await speak()).success).toBe(true)
  })
})
