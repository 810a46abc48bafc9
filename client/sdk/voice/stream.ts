import type { Language, OperationOutput } from '#protocol'
import { backoff, callCapMs, createKey } from '../backoff.ts'
import type { Client } from '../client.ts'
import { ParleyError, toParleyError } from '../error.ts'

/** Hz, of what is sent. */
export const voiceSampleRate = 16_000
/** Transcribing a whole turn may take that long. */
const endTimeoutMs = 45_000
/** Breaks in a row after which a turn is given up. */
const resumesMax = 5

export interface VoiceStreamOptions {
  /** Of the conversation that it is said in, which may have to be begun. */
  conversationId(): Promise<string>
  language?: Language
  /** What is understood so far, each in place of the one before. */
  onText?(text: string): void
  /** It failed for good before it was finished. */
  onFail?(error: ParleyError): void
  /** How bytes go with a call. Default: as they are, which socket.io-client knows how to send. */
  pack?(bytes: Uint8Array): Uint8Array
}

export interface VoiceStream {
  /** 16-bit samples at `voiceSampleRate`, one channel; about 40 ms at a time. */
  push(samples: Int16Array): void
  /** That was all. @returns what was said. @throws ParleyError */
  finish(): Promise<string>
  /**
   * Says it in the conversation, after `finish`.
   * @param text in place of what was understood
   * @returns false where this server cannot: then it is a message like any other. @throws ParleyError
   */
  send(text: string): Promise<boolean>
  /** Nothing of it is wanted. */
  cancel(): void
}

type Started = OperationOutput<'voice:start'>

/**
 * What one person says, on its way to the server: a window of chunks ahead of the acknowledgements, from the first one missing after
 * a gap, and once more under the same key after a break of the socket.
 */
export function createVoiceStream(client: Client<'visitor'>, options: VoiceStreamOptions): VoiceStream {
  const upload = createUpload(client, {
    ...options,
    onFail(error) {
      leave()
      options.onFail?.(error)
    },
  })
  const leave = client.on('voice:transcript', ({ stream_id, text }) => {
    if (stream_id === upload.id()) options.onText?.(text)
  })

  async function finish(): Promise<string> {
    for (;;) {
      const { stream_id, chunks } = await upload.whenArrived()
      try {
        const { text } = await client.call('voice:end', { stream_id, chunks }, { timeout: endTimeoutMs })
        leave()
        upload.close()
        return text
      } catch (error) {
        await upload.mend(toParleyError(error))
      }
    }
  }

  return {
    push: upload.push,
    async finish() {
      try {
        return await finish()
      } catch (error) {
        leave()
        upload.close()
        throw error
      }
    },
    async send(text) {
      const stream_id = upload.id()
      if (!stream_id) throw new ParleyError('ABORTED', 'Nothing was said.')
      const { message } = await client.call('voice:end', { stream_id, send: true, text })
      return Boolean(message)
    },
    cancel() {
      leave()
      if (!upload.close()) return
      const stream_id = upload.id()
      if (stream_id) client.call('voice:cancel', { stream_id }).catch(() => {})
    },
  }
}

interface Arrived {
  stream_id: string
  /** How many there are. */
  chunks: number
}

/** Chunks are missing, the node is another, or nobody knows. */
const mendable = new Set<string>(['CONFLICT', 'NOT_FOUND', 'DISCONNECTED'])

async function inputOf({ conversationId, language }: VoiceStreamOptions, key: string) {
  const conversation_id = await conversationId()
  return { conversation_id, mime: 'audio/pcm' as const, sample_rate: voiceSampleRate, language, key }
}

function createUpload(client: Client<'visitor'>, { pack = bytes => bytes, ...options }: VoiceStreamOptions) {
  const key = createKey()
  const chunks: Uint8Array[] = []
  let stream: Started | null = null
  /** Of the next chunk to go. */
  let next = 0
  /** All below it have arrived. */
  let received = 0
  /** Answers to what went before the last break mean nothing. */
  let life = 0
  let resumes = 0
  let isOver = false
  let failure: ParleyError | null = null
  let onArrival = () => {}

  async function start() {
    const current = ++life
    try {
      const started = await client.call('voice:start', await inputOf(options, key))
      if (current !== life || isOver) return
      stream = started
      received = next = started.received
      flow()
    } catch (error) {
      if (current === life) onBreak(toParleyError(error))
    }
  }

  /** As many as the window takes. */
  function flow() {
    while (stream && !isOver && next < chunks.length && next - received < stream.window_chunks)
      void sendChunk(stream.stream_id, next++)
    onArrival()
  }

  async function sendChunk(stream_id: string, index: number) {
    const current = life
    try {
      const answer = await client.call('voice:chunk', { stream_id, index, audio: pack(chunks[index]!) })
      if (current !== life) return
      resumes = 0
      received = Math.max(received, answer.received)
      // One before it is missing.
      if (answer.received <= index) next = Math.min(next, answer.received)
      flow()
    } catch (error) {
      if (current === life) onBreak(toParleyError(error))
    }
  }

  function onBreak(error: ParleyError) {
    if (isOver) return
    life++
    const isWorthwhile = error.retryable || error.code === 'NOT_FOUND'
    if (isWorthwhile && ++resumes <= resumesMax) setTimeout(start, backoff(resumes - 1, callCapMs))
    else fail(error)
  }

  function fail(error: ParleyError) {
    failure = error
    isOver = true
    onArrival()
    options.onFail?.(error)
  }

  void start()
  return {
    id: () => stream?.stream_id,
    push(samples: Int16Array) {
      if (isOver) return
      chunks.push(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
      flow()
    },
    /** @returns whether it was open */
    close(): boolean {
      const wasOpen = !isOver
      isOver = true
      life++
      return wasOpen
    },
    whenArrived: () =>
      new Promise<Arrived>((resolve, reject) => {
        onArrival = () => {
          if (failure) reject(failure)
          else if (stream && received >= chunks.length)
            resolve({ stream_id: stream.stream_id, chunks: chunks.length })
        }
        onArrival()
      }),
    /** Its end was refused, or got lost: what is missing is sent again. @throws ParleyError where that is no use */
    async mend(error: ParleyError): Promise<void> {
      if (isOver || !mendable.has(error.code) || ++resumes > resumesMax) throw failure ?? error
      stream = null
      await start()
    },
  }
}
