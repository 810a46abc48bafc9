import * as v from 'valibot'
import { exampleIds, exampleSound } from '../core/example.ts'
import { turnTaking } from '../core/features.ts'
import {
  messageMaxLength,
  speechModelMaxLength,
  voiceChunkMaxBytes,
  voiceDayMaxMinutes,
  voiceMaxBytes,
  voiceMaxSeconds,
  voiceMimes,
  voiceMinSeconds,
  voiceSampleRateMax,
  voiceSampleRateMin,
  voiceStreamsMax,
} from '../core/limits.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import { id, key, language, languageHint, message, seq, text, time } from '../core/shapes.ts'
import { providerFaults } from '../models/provider.ts'

const both = ['visitor', 'agent'] as const
/** What multipart puts around a file. */
const wrappingBytes = 65_536

const mime = v.pipe(
  v.string(),
  v.transform(value => value.split(';', 1)[0]!.trim().toLowerCase()),
  v.picklist(voiceMimes),
  v.description(
    '`audio/pcm` is 16-bit little-endian, one channel, without a header; parameters behind a semicolon are ignored',
  ),
)

const sampleRate = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(voiceSampleRateMin),
  v.maxValue(voiceSampleRateMax),
  v.description('Hz; of `audio/pcm`'),
)

const received = v.pipe(
  v.number(),
  v.integer(),
  v.description('The index that is wanted next: all chunks below it are here'),
)

const streamId = v.pipe(id, v.description('As `voice:start` gave it; the same person’s, on the same node'))

const model = v.pipe(
  v.nullable(v.pipe(text(speechModelMaxLength), v.trim(), v.minLength(1))),
  v.description('Of that provider; needed with `provider`'),
)
const providerId = v.pipe(v.nullable(id), v.description('One of the organization’s; needed with `provider`'))
const voiceName = v.nullable(v.pipe(v.string(), v.regex(/^[\w.+:-]{1,64}$/, 'must be the name of a voice')))
const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))

/** What an administrator sets; what nobody has set is as the environment says it. */
export const voiceSettings = v.object({
  transcription: v.pipe(
    v.object({
      source: v.picklist(['environment', 'provider', 'none']),
      provider_id: providerId,
      model,
      live: v.pipe(v.boolean(), v.description('Understood while it is spoken; of `provider`')),
    }),
    v.description('What understands speech'),
  ),
  speech: v.pipe(
    v.object({
      source: v.picklist(['environment', 'provider', 'local', 'none']),
      provider_id: providerId,
      model,
      voices: v.pipe(
        v.object({ en: voiceName, zh: voiceName }),
        v.description('For each language; null: the provider’s own'),
      ),
    }),
    v.description('What speaks; `local` is espeak-ng on this machine'),
  ),
  languages: v.pipe(v.array(language), v.description('In which of them people may speak and be spoken to')),
  browser: v.pipe(
    v.boolean(),
    v.description('Whether the browser’s own speech may serve where the server has none'),
  ),
  limits: v.object({
    turn_seconds: v.pipe(whole(voiceMinSeconds, voiceMaxSeconds), v.description('The length of a turn')),
    speaking_minutes: v.pipe(whole(1, voiceDayMaxMinutes), v.description('That one person speaks in a day')),
    listening_minutes: v.pipe(
      whole(1, voiceDayMaxMinutes),
      v.description('That one person is spoken to in a day'),
    ),
    streams: v.pipe(whole(1, voiceStreamsMax), v.description('Turns spoken at once on one node')),
  }),
  turn_taking: turnTaking,
})
export type VoiceSettings = v.InferOutput<typeof voiceSettings>

const modelInUse = v.nullable(
  v.object({
    provider: v.string(),
    model: v.string(),
    ends_on: v.pipe(
      v.nullable(v.string()),
      v.description('The day its host switches it off, where that is known'),
    ),
    replacement: v.nullable(v.string()),
  }),
)

export const speechFaults = [
  ...providerFaults,
  'budget',
  'unreadable',
  'no_speech',
  'not_configured',
] as const
export type SpeechFault = (typeof speechFaults)[number]

/** Why something that was tried did not work. */
export const speechFault = {
  fault: v.nullable(v.picklist(speechFaults)),
  problem: v.pipe(v.nullable(v.string()), v.description('In the provider’s words where it gave any')),
}

export const voiceOperations = {
  'voice:settings': operation({
    summary: 'What understands and speaks, in which languages, how much of it, and how a talk takes turns.',
    role: 'admin',
    access: 'role',
    namespaces: ['agent'],
    example: {},
    input: v.object({}),
    output: v.object({
      settings: voiceSettings,
      defaults: voiceSettings,
      transcriber: modelInUse,
      synthesizer: modelInUse,
      has_local_voice: v.pipe(v.boolean(), v.description('Whether espeak-ng is installed')),
    }),
    http: [{ method: 'GET', path: '/admin/voice' }],
  }),
  'voice:set': operation({
    summary: 'Change them; what is not given stays. It holds for what is spoken from then on.',
    role: 'admin',
    access: 'role',
    namespaces: ['agent'],
    example: { languages: ['en', 'zh'], browser: false },
    input: v.partial(voiceSettings),
    output: v.object({ settings: voiceSettings }),
    http: [{ method: 'PUT', path: '/admin/voice' }],
  }),
  'voice:try': operation({
    summary: 'What is understood of a recording, by what is set; or why nothing is.',
    role: 'admin',
    access: 'role',
    rate: 'message',
    example: { file: exampleSound, language: 'en' },
    input: v.object({ file: v.any(), language: languageHint }),
    output: v.object({
      text: v.nullable(v.string()),
      duration_ms: v.pipe(v.nullable(v.number()), v.description('Of the recording')),
      took_ms: v.number(),
      ...speechFault,
    }),
    http: [
      {
        method: 'POST',
        path: '/admin/voice/try',
        body: 'multipart',
        maxBytes: voiceMaxBytes + wrappingBytes,
      },
    ],
  }),
  'voice:start': operation({
    summary:
      'Begin to speak. What is said comes in by `voice:chunk`; `voice:end` answers with its words. With a `key` that a stream of the caller’s has, that stream goes on.',
    role: 'visitor',
    access: 'own',
    consent: true,
    namespaces: both,
    rate: 'message',
    example: { conversation_id: exampleIds.conversation_id, mime: 'audio/pcm' },
    input: v.object({
      conversation_id: id,
      mime,
      sample_rate: v.optional(sampleRate, 16_000),
      language: v.pipe(languageHint, v.description('Of what is said; without it that of the conversation')),
      send: v.pipe(
        v.optional(v.boolean(), false),
        v.description('Whether what was understood is said in the conversation at once'),
      ),
      key: v.pipe(
        v.optional(key),
        v.description('Of the message that is sent; without it `voice:` and the stream’s id'),
      ),
    }),
    output: v.object({
      stream_id: id,
      chunk_max_bytes: v.number(),
      window_chunks: v.pipe(
        v.number(),
        v.description('So many chunks may be on their way without an acknowledgement'),
      ),
      received,
      resume_ms: v.pipe(
        v.number(),
        v.description('For so long it waits for its speaker to be back after a break of the socket'),
      ),
      max_bytes: v.number(),
      max_seconds: v.number(),
      live: v.pipe(v.boolean(), v.description('Whether `voice:transcript` comes while it is spoken')),
    }),
    errors: ['CONVERSATION_NOT_FOUND', 'CONFLICT', 'NOT_CONFIGURED'],
  }),
  'voice:chunk': operation({
    summary: `The next part of what is said, at most ${voiceChunkMaxBytes} bytes. One that is here already is acknowledged and dropped; after a gap send again from \`received\` on.`,
    role: 'visitor',
    access: 'self',
    namespaces: both,
    stream: true,
    example: { stream_id: exampleIds.stream_id, index: 0, audio: new Uint8Array() },
    input: v.object({
      stream_id: streamId,
      index: v.pipe(v.number(), v.integer(), v.minValue(0), v.description('From 0')),
      audio: v.pipe(v.any(), v.description('Binary')),
    }),
    output: v.object({ received }),
    errors: ['NOT_FOUND', 'CONFLICT'],
  }),
  'voice:end': operation({
    summary:
      'That was all: answers with the words, and with the message where they were sent. A repeat answers the same; one with `send`, of words that were not sent, sends them, as a speaker who reads them first does.',
    role: 'visitor',
    access: 'self',
    namespaces: both,
    example: { stream_id: exampleIds.stream_id },
    input: v.object({
      stream_id: streamId,
      chunks: v.pipe(
        v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
        v.description('How many there were; CONFLICT with `received` where some are missing'),
      ),
      send: v.pipe(
        v.optional(v.boolean()),
        v.description('Whether the words are said in the conversation now; without it as `voice:start` said'),
      ),
      text: v.pipe(
        v.optional(text(messageMaxLength)),
        v.description(
          'What is sent in place of what was understood: as the speaker put it right, or with what they said before it',
        ),
      ),
    }),
    output: v.object({
      text: v.string(),
      duration_ms: v.number(),
      message: v.optional(message),
    }),
    errors: [
      'NOT_FOUND',
      'CONVERSATION_NOT_FOUND',
      'CONFLICT',
      'UNPROCESSABLE_FILE',
      'AI_SERVICE_ERROR',
      'INSUFFICIENT_QUOTA',
    ],
  }),
  'voice:cancel': operation({
    summary: 'Forget what was said so far. Nothing is left of it; a stream that is not there is as good.',
    role: 'visitor',
    access: 'self',
    namespaces: both,
    example: { stream_id: exampleIds.stream_id },
    input: v.object({ stream_id: id }),
    output: v.object({ text: v.pipe(v.string(), v.description('Empty')), message: v.optional(message) }),
  }),
  'voice:transcribe': operation({
    summary: `The words of a recording, for who has no socket: at most ${voiceMaxSeconds} seconds.`,
    role: 'visitor',
    access: 'self',
    consent: true,
    rate: 'message',
    example: { file: exampleSound, language: 'en' },
    input: v.object({ file: v.any(), language: languageHint }),
    output: v.object({
      text: v.string(),
      duration_ms: v.number(),
      language: v.optional(language),
    }),
    errors: [
      'UNPROCESSABLE_FILE',
      'UNSUPPORTED_MEDIA_TYPE',
      'NOT_CONFIGURED',
      'AI_SERVICE_ERROR',
      'INSUFFICIENT_QUOTA',
    ],
    http: [
      { method: 'POST', path: '/voice/stt', body: 'multipart', maxBytes: voiceMaxBytes + wrappingBytes },
    ],
  }),
} satisfies Operations

export const voiceEvents = {
  'voice:turn': event({
    summary: 'Something was said by voice: its words are the message of that id.',
    durable: true,
    namespaces: both,
    payload: v.object({
      conversation_id: id,
      seq,
      stream_id: id,
      text: v.string(),
      message_id: id,
      duration_ms: v.number(),
      at: time,
    }),
  }),
  'voice:transcript': event({
    summary:
      'What is understood so far of one’s own speech; each takes the place of the one before, the `final` one is what counts.',
    durable: false,
    namespaces: both,
    payload: v.object({ stream_id: id, text: v.string(), final: v.boolean() }),
  }),
}
