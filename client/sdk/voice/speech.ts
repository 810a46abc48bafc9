import type { EventPayload } from '#protocol'
import type { Client } from '../client.ts'
import { ParleyError, toParleyError } from '../error.ts'

export interface SpeechOptions {
  messageId: string
  /** One of the server's voices. */
  voice?: string
  /** 1 is the voice's own. */
  speed?: number
  /** Where to begin in the message's text, in UTF-16 code units. */
  offset?: number
  /** How bytes come with an event. Default: as socket.io-client gives them. */
  unpack?(audio: unknown): ArrayBuffer | Uint8Array
  /** Before the first chunk. */
  onStart(sampleRate: number): void
  onChunk(chunk: SpeechChunk): void
  /** All has come. */
  onFinish(): void
  onFail(error: ParleyError): void
}

export interface SpeechChunk {
  /** 16-bit, one channel. */
  samples: Int16Array
  /** The words that begin with it; empty within a sentence. */
  text: string
  /** Where its sentence begins in the message. */
  offset: number
}

export interface Speech {
  /** Silence, once. @param playedMs of its sound, which is how much of the text was heard */
  stop(playedMs: number): void
}

type Chunk = EventPayload<'speech:chunk'>

/** A message as sound: its chunks in order, also where they overtake the answer that says what they belong to. */
export function startSpeech(client: Client<'visitor'>, options: SpeechOptions): Speech {
  const { messageId, voice, speed, offset, unpack = toBytes } = options
  let id: string | null = null
  let isOver = false
  let nextIndex = 0
  /** Chunks that came before the ones they follow. */
  const early = new Map<number, SpeechChunk>()
  /** What came before the id. */
  let waiting: (() => void)[] = []

  const listen = [
    client.on('speech:chunk', chunk => {
      // Read now: what the bytes lie in is used again.
      const samples = toSamples(unpack(chunk.audio))
      whenKnown(chunk.speech_id, () => receive(chunk, samples))
    }),
    client.on('speech:finished', ({ speech_id }) =>
      whenKnown(speech_id, () => {
        close()
        options.onFinish()
      }),
    ),
    client.on('speech:failed', ({ speech_id, error }) =>
      whenKnown(speech_id, () => fail(new ParleyError(error.code as never, error.message))),
    ),
    // A voice lives on one node, and on one connection.
    client.subscribe(({ status }) => {
      if (status !== 'online') fail(new ParleyError('DISCONNECTED', 'The connection is gone.'))
    }),
  ]

  function whenKnown(speechId: string, act: () => void) {
    if (isOver) return
    if (id === null) waiting.push(() => whenKnown(speechId, act))
    else if (id === speechId) act()
  }

  function receive({ index, text, offset }: Chunk, samples: Int16Array) {
    if (index < nextIndex) return
    early.set(index, { samples, text, offset })
    for (let chunk = early.get(nextIndex); chunk; chunk = early.get(nextIndex)) {
      early.delete(nextIndex++)
      options.onChunk(chunk)
    }
  }

  function close() {
    isOver = true
    for (const stop of listen) stop()
  }

  function fail(error: ParleyError) {
    if (isOver) return
    close()
    options.onFail(error)
  }

  const started = client.call('speech:start', { message_id: messageId, voice, speed, offset })
  started.then(
    ({ speech_id, sample_rate }) => {
      id = speech_id
      if (isOver) return
      options.onStart(sample_rate)
      for (const act of waiting.splice(0)) act()
      waiting = []
    },
    error => fail(toParleyError(error)),
  )

  let isStopped = false
  return {
    stop(playedMs) {
      if (isStopped) return
      isStopped = true
      if (!isOver) close()
      started
        .then(({ speech_id }) => client.call('speech:stop', { speech_id, played_ms: Math.round(playedMs) }))
        .catch(() => {})
    },
  }
}

const toBytes = (audio: unknown) => audio as ArrayBuffer | Uint8Array

/** Its own copy, at an even address. */
function toSamples(audio: ArrayBuffer | Uint8Array): Int16Array {
  const bytes = new Uint8Array(audio).slice()
  return new Int16Array(bytes.buffer, 0, bytes.byteLength >> 1)
}
