import type { EventPayload } from '#protocol'
import type { Log } from '../../../observability/log.ts'
import { LeaseLost, type ReplyJob, Stopped } from './job.ts'
import type { RunningReplies } from './running.ts'

/** What the hub and the handoff learn of the answers that are written here, and how they stop, pause and end them. */
export function replyControl(running: RunningReplies, log: Log) {
  return {
    hasReplyIn: (conversationId: string) => running.inConversation(conversationId).length > 0,

    /** The end of the answer that is being written here in a conversation; null where none is. */
    waitForReply(conversationId: string): Promise<unknown> | null {
      return running.inConversation(conversationId)[0]?.ended ?? null
    },

    /** What readers were given of an answer that this node writes; null when it does not. */
    localText(messageId: string): string | null {
      return running.get(messageId)?.job.delivery.sent ?? null
    },

    /** What was heard of an answer that is written here goes into its end. */
    notePlayedText(messageId: string, text: string): void {
      const entry = running.get(messageId)
      if (entry) entry.job.reply.heard_text = text
    },

    stopLocalReply(messageId: string, requestId: string): void {
      log.debug({ request_id: requestId, message_id: messageId }, 'another node stops an answer')
      running.get(messageId)?.job.abort(new Stopped())
    },

    abortIn(conversationId: string): void {
      for (const { job } of running.inConversation(conversationId)) job.abort(new LeaseLost())
    },

    /** A takeover is decided: what readers were given here of an answer, and none of it follows until `resumeDelivery`. */
    pauseDelivery(messageId: string): ReturnType<ReplyJob['pause']> | null {
      return running.get(messageId)?.job.pause() ?? null
    },

    resumeDelivery(messageId: string): void {
      running.get(messageId)?.job.delivery.resume()
    },

    /** Law O1: the conversation changed hands. An answer lives on where nobody else took over, under the new epoch. */
    applyHandoff({ conversation_id, mode, epoch }: EventPayload<'handoff:changed'>): void {
      for (const { job } of running.inConversation(conversation_id)) {
        if (mode === 'human') job.abort(new LeaseLost())
        else job.epoch = epoch
      }
    },
  }
}
