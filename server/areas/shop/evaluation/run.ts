import type { CaseRow, EvaluationStorage } from '#storage/shop/evaluation'
import { yieldToLoop } from '../../../core/turns.ts'
import type { JobKind } from '../../../jobs/runner.ts'
import { judgeAnswer } from './judge.ts'
import type { WriteAnswer } from './ports.ts'

export interface RunDeps {
  storage: EvaluationStorage
  preview: WriteAnswer
  /** Tells staff that a run is further. */
  publishChange(runId: string | null): void
}

/** Asks the questions of a run, one after another; begun again after an interruption it goes on where it was. */
export function evaluationJob({ storage, preview, publishChange }: RunDeps): JobKind {
  return {
    async perform(runId, work) {
      const run = await storage.resumeRun(runId!)
      if (!run) return
      for (let count = run.asked; ; count++) {
        work.report(Math.min(count / run.cases, 1))
        const next = await storage.nextCase(run.id)
        if (!next) break
        const answer = await preview(questionOf(next), run.started_by, work.signal, historyOf(next))
        work.signal.throwIfAborted()
        await storage.addResult(run.id, judgeAnswer(next, answer))
        publishChange(run.id)
        await yieldToLoop()
      }
      await storage.endRun(run.id, 'done')
      publishChange(run.id)
    },
    async onFailed(runId, reason) {
      await storage.endRun(runId!, 'error', { error: reason })
      publishChange(runId)
    },
  }
}

function questionOf({ question, earlier, language, product_id }: CaseRow) {
  return {
    text: question,
    earlier: earlier.map(turn => turn.question),
    language,
    context: product_id === null ? {} : { product_id },
  }
}

function historyOf({ earlier }: CaseRow) {
  return earlier.flatMap(({ question, answer }) => [
    { role: 'user' as const, text: question },
    { role: 'assistant' as const, text: answer },
  ])
}
