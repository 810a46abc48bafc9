import type { VoiceSettings } from '#protocol/chat/voice'
import { voiceMaxSeconds, voiceStreamsMax } from '#protocol/core/limits'

/** As long as nobody has set anything else. */
export const voiceDefaults: VoiceSettings = {
  transcription: { source: 'environment', provider_id: null, model: null, live: false },
  speech: { source: 'environment', provider_id: null, model: null, voices: { en: null, zh: null } },
  languages: ['en', 'zh'],
  browser: true,
  limits: {
    turn_seconds: voiceMaxSeconds,
    speaking_minutes: 60,
    listening_minutes: 120,
    streams: voiceStreamsMax,
  },
  turn_taking: {
    pause_ms: 500,
    unfinished_pause_ms: 3000,
    interruption_ms: 500,
    false_interruption_ms: 2000,
  },
}
