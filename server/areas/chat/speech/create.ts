import type { Language } from '#protocol'
import { apiPath } from '#protocol/core/routes'
import { personOf } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { toWav } from '../../../providers/speech/pcm.ts'
import type { SpeakOptions, Synthesizer } from '../../../providers/speech/speech.ts'
import type { SpeechDeps, SpeechHandlers } from './deps.ts'
import { noSuchSound, notConfigured, providerFailed, tooMuchToday } from './refuse.ts'
import { secondsOf } from './spoken/seconds.ts'
import { Segmenter } from './spoken/segments.ts'

/** A text as a file of sound, for who has no socket. */
export function createHandler({
  synthesizer: findSynthesizer,
  sounds,
  settings,
  countSeconds,
  publicUrl,
}: SpeechDeps): SpeechHandlers['speech:create'] {
  return async ({ text, language, voice, speed }, call) => {
    const person = personOf(call)
    const synthesizer = findSynthesizer()
    const spokenLanguage = spokenLanguageOf(text, language)
    if (!synthesizer || !settings().languages.includes(spokenLanguage)) throw notConfigured(person.language)
    const waitMs = countSeconds(person.id, secondsOf(text) / speed)
    if (waitMs > 0) throw tooMuchToday(person.language, waitMs)
    const pieces: Uint8Array[] = []
    const payer = { person_id: person.id, message_id: null }
    const how = { language: spokenLanguage, voice, speed, payer }
    try {
      for await (const piece of speakText(synthesizer, text, how, call.signal)) pieces.push(piece)
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

/** What a text is in, where nobody says it. */
export function spokenLanguageOf(text: string, language: Language | undefined): Language {
  return language ?? (/\p{Script=Han}/u.test(text) ? 'zh' : 'en')
}

/** A whole text, sentence by sentence. */
export async function* speakText(
  synthesizer: Synthesizer,
  text: string,
  how: SpeakOptions,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const segmenter = new Segmenter(how.language)
  for (let segment = segmenter.next(text, true); segment; segment = segmenter.next(text, true))
    yield* synthesizer.speak(segment.spoken, how, signal)
}

export function audioHandler({ sounds }: SpeechDeps): SpeechHandlers['speech:audio'] {
  return async ({ audio_id }, call) => {
    const sound = await sounds.find(audio_id, personOf(call).id)
    if (!sound) throw noSuchSound()
    return { name: 'speech.wav', mime: sound.mime, body: [sound.content] }
  }
}
