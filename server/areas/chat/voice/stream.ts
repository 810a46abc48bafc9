import { invalid, type Language, type Message } from '#protocol'
import { voiceChunkMaxBytes, voiceMaxBytes, voiceWindowChunks } from '#protocol/core/limits'
import type { Call } from '../../../core/call.ts'
import type { LiveTranscription, Sound, VoiceMime } from '../../../providers/speech/speech.ts'
import type { Turn } from './deps.ts'
import { beyondWindow, nodeFull, streamEnded, tooLong } from './refuse.ts'

export interface StreamOptions {
  id: string
  personId: string
  conversationId: string
  /** Of the message that it becomes. */
  key: string
  mime: VoiceMime
  sampleRate: number
  language: Language
  /** The longest turn that there may be. */
  maxSeconds: number
  send: boolean
}

/** The socket servers differ in how they hand binary over. @throws OperationError VALIDATION_ERROR */
function toBytes(audio: unknown): Uint8Array {
  if (audio instanceof Uint8Array) return audio
  if (audio instanceof ArrayBuffer) return new Uint8Array(audio)
  throw invalid('audio', 'must be binary')
}

/** Sound comes faster than it is spoken where a recording is sent whole; a bucket of its own, since none is shared on the way of a chunk. */
const rate = { burstBytes: 2_000_000, bytesPerMs: 1000 }
const bytesPerSample = 2
const fullMs = 1000

/** What all streams of a node hold together. */
export interface SoundStore {
  heldBytes: number
  maxBytes: number
}

/** One turn that is spoken: its sound so far, on the node that its speaker is connected to. */
export class VoiceStream {
  readonly options: StreamOptions
  readonly openedAt = performance.now()
  activeAt = performance.now()
  /** When its speaker's connection broke off; null while there is one. */
  detachedAt: number | null = null
  endedAt: number | null = null
  /** The index that is wanted next. */
  received = 0
  heldBytes = 0
  /** Its words, once its end was asked for. */
  turn: Promise<Turn> | null = null
  /** The message that they became. */
  sent: Promise<Message> | null = null
  live: LiveTranscription | null = null
  readonly abort = new AbortController()
  call: Call
  readonly #maxBytes: number
  readonly #store: SoundStore
  readonly #detach = () => {
    this.detachedAt = performance.now()
  }
  #chunks: Uint8Array[] = []
  #allowance = { bytes: rate.burstBytes, at: performance.now() }

  constructor(options: StreamOptions, call: Call, store: SoundStore) {
    const { mime, sampleRate, maxSeconds } = options
    this.options = options
    this.#store = store
    this.call = call
    this.#maxBytes = mime === 'audio/pcm' ? maxSeconds * sampleRate * bytesPerSample : voiceMaxBytes
    call.signal.addEventListener('abort', this.#detach)
  }

  /** Its speaker speaks on this connection from now on. */
  attach(call: Call): void {
    this.activeAt = performance.now()
    const isSame = this.call.signal === call.signal
    if (!isSame) this.call.signal.removeEventListener('abort', this.#detach)
    this.call = call
    if (isSame) return
    call.signal.addEventListener('abort', this.#detach)
    this.detachedAt = call.signal.aborted ? performance.now() : null
  }

  /**
   * Takes the next chunk; one that is here already, or that comes after a gap, is dropped.
   * @returns the index that is wanted next
   * @throws OperationError VALIDATION_ERROR, CONFLICT, RATE_LIMITED, PAYLOAD_TOO_LARGE, SERVICE_UNAVAILABLE
   */
  push(index: unknown, audio: unknown): number {
    const { language } = this.call.caller
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0)
      throw invalid('index', 'must be a whole number from 0')
    const bytes = toBytes(audio)
    const { byteLength } = bytes
    if (byteLength === 0 || byteLength > voiceChunkMaxBytes)
      throw invalid('audio', `must have 1 to ${voiceChunkMaxBytes} bytes`)
    if (this.turn) throw streamEnded(language)
    if (index >= this.received + voiceWindowChunks) throw beyondWindow(language, this.received, 100)
    if (index !== this.received) return this.received
    if (this.heldBytes + byteLength > this.#maxBytes) throw tooLong(language, this.options.maxSeconds)
    if (this.#store.heldBytes + byteLength > this.#store.maxBytes) throw nodeFull(language, fullMs)
    const waitMs = this.#consume(byteLength)
    if (waitMs > 0) throw beyondWindow(language, this.received, waitMs)
    this.#chunks.push(bytes)
    this.heldBytes += byteLength
    this.#store.heldBytes += byteLength
    this.received += 1
    this.live?.push(bytes)
    return this.received
  }

  sound(): Sound {
    const { mime, sampleRate } = this.options
    const bytes = Buffer.concat(this.#chunks)
    // Half a sample is none.
    return { mime, sampleRate, bytes: mime === 'audio/pcm' ? bytes.subarray(0, bytes.length & ~1) : bytes }
  }

  /** Nothing of its sound is kept from here on. */
  release(): void {
    this.live?.close()
    this.#chunks = []
    this.#store.heldBytes -= this.heldBytes
    this.heldBytes = 0
    this.call.signal.removeEventListener('abort', this.#detach)
  }

  /** @returns 0, or the milliseconds after which there is room again */
  #consume(bytes: number): number {
    const now = performance.now()
    const { bytes: before, at } = this.#allowance
    const left = Math.min(rate.burstBytes, before + (now - at) * rate.bytesPerMs) - bytes
    if (left < 0) return Math.ceil(-left / rate.bytesPerMs)
    this.#allowance = { bytes: left, at: now }
    return 0
  }
}
