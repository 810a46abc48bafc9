import { StringDecoder } from 'node:string_decoder'
import { createEventReader } from '../event-reader.ts'
import { hostWords, reasonIn } from '../host-words.ts'
import { HostRefused, ModelError } from '../model.ts'
import { createOpenAIClient, type OpenAIOptions } from '../openai.ts'
import { type HostResponse, parseJson } from '../stream.ts'
import { readWav, toWav } from './pcm.ts'
import { openRealtime } from './realtime.ts'
import type { Sound, SpeakOptions, SpeechUse, Synthesizer, Transcriber, Transcript } from './speech.ts'
import { type CallTimer, type CallTimings, startCallTimer } from './timers.ts'

export interface OpenAISpeechOptions
  extends Pick<OpenAIOptions, 'baseUrl' | 'apiKey' | 'isAzure' | 'agentFor'> {
  model: string
  timings?: CallTimings
}

const transcribing: CallTimings = { firstMs: 30_000, silenceMs: 15_000 }
const speaking: CallTimings = { firstMs: 10_000, silenceMs: 10_000 }
/** What `response_format: 'pcm'` is of. */
const pcmSampleRate = 24_000
const defaultVoice = 'alloy'
const openaiVoices = ['alloy', 'ash', 'coral', 'echo', 'fable', 'nova', 'onyx', 'sage', 'shimmer']
/** By the ending of the name a host knows what it is sent. */
const fileNames = {
  'audio/pcm': 'speech.wav',
  'audio/wav': 'speech.wav',
  'audio/webm': 'speech.webm',
  'audio/mp4': 'speech.mp4',
  'audio/ogg': 'speech.ogg',
} as const

/** Transcripts by `POST {base}/audio/transcriptions`, as a stream of events where the host has them. */
export function createOpenAITranscriber({
  model,
  isLive = false,
  timings = transcribing,
  ...host
}: OpenAISpeechOptions & { isLive?: boolean }): Transcriber {
  const client = createOpenAIClient(host)
  /** Until a host refuses to hear of it. */
  let streams = true

  async function ask(sound: Sound, language: string | null, signal: AbortSignal): Promise<HostResponse> {
    const { bytes, mime } = toFile(sound)
    const file = new File([bytes as Uint8Array<ArrayBuffer>], fileNames[mime], { type: mime })
    const body = { file, model, ...(language && { language }), response_format: 'json' as const }
    return client.send(signal, ({ audio }) =>
      audio.transcriptions.create({ ...body, ...(streams && { stream: true as const }) }, { signal }),
    )
  }

  return {
    provider: 'openai',
    model,
    hostUrl: client.url,
    mimes: ['audio/pcm', 'audio/wav', 'audio/webm', 'audio/mp4', 'audio/ogg'],
    ...(isLive && {
      openLive(options, signal) {
        const { url, headers } = client
        return openRealtime({ url, headers, model, agentFor: host.agentFor }, options, signal)
      },
    }),
    async transcribe(sound, { language, onPartial }, signal) {
      if (client.missingKey) throw new ModelError(client.missingKey)
      const timer = startCallTimer(signal, timings)
      try {
        timer.wait()
        const response = await ask(sound, language, timer.signal).catch(error => {
          const refusesStream = error instanceof HostRefused && /\bstream/i.test(error.body)
          if (!refusesStream || !streams) throw error
          streams = false
          return ask(sound, language, timer.signal)
        })
        return await readTranscript(response, timer, onPartial)
      } catch (error) {
        throw asModelError(error, timer.signal)
      } finally {
        timer.stop()
      }
    },
  }
}

function toFile(sound: Sound): Pick<Sound, 'bytes' | 'mime'> {
  return sound.mime === 'audio/pcm' ? { mime: 'audio/wav', bytes: toWav(sound) } : sound
}

interface TranscriptEvent {
  type?: string
  delta?: string
  text?: string
  error?: unknown
  usage?: UsageOfHost
  duration?: number
}

interface UsageOfHost {
  type?: string
  seconds?: number
  input_tokens?: number
  output_tokens?: number
}

/** Typed events, one text after the other, or the whole in one: as hosts have it. */
async function readTranscript(
  { message }: HostResponse,
  timer: CallTimer,
  onPartial: ((text: string) => void) | undefined,
): Promise<Transcript> {
  let text = ''
  let isTyped = false
  let final: TranscriptEvent | null = null
  const reader = createEventReader(data => {
    if (data === '[DONE]') return
    const event = parseJson(data) as TranscriptEvent
    if (event.error) throw new ModelError(`The speech host failed: ${hostWords(reasonIn(event), '')}.`)
    isTyped ||= event.type !== undefined
    if (event.type === 'transcript.text.delta') text += event.delta ?? ''
    else if (event.type === 'transcript.text.done' || event.type === undefined) {
      text = event.type === undefined ? text + (event.text ?? '') : (event.text ?? text)
      final = event
    }
    if (final === null || !isTyped) onPartial?.(text)
  })
  const decoder = new StringDecoder('utf8')
  timer.signal.addEventListener('abort', () => message.destroy(), { once: true })
  timer.wait()
  for await (const piece of message) {
    timer.received()
    reader.push(decoder.write(piece as Buffer))
    timer.wait()
  }
  timer.signal.throwIfAborted()
  reader.end()
  if (final === null) throw new ModelError('The speech host broke off before the end.')
  return { text, use: useOf(final) }
}

function useOf({ usage, duration }: TranscriptEvent): SpeechUse {
  const { input_tokens, output_tokens, seconds = duration } = usage ?? {}
  return {
    seconds: typeof seconds === 'number' ? seconds : null,
    tokens:
      typeof input_tokens === 'number'
        ? { prompt_tokens: input_tokens, completion_tokens: output_tokens ?? 0 }
        : null,
  }
}

/** Speech by `POST {base}/audio/speech`, read as it comes. */
export function createOpenAISynthesizer({
  model,
  voices = {},
  timings = speaking,
  ...host
}: OpenAISpeechOptions & { voices?: Readonly<Record<string, string>> }): Synthesizer {
  const client = createOpenAIClient(host)
  const voiceFor = ({ voice, language }: SpeakOptions) =>
    voice ?? voices[language] ?? voices.any ?? defaultVoice

  return {
    provider: 'openai',
    model,
    hostUrl: client.url,
    sampleRate: pcmSampleRate,
    voices: host.baseUrl === null ? openaiVoices.map(name => ({ name, language: null })) : [],
    async *speak(text, options, signal) {
      if (client.missingKey) throw new ModelError(client.missingKey)
      const timer = startCallTimer(signal, timings)
      const { speed } = options
      try {
        timer.wait()
        const { message, headers } = await client.send(timer.signal, ({ audio }) =>
          audio.speech.create(
            {
              model,
              voice: voiceFor(options),
              input: text,
              response_format: 'pcm',
              ...(speed !== 1 && { speed }),
            },
            { signal: timer.signal },
          ),
        )
        assertSound(headers.get('content-type') ?? message.headers['content-type'])
        timer.signal.addEventListener('abort', () => message.destroy(), { once: true })
        timer.wait()
        let isFirst = true
        for await (const piece of message) {
          timer.received()
          yield isFirst ? withoutHeader(piece as Buffer) : (piece as Buffer)
          isFirst = false
          timer.wait()
        }
        timer.signal.throwIfAborted()
        if (isFirst) throw new ModelError('The speech host sent no sound.')
      } catch (error) {
        throw asModelError(error, timer.signal)
      } finally {
        timer.stop()
      }
    },
  }
}

/** Words and pictures are none; a host that does not say what it sends is believed. */
function assertSound(type: string | undefined): void {
  if (type && /^(text|image|video)\/|json|mpeg|ogg|flac|aac/.test(type))
    throw new ModelError(`The speech host sent ${type.split(';')[0]!.slice(0, 40)} where PCM was asked.`)
}

/** Some hosts send a WAV file whatever they are asked for; its length is not known when it begins. */
function withoutHeader(first: Buffer): Uint8Array {
  if (first.toString('latin1', 0, 4) !== 'RIFF') return first
  const sound = readWav(first)
  if (!sound || sound.sampleRate !== pcmSampleRate)
    throw new ModelError(`The speech host sent sound that is not of ${pcmSampleRate} Hz.`)
  return sound.bytes
}

/** A broken connection is the host's failure; an abort has its own reason. */
function asModelError(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  if (error instanceof ModelError) return error
  return new ModelError('The speech host broke the connection off.', { cause: error })
}
