import { voiceResumeMs } from '#protocol/core/limits'
import type { VoiceDeps, VoiceHandlers, VoiceTimings } from './deps.ts'
import { endHandler } from './end.ts'
import { settingsHandlers } from './settings.ts'
import { startHandler } from './start.ts'
import { createStreams } from './streams.ts'
import { transcribeHandler } from './transcribe.ts'
import { tryHandler } from './try.ts'
import { createUnderstand } from './understand.ts'

export type { VoiceDeps, VoiceTimings } from './deps.ts'

export const voiceTimings: VoiceTimings = {
  resumeMs: voiceResumeMs,
  idleMs: 30_000,
  openMs: 300_000,
  endedMs: 600_000,
  sweepMs: 1000,
}

/** What people say by voice: their sound on its way in, its words, and the message that they become. */
export function voiceArea(deps: VoiceDeps) {
  const streams = createStreams(deps)
  const understand = createUnderstand(deps)
  const handlers: VoiceHandlers = {
    'voice:start': startHandler(deps, streams),
    'voice:chunk'({ stream_id, index, audio }, call) {
      const stream = streams.find(stream_id, call)
      stream.attach(call)
      return { received: stream.push(index, audio) }
    },
    'voice:end': endHandler(deps, streams, understand),
    'voice:cancel'({ stream_id }, call) {
      try {
        streams.remove(streams.find(stream_id, call))
      } catch {
        // It is not there: as good as cancelled.
      }
      return { text: '' }
    },
    'voice:transcribe': transcribeHandler(deps, understand),
    'voice:try': tryHandler(deps, understand),
    ...settingsHandlers(deps),
  }
  return { handlers, countOpen: streams.countOpen, heldBytes: streams.heldBytes, drain: streams.drain }
}
