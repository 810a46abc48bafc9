import type { replyOperations } from '#protocol/chat/reply'
import type { LeasedReply } from '#storage/realtime/leases'
import type { Handlers } from '../../../core/call.ts'
import { createContextReader } from './context.ts'
import { replyControl } from './control.ts'
import * as decide from './decide.ts'
import type { ReplyDeps } from './deps.ts'
import { guideHandler } from './guide.ts'
import { maintainLeases } from './leases.ts'
import { createListeners } from './listeners.ts'
import { createDetached, createPreview } from './preview.ts'
import { regenerateHandler } from './regenerate.ts'
import { rejoinHandler } from './rejoin.ts'
import { createRunningReplies } from './running.ts'
import { stopHandler } from './stop.ts'
import { createSuggester } from './suggest.ts'
import { createWriter } from './writer.ts'

export type { ReplyDeps } from './deps.ts'

/** Answers: begun with their question, written, streamed, stopped, and rescued where their node died. */
export function replyArea(deps: ReplyDeps) {
  const { storage, log } = deps
  const closing = new AbortController()
  const running = createRunningReplies(deps.metrics)
  const listeners = createListeners({ storage, running, remoteTextSoFar: deps.remoteTextSoFar })
  const readContext = createContextReader(deps)
  const writeDetached = createDetached(deps)
  const { run, endReply, onAnswered } = createWriter(deps, {
    running,
    readContext,
    onBegun: listeners.attachWaiting,
    closed: closing.signal,
  })
  const leases = maintainLeases({ storage: deps.leases, running, failReply, adopt, log })

  const handlers: Handlers<typeof replyOperations> = {
    'reply:stop': stopHandler({ ...deps, running, endReply, run }),
    'reply:rejoin': rejoinHandler(deps, running),
    'reply:guide': guideHandler(deps),
    'reply:regenerate': regenerateHandler({ ...deps, run }),
  }

  /** Law R4: an answer whose node died ends as a visible failure, with all that readers here were given of it. */
  async function failReply({ message_id, conversation_id }: LeasedReply): Promise<void> {
    const error = {
      code: 'AI_SERVICE_ERROR',
      message: '',
      reason: 'The server that wrote it has ended.',
    } as const
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

  /** Lets answers finish for `graceMs`, then hands the rest over. */
  async function close(graceMs: number): Promise<void> {
    void leases.stopSweeps()
    const limit = new Promise(resolve => setTimeout(resolve, graceMs).unref())
    await Promise.race([running.ended(), limit])
    closing.abort()
    const left = [...running.values()].map(entry => entry.ended)
    await leases.releaseAll().catch(error => log.warn({ error }, 'answers could not be handed over'))
    await Promise.all(left)
  }

  return {
    handlers,
    begin: decide.begin,
    resume: decide.resume,
    run,
    awaitReply: listeners.awaitReply,
    follow: listeners.follow,
    suggest: createSuggester(writeDetached, readContext),
    /** What would be answered to a question that begins a conversation, and from what. */
    preview: createPreview(writeDetached),
    onAnswered,
    ...replyControl(running, log),
    close,
  }
}
