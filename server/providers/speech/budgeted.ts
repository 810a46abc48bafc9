import { voiceMaxSeconds } from '#protocol/core/limits'
import type { Meter, ReserveSound } from '../chat/budgeted.ts'
import type { Payer, TokenCount } from '../model.ts'
import { spokenMs } from './pcm.ts'
import type { LiveOptions, LiveTranscription, SpeechUse, Synthesizer, Transcriber } from './speech.ts'

export interface SoundAccounts {
  reserve: ReserveSound
  meter: Meter
}

const nobody: Payer = { person_id: null, message_id: null }
/** A slow voice takes so long for a character, in milliseconds. */
const maxMsPerUnit = 400

/** Asked only where what it costs fits every budget that counts it; each of its calls is entered with the other usage. */
export function budgetedTranscriber(transcriber: Transcriber, accounts: SoundAccounts): Transcriber {
  if (transcriber.hostUrl === undefined) return transcriber
  return {
    ...transcriber,
    ...(transcriber.openLive && {
      openLive: (options, signal) => budgetedLive(transcriber, accounts, { options, signal }),
    }),
    async transcribe(sound, options, signal) {
      const { durationMs = 0, payer = nobody } = options
      const reservation = await accounts.reserve(transcriber, ofSound(durationMs), payer, signal)
      let used: TokenCount | null = null
      try {
        const transcript = await transcriber.transcribe(sound, options, signal)
        used = toCount(transcript.use, durationMs)
        accounts.meter(transcriber, used, payer)
        return transcript
      } finally {
        reservation?.settle(used)
      }
    },
  }
}

/** As long a turn as there may be is taken out of the budgets before: nobody knows how long it gets. */
function budgetedLive(
  transcriber: Transcriber,
  { reserve, meter }: SoundAccounts,
  { options, signal }: { options: LiveOptions; signal: AbortSignal },
): LiveTranscription {
  const { payer = nobody, sampleRate } = options
  const reserving = reserve(transcriber, ofSound(voiceMaxSeconds * 1000), payer, signal)
  const live = transcriber.openLive!(options, signal)
  let bytes = 0
  let isSettled = false
  // Without room in a budget nothing is heard on.
  reserving.catch(live.close)

  async function settle(): Promise<void> {
    if (isSettled) return
    isSettled = true
    const used = bytes > 0 ? ofSound(spokenMs(bytes, sampleRate)) : null
    const reservation = await reserving.catch(() => null)
    reservation?.settle(used)
    if (used) meter(transcriber, used, payer)
  }

  return {
    push(audio) {
      bytes += audio.byteLength
      live.push(audio)
    },
    async end() {
      await reserving
      return live.end()
    },
    close() {
      live.close()
      void settle()
    },
  }
}

/** The same of what speaks: what was read of it was paid for, also where it was stopped. */
export function budgetedSynthesizer(synthesizer: Synthesizer, accounts: SoundAccounts): Synthesizer {
  if (synthesizer.hostUrl === undefined) return synthesizer
  return {
    ...synthesizer,
    async *speak(text, options, signal) {
      const { payer = nobody } = options
      const reservation = await accounts.reserve(
        synthesizer,
        ofSound(text.length * maxMsPerUnit),
        payer,
        signal,
      )
      let bytes = 0
      try {
        for await (const piece of synthesizer.speak(text, options, signal)) {
          bytes += piece.byteLength
          yield piece
        }
      } finally {
        const used = bytes > 0 ? ofSound(spokenMs(bytes, synthesizer.sampleRate)) : null
        reservation?.settle(used)
        if (used) accounts.meter(synthesizer, used, payer)
      }
    },
  }
}

function ofSound(sound_ms: number): TokenCount {
  return { prompt_tokens: 0, completion_tokens: 0, sound_ms }
}

/** As its host counts; by its length where it did not say. */
function toCount({ seconds, tokens }: SpeechUse, durationMs: number): TokenCount {
  const sound_ms = seconds === null ? durationMs : Math.round(seconds * 1000)
  return { ...ofSound(sound_ms), ...tokens }
}
