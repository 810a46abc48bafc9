import type { Message } from '#protocol'
import type { StoredMessage } from '#storage/chat/message'
import type { ReadContext } from './context.ts'
import * as decide from './decide.ts'
import type { ReplyDeps } from './deps.ts'
import { type Ending, type JobParts, LeaseLost, ReplyJob } from './job.ts'
import { retryUntilAvailable, retryUntilStored } from './retry.ts'
import type { RunningReplies, RunningReply } from './running.ts'

export interface WriterParts {
  running: RunningReplies
  readContext: ReadContext
  /** An answer has begun here. */
  onBegun(entry: RunningReply): void
  /** From then on what is begun is given away, and what could not be stored is. */
  closed: AbortSignal
}

/** Writes answers on this node, each to a stored end, and the next where questions waited behind it. */
export function createWriter(deps: ReplyDeps, { running, readContext, onBegun, closed }: WriterParts) {
  const { journal, metrics, log } = deps
  let offerHandoffIfNeeded: (answer: Message, before: StoredMessage[]) => Promise<void> = async () => {}

  const parts: Omit<JobParts, 'isStored' | 'read' | 'startOver'> = {
    ...deps,
    retrieve: question => retryUntilAvailable(() => deps.retrieve(question), closed),
    readGuidance: id => retryUntilAvailable(() => deps.readGuidance(id), closed),
    followCommands: message => retryUntilAvailable(() => deps.followCommands(message), closed),
    onFirstText: seconds => metrics.firstToken.observe(seconds),
  }

  /** @param question the newest that it answers, where that is at hand */
  function run(reply: StoredMessage, question?: StoredMessage): void {
    if (closed.aborted) {
      releaseReply(reply)
      return
    }
    const only = question?.seq === 1 ? [question] : undefined
    const read = () =>
      retryUntilAvailable(() => readContext(reply.conversation_id, reply.seq, only, reply), closed)
    const job = new ReplyJob(reply, { ...parts, isStored: true, read, startOver: () => startOver(reply) })
    const entry: RunningReply = { job, ended: finish(job) }
    running.add(entry)
    deps.openChannel(reply.conversation_id)
    onBegun(entry)
  }

  function releaseReply({ id }: StoredMessage): void {
    deps.leases.release([id]).catch(error => log.warn({ message_id: id, error }, 'answer not handed over'))
  }

  /** Never rejects; null when the answer was lost to somebody else. */
  async function finish(job: ReplyJob): Promise<Message | null> {
    try {
      const { message, next } = await commitEnding(job, await job.write())
      if (next) run(next)
      else
        offerHandoffIfNeeded(message, job.context?.messages ?? []).catch(error => {
          log.warn({ message_id: message.id, error }, 'no offer considered')
        })
      return message
    } catch (error) {
      // It may have been ended by us, in a transaction that was given up too early: then nobody was told.
      deps.recheckLater([job.reply.conversation_id])
      if (!(error instanceof LeaseLost))
        log.error({ request_id: job.requestId, message_id: job.reply.id, error }, 'reply not stored')
      return null
    } finally {
      running.remove(job.reply.id)
      deps.closeChannel(job.reply.conversation_id)
    }
  }

  async function commitEnding(job: ReplyJob, ending: Ending) {
    const { reply } = job
    const result = await retryUntilStored(() => endReply(reply, ending, { begun: reply }), closed)
    const { status, degraded, usage } = ending
    metrics.replies.inc({ status, provider: usage?.provider_id ?? 'none', degraded: String(degraded) })
    log.info(endingFields(job, ending), 'answered')
    return result
  }

  /** Ends an answer in a stored, visible state (law R4), and begins the next where questions waited behind it. */
  function endReply(
    reply: { id: string; conversation_id: string },
    ending: Partial<Ending> & Pick<Ending, 'status'>,
    /** As it was begun on this node, or what readers here were given by another. */
    { begun, shown = null }: { begun?: StoredMessage; shown?: string | null } = {},
  ) {
    return journal.append({
      conversationId: reply.conversation_id,
      messageId: reply.id,
      message: begun,
      decide: draft => decide.end(draft, reply.id, ending, shown),
    })
  }

  /** It is written on in other words than readers were given: they begin anew. */
  async function startOver({ id, conversation_id }: StoredMessage): Promise<void> {
    await journal.append({
      conversationId: conversation_id,
      messageId: id,
      decide: draft => decide.startOver(draft, id),
    })
  }

  return {
    run,
    endReply,
    /** An answer written here has ended, after these messages: it may be time to offer a person. */
    onAnswered(offer: typeof offerHandoffIfNeeded): void {
      offerHandoffIfNeeded = offer
    },
  }
}

function endingFields({ requestId, reply }: ReplyJob, { status, degraded, usage, error }: Ending) {
  return {
    request_id: requestId,
    conversation_id: reply.conversation_id,
    message_id: reply.id,
    status,
    degraded,
    provider: usage?.provider_id,
    first_token_ms: usage?.first_token_ms,
    duration_ms: usage?.duration_ms,
    code: error?.code,
    reason: error?.reason,
  }
}
