import type { handoffOperations } from '#protocol/desk/handoff'
import type { Handlers } from '../../../core/call.ts'
import type { Agents } from './agents.ts'
import type { Commands } from './commands.ts'
import type { HandoffDeps } from './deps.ts'
import type { Queue } from './queue.ts'

export type HandoffHandlers = Handlers<typeof handoffOperations>

/** What the operations share. */
export interface HandoffContext {
  deps: HandoffDeps
  queue: Queue
  commands: Commands
  agents: Agents
  /** The queue or somebody's presence is not what it was: told here and everywhere. */
  publishChanged(): void
}
