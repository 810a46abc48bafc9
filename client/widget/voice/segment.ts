import type { Language } from '#protocol'
import { ParleyError } from '../../sdk/error.ts'
import type { Client } from '../../sdk/index.ts'
import { createVoiceStream } from '../../sdk/voice/index.ts'
import { locale } from '../core/shared.ts'

/** A piece of speech on its way to becoming words. */
export interface Segment {
  push(frame: Int16Array): void
  /** That was all. @throws ParleyError */
  finish(): Promise<string>
  /** Says it in the conversation. @returns false where it has to be sent like what is written */
  send(text: string): Promise<boolean>
  drop(): void
}

export interface SegmentParts {
  client: Client<'visitor'>
  language: Language
  conversationId(): Promise<string>
  pack(bytes: Uint8Array): Uint8Array
  onText(text: string): void
  onFail(error: ParleyError): void
}

/** Two frames of the microphone: 40 ms. */
const framesPerChunk = 2

/** By the server where it understands speech, else by the browser's own recognition. */
export function createSegment(parts: SegmentParts): Segment {
  return parts.client.state.session?.features.voice.stt ? serverSegment(parts) : browserSegment(parts)
}

function serverSegment({ client, language, conversationId, pack, onText, onFail }: SegmentParts): Segment {
  const stream = createVoiceStream(client, { conversationId, language, pack, onText, onFail })
  let frames: Int16Array[] = []

  function flush() {
    if (frames.length === 0) return
    const samples = new Int16Array(frames.reduce((length, frame) => length + frame.length, 0))
    let at = 0
    for (const frame of frames) {
      samples.set(frame, at)
      at += frame.length
    }
    frames = []
    stream.push(samples)
  }

  return {
    push(frame) {
      frames.push(frame)
      if (frames.length >= framesPerChunk) flush()
    },
    finish() {
      flush()
      return stream.finish()
    },
    send: stream.send,
    drop: stream.cancel,
  }
}

/** What browsers have under one of two names. */
interface Recognition {
  lang: string
  continuous: boolean
  interimResults: boolean
  onresult: ((event: { results: ArrayLike<{ transcript: string }[]> }) => void) | null
  onerror: ((event: { error: string }) => void) | null
  onend: (() => void) | null
  start(): void
  stop(): void
  abort(): void
}

export function findRecognition(): (new () => Recognition) | undefined {
  const { SpeechRecognition, webkitSpeechRecognition } = window as never as Record<
    string,
    new () => Recognition
  >
  return SpeechRecognition ?? webkitSpeechRecognition
}

function browserSegment({ language, onText, onFail }: SegmentParts): Segment {
  const recognition = new (findRecognition()!)()
  let text = ''
  let isOver = false
  let failure: ParleyError | null = null
  let onEnd = () => {}
  Object.assign(recognition, { lang: locale(language), continuous: true, interimResults: true })
  recognition.onresult = ({ results }) => {
    text = Array.from(results, ([best]) => best?.transcript ?? '').join('')
    onText(text)
  }
  recognition.onerror = ({ error }) => {
    // Silence is no failure.
    if (isOver || error === 'no-speech' || error === 'aborted') return
    failure = new ParleyError(error === 'not-allowed' ? 'FORBIDDEN' : 'AI_SERVICE_ERROR', error)
    onFail(failure)
  }
  recognition.onend = () => {
    isOver = true
    onEnd()
  }
  recognition.start()
  return {
    // It has the microphone itself.
    push() {},
    finish: () =>
      new Promise((resolve, reject) => {
        onEnd = () => (failure ? reject(failure) : resolve(text))
        if (isOver) onEnd()
        else recognition.stop()
      }),
    send: () => Promise.resolve(false),
    drop() {
      isOver = true
      recognition.abort()
    },
  }
}
