import { type EventPayload, type Message, OperationError } from '#protocol'
import type { replyOperations } from '#protocol/chat/reply'
import type { MessageStorage, StoredMessage } from '#storage/chat/message'
import { DatabaseUnavailable } from '#storage/engine/transaction'
import type { LeasedReply, LeaseStorage } from '#storage/realtime/leases'
import type { FindConversation } from '../../../core/access.ts'
import type { Handlers } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import type { Log } from '../../../observability/log.ts'
import type { Metrics } from '../../../observability/metrics.ts'
import type { Journal } from '../../../realtime/journal/append.ts'
import * as decide from './decide.ts'
import { readReplyContext } from './generate.ts'
import { type Ending, type JobParts, LeaseLost, ReplyJob, Stopped } from './job.ts'
import { maintainLeases } from './leases.ts'
import { createListeners } from './listeners.ts'
import { rejoinHandler } from './rejoin.ts'
import { stopHandler } from './stop.ts'

export interface ReplyDeps extends Omit<JobParts, 'read' | 'startOver' | 'onFirstText'> {
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
}

/** Between two attempts while the database is away. */
const databaseRetryMs = 1000
/** Messages read to find the question and what went before it. */
const historyMax = 40

/** An answer that this node writes. */
export interface RunningReply {
  job: ReplyJob
  ended: Promise<Message | null>
}

export function replyArea(deps: ReplyDeps) {
  const { storage, journal, metrics, log } = deps
  const running = new Map<string, RunningReply>()
  const listeners = createListeners({ storage, running })
  let offerHandoffIfNeeded: (answer: Message, before: StoredMessage[]) => Promise<void> = async () => {}
  /** From then on what is begun is given away, and what could not be stored is. */
  let closed = false

  const parts: Omit<JobParts, 'read' | 'startOver'> = {
    ...deps,
    retrieve: question => retryUntilAvailable(() => deps.retrieve(question)),
    onFirstText: seconds => metrics.firstToken.observe(seconds),
  }

  /** @param only everything that was said before, where that is known */
  async function readContextBefore(conversationId: string, seq: number, only?: StoredMessage[]) {
    const [messages, head] = await Promise.all([
      only ?? storage.before({ conversation_id: conversationId, before: seq, limit: historyMax }),
      journal.cachedRow(conversationId) ?? deps.findConversation(conversationId),
    ])
    return readReplyContext(messages, head ?? {})
  }

  /** @param question the newest that it answers, where that is at hand */
  function run(reply: StoredMessage, question?: StoredMessage): void {
    if (closed) {
      releaseReply(reply)
      return
    }
    const only = question?.seq === 1 ? [question] : undefined
    const read = () => retryUntilAvailable(() => readContextBefore(reply.conversation_id, reply.seq, only))
    const job = new ReplyJob(reply, { ...parts, read, startOver: () => startOver(reply) })
    const entry: RunningReply = { job, ended: finish(job) }
    running.set(reply.id, entry)
    deps.openChannel(reply.conversation_id)
    metrics.replying.set(running.size)
    listeners.attachWaiting(entry)
  }

  function releaseReply({ id }: StoredMessage): void {
    leases.release([id]).catch(error => log.warn({ message_id: id, error }, 'answer not handed over'))
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
      running.delete(job.reply.id)
      deps.closeChannel(job.reply.conversation_id)
      metrics.replying.set(running.size)
    }
  }

  async function commitEnding(job: ReplyJob, ending: Ending) {
    const { reply } = job
    const result = await retryUntilStored(() => endReply(reply, ending, { begun: reply }))
    const { status, degraded, usage } = ending
    metrics.replies.inc({ status, provider: usage?.provider_id ?? 'none', degraded: String(degraded) })
    log.info(
      {
        request_id: job.requestId,
        conversation_id: reply.conversation_id,
        message_id: reply.id,
        status,
        degraded,
        provider: usage?.provider_id,
        first_token_ms: usage?.first_token_ms,
        duration_ms: usage?.duration_ms,
        code: ending.error?.code,
        reason: ending.error?.reason,
      },
      'answered',
    )
    return result
  }

  /** A database that is away fails no answer: what it needs is read once that is there again. */
  async function retryUntilAvailable<T>(read: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await read()
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable) || closed) throw error
        await new Promise(resolve => setTimeout(resolve, databaseRetryMs).unref())
      }
    }
  }

  /** The database may be away: what readers were shown is kept until it is stored, or another node found it abandoned. */
  async function retryUntilStored<T>(store: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await store()
      } catch (error) {
        if (error instanceof LeaseLost || error instanceof OperationError) throw new LeaseLost()
        if (closed) throw error
        await new Promise(resolve => setTimeout(resolve, databaseRetryMs).unref())
      }
    }
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

  const handlers: Handlers<typeof replyOperations> = {
    'reply:stop': stopHandler({ ...deps, running, endReply, run }),
    'reply:rejoin': rejoinHandler(deps, running),
  }

  /** What readers were given of an answer that this node writes; null when it does not. */
  function localText(messageId: string): string | null {
    return running.get(messageId)?.job.delivery.sent ?? null
  }

  /** What the AI would answer now: an answer that nobody is given and nothing is stored of. Null where nothing was asked. */
  async function suggest(
    conversationId: string,
    signal: AbortSignal,
  ): Promise<(Pick<Ending, 'references'> & { text: string }) | null> {
    const context = await readContextBefore(conversationId, Number.MAX_SAFE_INTEGER)
    if (context.question.text === '') return null
    const detached = {
      retrieve: deps.retrieve,
      emitDelta() {},
      emitProgress() {},
      onFirstText() {},
      async startOver() {},
      backlog: () => 0,
    }
    const message = { id: newId(), conversation_id: conversationId, epoch: 0, content: '' } as StoredMessage
    const job = new ReplyJob(message, { ...parts, ...detached, read: async () => context })
    signal.addEventListener('abort', () => job.abort(new Stopped()))
    const { status, content, references, error } = await job.write()
    if (status !== 'complete')
      throw new OperationError('AI_SERVICE_ERROR', error?.reason ?? 'The draft was not finished.')
    return { text: content, references }
  }

  function stopLocalReply(messageId: string, requestId: string): void {
    log.debug({ request_id: requestId, message_id: messageId }, 'another node stops an answer')
    running.get(messageId)?.job.abort(new Stopped())
  }

  function hasReplyIn(conversationId: string): boolean {
    for (const { job } of running.values()) if (job.reply.conversation_id === conversationId) return true
    return false
  }

  /** The end of the answer that is being written here in a conversation; null where none is. */
  function waitForReply(conversationId: string): Promise<unknown> | null {
    for (const { job, ended } of running.values())
      if (job.reply.conversation_id === conversationId) return ended
    return null
  }

  function abortIn(conversationId: string): void {
    for (const { job } of running.values())
      if (job.reply.conversation_id === conversationId) job.abort(new LeaseLost())
  }

  /** A takeover is decided: what readers were given here of an answer, and none of it follows until `resumeDelivery`. */
  function pauseDelivery(messageId: string): ReturnType<ReplyJob['pause']> | null {
    return running.get(messageId)?.job.pause() ?? null
  }

  function resumeDelivery(messageId: string): void {
    running.get(messageId)?.job.delivery.resume()
  }

  /** Law O1: the conversation changed hands. An answer lives on where nobody else took over, under the new epoch. */
  function applyHandoff({ conversation_id, mode, epoch }: EventPayload<'handoff:changed'>): void {
    for (const { job } of running.values()) {
      if (job.reply.conversation_id !== conversation_id) continue
      if (mode === 'human') job.abort(new LeaseLost())
      else job.epoch = epoch
    }
  }

  /** Law R4: an answer whose node died ends as a visible failure, with all that readers here were given of it. */
  async function failReply({ message_id, conversation_id }: LeasedReply): Promise<void> {
    const error = { code: 'AI_SERVICE_ERROR', message: '', reason: 'The server that wrote it has ended.' }
    const shown = deps.remoteTextSoFar(conversation_id, message_id)
    const ended = await endReply(
      { id: message_id, conversation_id },
      { status: 'failed', error },
      { shown },
    ).catch(decide.ignoreLeaseLost)
    if (ended?.next) run(ended.next)
  }

  /** Writes an answer on that another node gave away. */
  async function adopt({ message_id }: LeasedReply): Promise<void> {
    const found = await storage.find(message_id)
    if (found?.message.status === 'streaming' && found.head.reply_id === message_id) run(found.message)
  }

  /** It is written on in other words than readers were given: they begin anew. */
  async function startOver({ id, conversation_id }: StoredMessage): Promise<void> {
    await journal.append({
      conversationId: conversation_id,
      messageId: id,
      decide: draft => decide.startOver(draft, id),
    })
  }

  const leases = maintainLeases({ storage: deps.leases, running, failReply, adopt, log })

  /** Those that are begun meanwhile too. */
  async function waitForAll(): Promise<void> {
    while (running.size > 0) await Promise.all([...running.values()].map(entry => entry.ended))
  }

  /** Lets answers finish for `graceMs`, then hands the rest over. */
  async function close(graceMs: number): Promise<void> {
    void leases.stopSweeps()
    const limit = new Promise(resolve => setTimeout(resolve, graceMs).unref())
    await Promise.race([waitForAll(), limit])
    closed = true
    const left = [...running.values()].map(entry => entry.ended)
    await leases.releaseAll().catch(error => log.warn({ error }, 'answers could not be handed over'))
    await Promise.all(left)
  }

  return {
    handlers,
    begin: decide.begin,
    resume: decide.resume,
    run,
    pauseDelivery,
    resumeDelivery,
    applyHandoff,
    awaitReply: listeners.awaitReply,
    suggest,
    abortIn,
    localText,
    stopLocalReply,
    hasReplyIn,
    waitForReply,
    /** An answer written here has ended, after these messages: it may be time to offer a person. */
    onAnswered(offer: typeof offerHandoffIfNeeded): void {
      offerHandoffIfNeeded = offer
    },
    close,
  }
}
