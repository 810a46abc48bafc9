import type { Handoff } from '#protocol'
import type { StoredHandoff } from '#storage/desk/handoff'
import { createLeader } from '../../../jobs/leader.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'
import { acceptHandler } from './accept.ts'
import { createAgents } from './agents.ts'
import { createSteps } from './apply.ts'
import { bulkHandler } from './bulk.ts'
import { cancelHandler } from './cancel.ts'
import { createCommands } from './commands.ts'
import type { HandoffContext, HandoffHandlers } from './context.ts'
import { shownClocks } from './deadlines.ts'
import type { HandoffDeps } from './deps.ts'
import { createFollowUp } from './follow-up.ts'
import { createFinder, getHandler } from './get.ts'
import { completeHandler, releaseHandler } from './hand-back.ts'
import { agentOf, maskHandoff, move, presentHandoff, toListedHandoff } from './move.ts'
import { createPresence } from './presence.ts'
import { presenceSetHandler } from './presence-set.ts'
import { presenceWatchHandler } from './presence-watch.ts'
import { Queue } from './queue.ts'
import { queueListHandler } from './queue-list.ts'
import { createQueueSync } from './queue-sync.ts'
import { rateHandler } from './rate.ts'
import { requestHandler } from './request.ts'
import { tagHandler } from './retag.ts'
import { createRound } from './round.ts'
import { createDecisions } from './rules.ts'
import { takeHandler } from './take.ts'
import { createTimeouts } from './timeouts.ts'
import { createTriggers } from './triggers.ts'
import { words } from './words.ts'

export { handoffTimings } from './deps.ts'

/** Who owns a conversation: the queue, its agents, and the way there and back (laws O1 to O3). */
export function handoffArea(deps: HandoffDeps) {
  const { storage } = deps
  const queue = createQueue(deps)
  const isIdle = () => deps.isOnlyNode && queue.isQuiet
  const queueSync = createQueueSync({ ...deps, queue, isIdle })
  const decisions = createDecisions(deps.settings)
  const commands = createCommands(deps, queue, { decisions, publishChanged, apply: queueSync.apply })
  const presence = createPresence({ ...deps, publishChanged })
  const leader = createLeader({
    name: 'handoff',
    storage: deps.leaders,
    nodeId: deps.nodeId,
    pollMs: deps.timings.leaderPollMs,
    isIdle,
    runRound: createRound({
      ...createTimeouts(deps, queue, commands, queueSync.refresh),
      storage,
      nodeId: deps.nodeId,
      agentLeaseS: deps.timings.leaseS,
      onAgentsGone: publishChanged,
    }),
    log: deps.log,
  })

  /** The queue or somebody's presence is not what it was: told here and everywhere. */
  function publishChanged(): void {
    queueSync.schedule()
    deps.publishQueueChanged()
  }

  const followUpMessage = createFollowUp(deps, queue, publishChanged)
  const triggers = createTriggers(deps, commands, decisions)
  const context: HandoffContext = {
    deps,
    queue,
    commands,
    agents: createAgents(storage, queue),
    publishChanged,
  }
  const handoffOf = createFinder(storage, queue)
  const handlers: HandoffHandlers = {
    'handoff:request': requestHandler(context),
    'handoff:rate': rateHandler(context),
    'handoff:get': getHandler(deps, handoffOf),
    'handoff:cancel': cancelHandler(context),
    'handoff:accept': acceptHandler(context),
    'handoff:take': takeHandler(context),
    'handoff:complete': completeHandler(context),
    'handoff:release': releaseHandler(context),
    'handoff:tag': tagHandler(context),
    'handoff:bulk': bulkHandler(context),
    'queue:list': queueListHandler(context),
    'presence:set': presenceSetHandler(context),
    'presence:watch': presenceWatchHandler(context),
    'presence:list': () => ({ agents: queue.agents() }),
  }

  return {
    handlers,
    readRequest: triggers.readRequest,
    offerHandoffIfNeeded: triggers.offerHandoffIfNeeded,
    followUpMessage,
    applySteps: createSteps(context, followUpMessage),
    closeHandoff(draft: Draft, byStaff: boolean): void {
      if (presentHandoff(draft)) move(draft, { event: 'close' }, commands.parts)
      const content = words[draft.head.language].ended
      if (byStaff) draft.addMessage({ role: 'system', content, status: 'complete' })
    },
    applyCommitted: commands.applyCommitted,
    /** After the commit of what a request in a message decided. */
    followUpHandoff: commands.followUp,
    handoffOf,
    agent: (id: string) => agentOf(id, queue),
    present: (row: StoredHandoff, isInFull: boolean) => present(row, isInFull, queue),
    counts: () => queue.counts(),
    waitingSince: () => queue.waitingSince,
    joined: presence.agentConnected,
    /** Another node said that something has changed. */
    refreshSoon: queueSync.schedule,
    start: queueSync.refresh,
    restart: queueSync.restart,
    isIdle,
    async close(): Promise<void> {
      presence.close()
      await leader.close()
      await queueSync.close()
    },
  }
}

function createQueue({ settings, team }: HandoffDeps): Queue {
  const capacity = () => settings().capacity
  return new Queue({ capacity, team, clocks: row => shownClocks(row, settings()) })
}

/** As staff see it; in a list, whoever does not serve it sees no numbers and addresses. */
function present(row: StoredHandoff, isInFull: boolean, queue: Queue): Handoff {
  const handoff = toListedHandoff(row, queue)
  return isInFull ? handoff : maskHandoff(handoff)
}
