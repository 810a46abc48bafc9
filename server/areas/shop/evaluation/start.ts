import type { Actor } from '#storage/identity/audit'
import type { JobStorage } from '#storage/platform/jobs'
import type { RunRow } from '#storage/shop/evaluation-run'
import { derivation } from '../../../answering/retrieval/derivation.ts'
import { serverActor } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { createJobRunner } from '../../../jobs/runner.ts'
import { repeat } from '../../../jobs/schedule.ts'
import type { Log } from '../../../observability/log.ts'
import { evaluationJob, type RunDeps } from './run.ts'

export interface StarterDeps extends RunDeps {
  jobs: JobStorage
  /** The one that the environment names. */
  model(): { provider: string; model: string }
  log: Log
}

/** A change is followed by a run once it has stood still from one look to the next. */
const lookMs = 20_000

/** Begins runs, when somebody says so or something has changed, and does them. */
export function createRunStarter(deps: StarterDeps, isAutomatic: () => boolean) {
  const { storage, jobs, model, publishChange, log } = deps
  let seen: string | null = null
  let stopLooking: (() => Promise<void>) | undefined
  const runner = createJobRunner({
    storage: jobs,
    kinds: { evaluation: evaluationJob(deps) },
    onProgress() {},
    async onDrained() {},
    warn: (text, fields = {}) => log.warn(fields, text),
  })

  async function readBasis() {
    const { digest, ...basis } = await storage.basis()
    const { provider, model: name } = model()
    return { ...basis, digest: `${digest} ${derivation} ${provider} ${name}` }
  }

  async function start(
    trigger: RunRow['trigger'],
    startedBy: string | null,
    actor: Actor,
  ): Promise<RunRow | null> {
    const { digest } = await readBasis()
    const run = await storage.startRun(
      { id: newId(), trigger, started_by: startedBy, basis: digest, jobId: newId() },
      actor,
    )
    if (!run) return null
    publishChange(run.id)
    runner.wake()
    return run
  }

  /** Begins a run where answers rest on something else than in the last one, and did so at the last look already. */
  async function startIfChanged(): Promise<void> {
    await storage.endLostRuns()
    if (!isAutomatic()) return
    const { digest, is_settled, last, cases } = await readBasis()
    const isStill = digest === seen
    seen = digest
    if (isStill && is_settled && cases > 0 && digest !== last) await start('change', null, serverActor)
  }

  return {
    start,
    startIfChanged,
    async open(): Promise<void> {
      await storage.endLostRuns()
      runner.start()
      stopLooking ??= repeat(startIfChanged, lookMs, log)
    },
    async close(): Promise<void> {
      await stopLooking?.()
      await runner.stop()
    },
  }
}
