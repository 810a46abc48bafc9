import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { type SpeechServer, startSpeechServer, tone } from '../fixtures/fakes/speech-server.ts'
import { hasShared, sharedNodes } from '../fixtures/nodes.ts'
import type { ServerNode } from '../fixtures/processes.ts'
import { sendSound } from '../fixtures/speech.ts'

const sound = tone(600, 16_000)

describe.runIf(hasShared)('voice on two nodes', () => {
  let speech: SpeechServer
  let model: ModelServer
  let one: ServerNode
  let two: ServerNode
  const { start, join } = sharedNodes(() => ({
    OPENAI_BASE_URL: `${speech.url}/v1`,
    OPENAI_API_KEY: 'test',
    LLM_PROVIDER: 'ollama',
    OLLAMA_HOST: model.url,
    LLM_MODEL: 'test-model',
    STT_MODEL: 'hears',
    TTS_MODEL: 'says',
    TTS_VOICE: 'en=nova',
  }))

  beforeAll(async () => {
    model = await startModelServer()
    speech = await startSpeechServer()
    one = await start('one')
    two = await start('two')
  }, 60_000)
  afterAll(() => Promise.all([model.close(), speech.close()]))

  test('a node says what it does, and reads an answer aloud that another writes', async () => {
    const here = await join(one)
    expect(here.ready.features.voice).toMatchObject({ stt: true, tts: true, live: false })
    const there = await join(two, { token: here.token })
    const { conversation } = await here.ask('conversation:open', { language: 'en' })
    await there.ask('conversation:open', { conversation_id: conversation.id })
    let release = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    let piece = 0
    const pieces = ['It weighs one kilogram. ', 'It costs forty-nine euros.']
    model.script({ pieces, gate: () => (piece++ === 0 ? Promise.resolve() : gate) })
    const question = { conversation_id: conversation.id, key: 'a', content: 'How heavy is it?' }
    const { message } = await here.ask('message:send', question)
    const { message: reply } = await there.until('message:created', e => e.message.in_reply_to === message.id)
    await there.until('reply:delta')
    const { speech_id } = await there.ask('speech:start', { message_id: reply.id })
    await there.until('speech:chunk', event => event.speech_id === speech_id)
    expect(there.received.some(({ event }) => event === 'message:updated')).toBe(false)
    release()
    await there.until('speech:finished', event => event.speech_id === speech_id)
    const texts = there.received.flatMap(({ event, payload }) =>
      event === 'speech:chunk' && payload.text !== '' ? [payload.text] : [],
    )
    expect(texts).toEqual(['It weighs one kilogram.', 'It costs forty-nine euros.'])
    await there.ask('speech:stop', { speech_id, played_ms: 0 })
    const updated = await here.until(
      'message:updated',
      e => e.message.id === reply.id && e.message.heard_text === '',
    )
    expect(updated.message.content).toBe(pieces.join(''))
  })

  test('laws D1, D4: a node that dies takes the stream along, visibly; said again under its key it is said once', async () => {
    const doomed = await start('doomed')
    const visitor = await join(doomed)
    const { conversation } = await visitor.ask('conversation:open', { language: 'en' })
    const input = { conversation_id: conversation.id, mime: 'audio/pcm', send: true, key: 'spoken-1' }
    const { stream_id } = await visitor.ask('voice:start', input)
    await sendSound(visitor, stream_id, sound)
    speech.script({ pieces: ['Half'], ending: 'hang' })
    visitor.socket.emit('voice:end', { stream_id })
    await visitor.until('voice:transcript')
    await doomed.end('SIGKILL')

    const back = await join(two, { token: visitor.token })
    for (const reply of [
      await back.call('voice:chunk', { stream_id, index: 0, audio: sound.subarray(0, 3200) }),
      await back.call('voice:end', { stream_id }),
    ])
      expect(reply).toMatchObject({ error: { code: 'NOT_FOUND', retryable: false } })
    const opened = await back.ask('conversation:open', { conversation_id: conversation.id })
    expect(opened.messages).toEqual([])
    speech.script({ pieces: ['All of it.'] })
    const again = await back.ask('voice:start', input)
    await sendSound(back, again.stream_id, sound)
    const { message } = await back.ask('voice:end', { stream_id: again.stream_id })
    // Its answer was lost, and it is sent a third time from elsewhere.
    const third = await join(one, { token: visitor.token })
    speech.script({ pieces: ['All of it!'] })
    const last = await third.ask('voice:start', input)
    await sendSound(third, last.stream_id, sound)
    expect(await third.ask('voice:end', { stream_id: last.stream_id })).toMatchObject({
      message: { id: message!.id },
    })
    const { messages } = await third.ask('conversation:open', { conversation_id: conversation.id })
    expect(messages.filter(({ role }) => role === 'user')).toHaveLength(1)
  })

  test('law R4: a node that is asked to stop lets the turn that was ended be said', async () => {
    const leaving = await start('leaving')
    const visitor = await join(leaving)
    const watching = await join(two, { token: visitor.token })
    const { conversation } = await visitor.ask('conversation:open', { language: 'en' })
    await watching.ask('conversation:open', { conversation_id: conversation.id })
    let release = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    speech.script({ pieces: ['To the end.'], gate: () => gate })
    const input = { conversation_id: conversation.id, mime: 'audio/pcm', send: true }
    const { stream_id } = await visitor.ask('voice:start', input)
    await sendSound(visitor, stream_id, sound)
    visitor.socket.emit('voice:end', { stream_id })
    await expect.poll(() => speech.transcriptions.length).toBeGreaterThan(0)
    const ended = leaving.end('SIGTERM')
    release()
    expect(await watching.until('voice:turn', event => event.stream_id === stream_id)).toMatchObject({
      text: 'To the end.',
    })
    await ended
  })
})
