import { personOf } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { ModelError } from '../../../providers/model.ts'
import { speechFaultOf } from '../../../providers/speech/fault.ts'
import { toWav } from '../../../providers/speech/pcm.ts'
import { speakText, spokenLanguageOf } from './create.ts'
import type { SpeechDeps, SpeechHandlers } from './deps.ts'
import { notConfigured } from './refuse.ts'

/** A sentence as sound, for who sets it up: what fails is said in the host's own words. */
export function tryHandler({
  synthesizer: findSynthesizer,
  sounds,
}: Pick<SpeechDeps, 'synthesizer' | 'sounds'>): SpeechHandlers['speech:try'] {
  return async ({ text, language }, call) => {
    const person = personOf(call)
    const startedAt = performance.now()
    const tookMs = () => Math.round(performance.now() - startedAt)
    let first_sound_ms: number | null = null
    try {
      const synthesizer = findSynthesizer()
      if (!synthesizer) throw notConfigured(person.language)
      const pieces: Uint8Array[] = []
      const how = {
        language: spokenLanguageOf(text, language),
        speed: 1,
        payer: { person_id: person.id, message_id: null },
      }
      for await (const piece of speakText(synthesizer, text, how, call.signal)) {
        first_sound_ms ??= tookMs()
        pieces.push(piece)
      }
      const took_ms = tookMs()
      const content = toWav({ sampleRate: synthesizer.sampleRate, bytes: Buffer.concat(pieces) })
      const sound = { id: newId(), mime: 'audio/wav', content }
      await sounds.add({ personId: person.id, role: person.role, name: person.name }, sound)
      return { audio_id: sound.id, first_sound_ms, took_ms, fault: null, problem: null }
    } catch (error) {
      const fault = speechFaultOf(error)
      if (fault === null) throw error
      const problem = error instanceof ModelError ? error.message : null
      return { audio_id: null, first_sound_ms, took_ms: tookMs(), fault, problem }
    }
  }
}
