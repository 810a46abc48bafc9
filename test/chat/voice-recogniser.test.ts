import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOpenAITranscriber } from '../../server/providers/speech/openai.ts'
import { type SpeechServer, startSpeechServer } from '../fixtures/fakes/speech-server.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { hasRecogniser, recognise, sendSound, spoken } from '../fixtures/speech.ts'

const grammar = `public <question> = ( where is the | what is the price of the ) ( lamp | chair | order );`

describe.skipIf(!hasRecogniser())('real speech, really understood', () => {
  let host: SpeechServer
  let server: TestServer
  beforeAll(async () => {
    host = await startSpeechServer({ recognise: wav => recognise(wav, grammar) })
    const transcriber = createOpenAITranscriber({
      baseUrl: `${host.url}/v1`,
      apiKey: 'test',
      model: 'sphinx',
    })
    server = await startServer({}, { speech: { transcriber } })
  })
  afterAll(() => host.close())

  test.each(['where is the order', 'what is the price of the chair'])(
    'law D3: “%s”, spoken into the stream, is that message and is answered',
    async question => {
      const visitor = await server.connect()
      const { conversation } = await visitor.ask('conversation:open', { language: 'en' })
      const input = { conversation_id: conversation.id, mime: 'audio/pcm', send: true }
      const { stream_id } = await visitor.ask('voice:start', input)
      const sound = spoken(question, { pauseMs: 400 })
      // Frames of 40 ms, as a browser sends them.
      const chunks = await sendSound(visitor, stream_id, sound, { chunkBytes: 1280 })
      const { message, text } = await visitor.ask('voice:end', { stream_id, chunks })
      expect(text).toBe(question)
      expect(message).toMatchObject({ content: question, role: 'user' })
      const answer = await visitor.until(
        'message:updated',
        event => event.message.in_reply_to === message!.id,
      )
      expect(answer.message.content).not.toBe('')
    },
  )

  test('silence around it is none of its words, and silence alone is nothing at all', async () => {
    const visitor = await server.connect()
    const { conversation } = await visitor.ask('conversation:open', {})
    const input = { conversation_id: conversation.id, mime: 'audio/pcm', send: true }
    const { stream_id } = await visitor.ask('voice:start', input)
    await sendSound(visitor, stream_id, Buffer.alloc(64_000))
    expect(await visitor.call('voice:end', { stream_id })).toMatchObject({
      error: { details: { reason: 'no_speech' } },
    })
  })
})
