import { codes, type Message, OperationError } from '#protocol'
import { type Call, personOf } from '../../../core/call.ts'
import { projectMessage } from '../../../core/projection.ts'
import type { Transcriber } from '../../../providers/speech/speech.ts'
import type { Turn, VoiceDeps, VoiceHandlers } from './deps.ts'
import { chunksMissing, notConfigured } from './refuse.ts'
import type { VoiceStream } from './stream.ts'
import type { Streams } from './streams.ts'
import type { createUnderstand } from './understand.ts'

/** The words of a turn, and their message where they were to be sent: each once, however often it is asked. */
export function endHandler(
  { sendMessage, log, ...deps }: VoiceDeps,
  streams: Streams,
  understand: ReturnType<typeof createUnderstand>,
): VoiceHandlers['voice:end'] {
  async function listen(stream: VoiceStream, call: Call, by: Transcriber): Promise<Turn> {
    const { id: stream_id, language } = stream.options
    const startedAt = performance.now()
    const { text, durationMs } = await understand({
      sound: stream.sound(),
      language,
      caller: personOf(call),
      transcriber: by,
      maxSeconds: stream.options.maxSeconds,
      live: stream.live,
      onPartial: partial => stream.call.emit('voice:transcript', { stream_id, text: partial, final: false }),
      signal: stream.abort.signal,
    })
    stream.call.emit('voice:transcript', { stream_id, text, final: true })
    const ms = Math.round(performance.now() - startedAt)
    log.info({ request_id: call.requestId, stream_id, duration_ms: durationMs, ms }, 'speech understood')
    return { text, durationMs }
  }

  /** What may go well another time is tried anew when it is asked for again: the sound is still there. */
  async function run(stream: VoiceStream, call: Call, by: Transcriber): Promise<Turn> {
    try {
      const turn = await listen(stream, call, by)
      stream.release()
      return turn
    } catch (error) {
      if (mayRetry(error)) stream.turn = null
      else stream.release()
      throw error
    } finally {
      stream.endedAt = performance.now()
    }
  }

  /** Law D2: under the key of the stream, so that a repeat is the same message. */
  async function send(
    stream: VoiceStream,
    content: string,
    { durationMs }: Turn,
    call: Call,
  ): Promise<Message> {
    const { id: stream_id, conversationId: conversation_id, key } = stream.options
    const voice = { stream_id, duration_ms: durationMs }
    try {
      const input = { conversation_id, key, content, attachments: [], voice }
      return (await sendMessage(input, personOf(call), call)).message
    } catch (error) {
      if (mayRetry(error)) stream.sent = null
      throw error
    } finally {
      stream.endedAt = performance.now()
    }
  }

  return async ({ stream_id, chunks, send: isSent, text }, call) => {
    const stream = streams.find(stream_id, call)
    stream.attach(call)
    const transcriber = deps.transcriber()
    if (!transcriber && !stream.turn) throw notConfigured(call.caller.language)
    if (!stream.turn && chunks !== undefined && chunks !== stream.received)
      throw chunksMissing(stream.received)
    stream.turn ??= run(stream, call, transcriber!)
    const turn = await stream.turn
    if (isSent ?? stream.options.send) stream.sent ??= send(stream, text ?? turn.text, turn, call)
    const message = await stream.sent
    return {
      text: message?.content ?? turn.text,
      duration_ms: turn.durationMs,
      ...(message && { message: projectMessage(message, call.caller.audience) }),
    }
  }
}

function mayRetry(error: unknown): boolean {
  return !(error instanceof OperationError) || codes[error.code].retryable
}
