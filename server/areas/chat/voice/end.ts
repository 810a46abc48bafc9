import { codes, OperationError } from '#protocol'
import { type Call, personOf } from '../../../core/call.ts'
import { projectMessage } from '../../../core/projection.ts'
import type { Transcriber } from '../../../providers/speech/speech.ts'
import type { Turn, VoiceDeps, VoiceHandlers } from './deps.ts'
import { chunksMissing, notConfigured } from './refuse.ts'
import type { VoiceStream } from './stream.ts'
import type { Streams } from './streams.ts'
import type { createUnderstand } from './understand.ts'

/** The words of a turn, and their message where they were to be sent: once, however often it is asked. */
export function endHandler(
  { transcriber, sendMessage, log }: VoiceDeps,
  streams: Streams,
  understand: ReturnType<typeof createUnderstand>,
): VoiceHandlers['voice:end'] {
  async function conclude(stream: VoiceStream, call: Call, asked: Transcriber): Promise<Turn> {
    const { id: stream_id, conversationId, key, language, send } = stream.options
    const caller = personOf(call)
    const startedAt = performance.now()
    const understood = await understand({
      sound: stream.sound(),
      language,
      caller,
      transcriber: asked,
      live: stream.live,
      onPartial: text => stream.call.emit('voice:transcript', { stream_id, text, final: false }),
      signal: stream.abort.signal,
    })
    const durationMs = understood.durationMs ?? Math.round(startedAt - stream.openedAt)
    const { text } = understood
    stream.call.emit('voice:transcript', { stream_id, text, final: true })
    log.info(
      { request_id: call.requestId, stream_id, duration_ms: durationMs, ms: performance.now() - startedAt },
      'speech understood',
    )
    if (!send) return { text, durationMs }
    const voice = { stream_id, duration_ms: durationMs }
    const input = { conversation_id: conversationId, key, content: text, attachments: [], voice }
    const { message } = await sendMessage(input, caller, call)
    return { text: message.content, durationMs, message }
  }

  /** What may go well another time is tried anew when it is asked for again: the sound is still there. */
  async function run(stream: VoiceStream, call: Call, asked: Transcriber): Promise<Turn> {
    try {
      const turn = await conclude(stream, call, asked)
      stream.release()
      return turn
    } catch (error) {
      const mayRetry = !(error instanceof OperationError) || codes[error.code].retryable
      if (mayRetry && stream.live === null) stream.turn = null
      else stream.release()
      throw error
    } finally {
      stream.endedAt = performance.now()
    }
  }

  return async ({ stream_id, chunks }, call) => {
    const stream = streams.find(stream_id, call)
    stream.attach(call)
    if (!transcriber) throw notConfigured(call.caller.language)
    if (!stream.turn && chunks !== undefined && chunks !== stream.received)
      throw chunksMissing(stream.received)
    stream.turn ??= run(stream, call, transcriber)
    const { text, durationMs, message } = await stream.turn
    return {
      text,
      duration_ms: durationMs,
      ...(message && { message: projectMessage(message, call.caller.audience) }),
    }
  }
}
