import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { speechSpeedMax, speechSpeedMin, speechTextMaxLength } from '../core/limits.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import { id, languageHint, text } from '../core/shapes.ts'
import { speechFault } from './voice.ts'

const visitors = ['visitor'] as const

const voice = v.pipe(
  v.string(),
  v.regex(/^[\w.+:-]{1,64}$/, 'must be the name of a voice'),
  v.description('One of the provider’s; without it the one that is set for the language'),
)
const speed = v.pipe(
  v.number(),
  v.minValue(speechSpeedMin),
  v.maxValue(speechSpeedMax),
  v.description('1 is the voice’s own'),
)
const offset = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(0),
  v.description('UTF-16 code units of the message'),
)
const speechId = v.pipe(id, v.description('As `speech:start` gave it'))

export const speechOperations = {
  'speech:start': operation({
    summary:
      'Hear a message: an answer that is still being written is spoken sentence by sentence. It ends with `speech:finished` or `speech:failed`.',
    role: 'visitor',
    access: 'read',
    namespaces: visitors,
    rate: 'message',
    example: { message_id: exampleIds.message_id },
    input: v.object({
      message_id: id,
      voice: v.optional(voice),
      speed: v.optional(speed, 1),
      offset: v.pipe(
        v.optional(offset, 0),
        v.description('Where to begin in its text: how one goes on after an interruption that was none'),
      ),
    }),
    output: v.object({
      speech_id: id,
      mime: v.pipe(v.literal('audio/pcm'), v.description('16-bit little-endian, one channel')),
      sample_rate: v.number(),
    }),
    errors: ['NOT_FOUND', 'NOT_CONFIGURED', 'AI_SERVICE_ERROR'],
  }),
  'speech:stop': operation({
    summary:
      'Silence at once: no further chunk is sent. What was heard until then stays with the message as `heard_text`. A repeat answers the same.',
    role: 'visitor',
    access: 'self',
    namespaces: visitors,
    example: { speech_id: exampleIds.speech_id, played_ms: 1200 },
    input: v.object({
      speech_id: speechId,
      played_ms: v.pipe(
        v.number(),
        v.minValue(0),
        v.description('How much of its sound was played, at its own speed'),
      ),
    }),
    output: v.object({ heard_text: v.string() }),
    errors: ['NOT_FOUND'],
  }),
  'speech:create': operation({
    summary: 'A text as sound, for who has no socket: a WAV file that is theirs for ten minutes.',
    role: 'visitor',
    access: 'self',
    consent: true,
    rate: 'message',
    example: { text: 'The lamp weighs 1.2 kg.', language: 'en' },
    input: v.object({
      text: text(speechTextMaxLength),
      language: languageHint,
      voice: v.optional(voice),
      speed: v.optional(speed, 1),
    }),
    output: v.object({
      audio_url: v.pipe(v.string(), v.description('To be asked for with the same token')),
      expires_at: v.string(),
    }),
    errors: ['NOT_CONFIGURED', 'AI_SERVICE_ERROR', 'INSUFFICIENT_QUOTA'],
    http: [{ method: 'POST', path: '/voice/tts' }],
  }),
  'speech:audio': operation({
    summary: 'The sound that `speech:create` made.',
    role: 'visitor',
    access: 'self',
    example: { audio_id: exampleIds.audio_id },
    input: v.object({ audio_id: id }),
    output: v.any(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/voice/audio/{audio_id}', response: 'file' }],
  }),
  'speech:try': operation({
    summary: 'A sentence spoken by what is set; or why it is not. The sound is the caller’s for ten minutes.',
    role: 'admin',
    access: 'role',
    rate: 'message',
    example: { text: 'The lamp weighs 1.2 kg.', language: 'en' },
    input: v.object({ text: text(speechTextMaxLength), language: languageHint }),
    output: v.object({
      audio_id: v.pipe(v.nullable(id), v.description('To be asked for by `speech:audio`')),
      first_sound_ms: v.nullable(v.number()),
      took_ms: v.number(),
      ...speechFault,
    }),
    http: [{ method: 'POST', path: '/admin/voice/say' }],
  }),
} satisfies Operations

export const speechEvents = {
  'speech:chunk': event({
    summary: 'The next sound of a message. Its first chunk of each sentence says which words follow.',
    durable: false,
    namespaces: visitors,
    payload: v.object({
      speech_id: id,
      index: v.pipe(v.number(), v.description('From 0, without gaps')),
      audio: v.pipe(v.any(), v.description('Binary, as `speech:start` said')),
      text: v.pipe(
        v.string(),
        v.description('The words as they are spoken, with the first chunk of a sentence; else empty'),
      ),
      offset: v.pipe(v.number(), v.description('Where its sentence begins in the message')),
    }),
  }),
  'speech:finished': event({
    summary: 'All sound of it has been sent.',
    durable: false,
    namespaces: visitors,
    payload: v.object({
      speech_id: id,
      duration_ms: v.pipe(v.number(), v.description('Of all its chunks together')),
    }),
  }),
  'speech:failed': event({
    summary: 'No further sound comes; the text is as it was.',
    durable: false,
    namespaces: visitors,
    payload: v.object({ speech_id: id, error: v.object({ code: v.string(), message: v.string() }) }),
  }),
}
