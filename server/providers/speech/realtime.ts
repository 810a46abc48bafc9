import { WebSocket } from 'ws'
import { hostWords, reasonIn } from '../host-words.ts'
import { ModelError } from '../model.ts'
import { type AgentFor, parseJson } from '../stream.ts'
import { createResampler } from './resample.ts'
import type { LiveOptions, LiveTranscription, Transcript } from './speech.ts'

export interface RealtimeHost {
  /** Of the host's HTTP side. */
  url: string
  headers: Record<string, string>
  model: string
  agentFor: AgentFor | undefined
}

/** What its `audio/pcm` is of, in Hz. */
const hostRate = 24_000
/** Of a whole turn: the words that are missing at its end come within this, in milliseconds. */
const endMs = 10_000
const openMs = 5000
/** A host that takes sound more slowly than it is spoken is given no more. */
const backlogMaxBytes = 1_000_000
const messageMaxBytes = 1_000_000

interface RealtimeEvent {
  type?: string
  item_id?: string
  delta?: string
  transcript?: string
  error?: unknown
}

/**
 * One turn over a host's realtime socket: understood while it is spoken. What it fails of is known at the end, where the
 * recording can be understood in another way.
 */
export function openRealtime(
  host: RealtimeHost,
  options: LiveOptions,
  signal: AbortSignal,
): LiveTranscription {
  const { sampleRate, language, onPartial } = options
  const resample = createResampler(sampleRate, hostRate)
  const address = `${host.url.replace(/^http/, 'ws')}/realtime?intent=transcription`
  const result = Promise.withResolvers<Transcript>()
  result.promise.catch(() => {})
  const waiting: string[] = []
  const read = createReader(onPartial)
  let isEnded = false
  const timers = new Set<NodeJS.Timeout>()
  const socket = openSocket()

  function openSocket(): WebSocket | null {
    try {
      return new WebSocket(address, {
        headers: host.headers,
        agent: host.agentFor?.(host.url),
        maxPayload: messageMaxBytes,
        handshakeTimeout: openMs,
        perMessageDeflate: false,
        followRedirects: false,
      })
    } catch (error) {
      fail(new ModelError('The realtime host may not be called.', { cause: error }))
      return null
    }
  }

  function fail(error: unknown): void {
    result.reject(error)
    close()
  }

  function close(): void {
    signal.removeEventListener('abort', abort)
    for (const timer of timers) clearTimeout(timer)
    waiting.length = 0
    socket?.terminate()
  }

  function abort(): void {
    fail(signal.reason)
  }

  function send(event: object): void {
    if (!socket) return
    const data = JSON.stringify(event)
    if (socket.readyState === WebSocket.CONNECTING) waiting.push(data)
    else if (socket.readyState === WebSocket.OPEN) socket.send(data)
    if (socket.bufferedAmount > backlogMaxBytes) fail(new ModelError('The realtime host is too slow.'))
  }

  socket?.on('open', () => {
    socket.send(JSON.stringify(sessionOf(host.model, language)))
    for (const data of waiting.splice(0)) socket.send(data)
  })
  socket?.on('message', data => {
    try {
      const text = read(data.toString())
      if (text === null || !isEnded) return
      result.resolve({ text, use: { seconds: null, tokens: null } })
      close()
    } catch (error) {
      fail(error)
    }
  })
  socket?.on('error', error => fail(new ModelError('The realtime host does not answer.', { cause: error })))
  socket?.on('close', () => fail(new ModelError('The realtime host broke off before the end.')))
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort)

  return {
    push(audio) {
      const bytes = resample(audio)
      if (bytes.length > 0) send({ type: 'input_audio_buffer.append', audio: bytes.toString('base64') })
    },
    end() {
      if (!isEnded) {
        isEnded = true
        send({ type: 'input_audio_buffer.commit' })
        const expire = () => fail(new ModelError('The realtime host did not answer in time.'))
        timers.add(setTimeout(expire, endMs))
      }
      return result.promise
    },
    close,
  }
}

/** Reads events one after the other. @returns the words of the turn, once they are complete. @throws ModelError */
function createReader(onPartial: (text: string) => void): (data: string) => string | null {
  let text = ''
  return data => {
    const event = parseJson(data) as RealtimeEvent
    if (event.type === 'error' || event.error)
      throw new ModelError(`The realtime host failed: ${hostWords(reasonIn(event), '')}.`)
    const [, kind] = /^conversation\.item\.input_audio_transcription\.(\w+)$/.exec(event.type ?? '') ?? []
    if (kind === 'failed') throw new ModelError('The realtime host understood nothing.')
    if (kind === 'completed') return event.transcript ?? text
    if (kind === 'delta') {
      text += event.delta ?? ''
      onPartial(text)
    }
    return null
  }
}

function sessionOf(model: string, language: string | null): object {
  return {
    type: 'session.update',
    session: {
      type: 'transcription',
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: hostRate },
          transcription: { model, ...(language && { language }) },
          // When the speaker has ended is ours to say.
          turn_detection: null,
        },
      },
    },
  }
}
