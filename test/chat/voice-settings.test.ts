import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findModelEnd } from '../../server/providers/speech/end-dates.ts'
import { toWav } from '../../server/providers/speech/pcm.ts'
import { type SpeechServer, startSpeechServer, tone } from '../fixtures/fakes/speech-server.ts'
import { converse, startServer, type TestServer } from '../fixtures/harness.ts'
import { sendSound } from '../fixtures/speech.ts'

let host: SpeechServer
let server: TestServer
let admin: string
let provider_id: string
beforeAll(async () => {
  host = await startSpeechServer()
  server = await startServer({ outgoingAllowed: [host.url], rateLimits: true })
  admin = await server.signIn()
  const { reply } = await http(
    'POST',
    '/providers',
    {
      name: 'Loud',
      scope: 'organization',
      provider_type: 'custom',
      api_base_url: `${host.url}/v1`,
      api_key: 'sk',
    },
    admin,
  )
  provider_id = reply.data.id
})
afterAll(() => host.close())

/** As the administrator; whatever comes. */
async function http(method: string, path: string, body?: unknown, token = admin): Promise<any> {
  return server.http(method, path, body, token)
}

const read = async () => (await http('GET', '/admin/voice')).reply.data

async function set(change: object) {
  const { status, reply } = await http('PUT', '/admin/voice', change)
  return { status, data: reply.success ? reply.data.settings : reply.error }
}

const transcription = () => ({ source: 'provider', provider_id, model: 'ears', live: false })
const speech = () => ({
  source: 'provider',
  provider_id,
  model: 'mouth',
  voices: { en: 'nova', zh: 'shimmer' },
})
const sound = tone(600, 16_000)

async function begin(input: object = {}) {
  const visitor = await server.connect()
  const { conversation } = await visitor.ask('conversation:open', {})
  const started = await visitor.call('voice:start', {
    conversation_id: conversation.id,
    mime: 'audio/pcm',
    ...input,
  })
  return { visitor, started }
}

function recording(): FormData {
  const form = new FormData()
  const wav = toWav({ sampleRate: 16_000, bytes: sound })
  form.append('audio', new Blob([wav as Uint8Array<ArrayBuffer>]), 'speech.wav')
  return form
}

describe('what the owner sets of voice', () => {
  test('nothing is set: as the environment says, which here is nothing', async () => {
    const shown = await read()
    expect(shown).toMatchObject({ transcriber: null, synthesizer: null })
    expect(shown.settings).toEqual(shown.defaults)
    expect((await begin()).started).toMatchObject({ error: { code: 'NOT_CONFIGURED' } })
    const tried = await http('POST', '/admin/voice/try', recording())
    expect(tried.reply.data).toMatchObject({ text: null, fault: 'not_configured' })
  })

  test('a provider of the organization understands and speaks, with its own key, in the voice of each language', async () => {
    expect(await set({ transcription: transcription(), speech: speech() })).toMatchObject({ status: 200 })
    const { visitor, started } = await begin({ send: true })
    expect(visitor.ready.features.voice).toMatchObject({ stt: true, tts: true, languages: ['en', 'zh'] })
    const { stream_id } = (started as any).data
    await sendSound(visitor, stream_id, sound)
    const { message } = await visitor.ask('voice:end', { stream_id })
    expect(message).toMatchObject({ content: 'Hello there.' })
    expect(host.transcriptions.at(-1)!.fields.model).toBe('ears')
    const { answer } = await converse(visitor, 'Hello?')
    await visitor.ask('speech:start', { message_id: answer.id })
    await visitor.until('speech:finished')
    expect(host.speeches.at(-1)).toMatchObject({ model: 'mouth', voice: 'nova' })
    await http('POST', '/voice/tts', { text: '你好。' }, visitor.token)
    expect(host.speeches.at(-1)).toMatchObject({ input: expect.stringContaining('你好'), voice: 'shimmer' })
    const shown = await read()
    expect(shown.transcriber).toEqual({
      provider: 'Loud',
      model: 'ears',
      ends_on: null,
      replacement: null,
    })
    const prices = await http('GET', '/admin/prices')
    expect(prices.reply.data.unpriced).toEqual(expect.arrayContaining(['ears', 'mouth']))
  })

  test('law S6: what nothing could come of is refused by its field, and nothing is changed', async () => {
    const before = (await read()).settings
    const nobody = '01890000-0000-7000-8000-000000000000'
    for (const [change, field] of [
      [{ transcription: { ...transcription(), provider_id: nobody } }, 'transcription.provider_id'],
      [{ transcription: { ...transcription(), model: null } }, 'transcription.model'],
      [{ speech: { ...speech(), provider_id: null } }, 'speech.provider_id'],
      [{ limits: { ...before.limits, turn_seconds: 1 } }, 'limits.turn_seconds'],
      [{ turn_taking: { ...before.turn_taking, pause_ms: 60_000 } }, 'turn_taking.pause_ms'],
    ] as const)
      expect(await set(change)).toMatchObject({
        status: 400,
        data: { code: 'VALIDATION_ERROR', details: [{ field }] },
      })
    expect((await read()).settings).toEqual(before)
  })

  test('law S5: a change leaves an audit row, before and after', async () => {
    await set({ browser: false })
    const { reply } = await http('GET', '/admin/logs?scope=settings')
    expect(reply.data.items[0]).toMatchObject({
      action: 'voice:set',
      before: { browser: true },
      after: { browser: false },
    })
    expect((await server.connect()).ready.features.voice.browser).toBe(false)
  })

  test('the length of a turn, the minutes of a day, the turns at once and the languages are the owner’s', async () => {
    const { limits } = (await read()).settings
    await set({ limits: { ...limits, turn_seconds: 5, speaking_minutes: 1, streams: 1 }, languages: ['en'] })
    const { visitor, started } = await begin()
    expect(started).toMatchObject({ data: { max_seconds: 5 } })
    expect((await begin()).started).toMatchObject({ error: { code: 'SERVICE_UNAVAILABLE' } })
    const { stream_id } = (started as any).data
    for (let index = 0; index < 5; index++)
      await visitor.ask('voice:chunk', { stream_id, index, audio: tone(1000, 16_000) })
    expect(
      await visitor.call('voice:chunk', { stream_id, index: 5, audio: tone(1000, 16_000) }),
    ).toMatchObject({ error: { code: 'PAYLOAD_TOO_LARGE', details: { max_seconds: 5 } } })
    await visitor.ask('voice:cancel', { stream_id })
    expect((await begin({ language: 'zh' })).started).toMatchObject({ error: { code: 'NOT_CONFIGURED' } })
    // Twenty seconds at once of a minute a day, as twenty minutes of an hour were.
    const wav = toWav({ sampleRate: 8000, bytes: tone(4900, 8000) })
    const statuses: number[] = []
    for (let count = 0; count < 5; count++) {
      const form = new FormData()
      form.append('audio', new Blob([wav as Uint8Array<ArrayBuffer>]), 'speech.wav')
      statuses.push((await http('POST', '/voice/stt', form, visitor.token)).status)
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429])
    await set({ limits, languages: ['en', 'zh'] })
  })

  test('what is tried says what was understood and spoken, and its fault in the provider’s words', async () => {
    const understood = await http('POST', '/admin/voice/try', recording())
    expect(understood.reply.data).toMatchObject({ text: 'Hello there.', duration_ms: 600, fault: null })
    const spoken = await http('POST', '/admin/voice/say', { text: 'Hello.' })
    expect(spoken.reply.data).toMatchObject({ fault: null, first_sound_ms: expect.any(Number) })
    const { audio_id } = spoken.reply.data
    const headers = { authorization: `Bearer ${admin}` }
    expect((await fetch(`${server.url}/api/v1/voice/audio/${audio_id}`, { headers })).status).toBe(200)

    host.script({ status: 401, body: '{"error":{"message":"Incorrect API key."}}' })
    expect((await http('POST', '/admin/voice/try', recording())).reply.data).toMatchObject({
      text: null,
      fault: 'key',
      problem: expect.stringContaining('Incorrect API key.'),
    })
    host.script({ status: 404, body: '{"error":{"message":"The model `mouth` does not exist"}}' })
    expect((await http('POST', '/admin/voice/say', { text: 'Hello.' })).reply.data).toMatchObject({
      audio_id: null,
      fault: 'model',
      problem: expect.stringContaining('does not exist'),
    })
  })

  test('a provider that is switched off serves no longer, and text goes on', async () => {
    await http('PUT', `/providers/${provider_id}`, { is_active: false })
    const { visitor, started } = await begin()
    expect(started).toMatchObject({ error: { code: 'NOT_CONFIGURED' } })
    expect((await converse(visitor, 'Hello?')).answer.status).toBe('complete')
    await http('PUT', `/providers/${provider_id}`, { is_active: true })
    expect((await begin()).started).toMatchObject({ success: true })
  })
})

test('a model that its host switches off is known with its day, on that host alone', () => {
  const hostUrl = 'https://api.openai.com/v1'
  expect(findModelEnd({ model: 'tts-1', hostUrl })).toMatchObject({ ends_on: '2027-01-06' })
  expect(findModelEnd({ model: 'gpt-4o-mini-tts-2025-03-20', hostUrl })).toMatchObject({
    ends_on: '2027-01-06',
  })
  expect(findModelEnd({ model: 'whisper-1', hostUrl })).toMatchObject({ replacement: 'gpt-transcribe' })
  expect(findModelEnd({ model: 'whisper-1', hostUrl: 'http://127.0.0.1:9000/v1' })).toBeNull()
  expect(findModelEnd({ model: 'gpt-transcribe', hostUrl })).toBeNull()
})
