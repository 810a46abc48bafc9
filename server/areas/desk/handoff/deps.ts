import type { EventPayload, Language, Message } from '#protocol'
import type { Settings, Team } from '#protocol/desk/service'
import type { StoredMessage } from '#storage/chat/message'
import type { HandoffStorage } from '#storage/desk/handoff'
import type { LeaderStorage } from '#storage/platform/leader'
import type { FindConversation } from '../../../core/access.ts'
import type { PresentationParts } from '../../../core/presentation.ts'
import type { Log } from '../../../observability/log.ts'
import type { Journal } from '../../../realtime/journal/append.ts'
import type { MoveParts } from './move.ts'
import type { PresenceTimings } from './presence.ts'
import type { QueueSyncParts } from './queue-sync.ts'

export interface HandoffTimings extends PresenceTimings {
  /** How often the leader looks for deadlines that have passed, in milliseconds. */
  leaderPollMs: number
}

export const handoffTimings: HandoffTimings = { leaseS: 8, heartbeatMs: 2000, leaderPollMs: 1000 }

export interface HandoffDeps
  extends Omit<MoveParts, 'queue'>,
    Pick<QueueSyncParts, 'toStaff' | 'toConversation' | 'hasSubscribers'> {
  storage: HandoffStorage
  leaders: LeaderStorage
  journal: Journal
  nodeId: string
  /** No other node can be there: what this one does not know of has not happened. */
  isOnlyNode: boolean
  timings: HandoffTimings
  settings(): Settings
  team(id: string): Team | null
  /** Counts one more who asks for a person, of a network: 0, or the milliseconds after which to ask again. */
  countRequest(network: string): number
  /** After the commit: what an agent wrote for whoever goes on with it stands in the conversation. */
  leaveNote(
    conversationId: string,
    author: { id: string; name: string | null },
    key: string,
    content: string,
  ): Promise<void>
  /** The change was refused after all: the answer goes on. */
  resumeDelivery(messageId: string): void
  /** After the commit: has an answer written. */
  runReply(reply: StoredMessage): void
  findConversation: FindConversation
  /** Reads conversations and their visitors. */
  conversations: PresentationParts['storage']
  /** The newest messages of a conversation, ascending. */
  newestMessages(conversationId: string, limit: number): Promise<Message[]>
  /** The sentences a configured model sums a conversation up in; null where there is none. @throws ModelError */
  sumUp(messages: Message[], question: string, language: Language): Promise<string | null>
  /** Greetings and thanks: no source is needed for the answer. */
  isSmallTalk(text: string): boolean
  /** Tells the other nodes that the queue or somebody's presence has changed. */
  publishQueueChanged(): void
  /** To the desks that look at the conversation, on every node. */
  emitWatching(payload: EventPayload<'presence:watching'>): void
  /** To everybody of the desk, on every node. */
  toAllStaff(event: 'sla:passed', payload: EventPayload<'sla:passed'>): void
  log: Log
}

/** Messages that rules and summaries look at. */
export const recentMax = 30
