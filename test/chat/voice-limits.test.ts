import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createOpenAISynthesizer, createOpenAITranscriber } from '../../server/providers/speech/openai.ts'
import { toWav } from '../../server/providers/speech/pcm.ts'
import { type SpeechServer, startSpeechServer, tone } from '../fixtures/fakes/speech-server.ts'
import { startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

const totalBytes = 400_000
let host: SpeechServer
let server: TestServer
let visitor: TestClient
beforeAll(async () => {
  host = await startSpeechServer()
  const speaking = { baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' }
  const speech = {
    transcriber: createOpenAITranscriber(speaking),
    synthesizer: createOpenAISynthesizer(speaking),
  }
  server = await startServer(
    { rateLimits: true },
    { speech, voice: { totalBytes, resumeMs: 200, sweepMs: 20 } },
  )
})
afterAll(() => host.close())
beforeEach(async () => {
  visitor = await server.connect()
})

async function heldBytes(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^parley_voice_bytes_held (\d+)/m.exec(text)![1])
}

describe('law S6: what speaks has a measure', () => {
  test('what a node holds of sound is bounded, and given back when its speakers are gone', async () => {
    const { conversation } = await visitor.ask('conversation:open', {})
    const input = { conversation_id: conversation.id, mime: 'audio/pcm' }
    const { stream_id } = await visitor.ask('voice:start', input)
    const audio = tone(1250, 16_000)
    let index = 0
    for (; index < totalBytes / audio.length; index++)
      expect(await visitor.ask('voice:chunk', { stream_id, index, audio })).toEqual({ received: index + 1 })
    expect(await heldBytes()).toBe(totalBytes)
    expect(await visitor.call('voice:chunk', { stream_id, index, audio })).toMatchObject({
      error: {
        code: 'SERVICE_UNAVAILABLE',
        retryable: true,
        details: { retry_after_ms: expect.any(Number) },
      },
    })
    const other = await server.connect()
    const { conversation: theirs } = await other.ask('conversation:open', {})
    expect(await other.call('voice:start', { ...input, conversation_id: theirs.id })).toMatchObject({
      error: { code: 'SERVICE_UNAVAILABLE' },
    })
    visitor.socket.disconnect()
    await expect.poll(heldBytes).toBe(0)
    await other.ask('voice:start', { ...input, conversation_id: theirs.id })
  })

  test('a person speaks twenty minutes at once, and everybody else as before', async () => {
    const recording = toWav({ sampleRate: 8000, bytes: tone(119_000, 8000) })
    async function post(token: string) {
      const form = new FormData()
      form.append('audio', new Blob([recording as Uint8Array<ArrayBuffer>]), 'speech.wav')
      return server.http('POST', '/voice/stt', form, token)
    }
    const codes: number[] = []
    for (let count = 0; count < 11; count++) codes.push((await post(visitor.token)).status)
    expect(codes.filter(status => status === 200)).toHaveLength(10)
    const calls = host.transcriptions.length
    expect(await post(visitor.token)).toMatchObject({
      status: 429,
      reply: { error: { code: 'RATE_LIMITED', details: { retry_after_ms: expect.any(Number) } } },
    })
    expect(host.transcriptions.length).toBe(calls)
    expect((await post((await server.connect()).token)).status).toBe(200)
  }, 60_000)

  test('a recording longer than two minutes is refused before any model hears it', async () => {
    const calls = host.transcriptions.length
    const long = toWav({ sampleRate: 8000, bytes: tone(121_000, 8000) })
    const form = new FormData()
    form.append('audio', new Blob([long as Uint8Array<ArrayBuffer>]), 'speech.wav')
    expect(await server.http('POST', '/voice/stt', form, visitor.token)).toMatchObject({
      status: 413,
      reply: { error: { details: { max_seconds: 120 } } },
    })
    expect(host.transcriptions.length).toBe(calls)
  })
})
