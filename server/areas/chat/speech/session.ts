import { setTimeout as wait } from 'node:timers/promises'
import type { EventPayload, Language } from '#protocol'
import type { Call } from '../../../core/call.ts'
import type { Synthesizer } from '../../../providers/speech/speech.ts'
import { TextFeed } from './feed.ts'
import { playedOffset, type SentSegment } from './played.ts'
import { type Segment, Segmenter } from './spoken/segments.ts'

export interface SessionOptions {
  id: string
  messageId: string
  conversationId: string
  personId: string
  language: Language
  voice: string | undefined
  speed: number
  /** Where in the text it begins. */
  offset: number
}

export interface SessionParts {
  synthesizer: Synthesizer
  /** Before a sentence is spoken. @throws OperationError where it is too much for today */
  countSpoken(segment: Segment): void
}

const bytesPerSample = 2
/** One chunk on the wire, in bytes. */
const chunkMaxBytes = 16_384
/** Sound is sent so much ahead of its time at most: what is interrupted was not paid for, nor held by anybody. */
const leadMaxMs = 10_000
/** Nothing more is read from the provider while so many bytes wait for the listener. */
const backlogMaxBytes = 131_072
const backlogPollMs = 25
/** Nothing more of an answer has come for so long: what ends like a sentence is said. */
const pauseMs = 200
const neverMs = 2 ** 31 - 1

/** One message being spoken to one connection. */
export class SpeechSession {
  readonly options: SessionOptions
  readonly call: Call
  readonly feed = new TextFeed()
  readonly abort = new AbortController()
  endedAt: number | null = null
  /** What was heard until it was stopped, once that is stored. */
  stopped: Promise<string> | null = null
  readonly #parts: SessionParts
  readonly #segments: SentSegment[] = []
  #index = 0
  #sentMs = 0
  #firstSentAt = 0

  constructor(options: SessionOptions, call: Call, parts: SessionParts) {
    this.options = options
    this.call = call
    this.#parts = parts
  }

  get sentMs(): number {
    return Math.round(this.#sentMs)
  }

  /** Speaks to the end of the message. @throws ModelError, OperationError; the signal's reason once it is stopped */
  async run(): Promise<void> {
    const { language, offset } = this.options
    const { signal } = this.abort
    const segmenter = new Segmenter(language, offset)
    let isPaused = false
    for (;;) {
      signal.throwIfAborted()
      const { text, isWhole } = this.feed
      const segment = segmenter.next(text, isWhole || (isPaused && 'paused'))
      if (segment) await this.#speak(segment)
      else if (isWhole) return
      else isPaused = !(await this.feed.changed(signal, isPaused ? neverMs : pauseMs))
    }
  }

  /** Nothing is sent from here on. @returns where in the text the listener stopped */
  stop(playedMs: number): number {
    this.abort.abort(new Error('The speech was stopped.'))
    const { offset } = this.options
    return Math.max(offset, playedOffset(this.feed.text, this.#segments, playedMs))
  }

  /** Whether all of the message was played by then. */
  isPlayedOut(offset: number): boolean {
    const { text, isWhole } = this.feed
    return isWhole && text.slice(offset).trim() === ''
  }

  async #speak(segment: Segment): Promise<void> {
    const { language, voice, speed, personId } = this.options
    const { synthesizer, countSpoken } = this.#parts
    const { signal } = this.abort
    countSpoken(segment)
    const sent: SentSegment = { start: segment.start, end: segment.end, ms: 0, isWhole: false }
    this.#segments.push(sent)
    let rest: Uint8Array = new Uint8Array()
    let text = segment.spoken
    const payer = { person_id: personId, message_id: null }
    for await (const piece of synthesizer.speak(segment.spoken, { language, voice, speed, payer }, signal)) {
      const bytes = rest.byteLength > 0 ? Buffer.concat([rest, piece]) : piece
      // Half a sample waits for its other half.
      const even = bytes.byteLength & ~1
      for (let at = 0; at < even; at += chunkMaxBytes) {
        await this.#pace()
        signal.throwIfAborted()
        this.#send(sent, bytes.subarray(at, Math.min(even, at + chunkMaxBytes)), text)
        text = ''
      }
      rest = bytes.subarray(even)
    }
    signal.throwIfAborted()
    sent.isWhole = true
  }

  #send(sent: SentSegment, audio: Uint8Array, text: string): void {
    const ms = (audio.byteLength / bytesPerSample / this.#parts.synthesizer.sampleRate) * 1000
    if (this.#firstSentAt === 0) this.#firstSentAt = performance.now()
    sent.ms += ms
    this.#sentMs += ms
    const payload: EventPayload<'speech:chunk'> = {
      speech_id: this.options.id,
      index: this.#index++,
      audio,
      text,
      offset: sent.start,
    }
    this.call.emit('speech:chunk', payload)
  }

  /** Waits while the listener has enough. */
  async #pace(): Promise<void> {
    const { signal } = this.abort
    while (!signal.aborted) {
      const leadMs = this.#firstSentAt === 0 ? 0 : this.#sentMs - (performance.now() - this.#firstSentAt)
      const isFar = leadMs > leadMaxMs
      if (!isFar && this.call.backlog() < backlogMaxBytes) return
      await wait(isFar ? leadMs - leadMaxMs : backlogPollMs, undefined, { signal }).catch(() => {})
    }
  }
}
