import type { Speech } from './create.ts'

/** A tenth of a second for each of the two. */
const sampleRate = 16_000
const silence = new Uint8Array(sampleRate / 5)

/** Has something understood and something said, for next to nothing. @throws ModelError where that fails */
export async function trySpeech({ transcriber, synthesizer }: Speech, signal: AbortSignal): Promise<void> {
  if (transcriber)
    await transcriber.transcribe(
      { mime: 'audio/pcm', sampleRate, bytes: silence },
      { language: 'en' },
      signal,
    )
  if (!synthesizer) return
  for await (const _piece of synthesizer.speak('Yes.', { language: 'en', speed: 1 }, signal)) break
}
