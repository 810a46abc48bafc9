import type { Message } from '#protocol'
import type { Metrics } from '../../../observability/metrics.ts'
import type { ReplyJob } from './job.ts'

/** An answer that this node writes. */
export interface RunningReply {
  job: ReplyJob
  ended: Promise<Message | null>
}

export type RunningReplies = ReturnType<typeof createRunningReplies>

/** The answers that this node writes, by message id. */
export function createRunningReplies(metrics: Pick<Metrics, 'replying'>) {
  const replies = new Map<string, RunningReply>()
  return {
    get: (messageId: string) => replies.get(messageId),
    has: (messageId: string) => replies.has(messageId),
    values: () => replies.values(),
    inConversation: (conversationId: string) =>
      [...replies.values()].filter(({ job }) => job.reply.conversation_id === conversationId),
    add(entry: RunningReply): void {
      replies.set(entry.job.reply.id, entry)
      metrics.replying.set(replies.size)
    },
    remove(messageId: string): void {
      replies.delete(messageId)
      metrics.replying.set(replies.size)
    },
    /** Those that are begun meanwhile too. */
    async ended(): Promise<void> {
      while (replies.size > 0) await Promise.all([...replies.values()].map(entry => entry.ended))
    },
  }
}
