import type { LeasedReply, LeaseStorage } from '#storage/realtime/leases'
import { repeat } from '../../../jobs/schedule.ts'
import type { Log } from '../../../observability/log.ts'
import { LeaseLost, type ReplyJob } from './job.ts'
import type { RunningReplies } from './running.ts'

export interface LeaseParts {
  storage: LeaseStorage
  running: Pick<RunningReplies, 'has' | 'values'>
  /** Nobody writes it any more. */
  failReply(reply: LeasedReply): Promise<void>
  /** Another node gave it away, and this one has its lease now. */
  adopt(reply: LeasedReply): Promise<void>
  log: Log
}

const checkpointMs = 250
/** A text that did not grow is still checkpointed this often: it keeps the lease alive. */
const leaseMs = 1000
const sweepMs = 1000
const sweepMax = 100

/** Holds the leases of this node's answers, and looks for answers that are nobody's. */
export function maintainLeases({ storage, running, failReply, adopt, log }: LeaseParts) {
  const saved = new WeakMap<ReplyJob, { length: number; at: number }>()

  /** Law R1: one statement for all answers of this node. Those the database no longer counts as ours are let go. */
  async function checkpoint(): Promise<void> {
    const now = performance.now()
    const unsaved = [...running.values()].flatMap(({ job }) => {
      const last = saved.get(job)
      return last?.length === job.delivery.sent.length && now - last.at < leaseMs ? [] : job
    })
    if (unsaved.length === 0) return
    const texts = unsaved.map(({ reply, delivery }) => ({
      message_id: reply.id,
      conversation_id: reply.conversation_id,
      content: delivery.sent,
    }))
    const owned = new Set(await storage.checkpoint(texts))
    unsaved.forEach((job, index) => {
      saved.set(job, { length: texts[index]!.content.length, at: now })
      if (!owned.has(job.reply.id) && running.has(job.reply.id)) job.abort(new LeaseLost())
    })
  }

  /** Law R4: an answer that was given away is written on, one whose node died ends as a visible failure. */
  async function sweep(): Promise<void> {
    for (const reply of await storage.adoptReleased(sweepMax)) await adopt(reply)
    for (const reply of await storage.abandoned(sweepMax))
      if (!running.has(reply.message_id)) await failReply(reply)
  }

  const stopCheckpoints = repeat(checkpoint, checkpointMs, log)
  const stopSweeps = repeat(sweep, sweepMs, log)

  return {
    /** What others left is theirs from now on. */
    stopSweeps,
    /** Stops the answers that are still being written here, and gives them to whoever comes, with all that was shown. */
    async releaseAll(): Promise<void> {
      await stopCheckpoints()
      const left = [...running.values()].map(({ job }) => job)
      if (left.length === 0) return
      for (const job of left) job.delivery.pause()
      await checkpoint()
      for (const job of left) job.abort(new LeaseLost())
      await storage.release(left.map(({ reply }) => reply.id))
      log.info({ message_ids: left.map(({ reply }) => reply.id) }, 'answers handed over')
    },
  }
}
