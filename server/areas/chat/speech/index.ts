import { audioHandler, createHandler } from './create.ts'
import type { SpeechDeps, SpeechHandlers } from './deps.ts'
import { createSessions } from './sessions.ts'
import { startHandler } from './start.ts'
import { stopHandler } from './stop.ts'
import { tryHandler } from './try.ts'

export type { SpeechDeps } from './deps.ts'

/** Messages as sound: spoken as they are written, stopped where somebody says so, and what was heard of them. */
export function speechArea(deps: SpeechDeps) {
  const sessions = createSessions()
  const handlers: SpeechHandlers = {
    'speech:start': startHandler(deps, sessions),
    'speech:stop': stopHandler(deps, sessions),
    'speech:create': createHandler(deps),
    'speech:audio': audioHandler(deps),
    'speech:try': tryHandler(deps),
  }
  return { handlers, countRunning: sessions.countRunning, close: sessions.close }
}
