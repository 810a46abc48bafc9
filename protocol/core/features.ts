import * as v from 'valibot'
import { turnTakingMaxMs, turnTakingMinMs, voiceMimes } from './limits.ts'
import { language } from './shapes.ts'

/** What a visitor agrees to before the first message, where that is asked for. */
export const consent = v.object({
  version: v.string(),
  text: v.object({ zh: v.string(), en: v.string() }),
})

const turnMs = v.pipe(v.number(), v.integer(), v.minValue(turnTakingMinMs), v.maxValue(turnTakingMaxMs))

/** When a turn of a hands-free talk ends, in milliseconds. */
export const turnTaking = v.object({
  pause_ms: v.pipe(turnMs, v.description('So long a silence ends a turn')),
  unfinished_pause_ms: v.pipe(turnMs, v.description('And where the sentence sounds unfinished')),
  interruption_ms: v.pipe(turnMs, v.description('So much speech interrupts an answer')),
  false_interruption_ms: v.pipe(
    turnMs,
    v.description('After so much silence an interruption that said nothing is none: the answer goes on'),
  ),
})

export type TurnTaking = v.InferOutput<typeof turnTaking>

const voiceFeatures = v.object({
  stt: v.pipe(v.boolean(), v.description('Whether `voice:start` works')),
  tts: v.pipe(v.boolean(), v.description('Whether `speech:start` works')),
  live: v.pipe(
    v.optional(v.boolean()),
    v.description('Whether `audio/pcm` is understood while it is spoken'),
  ),
  mimes: v.pipe(v.optional(v.array(v.picklist(voiceMimes))), v.description('What `voice:start` takes')),
  languages: v.pipe(v.array(language), v.description('In which of them people may speak and be spoken to')),
  browser: v.pipe(
    v.boolean(),
    v.description('Whether the browser’s own speech may serve where the server has none'),
  ),
  turn_taking: turnTaking,
  voices: v.pipe(
    v.optional(v.array(v.object({ name: v.string(), language: v.nullable(language) }))),
    v.description('What `speech:start` may be asked for, where the provider’s are known'),
  ),
})

/** What this server does, as `session:ready` says it. */
export const sessionFeatures = v.object({
  consent: v.nullable(consent),
  handoff: v.object({
    online_agents: v.number(),
    time_zone: v.pipe(v.optional(v.string()), v.description("The desk's")),
  }),
  voice: voiceFeatures,
  upload: v.object({ max_bytes: v.number(), max_files: v.number(), types: v.array(v.string()) }),
  languages: v.array(language),
  translation: v.pipe(v.boolean(), v.description('Whether `text:translate` works')),
})
