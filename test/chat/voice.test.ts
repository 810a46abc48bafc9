import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createOpenAITranscriber } from '../../server/providers/speech/openai.ts'
import { durationMs, hasSound, readWav, toWav } from '../../server/providers/speech/pcm.ts'
import { type SpeechServer, startSpeechServer, tone } from '../fixtures/fakes/speech-server.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { sendSound } from '../fixtures/speech.ts'

let host: SpeechServer
let server: TestServer
let visitor: TestClient
let conversation_id: string
beforeAll(async () => {
  host = await startSpeechServer()
  const timings = { firstMs: 2000, silenceMs: 500 }
  const transcriber = createOpenAITranscriber({
    baseUrl: `${host.url}/v1`,
    apiKey: 'test',
    model: 'whisper-1',
    timings,
  })
  const voice = { resumeMs: 400, idleMs: 2000, sweepMs: 20 }
  server = await startServer({}, { speech: { transcriber }, voice })
})
afterAll(() => host.close())
beforeEach(async () => {
  visitor = await server.connect()
  conversation_id = (await visitor.ask('conversation:open', {})).conversation.id
})

const sound = tone(600, 16_000)

async function start(input: object = {}) {
  return visitor.ask('voice:start', { conversation_id, mime: 'audio/pcm', ...input })
}

describe('voice turns', () => {
  test('what is said becomes text, and nothing is said in the conversation by itself', async () => {
    host.script({ pieces: ['How heavy', ' is the lamp?'] })
    const { stream_id } = await start({ language: 'en' })
    const chunks = await sendSound(visitor, stream_id, sound)
    const turn = await visitor.ask('voice:end', { stream_id, chunks })
    expect(turn).toEqual({ text: 'How heavy is the lamp?', duration_ms: 600 })
    const { file, fields } = host.transcriptions.at(-1)!
    expect(fields).toMatchObject({ model: 'whisper-1', language: 'en', stream: 'true' })
    const wav = readWav(new Uint8Array(await file.arrayBuffer()))!
    expect(wav.sampleRate).toBe(16_000)
    expect(Buffer.from(wav.bytes).equals(sound)).toBe(true)
    const { messages } = await visitor.ask('conversation:open', { conversation_id })
    expect(messages).toEqual([])
    expect(
      visitor.received.filter(({ event }) => event === 'voice:transcript').map(({ payload }) => payload),
    ).toEqual([
      { stream_id, text: 'How heavy', final: false },
      { stream_id, text: 'How heavy is the lamp?', final: false },
      { stream_id, text: 'How heavy is the lamp?', final: true },
    ])
  })

  test('law D3: a turn that is sent is a message and its voice:turn, committed together, and is answered', async () => {
    host.script({ pieces: ['Hello?'] })
    const { stream_id } = await start({ send: true })
    await sendSound(visitor, stream_id, sound)
    const { message } = await visitor.ask('voice:end', { stream_id })
    expect(message).toMatchObject({ role: 'user', content: 'Hello?', key: `voice:${stream_id}` })
    expect(message!.voice).toEqual({ stream_id, duration_ms: 600 })
    const turn = await visitor.until('voice:turn')
    expect(turn).toMatchObject({ stream_id, message_id: message!.id, text: 'Hello?', seq: message!.seq + 1 })
    await visitor.until('message:updated', event => event.message.in_reply_to === message!.id)
    const { events } = await visitor.ask('conversation:open', { conversation_id, since_seq: 0 })
    expect(events!.slice(0, 2).map(({ event }) => event)).toEqual(['message:created', 'voice:turn'])
  })

  test('law D2: the end of a turn asked again is the same message, also under the key of another stream', async () => {
    host.script({ pieces: ['Once.'] })
    const { stream_id } = await start({ send: true, key: 'turn-1' })
    await sendSound(visitor, stream_id, sound)
    const [one, two] = await Promise.all([
      visitor.ask('voice:end', { stream_id }),
      visitor.ask('voice:end', { stream_id }),
    ])
    expect(two.message!.id).toBe(one.message!.id)
    expect((await start({ send: true, key: 'turn-1' })).stream_id).toBe(stream_id)
    // The node that knew the stream is gone, and the recording is sent again: it may be understood in other words.
    await visitor.ask('voice:cancel', { stream_id })
    host.script({ pieces: ['Once!'] })
    const again = await start({ send: true, key: 'turn-1' })
    expect(again.stream_id).not.toBe(stream_id)
    await sendSound(visitor, again.stream_id, sound)
    const third = await visitor.ask('voice:end', { stream_id: again.stream_id })
    expect(third).toMatchObject({ text: 'Once.', message: { id: one.message!.id } })
  })

  test('what was read first is put right, and sent once', async () => {
    host.script({ pieces: ['How heavy is the limp?'] })
    const { stream_id } = await start()
    await sendSound(visitor, stream_id, sound)
    expect(await visitor.ask('voice:end', { stream_id })).not.toHaveProperty('message')
    const put = { stream_id, send: true, text: 'How heavy is the lamp?' }
    const { message } = await visitor.ask('voice:end', put)
    expect(message).toMatchObject({ content: 'How heavy is the lamp?', voice: { stream_id } })
    const again = await visitor.ask('voice:end', { ...put, text: 'Other words' })
    expect(again).toMatchObject({ text: message!.content, message: { id: message!.id } })
    expect(await visitor.until('voice:turn')).toMatchObject({ text: message!.content })
  })

  test('a chunk that is here is dropped, a gap says where to go on, and beyond the window it is RATE_LIMITED', async () => {
    const { stream_id, window_chunks } = await start()
    const chunk = (index: number, audio: unknown = sound.subarray(0, 640)) =>
      visitor.call('voice:chunk', { stream_id, index, audio })
    expect(await chunk(0)).toMatchObject({ data: { received: 1 } })
    expect(await chunk(0)).toMatchObject({ data: { received: 1 } })
    expect(await chunk(3)).toMatchObject({ data: { received: 1 } })
    expect(await chunk(1 + window_chunks)).toMatchObject({
      error: { code: 'RATE_LIMITED', details: { received: 1, retry_after_ms: expect.any(Number) } },
    })
    expect(await chunk(1)).toMatchObject({ data: { received: 2 } })
    for (const index of [-1, 1.5, '2', null])
      expect(code(await chunk(index as never))).toBe('VALIDATION_ERROR')
    for (const audio of ['text', null, {}, Buffer.alloc(0), Buffer.alloc(70_000)])
      expect(code(await chunk(2, audio))).toBe('VALIDATION_ERROR')
    expect(await visitor.call('voice:end', { stream_id, chunks: 5 })).toMatchObject({
      error: { code: 'CONFLICT', details: { received: 2 } },
    })
    expect(await chunk(2)).toMatchObject({ data: { received: 3 } })
  })

  test('law S2: a stream is nobody else’s', async () => {
    const other = await server.connect()
    const { stream_id } = await start()
    for (const reply of [
      await other.call('voice:chunk', { stream_id, index: 0, audio: sound }),
      await other.call('voice:end', { stream_id }),
    ])
      expect(reply).toMatchObject({ error: { code: 'NOT_FOUND' } })
    await other.ask('voice:cancel', { stream_id })
    expect(await visitor.ask('voice:chunk', { stream_id, index: 0, audio: sound })).toEqual({ received: 1 })
    expect(code(await other.call('voice:start', { conversation_id, mime: 'audio/pcm' }))).toBe(
      'CONVERSATION_NOT_FOUND',
    )
  })

  test('silence is no speech, and no model is asked for its words', async () => {
    const calls = host.transcriptions.length
    const { stream_id } = await start({ send: true })
    await sendSound(visitor, stream_id, Buffer.alloc(32_000))
    for (let time = 0; time < 2; time++)
      expect(await visitor.call('voice:end', { stream_id })).toMatchObject({
        error: { code: 'UNPROCESSABLE_FILE', details: { reason: 'no_speech' } },
      })
    expect(host.transcriptions.length).toBe(calls)
    host.script({ pieces: ['  \n'] })
    const second = await start({ send: true })
    await sendSound(visitor, second.stream_id, sound)
    expect(code(await visitor.call('voice:end', { stream_id: second.stream_id }))).toBe('UNPROCESSABLE_FILE')
  })

  test('law S6: a turn has a length, and three are as many as one speaks at once', async () => {
    const { stream_id, max_seconds } = await start({ sample_rate: 8000 })
    const big = tone(4000, 8000)
    const last = max_seconds / 4
    for (let index = 0; index < last; index++) {
      const reply = await visitor.call('voice:chunk', { stream_id, index, audio: big })
      if (!reply.success) index -= 1
    }
    expect(await visitor.call('voice:chunk', { stream_id, index: last, audio: big })).toMatchObject({
      error: { code: 'PAYLOAD_TOO_LARGE', details: { max_seconds } },
    })
    await start()
    await start()
    expect(code(await visitor.call('voice:start', { conversation_id, mime: 'audio/pcm' }))).toBe(
      'RATE_LIMITED',
    )
    await visitor.ask('voice:cancel', { stream_id })
    await start()
  })
})

describe('a provider that fails', () => {
  test.each([
    ['is over its rate', { status: 429, body: '{"error":{"message":"Too many"}}' }],
    ['is down', { status: 503, body: 'no' }],
    ['cuts the connection', { pieces: ['Ha'], ending: 'reset' as const }],
    ['ends too early', { pieces: ['Ha'], ending: 'early_end' as const }],
    ['sends garbage', { pieces: ['Ha'], ending: 'garbage' as const }],
    ['falls silent', { pieces: ['Ha'], ending: 'hang' as const }],
  ])('law R5: one that %s is one line, and the same turn may be ended again', async (_what, script) => {
    host.script(script, { pieces: ['It works.'] })
    const { stream_id } = await start({ send: true })
    await sendSound(visitor, stream_id, sound)
    expect(await visitor.call('voice:end', { stream_id })).toMatchObject({
      error: { code: 'AI_SERVICE_ERROR', message: expect.stringMatching(/type instead/) },
    })
    expect(await visitor.ask('voice:end', { stream_id })).toMatchObject({ message: { content: 'It works.' } })
  })

  test('one that does not stream, or does not want to hear of it, is read whole', async () => {
    host.script({ pieces: ['Whole.'], refuseStream: true })
    const { stream_id } = await start()
    await sendSound(visitor, stream_id, sound)
    expect(await visitor.ask('voice:end', { stream_id })).toMatchObject({ text: 'Whole.' })
  })

  test('what is cancelled while it is understood is not said', async () => {
    const aborted = host.aborted.length
    host.script({ pieces: ['Never'], ending: 'hang' })
    const { stream_id } = await start({ send: true })
    await sendSound(visitor, stream_id, sound)
    const ending = visitor.call('voice:end', { stream_id })
    await visitor.until('voice:transcript', event => event.text === 'Never')
    await visitor.ask('voice:cancel', { stream_id })
    expect((await ending).success).toBe(false)
    await expect.poll(() => host.aborted.length).toBe(aborted + 1)
    expect((await visitor.ask('conversation:open', { conversation_id })).messages).toEqual([])
  })
})

describe('breaks', () => {
  test('law D4: after a break of the socket the stream goes on where it was, on another connection', async () => {
    host.script({ pieces: ['All of it.'] })
    const { stream_id } = await start({ send: true })
    await visitor.ask('voice:chunk', { stream_id, index: 0, audio: sound.subarray(0, 3200) })
    visitor.socket.disconnect()
    const back = await server.connect({ token: visitor.token })
    expect(await back.ask('voice:chunk', { stream_id, index: 0, audio: sound.subarray(0, 3200) })).toEqual({
      received: 1,
    })
    await sendSound(back, stream_id, sound, { from: 1 })
    const { message } = await back.ask('voice:end', { stream_id })
    expect(message).toMatchObject({ content: 'All of it.', voice: { duration_ms: 600 } })
  })

  test('nobody back in time: the stream is over, and nothing was said', async () => {
    const { stream_id } = await start({ send: true })
    await sendSound(visitor, stream_id, sound)
    visitor.socket.disconnect()
    const back = await server.connect({ token: visitor.token })
    await expect
      .poll(() =>
        back.call('voice:chunk', { stream_id: crypto.randomUUID(), index: 0, audio: sound }).then(code),
      )
      .toBe('NOT_FOUND')
    await expect.poll(() => streams()).toBe(0)
    expect(code(await back.call('voice:end', { stream_id }))).toBe('NOT_FOUND')
    expect((await back.ask('conversation:open', { conversation_id })).messages).toEqual([])
  })
})

async function streams(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^parley_voice_streams (\d+)/m.exec(text)![1])
}

describe('recordings of a browser', () => {
  const recording = (name: string) => readFileSync(new URL(`../fixtures/recordings/${name}`, import.meta.url))

  test.each([
    ['question.webm', 'audio/webm;codecs=opus'],
    ['question.mp4', 'audio/mp4'],
  ])('%s is handed on as it is, and its length is known', async (name, mime) => {
    host.script({ pieces: ['What is the price?'] })
    const { stream_id } = await start({ mime, send: true })
    await sendSound(visitor, stream_id, recording(name))
    const { message, duration_ms } = await visitor.ask('voice:end', { stream_id })
    expect(duration_ms).toBeGreaterThan(2000)
    expect(duration_ms).toBeLessThan(3500)
    expect(message!.voice!.duration_ms).toBe(duration_ms)
    const { file } = host.transcriptions.at(-1)!
    expect(file.name).toBe(`speech.${name.split('.')[1]}`)
    expect(Buffer.from(await file.arrayBuffer()).equals(recording(name))).toBe(true)
  })

  test('a host that does not take it is given plain sound', async () => {
    host.script({ status: 400, body: '{"error":{"message":"Invalid file format."}}' }, { pieces: ['Plain.'] })
    const { stream_id } = await start({ mime: 'audio/webm' })
    await sendSound(visitor, stream_id, recording('question.webm'))
    expect(await visitor.ask('voice:end', { stream_id })).toMatchObject({ text: 'Plain.' })
    const wav = readWav(new Uint8Array(await host.transcriptions.at(-1)!.file.arrayBuffer()))!
    expect(wav.sampleRate).toBe(16_000)
    expect(durationMs(wav)).toBeGreaterThan(2000)
    expect(hasSound(wav)).toBe(true)
  })

  test('law S6: what cannot be read is named, however it is broken', async () => {
    const whole = recording('question.webm')
    const broken = [
      whole.subarray(0, 60),
      Buffer.concat([whole.subarray(0, 4), Buffer.alloc(2000, 7)]),
      Buffer.from('OggS none'),
    ]
    for (const bytes of broken) {
      const { stream_id } = await start({ mime: 'audio/webm' })
      await sendSound(visitor, stream_id, bytes)
      expect(await visitor.call('voice:end', { stream_id })).toMatchObject({
        error: {
          code: 'UNPROCESSABLE_FILE',
          details: { reason: 'unreadable', format: expect.stringContaining('audio/') },
        },
      })
    }
    // Where it was cut in the middle, what is there is understood.
    host.script({ pieces: ['Half.'] })
    const { stream_id } = await start({ mime: 'audio/mp4' })
    await sendSound(visitor, stream_id, recording('question.mp4').subarray(0, 5000))
    expect(await visitor.ask('voice:end', { stream_id })).toMatchObject({ text: 'Half.' })
  })
})

describe('over HTTP', () => {
  async function post(file: Blob, fields: Record<string, string> = {}) {
    const form = new FormData()
    form.append('audio', file, 'x.bin')
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    return server.http('POST', '/voice/stt', form, visitor.token)
  }

  test('a recording becomes text', async () => {
    host.script({ pieces: ['From a file.'] })
    const wav = new Blob([toWav({ sampleRate: 16_000, bytes: sound })] as BlobPart[])
    const { status, reply } = await post(wav, { language: 'en' })
    expect(status).toBe(200)
    expect(reply).toMatchObject({ data: { text: 'From a file.', duration_ms: 600 } })
  })

  test('law S6: what is no recording is refused by what it is', async () => {
    expect(await post(new Blob(['%PDF-1.7 no sound']))).toMatchObject({ status: 415 })
    expect(await post(new Blob([]))).toMatchObject({ status: 422 })
    const cut = new Blob([toWav({ sampleRate: 16_000, bytes: sound }).subarray(0, 40)] as BlobPart[])
    expect(await post(cut)).toMatchObject({
      status: 422,
      reply: { error: { details: { reason: 'unreadable' } } },
    })
  })
})
