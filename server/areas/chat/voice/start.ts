import { voiceChunkMaxBytes, voiceMaxBytes, voiceWindowChunks } from '#protocol/core/limits'
import { assertMayWrite, assertOpen, requireConversation } from '../../../core/access.ts'
import { personOf } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import type { VoiceDeps, VoiceHandlers } from './deps.ts'
import { notConfigured } from './refuse.ts'
import type { VoiceStream } from './stream.ts'
import type { Streams } from './streams.ts'

export function startHandler(
  { findConversation, timings, settings, ...deps }: VoiceDeps,
  streams: Streams,
): VoiceHandlers['voice:start'] {
  function toOutput({ options, received, live }: VoiceStream) {
    return {
      stream_id: options.id,
      chunk_max_bytes: voiceChunkMaxBytes,
      window_chunks: voiceWindowChunks,
      received,
      resume_ms: timings.resumeMs,
      max_bytes: voiceMaxBytes,
      max_seconds: options.maxSeconds,
      live: live !== null,
    }
  }

  return async ({ conversation_id, mime, sample_rate, language, send, key }, call) => {
    const person = personOf(call)
    const head = await requireConversation(findConversation, conversation_id)
    assertMayWrite(head, call.caller)
    const { languages, limits } = settings.current()
    const transcriber = deps.transcriber()
    const spoken = language ?? head.language
    if (!transcriber || !languages.includes(spoken)) throw notConfigured(call.caller.language)
    assertOpen(head)
    const id = newId()
    const options = {
      id,
      personId: person.id,
      conversationId: conversation_id,
      key: key ?? `voice:${id}`,
      mime,
      sampleRate: sample_rate,
      language: spoken,
      maxSeconds: limits.turn_seconds,
      send,
    }
    const begun = streams.findByKey(options)
    if (begun) {
      begun.attach(call)
      return toOutput(begun)
    }
    const stream = streams.open(options, call)
    if (mime === 'audio/pcm' && transcriber.openLive) {
      const onPartial = (text: string) =>
        stream.call.emit('voice:transcript', { stream_id: id, text, final: false })
      const { sampleRate } = options
      stream.live = transcriber.openLive(
        {
          sampleRate,
          language: options.language,
          payer: { person_id: person.id, message_id: null },
          onPartial,
        },
        stream.abort.signal,
      )
    }
    return toOutput(stream)
  }
}
