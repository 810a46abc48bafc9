import type { Message } from '#protocol'
import { conversationStorage } from '#storage/chat/conversation'
import { messageStorage } from '#storage/chat/message'
import { revocationStorage } from '#storage/identity/revocations'
import { consumerStorage } from '#storage/platform/consumer'
import { eventStorage, type StoredEvent } from '#storage/realtime/events'
import { incarnationStorage } from '#storage/realtime/incarnation'
import { journalStorage } from '#storage/realtime/journal'
import { leaseStorage } from '#storage/realtime/leases'
import { allowedOrigins } from '../config/config.ts'
import { openIncarnation } from '../core/incarnation.ts'
import type { Core } from '../core/open.ts'
import { createConsumers } from '../jobs/consumer.ts'
import { createIdentity } from '../security/identity.ts'
import { createRevocations } from '../security/revocations.ts'
import { createLimits } from '../transport/limits.ts'
import { createOriginGate } from '../transport/origin.ts'
import { sweepSessions } from '../transport/sessions.ts'
import { createSocketServer } from '../transport/socket.ts'
import { type BusParts, createBus } from './bus.ts'
import { createEmitter } from './emit.ts'
import { createHub, type HubParts } from './hub.ts'
import { createJournal } from './journal/append.ts'
import { toWire } from './journal/draft.ts'
import { joinStaff } from './staff.ts'

type SocketServer = ReturnType<typeof createSocketServer>

/** Transactions side by side; the embedded database has one connection. */
const journalShards = { embedded: 1, postgres: 2 }

export type Realtime = Awaited<ReturnType<typeof realtimeModule>>

/** What is told at once, here and on other nodes: sockets, the hub, the journal; who is signed in; what ends when the database is another. */
export async function realtimeModule(core: Core) {
  const { config, lifecycle, log, metrics, database, nodeId } = core
  const { redisUrl } = config
  const busTo = redisUrl
    ? (parts: Omit<BusParts, 'url' | 'log'>) => createBus({ ...parts, url: redisUrl, log })
    : null
  const limits = createLimits({ enabled: config.rateLimits, createBus: busTo })
  lifecycle.add(limits)

  const leases = leaseStorage(database, nodeId)
  lifecycle.add({ close: () => leases.leave().catch(() => {}) })
  const incarnation = await openIncarnation({
    storage: incarnationStorage(database, config.dataDir),
    beat: leases.beat,
    dataDir: config.dataDir,
    log,
  })
  lifecycle.add(incarnation)

  const origins = allowedOrigins(config)
  const originGate = createOriginGate(config, { log, metrics })
  const io = createSocketServer(originGate)
  const { sessions, ...signedIn } = openSessions(core, io)
  const { consumers, ...conversations } = openConversations(core, io, busTo)

  incarnation.onRenewed(() => {
    conversations.journal.evictAllRows()
    conversations.hub.restart()
    void signedIn.revocations.restart().catch(() => {})
    void consumers.renumber().catch(() => {})
    sessions.reconnectAll()
  })
  return {
    limits,
    leases,
    incarnation,
    origins,
    originGate,
    io,
    ...signedIn,
    ...conversations,
    /** Reads committed events from here on, in their order, once they are committed: to be called before the server starts. */
    addConsumer: consumers.add,
  }
}

/** Who is signed in, and what ends when that is taken back: here, and where staff are on other nodes. */
function openSessions({ config, lifecycle, log, database, clock, keyRing }: Core, io: SocketServer) {
  const revocations = createRevocations({
    storage: revocationStorage(database),
    shared: database.kind === 'postgres',
    onRevoked: () => sessions.sweep(),
    log,
  })
  lifecycle.add({ start: revocations.refresh, close: revocations.close })
  const sessions = sweepSessions({ io, revocations, clock })
  lifecycle.add({ close: sessions.close })

  // Before anything takes hold of the namespace of staff.
  const staff = joinStaff({ io, url: config.redisUrl, log })
  lifecycle.add({ close: staff.close })
  staff.onSignal('revocations', revocations.refresh)
  return {
    sessions,
    staff,
    revocations,
    identity: createIdentity({ keyRing, clock, revocations }),
    /** Ends what was taken back, on every node. */
    async refreshRevocations(): Promise<void> {
      await revocations.refresh()
      staff.signal('revocations')
    },
  }
}

/** Conversations: as they are stored, changed through the journal, and told by the hub. */
function openConversations(
  { lifecycle, log, metrics, database, databaseClock }: Core,
  io: SocketServer,
  busTo: HubParts['createBus'],
) {
  const emitter = createEmitter(io)
  const conversations = conversationStorage(database)
  const messages = messageStorage(database, conversations.find)
  const events = eventStorage(database)
  const hub = createHub({
    storage: events,
    emit: emitter.toConversation,
    hasSubscribers: emitter.hasSubscribers,
    createBus: busTo,
    metrics,
    log,
  })
  lifecycle.add({ close: hub.close })
  emitter.onRoomEmptied(hub.leave)
  const changed: (() => void)[] = []
  const consumers = createConsumers({ storage: consumerStorage(database), log })
  const journal = createJournal({
    storage: journalStorage(database),
    clock: databaseClock,
    publish(event) {
      hub.publish(event)
      consumers.committed(event.event)
      if (isOfLists(event)) for (const listener of changed) listener()
    },
    recheckLater: hub.recheckLater,
    metrics,
    shards: journalShards[database.kind],
  })
  lifecycle.add({ close: journal.idle })
  lifecycle.add(consumers)
  hub.onRemoteChange(journal.evictRow)

  const removed: ((conversationId: string) => void)[] = [journal.evictRow]
  return {
    emitter,
    conversations,
    messages,
    events,
    hub,
    journal,
    consumers,
    /** The newest messages of a conversation, ascending. */
    async newestMessages(conversation_id: string, limit: number): Promise<Message[]> {
      const before = Number.MAX_SAFE_INTEGER
      return (await messages.before({ conversation_id, before, limit })).map(toWire)
    },
    /** A conversation is gone: nothing of it is remembered, and nobody writes in it. */
    forgetConversation(id: string): void {
      for (const listener of removed) listener(id)
    },
    /** A message came or was removed, an owner changed, or what is known of a conversation. */
    onConversationChanged(listener: () => void): void {
      changed.push(listener)
    },
    onConversationRemoved(listener: (conversationId: string) => void): void {
      removed.push(listener)
    },
  }
}

/** Answers are finished, rated, corrected: lists of conversations show nothing of that. */
function isOfLists({ event, payload }: StoredEvent): boolean {
  return event !== 'message:updated' || Boolean((payload.message as Message).removed)
}
