import { type EventPayload, OperationError } from '#protocol'
import type { ConversationRow } from '#storage/chat/conversation'
import type { StoredMessage } from '#storage/chat/message'
import { requireReadableMessage } from '../../../core/access.ts'
import { type Call, personOf } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { ModelError } from '../../../providers/model.ts'
import type { Synthesizer } from '../../../providers/speech/speech.ts'
import { toWire } from '../../../realtime/journal/draft.ts'
import type { SpeechDeps, SpeechHandlers } from './deps.ts'
import { notConfigured, providerFailed, tooMuchToday } from './refuse.ts'
import { SpeechSession } from './session.ts'
import type { Sessions } from './sessions.ts'
import { secondsOf } from './spoken/seconds.ts'
import { speechWords } from './words.ts'

export function startHandler(deps: SpeechDeps, sessions: Sessions): SpeechHandlers['speech:start'] {
  const { storage, settings, followReply, countSeconds, log } = deps

  /** Gives what there is of a message, and what comes, until it has ended. */
  async function feed({ feed: to, abort }: SpeechSession, message: StoredMessage): Promise<void> {
    if (message.status !== 'streaming') return to.end(message.content)
    const ended = await followReply(message, (offset, text) => to.add(offset, text), abort.signal)
    const whole = ended ?? (await storage.find(message.id).then(found => found && toWire(found.message)))
    to.end(whole?.content ?? to.text)
  }

  async function run(session: SpeechSession, message: StoredMessage): Promise<void> {
    const { id: speech_id } = session.options
    const { call } = session
    try {
      await Promise.all([feed(session, message), session.run()])
      call.emit('speech:finished', { speech_id, duration_ms: session.sentMs })
    } catch (error) {
      if (session.abort.signal.aborted) return
      session.abort.abort(error)
      if (error instanceof ModelError) log.warn({ speech_id, error }, 'speech failed')
      else if (!(error instanceof OperationError)) log.error({ speech_id, error }, 'speech failed')
      call.emit('speech:failed', { speech_id, error: toWireError(error, call) })
    } finally {
      session.endedAt = performance.now()
    }
  }

  function begin(
    { message, head }: { message: StoredMessage; head: ConversationRow },
    { voice, speed, offset }: { voice?: string; speed: number; offset: number },
    call: Call,
    synthesizer: Synthesizer,
  ): SpeechSession {
    const { id: personId } = personOf(call)
    const options = {
      id: newId(),
      messageId: message.id,
      conversationId: head.id,
      personId,
      language: head.language,
      voice,
      speed,
      offset,
    }
    const session = new SpeechSession(options, call, {
      synthesizer,
      countSpoken({ spoken }) {
        const waitMs = countSeconds(personId, secondsOf(spoken) / speed)
        if (waitMs > 0) throw tooMuchToday(call.caller.language, waitMs)
      },
    })
    sessions.add(session)
    void run(session, message)
    return session
  }

  return async ({ message_id, ...how }, call) => {
    const found = await requireReadableMessage(storage.find, message_id, call.caller)
    const synthesizer = deps.synthesizer()
    if (!synthesizer || !settings().languages.includes(found.head.language))
      throw notConfigured(call.caller.language)
    const { options } = begin(found, how, call, synthesizer)
    return { speech_id: options.id, mime: 'audio/pcm', sample_rate: synthesizer.sampleRate }
  }
}

function toWireError(thrown: unknown, { caller }: Call): EventPayload<'speech:failed'>['error'] {
  const error = providerFailed(caller.language, thrown)
  if (error instanceof OperationError) return { code: error.code, message: error.message }
  return { code: 'INTERNAL_ERROR', message: speechWords(caller.language).unavailable }
}
