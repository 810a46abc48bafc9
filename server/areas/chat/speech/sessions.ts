import type { Call } from '../../../core/call.ts'
import { noSuchSpeech, tooManySpeeches } from './refuse.ts'
import type { SpeechSession } from './session.ts'

/** One who listens to something else has left the first. */
const personMax = 3
const busyMs = 1000
/** For so long a speech that has ended can be stopped: what was sent is played later. */
const endedMs = 180_000
const sweepMs = 5000

export type Sessions = ReturnType<typeof createSessions>

/** What is being spoken on this node. */
export function createSessions() {
  const sessions = new Map<string, SpeechSession>()
  const isRunning = ({ endedAt, stopped }: SpeechSession) => endedAt === null && stopped === null

  function add(session: SpeechSession): void {
    const { id, personId } = session.options
    const own = [...sessions.values()].filter(
      other => isRunning(other) && other.options.personId === personId,
    )
    if (own.length >= personMax) throw tooManySpeeches(session.call.caller.language, busyMs)
    sessions.set(id, session)
    const { signal } = session.call
    const leave = () => session.abort.abort(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    session.abort.signal.addEventListener('abort', () => signal.removeEventListener('abort', leave), {
      once: true,
    })
  }

  /** @throws OperationError NOT_FOUND, as well where it is another's */
  function find(id: string, { caller, signal }: Call): SpeechSession {
    const session = sessions.get(id)
    if (!session || (session.options.personId !== caller.id && session.call.signal !== signal))
      throw noSuchSpeech()
    return session
  }

  function sweep(): void {
    const before = performance.now() - endedMs
    for (const [id, { endedAt }] of sessions) if (endedAt !== null && endedAt < before) sessions.delete(id)
  }

  const timer = setInterval(sweep, sweepMs)
  timer.unref()

  return {
    add,
    find,
    countRunning: () => [...sessions.values()].filter(isRunning).length,
    close(): void {
      clearInterval(timer)
      for (const { abort } of sessions.values()) abort.abort(new Error('The server stops.'))
    },
  }
}
