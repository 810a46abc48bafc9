import { type Message, OperationError } from '#protocol'
import type { replyOperations } from '#protocol/chat/reply'
import type { StoredMessage } from '#storage/chat/message'
import { assertMayWrite, noSuchMessage, requireReadableMessage } from '../../../core/access.ts'
import type { Handlers } from '../../../core/call.ts'
import { projectMessage } from '../../../core/projection.ts'
import { toWire } from '../../../realtime/journal/draft.ts'
import { ignoreLeaseLost } from './decide.ts'
import type { ReplyDeps } from './deps.ts'
import { Stopped } from './job.ts'
import type { RunningReplies } from './running.ts'

/** How long another node has to end an answer it was told to stop; then the database ends it. */
const stopRemoteMs = 400

interface StopParts extends Pick<ReplyDeps, 'storage' | 'stopRemoteReply'> {
  running: RunningReplies
  /** Stores that an answer ended here though nobody writes it. */
  endReply(
    reply: { id: string; conversation_id: string },
    ending: { status: 'stopped' },
  ): Promise<{ message: Message; next: StoredMessage | null }>
  run(reply: StoredMessage): void
}

export function stopHandler({
  storage,
  running,
  stopRemoteReply,
  endReply,
  run,
}: StopParts): Handlers<typeof replyOperations>['reply:stop'] {
  async function stopReply(reply: StoredMessage, requestId: string): Promise<Message | null> {
    const local = stopRunning(reply.id)
    if (local) return local
    if (await stopRemotely(reply, requestId)) return null
    // It may have been taken up here meanwhile, and readers shown more than is stored.
    const adopted = stopRunning(reply.id)
    if (adopted) return adopted
    const ended = await endReply(
      { id: reply.id, conversation_id: reply.conversation_id },
      { status: 'stopped' },
    ).catch(ignoreLeaseLost)
    if (ended?.next) run(ended.next)
    return ended?.message ?? null
  }

  function stopRunning(messageId: string): Promise<Message | null> | undefined {
    const entry = running.get(messageId)
    entry?.job.abort(new Stopped())
    return entry?.ended
  }

  /** Whether the node that writes it has ended it: it knows more of the text than the database does. */
  async function stopRemotely({ id, conversation_id }: StoredMessage, requestId: string): Promise<boolean> {
    stopRemoteReply(conversation_id, id, requestId)
    for (let waited = 0; waited < stopRemoteMs; waited += 50) {
      await new Promise(resolve => setTimeout(resolve, 50))
      const now = await storage.find(id)
      if (now?.message.status !== 'streaming') return true
    }
    return false
  }

  return async ({ message_id }, call) => {
    const { head, message } = await requireReadableMessage(storage.find, message_id, call.caller)
    assertMayWrite(head, call.caller)
    if (message.role !== 'assistant') throw new OperationError('CONFLICT', 'Only an answer can be stopped.')
    const stopped = message.status === 'streaming' ? await stopReply(message, call.requestId) : null
    const current = stopped ?? (await storage.find(message_id))?.message
    if (!current) throw noSuchMessage()
    return {
      message: projectMessage(
        'epoch' in current ? toWire(current as StoredMessage) : current,
        call.caller.audience,
      ),
    }
  }
}
