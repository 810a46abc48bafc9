import type { EventPayload } from '#protocol'
import type { MessageStorage } from '#storage/chat/message'
import type { NoteStorage } from '#storage/desk/note'
import type { LeaseStorage } from '#storage/realtime/leases'
import type { FindConversation } from '../../../core/access.ts'
import type { Person } from '../../../core/call.ts'
import type { Log } from '../../../observability/log.ts'
import type { Metrics } from '../../../observability/metrics.ts'
import type { Journal } from '../../../realtime/journal/append.ts'
import type { JobParts } from './job.ts'

export interface ReplyDeps extends Omit<JobParts, 'isStored' | 'read' | 'startOver' | 'onFirstText'> {
  storage: Pick<MessageStorage, 'find' | 'before' | 'answerAfter'>
  findConversation: FindConversation
  leases: LeaseStorage
  journal: Journal
  /** Other nodes must be able to reach the one that writes an answer: called when it begins and when it has ended. */
  openChannel(conversationId: string): void
  closeChannel(conversationId: string): void
  /** What readers were given of an answer that another node writes; null when none says so. */
  remoteText(conversationId: string, messageId: string, requestId: string): Promise<string | null>
  stopRemoteReply(conversationId: string, messageId: string, requestId: string): void
  /** What readers here were given of an answer that another node writes, as far as it is known. */
  remoteTextSoFar(conversationId: string, messageId: string): string | null
  /** Readers here may miss events of these. */
  recheckLater(conversationIds: string[]): void
  metrics: Pick<Metrics, 'replies' | 'replying' | 'firstToken'>
  log: Log
  /** @throws OperationError PROVIDER_NOT_ACCESSIBLE, PROVIDER_INACTIVE */
  assertMayAsk(providerId: string, caller: Person): void
  guides: { add: NoteStorage['addGuide'] }
  emitNote(payload: EventPayload<'note:created'>): void
}
