import { OperationError } from '#protocol'
import { personOf, uploadedFile } from '../../../core/call.ts'
import { speechFaultOf } from '../../../providers/speech/fault.ts'
import type { VoiceDeps, VoiceHandlers } from './deps.ts'
import { notConfigured, unreadable } from './refuse.ts'
import { soundTypeOf } from './sound-type.ts'
import type { createUnderstand } from './understand.ts'

/** What is understood of a recording, for who sets it up: what fails is said in the host's own words. */
export function tryHandler(
  { settings, ...deps }: Pick<VoiceDeps, 'settings' | 'transcriber'>,
  understand: ReturnType<typeof createUnderstand>,
): VoiceHandlers['voice:try'] {
  return async ({ file, language }, call) => {
    const caller = personOf(call)
    const { bytes } = uploadedFile(file)
    const startedAt = performance.now()
    const tookMs = () => Math.round(performance.now() - startedAt)
    try {
      const transcriber = deps.transcriber()
      if (!transcriber) throw notConfigured(caller.language)
      const mime = soundTypeOf(bytes)
      if (mime === null) throw unreadable(caller.language, 'unknown')
      const { text, durationMs } = await understand({
        sound: { mime, sampleRate: 0, bytes },
        language: language ?? null,
        caller,
        transcriber,
        maxSeconds: settings.current().limits.turn_seconds,
        signal: call.signal,
      })
      return { text, duration_ms: durationMs, took_ms: tookMs(), fault: null, problem: null }
    } catch (error) {
      const fault = speechFaultOf(error)
      // What is the caller's to mend is refused as everywhere.
      if (fault === null) throw error
      const { cause = error } = error as OperationError
      const problem = cause instanceof Error && !(cause instanceof OperationError) ? cause.message : null
      return { text: null, duration_ms: null, took_ms: tookMs(), fault, problem }
    }
  }
}
