import type { replyOperations } from '#protocol/chat/reply'
import { requireReadableMessage } from '../../../core/access.ts'
import type { Handlers } from '../../../core/call.ts'
import type { ReplyDeps } from './deps.ts'
import type { RunningReplies } from './running.ts'

export function rejoinHandler(
  { storage, remoteText }: Pick<ReplyDeps, 'storage' | 'remoteText'>,
  running: RunningReplies,
): Handlers<typeof replyOperations>['reply:rejoin'] {
  return async ({ message_id, offset }, call) => {
    const own = running.get(message_id)
    if (!own || !call.listens(own.job.reply.conversation_id)) {
      const { head } = await requireReadableMessage(storage.find, message_id, call.caller)
      await call.listen(head.id)
    }
    const entry = running.get(message_id)
    if (entry) {
      // In one go: what is sent next follows what is answered now (law R2).
      const { delivery } = entry.job
      return { text: delivery.sent.slice(offset), offset, status: 'streaming' }
    }
    // Read after joining: if it ended in between, this already says so.
    const { message } = await requireReadableMessage(storage.find, message_id, call.caller)
    const remote =
      message.status === 'streaming'
        ? await remoteText(message.conversation_id, message_id, call.requestId)
        : null
    if (remote !== null) return { text: remote.slice(offset), offset, status: 'streaming' }
    return { text: message.content.slice(offset), offset, status: message.status }
  }
}
