import { conversationNotFound, type Handoff, OperationError, roleAtLeast, toPage } from '#protocol'
import type { handoffOperations } from '#protocol/desk/handoff'
import type { ConversationRow } from '#storage/chat/conversation'
import type { StoredHandoff } from '#storage/desk/handoff'
import { assertMayRead, maskConversation, readsListInFull } from '../../../core/access.ts'
import { actorOf, type Call, type Caller, type Handlers, personOf } from '../../../core/call.ts'
import { createPresentation } from '../../../core/presentation.ts'
import { projectHandoff } from '../../../core/projection.ts'
import { createLeader } from '../../../jobs/leader.ts'
import { fingerprintOf } from '../../../realtime/journal/change.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'
import { maskAny } from '../../../security/masking.ts'
import { createCommands, type Refusal } from './commands.ts'
import type { HandoffDeps } from './deps.ts'
import {
  agentOf,
  conflict,
  type Moved,
  maskHandoff,
  move,
  noSuchHandoff,
  presentHandoff,
  stageHandoff,
  toHandoff,
} from './move.ts'
import { createPresence } from './presence.ts'
import { Queue } from './queue.ts'
import { createQueueSync } from './queue-sync.ts'
import { createRound } from './round.ts'
import { createTimeouts } from './timeouts.ts'
import { createTriggers } from './triggers.ts'
import { words } from './words.ts'

export { handoffTimings } from './deps.ts'

/** Who owns a conversation: the queue, its agents, and the way there and back (laws O1 to O3). */
export function handoffArea(deps: HandoffDeps) {
  const { storage } = deps
  const queue = new Queue({ capacity: () => deps.settings().capacity, team: deps.team })
  const presentation = createPresentation({ storage: deps.conversations, agent: id => agentOf(id, queue) })
  const isIdle = () => deps.isOnlyNode && queue.isQuiet
  const queueSync = createQueueSync({ ...deps, queue, isIdle })
  const commands = createCommands(deps, queue, { publishChanged, apply: queueSync.apply })
  const { parts, changeOwner, createRequest, assignTo } = commands
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

  const handlers: Handlers<typeof handoffOperations> = {
    async 'handoff:request'({ conversation_id, key, reason }, call) {
      const caller = personOf(call)
      const request = createRequest(call.network)
      const handoff = await changeOwner(conversation_id, {
        actor: actorOf(call),
        queues: true,
        sender: { id: caller.id, key, fingerprint: fingerprintOf('handoff:request', reason) },
        decide(draft) {
          assertMayRead(draft.head, caller)
          if (draft.head.status === 'closed')
            throw new OperationError('CONFLICT', 'The conversation is closed.', { status: 'closed' })
          const refusal = request.findRefusal(draft)
          if (refusal) throw refusalError(refusal)
          return request.enqueue(draft, { reason: reason ?? null })
        },
      })
      return { handoff: projectHandoff(handoff, call.caller.audience) }
    },

    async 'handoff:rate'({ conversation_id, rating, comment }, call) {
      const handoff = await changeOwner(conversation_id, {
        actor: actorOf(call),
        decide(draft) {
          assertMayRead(draft.head, call.caller)
          return { handoff: rate(draft, rating, comment ?? null, queue), reply: null }
        },
      })
      return { handoff: projectHandoff(handoff, call.caller.audience) }
    },

    async 'handoff:get'({ conversation_id }, call) {
      const head = await deps.findConversation(conversation_id)
      if (!head) throw conversationNotFound()
      assertMayRead(head, call.caller)
      return { handoff: await handoffOf(head, call.caller) }
    },

    async 'handoff:cancel'({ conversation_id }, call) {
      const handoff = await changeOwner(conversation_id, {
        actor: actorOf(call),
        decide(draft) {
          assertMayRead(draft.head, call.caller)
          const sentences = words[draft.head.language]
          const notice = presentHandoff(draft)?.status === 'active' ? sentences.left : sentences.cancelled
          return move(draft, { event: 'cancel', notice, resume: true }, parts)
        },
      })
      return { handoff: projectHandoff(handoff, call.caller.audience) }
    },

    async 'queue:list'({ status, mine, handoff_ids, ...paging }, call) {
      const { rows, total } = await storage.list({
        ...paging,
        status,
        agentId: mine ? call.caller.id : null,
        ids: handoff_ids ?? null,
      })
      const conversations = await presentation.presentToStaff(rows.map(row => row.conversation_id!))
      const items = rows.flatMap(row => {
        const conversation = conversations.get(row.conversation_id!)
        if (!conversation) return []
        const item = { ...toHandoff(row, queue), conversation, preview: row.preview }
        if (readsListInFull(call.caller, row.agent_id)) return item
        return {
          ...maskHandoff(item),
          preview: maskAny(row.preview),
          conversation: maskConversation(conversation),
        }
      })
      return toPage(items, total, paging)
    },

    async 'handoff:accept'({ handoff_id, key }, call) {
      const caller = personOf(call)
      const handoff = await changeAsAgent(handoff_id, call, {
        key,
        input: [],
        decide(draft) {
          const row = presentHandoff(draft)!
          if (row.status === 'active' && row.agent_id === caller.id)
            return { handoff: toHandoff(row, queue), reply: null }
          return assignTo(draft, 'accept', caller.id)
        },
      })
      return { handoff }
    },

    async 'handoff:complete'({ handoff_id, key, to = 'ai', ...details }, call) {
      return { handoff: await handBack(handoff_id, call, { key, to, ...details, event: 'complete' }) }
    },

    async 'handoff:release'({ handoff_id, key, to = 'queue', ...details }, call) {
      return { handoff: await handBack(handoff_id, call, { key, to, ...details, event: 'release' }) }
    },

    async 'presence:set'({ presence, capacity }, call) {
      const { id } = personOf(call)
      await storage.setPresence(id, presence, capacity ?? null)
      await refreshAgent(id)
      publishChanged()
      return { agent: agentOf(id, queue) }
    },

    'presence:list': () => ({ agents: queue.agents() }),
  }

  /** Its agent is done with a conversation, or gives it to the queue, a team or a colleague. */
  async function handBack(
    handoffId: string,
    call: Call,
    input: { key: string; to: string; note?: string; tags?: string[]; event: 'complete' | 'release' },
  ): Promise<Handoff> {
    const { key, to, note, tags, event } = input
    const teamId = to.startsWith('team:') ? to.slice('team:'.length).toLowerCase() : null
    if (teamId !== null && !deps.team(teamId)) throw new OperationError('NOT_FOUND', 'There is no such team.')
    const toAgent = teamId === null && to !== 'ai' && to !== 'queue'
    if (toAgent) await assertAgent(to)
    return changeAsAgent(handoffId, call, {
      key,
      input: [event, to, note, tags],
      decide(draft) {
        const fields = { ...(note && { note }), ...(tags && { tags }) }
        const sentences = words[draft.head.language]
        if (presentHandoff(draft)!.status === 'active') assertOwner(presentHandoff(draft)!, call.caller)
        if (toAgent) return assignTo(draft, 'transfer', to, fields)
        if (to !== 'ai')
          return move(
            draft,
            { event: 'release', fields: { ...fields, team_id: teamId }, notice: sentences.requeued },
            parts,
          )
        const notice = event === 'complete' ? sentences.completed : sentences.returned
        return move(draft, { event: 'complete', fields, notice, resume: event === 'release' }, parts)
      },
    })
  }

  function assertOwner(row: StoredHandoff, caller: Caller): void {
    if (row.agent_id !== caller.id && !roleAtLeast(caller.role, 'admin')) throw conflict(row, queue)
  }

  async function assertAgent(id: string): Promise<void> {
    await refreshAgent(id)
    const agent = queue.agent(id)
    if (!agent) throw new OperationError('NOT_FOUND', 'There is no such agent.')
    if (agent.presence === 'offline')
      throw new OperationError('CONFLICT', 'This agent is not there.', { agent })
  }

  /** What an agent does with a handoff. */
  async function changeAsAgent(
    handoffId: string,
    call: Call,
    { key, input, decide }: { key: string; input: unknown[]; decide(draft: Draft): Moved },
  ): Promise<Handoff> {
    const caller = personOf(call)
    const [found] = await Promise.all([storage.find(handoffId), refreshAgent(caller.id)])
    if (!found?.conversation_id) throw noSuchHandoff()
    return changeOwner(found.conversation_id, {
      actor: actorOf(call),
      sender: { id: caller.id, key, fingerprint: fingerprintOf('handoff', handoffId, ...input) },
      decide(draft) {
        // A later one of the same conversation is another matter.
        if (presentHandoff(draft)?.id !== handoffId) throw conflict(found, queue)
        return decide(draft)
      },
    })
  }

  /** Reads an agent whom this node may not have heard of yet. */
  async function refreshAgent(id: string): Promise<void> {
    if (!queue.agent(id)) await storage.ensureAgent(id)
    const row = await storage.findAgent(id)
    if (row) queue.applyAgent(row)
  }

  function refusalError(refusal: Refusal): OperationError {
    if (refusal.kind === 'crowded')
      return new OperationError('RATE_LIMITED', 'Many people of this network have asked for a person.', {
        retry_after_ms: refusal.waitMs,
      })
    return new OperationError('CONFLICT', 'You are waiting for a person in another conversation.', {
      handoff: toHandoff(refusal.pending, queue),
    })
  }

  /** The present handoff of a conversation, or the last; one that never changed hands has none. */
  async function handoffOf(
    head: Pick<ConversationRow, 'id' | 'epoch'>,
    caller: Caller,
  ): Promise<Handoff | null> {
    const row = head.epoch > 0 ? await storage.lastOf(head.id) : null
    return row && projectHandoff(toHandoff(row, queue), caller.audience)
  }

  return {
    handlers,
    ...createTriggers(deps, commands),
    closeHandoff(draft: Draft, byStaff: boolean): void {
      if (presentHandoff(draft)) move(draft, { event: 'close' }, parts)
      const content = words[draft.head.language].ended
      if (byStaff) draft.addMessage({ role: 'system', content, status: 'complete' })
    },
    applyCommitted: commands.applyCommitted,
    /** After the commit of what a request in a message decided. */
    followUpHandoff: commands.followUp,
    handoffOf,
    agent: (id: string) => agentOf(id, queue),
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

/** Part of a change: the visitor's word on the talk that has ended. */
function rate(draft: Draft, rating: number, comment: string | null, queue: Queue): Handoff {
  const row = presentHandoff(draft)
  if (row?.status !== 'resolved') throw conflict(row, queue)
  const rated = { ...row, rating, rating_comment: comment }
  stageHandoff(draft, rated)
  const handoff = toHandoff(rated, queue)
  draft.emit('handoff:changed', { handoff, mode: draft.head.mode, epoch: draft.head.epoch, at: draft.at })
  return handoff
}
