import { describe, expect, test } from 'vitest'
import { readConfig } from '../../server/config/config.ts'
import { createEspeak, findEspeak } from '../../server/providers/speech/espeak.ts'
import { durationMs, hasSound, readWav, toWav } from '../../server/providers/speech/pcm.ts'
import { tone } from '../fixtures/fakes/speech-server.ts'

const path = findEspeak()
const needed = process.env.REQUIRE_SERVICES ? describe : describe.skipIf(path === null)

needed('espeak-ng, the voice of the machine itself', () => {
  const espeak = createEspeak(path!)
  const signal = () => new AbortController().signal

  async function say(text: string, options: object = {}) {
    const pieces: Uint8Array[] = []
    const how = { language: 'en' as const, speed: 1, ...options }
    for await (const piece of espeak.speak(text, how, signal())) pieces.push(piece)
    return { sampleRate: espeak.sampleRate, bytes: Buffer.concat(pieces) }
  }

  test('says English and Chinese, slower and faster', async () => {
    const sound = await say('The lamp weighs one kilogram.')
    expect(hasSound(sound)).toBe(true)
    expect(hasSound(await say('台灯重一公斤。', { language: 'zh' }))).toBe(true)
    const slow = await say('The lamp weighs one kilogram.', { speed: 0.5 })
    expect(durationMs(slow)).toBeGreaterThan(1.5 * durationMs(sound))
  })

  test('law S6: nothing in a text or a voice is an option, a path or a command', async () => {
    for (const text of ['--help', '-w /tmp/x', '$(id) `id`; rm -rf /', '<speak>', '\0', '”', '-'])
      expect((await say(text)).sampleRate).toBe(22_050)
    for (const voice of ['--help', '../../etc/passwd', '-w', 'no-such-voice-at-all', 'en;id'])
      expect(hasSound(await say('Hello there.', { voice }).catch(() => ({ ...tonePcm })))).toBe(true)
  })

  test('what is stopped ends its process', async () => {
    const controller = new AbortController()
    const how = { language: 'en' as const, speed: 0.5 }
    const speaking = espeak.speak('a long sentence '.repeat(200), how, controller.signal)
    const first = speaking[Symbol.asyncIterator]().next()
    controller.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
  })

  test('many at once are said one after the other', async () => {
    const sounds = await Promise.all(Array.from({ length: 12 }, (_none, index) => say(`Number ${index}.`)))
    expect(sounds.every(hasSound)).toBe(true)
  })
})

const tonePcm = { sampleRate: 16_000, bytes: tone(200, 16_000) }

describe('WAV files', () => {
  test('are read as they were written, of two channels too, with odd chunks and unknown lengths', () => {
    const wav = toWav(tonePcm)
    expect(readWav(wav)).toEqual(tonePcm)
    const unknown = Buffer.from(wav)
    unknown.writeUInt32LE(0xffffffff, 40)
    expect(durationMs(readWav(unknown)!)).toBe(200)
    const list = Buffer.concat([
      wav.subarray(0, 36),
      Buffer.from('LIST\x03\0\0\0abc\0', 'latin1'),
      wav.subarray(36),
    ])
    expect(readWav(list)).toEqual(tonePcm)
    const stereo = Buffer.alloc(tonePcm.bytes.length * 2)
    for (let at = 0; at < tonePcm.bytes.length; at += 2) {
      tonePcm.bytes.copy(stereo, at * 2, at, at + 2)
      tonePcm.bytes.copy(stereo, at * 2 + 2, at, at + 2)
    }
    const two = toWav({ ...tonePcm, bytes: stereo })
    two.writeUInt16LE(2, 22)
    expect(readWav(two)).toEqual(tonePcm)
  })

  test('law S6: what is none is null, wherever it is cut', () => {
    const wav = toWav(tonePcm)
    for (let length = 0; length < 44; length++) expect(readWav(wav.subarray(0, length))).toBeNull()
    const mp3 = Buffer.from(wav)
    mp3.writeUInt16LE(0x55, 20)
    expect(readWav(mp3)).toBeNull()
  })

  test('hum and clicks are no speech', () => {
    const quiet = Buffer.from(tonePcm.bytes)
    for (let at = 0; at < quiet.length; at += 2)
      quiet.writeInt16LE(Math.round(quiet.readInt16LE(at) / 100), at)
    expect(hasSound({ ...tonePcm, bytes: quiet })).toBe(false)
    const click = Buffer.alloc(16_000)
    click.writeInt16LE(30_000, 800)
    expect(hasSound({ ...tonePcm, bytes: click })).toBe(false)
    expect(hasSound({ sampleRate: 16_000, bytes: tone(100, 16_000) })).toBe(true)
  })
})

describe('the environment', () => {
  const read = (environment: Record<string, string>) => readConfig(environment, []).speech
  const host = { OPENAI_API_KEY: 'key' }

  test('names the models, and a voice for all languages or for each', () => {
    expect(read({})).toEqual({ sttModel: null, isSttLive: false, ttsModel: null, ttsVoices: {} })
    const all = { ...host, STT_MODEL: 'whisper-1', TTS_MODEL: 'tts-1', TTS_VOICE: 'en=nova, zh=shimmer' }
    expect(read(all)).toEqual({
      sttModel: 'whisper-1',
      isSttLive: false,
      ttsModel: 'tts-1',
      ttsVoices: { en: 'nova', zh: 'shimmer' },
    })
    expect(read({ TTS_MODEL: 'espeak-ng', STT_MODEL: 'none' })).toMatchObject({
      ttsModel: 'espeak-ng',
      sttModel: null,
    })
    expect(read({ ...host, TTS_VOICE: 'nova' }).ttsVoices).toEqual({ any: 'nova' })
  })

  test.each([
    [{ STT_MODEL: 'whisper-1' }, 'STT_MODEL'],
    [{ TTS_MODEL: 'tts-1' }, 'TTS_MODEL'],
    [{ ...host, TTS_VOICE: 'fr=a' }, 'TTS_VOICE'],
    [{ ...host, TTS_VOICE: '-x y' }, 'TTS_VOICE'],
  ])('law S6: %j is refused by its name', (environment, name) => {
    expect(() => read(environment as Record<string, string>)).toThrow(name)
  })
})
