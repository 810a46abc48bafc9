import type { EventPayload } from '#protocol'

/** The answers that this node writes. */
export interface LocalReplies {
  hasReplyIn(conversationId: string): boolean
  /** What readers were given of the answer of this id; null where another node writes it. */
  localText(messageId: string): string | null
  /** Another node was told to end an answer that may be written here. */
  stopLocalReply(messageId: string, requestId: string): void
  /** A conversation changed hands: an answer written here may have to end. */
  applyHandoff(changed: EventPayload<'handoff:changed'>): void
}

/** None, until those who write answers are attached. */
export function attachableReplies(): LocalReplies & { attach(replies: LocalReplies): void } {
  let attached: LocalReplies | null = null
  return {
    hasReplyIn: conversationId => attached?.hasReplyIn(conversationId) ?? false,
    localText: messageId => attached?.localText(messageId) ?? null,
    stopLocalReply: (messageId, requestId) => attached?.stopLocalReply(messageId, requestId),
    applyHandoff: changed => attached?.applyHandoff(changed),
    attach(replies) {
      attached = replies
    },
  }
}
