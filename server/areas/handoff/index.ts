import {
  type Conversation,
  conversationNotFound,
  type EventPayload,
  type Handoff,
  OperationError,
  roleAtLeast,
  toPage,
} from '#protocol'
import type { handoffOperations } from '#protocol/handoff'
import type { Head, StoredMessage } from '#storage/conversation'
import type { HandoffStorage, StoredHandoff } from '#storage/handoff'
import { type Caller, type Handlers, type Person, personOf } from '../../call.ts'
import { type Draft, fingerprintOf, type Journal } from '../../journal.ts'
import type { Log } from '../../log.ts'
import { projectHandoff } from '../../projection.ts'
import { assertMayRead } from '../access.ts'
import { createDuty } from './duty.ts'
import { agentOf, conflict, type Move, type Moved, type MoveParts, move, toHandoff } from './move.ts'
import { createPresence, type PresenceTimings } from './presence.ts'
import { Queue } from './queue.ts'
import { createWatch, type WatchParts } from './watch.ts'
import { words } from './words.ts'

export interface HandoffTimings extends PresenceTimings {
  /** How often the node on duty looks for what is due, in milliseconds. */
  dutyMs: number
}

export const handoffTimings: HandoffTimings = { leaseS: 8, heartbeatMs: 2000, dutyMs: 1000 }

export interface HandoffDeps
  extends Omit<MoveParts, 'queue'>,
    Pick<WatchParts, 'toStaff' | 'toConversation' | 'isHeard'> {
  storage: HandoffStorage
  journal: Journal
  nodeId: string
  timings: HandoffTimings
  /** The change was refused after all: the answer goes on. */
  unhaltReply(messageId: string): void
  /** After the commit: has an answer written. */
  runReply(reply: StoredMessage): void
  findHead(conversationId: string): Promise<Head | null>
  /** As staff see them. */
  describe(conversationIds: string[]): Promise<Map<string, Conversation>>
  /** Tells the other nodes that the queue or somebody's presence has changed. */
  tellNodes(): void
  log: Log
}

/** How many conversations an agent is assigned who did not say. */
const defaultCapacity = 3
const raised = 3

export function handoffArea(deps: HandoffDeps) {
  const { storage, journal } = deps
  const queue = new Queue(defaultCapacity)
  const watch = createWatch({ ...deps, queue })
  const parts: MoveParts = { ...deps, queue }
  const presence = createPresence({ ...deps, changed })
  const duty = createDuty({
    ...deps,
    everyMs: deps.timings.dutyMs,
    gone: changed,
    lose: row => byItself(row, 'lose'),
    fall: row => byItself(row, 'expire'),
  })

  /** The queue or somebody's presence is not what it was: told here and everywhere. */
  function changed(): void {
    watch.poke()
    deps.tellNodes()
  }

  const handlers: Handlers<typeof handoffOperations> = {
    async 'handoff:request'({ conversation_id, key, reason }, call) {
      const caller = personOf(call)
      const handoff = await change(conversation_id, {
        sender: { id: caller.id, key, fingerprint: fingerprintOf('handoff:request', reason) },
        decide(draft) {
          assertMayRead(draft.head, caller)
          if (draft.head.status === 'closed')
            throw new OperationError('CONFLICT', 'The conversation is closed.', { status: 'closed' })
          return request(draft, { reason: reason ?? null })
        },
      })
      return { handoff: projectHandoff(handoff, call.caller.audience) }
    },

    async 'handoff:get'({ conversation_id }, call) {
      const head = await deps.findHead(conversation_id)
      if (!head) throw conversationNotFound()
      assertMayRead(head, call.caller)
      return { handoff: await handoffOf(head, call.caller) }
    },

    async 'handoff:cancel'({ conversation_id }, call) {
      const handoff = await change(conversation_id, {
        decide(draft) {
          assertMayRead(draft.head, call.caller)
          const tell = words[draft.head.language]
          const said = draft.handoff?.status === 'active' ? tell.left : tell.cancelled
          return move(draft, { event: 'cancel', said, resume: true }, parts)
        },
      })
      return { handoff: projectHandoff(handoff, call.caller.audience) }
    },

    async 'queue:list'({ status, mine, ...paging }, call) {
      const { rows, total } = await storage.list({
        ...paging,
        status,
        agentId: mine ? call.caller.id : null,
      })
      const conversations = await deps.describe(rows.map(row => row.conversation_id!))
      const items = rows.flatMap(row => {
        const conversation = conversations.get(row.conversation_id!)
        return conversation ? [{ ...toHandoff(row, queue), conversation }] : []
      })
      return toPage(items, total, paging)
    },

    async 'handoff:accept'({ handoff_id, key }, call) {
      const caller = personOf(call)
      const handoff = await onDesk(handoff_id, caller, {
        key,
        input: [],
        decide(draft) {
          const row = draft.handoff!
          if (row.status === 'active' && row.agent_id === caller.id)
            return { handoff: toHandoff(row, queue), reply: null }
          return take(draft, 'accept', caller.id)
        },
      })
      return { handoff }
    },

    async 'handoff:complete'({ handoff_id, key, to = 'ai', ...said }, call) {
      return { handoff: await giveUp(handoff_id, personOf(call), { key, to, ...said, event: 'complete' }) }
    },

    async 'handoff:release'({ handoff_id, key, to = 'queue', ...said }, call) {
      return { handoff: await giveUp(handoff_id, personOf(call), { key, to, ...said, event: 'release' }) }
    },

    async 'presence:set'({ presence, capacity }, call) {
      const { id } = personOf(call)
      await storage.setPresence(id, presence, capacity ?? null)
      await learn(id)
      changed()
      return { agent: agentOf(id, queue) }
    },

    'presence:list': () => ({ agents: queue.agents() }),
  }

  /** Part of a change: somebody is asked for. */
  function request(draft: Draft, fields: Partial<StoredHandoff>, inReplyTo?: string): Moved {
    const tell = words[draft.head.language]
    const said = queue.counts().online_agents > 0 ? tell.waiting : tell.nobody
    return move(draft, { event: 'request', fields, said, inReplyTo }, parts)
  }

  function take(draft: Draft, event: 'accept' | 'transfer', agentId: string): Moved {
    const { name } = agentOf(agentId, queue)
    const said = words[draft.head.language][event === 'accept' ? 'accepted' : 'transferred'](name)
    return move(draft, { event, fields: { agent_id: agentId }, said }, parts)
  }

  /** Its agent is done with a conversation, or gives it to the queue, a team or a colleague. */
  async function giveUp(
    handoffId: string,
    caller: Person,
    given: { key: string; to: string; note?: string; tags?: string[]; event: 'complete' | 'release' },
  ): Promise<Handoff> {
    const { key, to, note, tags, event } = given
    const isPlace = to === 'ai' || to === 'queue'
    if (!isPlace) await assertAgent(to)
    return onDesk(handoffId, caller, {
      key,
      input: [event, to, note, tags],
      decide(draft) {
        const fields = { ...(note && { note }), ...(tags && { tags }) }
        const tell = words[draft.head.language]
        if (draft.handoff!.status === 'active') assertOwner(draft.handoff!, caller)
        if (!isPlace) return take(draft, 'transfer', to)
        if (to === 'queue') return move(draft, { event: 'release', fields, said: tell.requeued }, parts)
        const said = event === 'complete' ? tell.completed : tell.returned
        return move(draft, { event: 'complete', fields, said, resume: event === 'release' }, parts)
      },
    })
  }

  function assertOwner(row: StoredHandoff, caller: Caller): void {
    if (row.agent_id !== caller.id && !roleAtLeast(caller.role, 'admin')) throw conflict(row, queue)
  }

  async function assertAgent(id: string): Promise<void> {
    await learn(id)
    const agent = queue.agent(id)
    if (!agent) throw new OperationError('NOT_FOUND', 'There is no such agent.')
    if (agent.presence === 'offline')
      throw new OperationError('CONFLICT', 'This agent is not there.', { agent })
  }

  /** What an agent does with a handoff. */
  async function onDesk(
    handoffId: string,
    caller: Person,
    { key, input, decide }: { key: string; input: unknown[]; decide(draft: Draft): Moved },
  ): Promise<Handoff> {
    const [found] = await Promise.all([storage.find(handoffId), learn(caller.id)])
    if (!found?.conversation_id) throw noSuchHandoff()
    return change(found.conversation_id, {
      sender: { id: caller.id, key, fingerprint: fingerprintOf('handoff', handoffId, ...input) },
      decide(draft) {
        // A later one of the same conversation is another matter.
        if (draft.handoff?.id !== handoffId) throw conflict(found, queue)
        return decide(draft)
      },
    })
  }

  /** One change of a conversation's owner, committed; then what it began. */
  async function change(
    conversationId: string,
    {
      sender,
      decide,
    }: { sender?: { id: string; key: string; fingerprint: string }; decide(draft: Draft): Moved },
  ): Promise<Handoff> {
    let halted: string | undefined
    try {
      const { handoff, reply } = await journal.append<Moved>({
        conversationId,
        handoff: true,
        sender,
        decide(draft) {
          const moved = decide(draft)
          halted = draft.updated[0]?.id
          return moved
        },
        repeated: payload => ({ handoff: (payload as EventPayload<'handoff:changed'>).handoff, reply: null }),
      })
      if (reply) deps.runReply(reply)
      changed()
      return handoff
    } catch (error) {
      if (halted) deps.unhaltReply(halted)
      throw error
    }
  }

  /** What nobody asked for: back to the queue in front, or back to the AI. Late means that it is no longer so. */
  async function byItself({ id, conversation_id }: StoredHandoff, event: 'lose' | 'expire'): Promise<void> {
    try {
      await change(conversation_id!, {
        decide(draft) {
          if (draft.handoff?.id !== id) throw noSuchHandoff()
          const tell = words[draft.head.language]
          const happens: Record<typeof event, Move> = {
            lose: { event, fields: { priority: raised }, said: tell.lost },
            expire: { event, said: tell.timeout, resume: true },
          }
          return move(draft, happens[event], parts)
        },
      })
    } catch (error) {
      if (!(error instanceof OperationError)) throw error
    }
  }

  /** Reads an agent whom this node may not have heard of yet. */
  async function learn(id: string): Promise<void> {
    if (!queue.agent(id)) await storage.ensureAgent(id)
    const row = await storage.findAgent(id)
    if (row) queue.takeAgent(row)
  }

  /** The present handoff of a conversation, or the last; one that never changed hands has none. */
  async function handoffOf(head: Pick<Head, 'id' | 'epoch'>, caller: Caller): Promise<Handoff | null> {
    const row = head.epoch > 0 ? await storage.lastOf(head.id) : null
    return row && projectHandoff(toHandoff(row, queue), caller.audience)
  }

  return {
    handlers,
    handoffOf,
    agent: (id: string) => agentOf(id, queue),
    onlineAgents: () => queue.counts().online_agents,
    joined: presence.joined,
    /** Another node said that something has changed. */
    heard: watch.poke,
    start: watch.refresh,
    async close(): Promise<void> {
      presence.close()
      await duty.close()
      await watch.close()
    },
  }
}

function noSuchHandoff(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such handoff.')
}
