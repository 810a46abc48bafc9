import type { JobRow, JobStorage } from '#storage/platform/jobs'
import { createPerformer } from './perform.ts'

/** How a piece of work says how far it is, from 0 to 1, and learns that it should stop. */
export interface Work {
  signal: AbortSignal
  report(progress: number): void
}

export interface JobKind {
  /** Begun again from the start after an interruption. @param subject what it works on, e.g. a document's id */
  perform(subject: string | null, work: Work): Promise<void>
  /** It failed for good. @param reason in words that people may read */
  onFailed?(subject: string | null, reason: string): Promise<void>
}

export interface JobRunnerParts {
  storage: JobStorage
  kinds: Readonly<Record<string, JobKind>>
  /** A job is further, or has ended. */
  onProgress(job: JobRow): void
  /** No job is left; so many were done in a row. */
  onDrained(done: number): Promise<void>
  /** One line for the operator: constant text, ids in `fields`. */
  warn(text: string, fields?: Record<string, unknown>): void
}

/** How often a process with nothing to do looks for what a dead one left behind. */
const jobPollMs = 10_000

/** Takes jobs of its kinds one after another for as long as it is started; another node may take the next one. */
export function createJobRunner({ storage, kinds, onProgress, onDrained, warn }: JobRunnerParts) {
  const stopping = new AbortController()
  const ownKinds = Object.keys(kinds)
  const perform = createPerformer({ storage, kinds, onProgress, warn }, stopping.signal)
  let running: Promise<void> | null = null
  let endPause: (() => void) | null = null

  /** Does what may be done now, and returns when nothing is left. */
  async function drain(): Promise<void> {
    let done = 0
    while (!stopping.signal.aborted) {
      const job = await storage.claim(ownKinds)
      if (!job) break
      await perform(job)
      done++
    }
    await onDrained(done)
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      let waitMs = jobPollMs
      try {
        await drain()
        await storage.prune()
        waitMs = Math.min(jobPollMs, (await storage.nextInMs(ownKinds)) ?? jobPollMs)
      } catch (error) {
        if (!stopping.signal.aborted) warn('Jobs cannot be taken.', { error })
      }
      await pause(Math.max(waitMs, 100))
    }
  }

  function pause(ms: number): Promise<void> {
    if (stopping.signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      timer.unref()
      endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    drain,
    start() {
      running ??= run()
    },
    /** There is a new job. */
    wake() {
      endPause?.()
    },
    /** Ends within a batch's time; what was being done is left to be taken again. */
    async stop(): Promise<void> {
      stopping.abort()
      endPause?.()
      await running
    },
  }
}
