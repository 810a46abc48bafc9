import type { SpeechDeps, SpeechHandlers } from './deps.ts'
import type { SpeechSession } from './session.ts'
import type { Sessions } from './sessions.ts'

/** Silence at once; then what was heard is stored with the message (law D1), once, however often it is asked. */
export function stopHandler(
  { storage, journal, notePlayedText, log }: SpeechDeps,
  sessions: Sessions,
): SpeechHandlers['speech:stop'] {
  async function store(session: SpeechSession, offset: number): Promise<string> {
    const { messageId } = session.options
    const { message } = (await storage.find(messageId)) ?? {}
    const text = session.feed.text.slice(0, offset)
    const isSaid = message?.role === 'assistant' || message?.role === 'agent'
    if (!message || message.removed || !isSaid) return text
    const playedText = session.isPlayedOut(offset) ? null : text
    if (message.status === 'streaming') {
      // Its end, wherever it is written, says it to everybody; until then what is shown of it must not go back.
      notePlayedText(messageId, text)
      if (await storage.setPlayedText(messageId, text)) return text
    }
    await journal.append({
      conversationId: session.options.conversationId,
      messageId,
      decide(draft) {
        if (draft.message && !draft.message.removed && draft.message.heard_text !== playedText)
          draft.updateMessage(draft.message, { heard_text: playedText })
      },
    })
    return text
  }

  return async ({ speech_id, played_ms }, call) => {
    const session = sessions.find(speech_id, call)
    if (!session.stopped) {
      const offset = session.stop(played_ms)
      session.endedAt = performance.now()
      log.debug(
        { request_id: call.requestId, speech_id, played_ms, sent_ms: session.sentMs },
        'speech stopped',
      )
      const storing = store(session, offset)
      session.stopped = storing
      storing.catch(() => {
        session.stopped = null
      })
    }
    return { heard_text: await session.stopped }
  }
}
