import type { Language } from '#protocol'
import { messageMaxLength } from '#protocol/core/limits'
import type { Person } from '../../../core/call.ts'
import { BudgetReached, HostRefused, ModelError } from '../../../providers/model.ts'
import { decodeContainer } from '../../../providers/speech/decode.ts'
import { durationMs, hasSound, type Pcm, readWav } from '../../../providers/speech/pcm.ts'
import type { LiveTranscription, Sound, Transcriber, Transcript } from '../../../providers/speech/speech.ts'
import type { Understanding, VoiceDeps } from './deps.ts'
import { noSpeech, providerFailed, tooLong, tooMuchToday, unreadable } from './refuse.ts'
import { soundTypeOf } from './sound-type.ts'

export interface Recording {
  sound: Sound
  language: Language | null
  caller: Person
  transcriber: Transcriber
  maxSeconds: number
  /** Where it was understood while it was spoken. */
  live?: LiveTranscription | null
  onPartial?(text: string): void
  signal: AbortSignal
}

/** What could be read off a recording. */
interface Known {
  ms: number
  /** Its sound; null where its codec is not read here. */
  pcm: Pcm | null
  format: string
}

/** The words of a recording, once it is one that somebody speaks in. @throws OperationError */
export function createUnderstand({ countSeconds, log }: Pick<VoiceDeps, 'countSeconds' | 'log'>) {
  return async (recording: Recording): Promise<Understanding> => {
    const { language, caller, maxSeconds } = recording
    const spoken = caller.language
    const sound = withSniffedType(recording.sound)
    if (sound.bytes.byteLength === 0) throw noSpeech(spoken)
    const known = await read(sound, maxSeconds * 1000)
    if (!known) throw unreadable(spoken, sound.mime)
    const { pcm, ms, format } = known
    if (ms > maxSeconds * 1000) throw tooLong(spoken, maxSeconds)
    if (pcm && !hasSound(pcm)) throw noSpeech(spoken)
    if (!recording.transcriber.mimes.includes(sound.mime) && !pcm) throw unreadable(spoken, format)
    const waitMs = countSeconds(caller.id, ms / 1000)
    if (waitMs > 0) throw tooMuchToday(spoken, waitMs)
    const { text } = await transcribe({ ...recording, sound }, known).catch(error => {
      if (error instanceof ModelError) log.warn({ error, format }, 'speech is not understood')
      throw providerFailed(spoken, error)
    })
    const words = toContent(text)
    if (words === '') throw noSpeech(spoken)
    return { text: words, durationMs: ms, language }
  }
}

/** What a recording is called may be wrong; what it begins with is not. */
function withSniffedType(sound: Sound): Sound {
  return sound.mime === 'audio/pcm' ? sound : { ...sound, mime: soundTypeOf(sound.bytes) ?? sound.mime }
}

async function read(sound: Sound, maxMs: number): Promise<Known | null> {
  const { mime, bytes } = sound
  if (mime === 'audio/pcm' || mime === 'audio/wav') {
    const pcm = mime === 'audio/pcm' ? sound : readWav(bytes)
    return pcm && { ms: durationMs(pcm), pcm, format: mime }
  }
  const decoded = await decodeContainer(bytes, maxMs)
  return decoded && { ms: decoded.durationMs, pcm: decoded.pcm, format: `${mime}, ${decoded.codec}` }
}

/** As it is where the host takes that, else as plain sound. */
async function transcribe(recording: Recording, { pcm, ms }: Known): Promise<Transcript> {
  const { sound, language, caller, transcriber, live, onPartial, signal } = recording
  // What the live way fails of, the whole recording is understood from.
  const early = await live?.end().catch(error => {
    if (signal.aborted || error instanceof BudgetReached) throw error
    return null
  })
  if (early) return early
  const payer = { person_id: caller.id, message_id: null }
  const options = { language, durationMs: ms, payer, onPartial }
  const plain: Sound | null = pcm && { mime: 'audio/pcm', ...pcm }
  if (!transcriber.mimes.includes(sound.mime) && plain) return transcriber.transcribe(plain, options, signal)
  try {
    return await transcriber.transcribe(sound, options, signal)
  } catch (error) {
    if (!plain || sound.mime === 'audio/pcm' || !refusesFormat(error)) throw error
    return transcriber.transcribe(plain, options, signal)
  }
}

function refusesFormat(error: unknown): boolean {
  return error instanceof HostRefused && [400, 415, 422, 500].includes(error.status)
}

/** As it can be said: a model may write anything. */
function toContent(text: string): string {
  return text.replaceAll('\0', '').replace(/\s+/g, ' ').trim().slice(0, messageMaxLength).toWellFormed()
}
