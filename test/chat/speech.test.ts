import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EventPayload } from '#protocol'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { createOpenAISynthesizer } from '../../server/providers/speech/openai.ts'
import { readWav } from '../../server/providers/speech/pcm.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { type SpeechServer, startSpeechServer } from '../fixtures/fakes/speech-server.ts'
import { code, converse, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

let host: SpeechServer
let model: ModelServer
let server: TestServer
let visitor: TestClient
beforeAll(async () => {
  host = await startSpeechServer()
  model = await startModelServer()
  const chat = createOpenAIModel({ baseUrl: `${model.url}/v1`, apiKey: 'test', model: 'test-model' })
  const timings = { firstMs: 2000, silenceMs: 500 }
  const synthesizer = createOpenAISynthesizer({
    baseUrl: `${host.url}/v1`,
    apiKey: 'test',
    model: 'tts-1',
    voices: { en: 'nova', zh: 'shimmer' },
    timings,
  })
  server = await startServer({ outgoingAllowed: [model.url] }, { models: { chat }, speech: { synthesizer } })
})
afterAll(() => Promise.all([host.close(), model.close()]))
beforeEach(async () => {
  visitor = await server.connect()
})

const answerText = 'The **Glow** lamp weighs 1.2 kg. It costs €49. Do you want to know more about it?'

async function answered(text = answerText) {
  model.script({ pieces: [text] })
  return converse(visitor, 'How heavy is the lamp?')
}

function chunksOf(speech_id: string, client = visitor): EventPayload<'speech:chunk'>[] {
  return client.received
    .filter(({ event, payload }) => event === 'speech:chunk' && payload.speech_id === speech_id)
    .map(({ payload }) => payload)
}

const ofSpeech =
  (speech_id: string) =>
  (event: { speech_id: string }): boolean =>
    event.speech_id === speech_id

const bytesOf = (chunks: EventPayload<'speech:chunk'>[]) =>
  chunks.reduce((total, { audio }) => total + audio.byteLength, 0)

describe('a message is spoken', () => {
  test('sentence by sentence, in words that can be said, with indexes without gaps', async () => {
    const { answer } = await answered()
    const { speech_id, mime, sample_rate } = await visitor.ask('speech:start', { message_id: answer.id })
    expect({ mime, sample_rate }).toEqual({ mime: 'audio/pcm', sample_rate: 24_000 })
    const { duration_ms } = await visitor.until('speech:finished', ofSpeech(speech_id))
    const chunks = chunksOf(speech_id)
    expect(chunks.map(({ index }) => index)).toEqual(chunks.map((_chunk, index) => index))
    expect(chunks.map(({ text }) => text).filter(Boolean)).toEqual([
      'The Glow lamp weighs 1.2 kilograms.',
      'It costs 49 euros.',
      'Do you want to know more about it?',
    ])
    expect(chunks.find(({ text }) => text.startsWith('It costs'))!.offset).toBe(
      answerText.indexOf(' It costs'),
    )
    expect(duration_ms).toBe(600)
    expect(bytesOf(chunks)).toBe(600 * 48)
    expect(host.speeches.at(-1)).toEqual({
      model: 'tts-1',
      voice: 'nova',
      input: 'Do you want to know more about it?',
      response_format: 'pcm',
    })
  })

  test('in the voice and at the speed that is asked for, from an offset on', async () => {
    const { answer } = await answered()
    const offset = answerText.indexOf('Do you')
    const how = { message_id: answer.id, voice: 'echo', speed: 1.5, offset }
    const { speech_id } = await visitor.ask('speech:start', how)
    await visitor.until('speech:finished', ofSpeech(speech_id))
    expect(host.speeches.at(-1)).toMatchObject({ voice: 'echo', speed: 1.5 })
    expect(chunksOf(speech_id).flatMap(({ text }) => text || [])).toEqual([
      'Do you want to know more about it?',
    ])
    for (const wrong of [{ voice: '-x; rm' }, { speed: 9 }, { offset: -1 }])
      expect(code(await visitor.call('speech:start', { message_id: answer.id, ...wrong }))).toBe(
        'VALIDATION_ERROR',
      )
  })

  test('law R1: an answer sounds while it is still written', async () => {
    let release = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    const pieces = ['It weighs one kilogram. ', 'It costs forty-nine euros.']
    let piece = 0
    model.script({ pieces, gate: () => (piece++ === 0 ? Promise.resolve() : gate) })
    const { conversation } = await visitor.ask('conversation:open', {})
    const question = { conversation_id: conversation.id, key: 'a', content: 'How heavy is it?' }
    const { message } = await visitor.ask('message:send', question)
    const { message: reply } = await visitor.until(
      'message:created',
      e => e.message.in_reply_to === message.id,
    )
    const { speech_id } = await visitor.ask('speech:start', { message_id: reply.id })
    await visitor.until('speech:chunk', ofSpeech(speech_id))
    expect(visitor.received.some(({ event }) => event === 'message:updated')).toBe(false)
    release()
    await visitor.until('speech:finished', ofSpeech(speech_id))
    expect(chunksOf(speech_id).flatMap(({ text }) => text || [])).toEqual([
      'It weighs one kilogram.',
      'It costs forty-nine euros.',
    ])
  })

  test('law D5: what nobody has listened to yet is not asked of the provider', async () => {
    const before = host.writtenMs()
    host.script({ soundMs: 900_000, pieceMs: 1000 })
    const { answer } = await answered('One long sentence.')
    const { speech_id } = await visitor.ask('speech:start', { message_id: answer.id })
    await expect.poll(() => bytesOf(chunksOf(speech_id))).toBeGreaterThan(9000 * 48)
    await visitor.ask('system:ping', {})
    expect(bytesOf(chunksOf(speech_id))).toBeLessThan(13_000 * 48)
    // What the sockets in between hold is the system's.
    expect(host.writtenMs() - before).toBeLessThan(250_000)
    await visitor.ask('speech:stop', { speech_id, played_ms: 0 })
    await expect.poll(() => host.aborted.length).toBeGreaterThan(0)
  })

  test('law S2: it is spoken to who may read it, and stopped by who hears it', async () => {
    const { answer } = await answered()
    const other = await server.connect()
    expect(code(await other.call('speech:start', { message_id: answer.id }))).toBe('NOT_FOUND')
    const { speech_id } = await visitor.ask('speech:start', { message_id: answer.id })
    expect(code(await other.call('speech:stop', { speech_id, played_ms: 0 }))).toBe('NOT_FOUND')
    await visitor.until('speech:finished', ofSpeech(speech_id))
    expect(other.received.some(({ event }) => event.startsWith('speech:'))).toBe(false)
  })
})

describe('it is stopped', () => {
  test('law D1: silence at once, and what was heard stays with the message, for staff and for the next answer', async () => {
    const { answer, conversation } = await answered()
    host.always({ soundMs: 1000 })
    const { speech_id } = await visitor.ask('speech:start', { message_id: answer.id })
    await visitor.until('speech:finished', ofSpeech(speech_id))
    const { heard_text } = await visitor.ask('speech:stop', { speech_id, played_ms: 1000 })
    expect(heard_text).toBe('The **Glow** lamp weighs 1.2 kg.')
    expect(await visitor.ask('speech:stop', { speech_id, played_ms: 3000 })).toEqual({ heard_text })
    const updated = await visitor.until('message:updated', ({ message }) => message.heard_text === heard_text)
    expect(updated.message.content).toBe(answerText)
    const lead = await server.connect({
      namespace: 'agent',
      token: (await hire(server, `a${Date.now()}`, 'admin')).token,
    })
    const { messages } = await lead.ask('conversation:open', { conversation_id: conversation.id })
    expect(messages.find(({ id }) => id === answer.id)!.heard_text).toBe(heard_text)
    await answered()
    const history = model.requests
      .at(-1)!
      .messages.map(({ content }) => content)
      .join('\n')
    expect(history).toContain('weighs 1.2 kg. … [interrupted')
    expect(history).not.toContain('Do you want to know more')
  })

  test.each([
    ['0 ms', 0, ''],
    ['in the middle', 1500, 'The **Glow** lamp weighs 1.2 kg. It'],
  ])('at %s', async (_where, played_ms, heard_text) => {
    const { answer } = await answered()
    host.always({ soundMs: 1000 })
    const { speech_id } = await visitor.ask('speech:start', { message_id: answer.id })
    await visitor.until('speech:finished', ofSpeech(speech_id))
    expect(await visitor.ask('speech:stop', { speech_id, played_ms })).toEqual({ heard_text })
    await visitor.until('message:updated', ({ message }) => message.heard_text === heard_text)
  })

  test('beyond the end: all of it was heard, and nothing is noted', async () => {
    const { answer, conversation } = await answered()
    const { speech_id } = await visitor.ask('speech:start', { message_id: answer.id })
    await visitor.until('speech:finished', ofSpeech(speech_id))
    expect(await visitor.ask('speech:stop', { speech_id, played_ms: 1e9 })).toEqual({
      heard_text: answerText,
    })
    const { messages } = await visitor.ask('conversation:open', { conversation_id: conversation.id })
    expect(messages.find(({ id }) => id === answer.id)!.heard_text).toBeNull()
  })

  test('no chunk follows the acknowledgement, and the provider is given up', async () => {
    const { answer } = await answered()
    const aborted = host.aborted.length
    host.script({ soundMs: 600_000, pieceMs: 20 })
    const { speech_id } = await visitor.ask('speech:start', { message_id: answer.id })
    await visitor.until('speech:chunk', ofSpeech(speech_id))
    const { heard_text } = await visitor.ask('speech:stop', { speech_id, played_ms: 300 })
    const count = chunksOf(speech_id).length
    expect(answerText.startsWith(heard_text)).toBe(true)
    expect(heard_text.length).toBeLessThan(20)
    await expect.poll(() => host.aborted.length).toBe(aborted + 1)
    await visitor.ask('system:ping', {})
    expect(chunksOf(speech_id).length).toBe(count)
    expect(visitor.received.some(({ event }) => /^speech:(finished|failed)$/.test(event))).toBe(false)
  })

  test('law R1: of an answer that is still written, what was heard comes with its end', async () => {
    let release = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    let piece = 0
    const pieces = ['It weighs one kilogram. ', 'It costs forty-nine euros.']
    model.script({ pieces, gate: () => (piece++ === 0 ? Promise.resolve() : gate) })
    const { conversation } = await visitor.ask('conversation:open', {})
    const question = { conversation_id: conversation.id, key: 'b', content: 'How heavy is it?' }
    const { message } = await visitor.ask('message:send', question)
    const { message: reply } = await visitor.until(
      'message:created',
      e => e.message.in_reply_to === message.id,
    )
    const { speech_id } = await visitor.ask('speech:start', { message_id: reply.id })
    await visitor.until('speech:chunk', ofSpeech(speech_id))
    await visitor.ask('speech:stop', { speech_id, played_ms: 0 })
    expect(visitor.received.some(({ event }) => event === 'message:updated')).toBe(false)
    release()
    const ended = await visitor.until('message:updated', event => event.message.id === reply.id)
    expect(ended.message).toMatchObject({ heard_text: '', status: 'complete', content: pieces.join('') })
  })

  test('a break of the socket ends it, and the provider is given up', async () => {
    const { answer } = await answered()
    const aborted = host.aborted.length
    host.script({ soundMs: 600_000, pieceMs: 100 })
    const { speech_id } = await visitor.ask('speech:start', { message_id: answer.id })
    await visitor.until('speech:chunk', ofSpeech(speech_id))
    visitor.socket.disconnect()
    await expect.poll(() => host.aborted.length).toBe(aborted + 1)
    const back = await server.connect({ token: visitor.token })
    // What had been played is known when one is back.
    const { heard_text } = await back.ask('speech:stop', { speech_id, played_ms: 0 })
    expect(heard_text).toBe('')
  })
})

describe('a provider that fails', () => {
  test.each([
    ['is over its rate', { status: 429, body: '{"error":{"message":"Too many"}}' }],
    ['cuts the connection', { soundMs: 100, ending: 'reset' as const }],
    ['sends words', { contentType: 'text/html' }],
    ['sends another format', { contentType: 'audio/mpeg' }],
    ['falls silent', { soundMs: 100, ending: 'hang' as const }],
    ['sends nothing', { soundMs: 0 }],
  ])('law R5: one that %s is one line, and the text is as it was', async (_what, script) => {
    const { answer, conversation } = await answered()
    host.script(script)
    const { speech_id } = await visitor.ask('speech:start', { message_id: answer.id })
    const { error } = await visitor.until('speech:failed', ofSpeech(speech_id))
    expect(error).toEqual({ code: 'AI_SERVICE_ERROR', message: 'This cannot be read aloud at the moment.' })
    const { messages } = await visitor.ask('conversation:open', { conversation_id: conversation.id })
    expect(messages.find(({ id }) => id === answer.id)!.content).toBe(answerText)
  })
})

describe('over HTTP', () => {
  test('law S2: a text becomes a file of its own, for who asked', async () => {
    host.always({ soundMs: 500 })
    const body = { text: '这盏灯重 1.2 kg。 它售价 ¥299，欢迎选购。' }
    const { reply } = await server.http('POST', '/voice/tts', body, visitor.token)
    const { audio_url, expires_at } = reply.success && reply.data
    expect(Date.parse(expires_at)).toBeGreaterThan(Date.now())
    expect(host.speeches.at(-1)).toMatchObject({ voice: 'shimmer' })
    const path = new URL(audio_url).pathname
    const file = await fetch(server.url + path, { headers: { authorization: `Bearer ${visitor.token}` } })
    expect(file.headers.get('content-type')).toBe('audio/wav')
    const wav = readWav(new Uint8Array(await file.arrayBuffer()))!
    expect(wav.sampleRate).toBe(24_000)
    expect(wav.bytes.byteLength % (500 * 48)).toBe(0)
    const other = await server.connect()
    for (const headers of [new Headers(), new Headers({ authorization: `Bearer ${other.token}` })])
      expect([401, 404]).toContain((await fetch(server.url + path, { headers })).status)
  })

  test('law S6: too much, or nothing to say', async () => {
    for (const text of ['', 'x'.repeat(2001), 5])
      expect(await server.http('POST', '/voice/tts', { text }, visitor.token)).toMatchObject({ status: 400 })
  })
})
