import { OperationError } from '#protocol'
import { voiceMimes } from '#protocol/core/limits'
import { personOf, uploadedFile } from '../../../core/call.ts'
import type { VoiceMime } from '../../../providers/speech/speech.ts'
import type { VoiceDeps, VoiceHandlers } from './deps.ts'
import { notConfigured, unreadable } from './refuse.ts'
import { soundTypeOf } from './sound-type.ts'
import type { createUnderstand } from './understand.ts'

/** A recording by its bytes, whatever it is called. */
export function transcribeHandler(
  { settings, ...deps }: VoiceDeps,
  understand: ReturnType<typeof createUnderstand>,
): VoiceHandlers['voice:transcribe'] {
  return async ({ file, language }, call) => {
    const { languages, limits } = settings.current()
    const transcriber = deps.transcriber()
    const isSpoken = language ? languages.includes(language) : languages.length > 0
    if (!transcriber || !isSpoken) throw notConfigured(call.caller.language)
    const { bytes } = uploadedFile(file)
    const caller = personOf(call)
    const mime = soundTypeOf(bytes)
    if (mime === null)
      throw bytes.byteLength === 0
        ? unreadable(caller.language, 'empty')
        : new OperationError('UNSUPPORTED_MEDIA_TYPE', `A recording is one of ${containers.join(', ')}.`)
    const { text, durationMs } = await understand({
      sound: { mime, sampleRate: 0, bytes },
      language: language ?? null,
      caller,
      transcriber,
      maxSeconds: limits.turn_seconds,
      signal: call.signal,
    })
    return { text, duration_ms: durationMs, ...(language && { language }) }
  }
}

const containers: readonly VoiceMime[] = voiceMimes.filter(mime => mime !== 'audio/pcm')
