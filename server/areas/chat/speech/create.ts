import { apiPath } from '#protocol/core/routes'
import { personOf } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { toWav } from '../../../providers/speech/pcm.ts'
import type { SpeechDeps, SpeechHandlers } from './deps.ts'
import { noSuchSound, notConfigured, providerFailed, tooMuchToday } from './refuse.ts'
import { secondsOf } from './spoken/seconds.ts'
import { Segmenter } from './spoken/segments.ts'

/** A text as a file of sound, for who has no socket. */
export function createHandler({
  synthesizer,
  sounds,
  countSeconds,
  publicUrl,
}: SpeechDeps): SpeechHandlers['speech:create'] {
  return async ({ text, language, voice, speed }, call) => {
    const person = personOf(call)
    if (!synthesizer) throw notConfigured(person.language)
    const spokenLanguage = language ?? (/\p{Script=Han}/u.test(text) ? 'zh' : 'en')
    const waitMs = countSeconds(person.id, secondsOf(text) / speed)
    if (waitMs > 0) throw tooMuchToday(person.language, waitMs)
    const segmenter = new Segmenter(spokenLanguage)
    const pieces: Uint8Array[] = []
    try {
      for (let segment = segmenter.next(text, true); segment; segment = segmenter.next(text, true)) {
        const payer = { person_id: person.id, message_id: null }
        const how = { language: spokenLanguage, voice, speed, payer }
        for await (const piece of synthesizer.speak(segment.spoken, how, call.signal)) pieces.push(piece)
      }
    } catch (error) {
      throw providerFailed(person.language, error)
    }
    const content = toWav({ sampleRate: synthesizer.sampleRate, bytes: Buffer.concat(pieces) })
    const { id: personId, role, name } = person
    const sound = { id: newId(), mime: 'audio/wav', content }
    const expires_at = await sounds.add({ personId, role, name }, sound)
    return { audio_url: `${publicUrl}${apiPath}/voice/audio/${sound.id}`, expires_at }
  }
}

export function audioHandler({ sounds }: SpeechDeps): SpeechHandlers['speech:audio'] {
  return async ({ audio_id }, call) => {
    const sound = await sounds.find(audio_id, personOf(call).id)
    if (!sound) throw noSuchSound()
    return { name: 'speech.wav', mime: sound.mime, body: [sound.content] }
  }
}
