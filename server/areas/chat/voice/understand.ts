import type { Language } from '#protocol'
import { messageMaxLength, voiceMaxSeconds } from '#protocol/core/limits'
import type { Person } from '../../../core/call.ts'
import { ModelError } from '../../../providers/model.ts'
import { durationMs, hasSound, type Pcm, readWav } from '../../../providers/speech/pcm.ts'
import type { LiveTranscription, Sound, Transcriber, Transcript } from '../../../providers/speech/speech.ts'
import type { Understanding, VoiceDeps } from './deps.ts'
import { noSpeech, providerFailed, tooLong, tooMuchToday, unreadable } from './refuse.ts'

export interface Recording {
  sound: Sound
  language: Language | null
  caller: Person
  transcriber: Transcriber
  /** Where it was understood while it was spoken. */
  live?: LiveTranscription | null
  onPartial?(text: string): void
  signal: AbortSignal
}

/** Of a recording whose length cannot be read off it, about so many bytes are a second. */
const guessedBytesPerSecond = 4000

/** The words of a recording, once it is one that somebody speaks in. @throws OperationError */
export function createUnderstand({ countSeconds, log }: Pick<VoiceDeps, 'countSeconds' | 'log'>) {
  return async (recording: Recording): Promise<Understanding> => {
    const { sound, language, caller } = recording
    const spoken = caller.language
    const pcm = toPcm(sound)
    if (sound.mime === 'audio/wav' && !pcm) throw unreadable(spoken, sound.mime)
    const duration = pcm && durationMs(pcm)
    if (duration !== null && duration > voiceMaxSeconds * 1000) throw tooLong(spoken)
    if (pcm && !hasSound(pcm)) throw noSpeech(spoken)
    const seconds = duration === null ? sound.bytes.byteLength / guessedBytesPerSecond : duration / 1000
    const waitMs = countSeconds(caller.id, Math.min(seconds, voiceMaxSeconds))
    if (waitMs > 0) throw tooMuchToday(spoken, waitMs)
    const { text, use } = await transcribe(recording).catch(error => {
      if (error instanceof ModelError) log.warn({ reason: error.message }, 'speech is not understood')
      throw providerFailed(spoken, error)
    })
    const words = toContent(text)
    if (words === '') throw noSpeech(spoken)
    const reported = use.seconds === null ? null : Math.round(use.seconds * 1000)
    return { text: words, durationMs: duration ?? reported, language }
  }
}

function toPcm(sound: Sound): Pcm | null {
  if (sound.mime === 'audio/pcm') return sound
  return sound.mime === 'audio/wav' ? readWav(sound.bytes) : null
}

function transcribe(recording: Recording): Promise<Transcript> {
  const { sound, language, transcriber, live, onPartial, signal } = recording
  return live ? live.end() : transcriber.transcribe(sound, { language, onPartial }, signal)
}

/** As it can be said: a model may write anything. */
function toContent(text: string): string {
  return text.replaceAll('\0', '').replace(/\s+/g, ' ').trim().slice(0, messageMaxLength).toWellFormed()
}
