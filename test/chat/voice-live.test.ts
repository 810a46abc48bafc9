import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createOpenAITranscriber } from '../../server/providers/speech/openai.ts'
import { createResampler } from '../../server/providers/speech/resample.ts'
import { type SpeechServer, startSpeechServer, tone } from '../fixtures/fakes/speech-server.ts'
import { startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { sendSound } from '../fixtures/speech.ts'

let host: SpeechServer
let server: TestServer
let visitor: TestClient
let conversation_id: string
beforeAll(async () => {
  host = await startSpeechServer()
  const transcriber = createOpenAITranscriber({
    baseUrl: `${host.url}/v1`,
    apiKey: 'test',
    model: 'gpt-4o-transcribe',
    isLive: true,
  })
  server = await startServer({}, { speech: { transcriber } })
})
afterAll(() => host.close())
beforeEach(async () => {
  visitor = await server.connect()
  conversation_id = (await visitor.ask('conversation:open', {})).conversation.id
})

const sound = tone(1000, 16_000)
const start = (input: object = {}) =>
  visitor.ask('voice:start', { conversation_id, mime: 'audio/pcm', send: true, ...input })

describe('understood while it is spoken', () => {
  test('words come before the end, and the end is the message', async () => {
    host.realtime.script({ pieces: ['How heavy', ' is', ' the lamp?'], everyMs: 400 })
    const { stream_id, live } = await start({ language: 'en' })
    expect(live).toBe(true)
    expect(visitor.ready.features.voice.live).toBe(true)
    await sendSound(visitor, stream_id, sound)
    await visitor.until('voice:transcript', ({ text, final }) => text === 'How heavy is' && !final)
    const { message, text } = await visitor.ask('voice:end', { stream_id })
    expect(text).toBe('How heavy is the lamp?')
    expect(message).toMatchObject({ content: text, voice: { duration_ms: 1000 } })
    // Nobody was asked for the recording.
    expect(host.transcriptions).toEqual([])
    expect(host.realtime.sounds.at(-1)).toBeGreaterThan(990)
    expect(host.realtime.sessions.at(-1)).toMatchObject({
      type: 'transcription',
      audio: {
        input: { transcription: { model: 'gpt-4o-transcribe', language: 'en' }, turn_detection: null },
      },
    })
    await expect.poll(() => host.realtime.open()).toBe(0)
  })

  test.each([
    ['says that it failed', { ending: 'failed' as const }],
    ['breaks off', { ending: 'reset' as const }],
    ['sends garbage', { ending: 'garbage' as const }],
    ['lets nobody in', { refuse: true }],
  ])('law R5: a socket that %s costs nothing: the recording is understood', async (_what, script) => {
    host.realtime.script({ pieces: ['Half'], everyMs: 200, ...script })
    host.script({ pieces: ['The whole.'] })
    const { stream_id } = await start()
    await sendSound(visitor, stream_id, sound)
    expect(await visitor.ask('voice:end', { stream_id })).toMatchObject({ text: 'The whole.' })
    await expect.poll(() => host.realtime.open()).toBe(0)
  })

  test('what is cancelled, or is only silence, leaves no socket behind', async () => {
    const { stream_id } = await start()
    await sendSound(visitor, stream_id, sound)
    await expect.poll(() => host.realtime.open()).toBe(1)
    await visitor.ask('voice:cancel', { stream_id })
    await expect.poll(() => host.realtime.open()).toBe(0)
    const second = await start()
    await sendSound(visitor, second.stream_id, Buffer.alloc(32_000))
    await visitor.call('voice:end', { stream_id: second.stream_id })
    await expect.poll(() => host.realtime.open()).toBe(0)
  })
})

test('sound of one rate is the same at another, however it is cut', () => {
  const cut = (bytes: number) => {
    const resample = createResampler(16_000, 24_000)
    const pieces: Buffer[] = []
    for (let at = 0; at < sound.length; at += bytes) pieces.push(resample(sound.subarray(at, at + bytes)))
    return Buffer.concat(pieces)
  }
  const whole = cut(sound.length)
  expect(Math.abs(whole.length - sound.length * 1.5)).toBeLessThan(8)
  const expected = tone(1000, 24_000)
  for (const bytes of [2, 640, 1282, 64_000]) {
    const pieces = cut(bytes)
    expect(Math.abs(pieces.length - whole.length)).toBeLessThan(8)
    for (let at = 0; at + 2 <= Math.min(pieces.length, expected.length) - 8; at += 2)
      expect(Math.abs(pieces.readInt16LE(at) - expected.readInt16LE(at))).toBeLessThan(1200)
  }
})
