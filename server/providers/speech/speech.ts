import type { Language } from '#protocol'
import type { voiceMimes } from '#protocol/core/limits'
import type { Payer, TokenCount } from '../model.ts'

export type VoiceMime = (typeof voiceMimes)[number]

/** A recording: `audio/pcm` is 16-bit little-endian, one channel, at `sampleRate` Hz; of the others their file says it. */
export interface Sound {
  mime: VoiceMime
  sampleRate: number
  bytes: Uint8Array
}

/** What a call of a speech model has used: tokens or seconds, as its host counts; null where it did not say. */
export interface SpeechUse {
  seconds: number | null
  tokens: TokenCount | null
}

export interface Transcript {
  text: string
  use: SpeechUse
}

export interface TranscribeOptions {
  language: Language | null
  /** How long it is, in milliseconds; it may not be said where nobody pays. */
  durationMs?: number
  payer?: Payer
  onPartial?(text: string): void
}

/** Understands speech. */
export interface Transcriber {
  provider: string
  model: string
  /** Where it is paid for; undefined where it runs on a machine of one's own. */
  hostUrl?: string
  /** What it takes as it is. */
  mimes: readonly VoiceMime[]
  /**
   * @param onPartial the text so far, where the host says it
   * @throws ModelError; the signal's reason after an abort
   */
  transcribe(sound: Sound, options: TranscribeOptions, signal: AbortSignal): Promise<Transcript>
  /** Understands while it is spoken, where the host does. */
  openLive?(options: LiveOptions, signal: AbortSignal): LiveTranscription
}

export interface LiveOptions {
  sampleRate: number
  language: Language | null
  payer?: Payer
  onPartial(text: string): void
}

/** One turn that is understood while it is spoken. */
export interface LiveTranscription {
  push(audio: Uint8Array): void
  /** That was all; asked again it is the same. @throws ModelError; the signal's reason after an abort */
  end(): Promise<Transcript>
  /** Nobody waits for it any more. */
  close(): void
}

export interface SpeakOptions {
  language: Language
  /** One of the provider's; its own for the language where nothing is said. */
  voice?: string
  /** 1 is the voice's own. */
  speed: number
  payer?: Payer
}

/** Speaks. */
export interface Synthesizer {
  provider: string
  model: string
  hostUrl?: string
  /** Of what it gives: 16-bit little-endian, one channel; in Hz. */
  sampleRate: number
  /** Where they are known. */
  voices: readonly { name: string; language: Language | null }[]
  /**
   * The sound of a text, piece by piece: what is not read is not asked of the host.
   * @throws ModelError; the signal's reason after an abort
   */
  speak(text: string, options: SpeakOptions, signal: AbortSignal): AsyncIterable<Uint8Array>
}
