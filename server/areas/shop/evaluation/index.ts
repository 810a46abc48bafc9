import { OperationError, toPage } from '#protocol'
import { evaluationCasesMax } from '#protocol/core/limits'
import type {
  EvaluationCase,
  EvaluationResult,
  EvaluationRun,
  evaluationOperations,
} from '#protocol/shop/evaluation'
import type { SettingStorage } from '#storage/platform/settings'
import type { CaseRow } from '#storage/shop/evaluation'
import type { ResultRow, RunRow } from '#storage/shop/evaluation-run'
import { actorOf, type Handlers, personOf } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { createSetting } from '../../../core/setting.ts'
import type { Log } from '../../../observability/log.ts'
import { createAdoption } from './adopt.ts'
import { createRunStarter, type StarterDeps } from './start.ts'

export interface EvaluationDeps extends StarterDeps {
  settings: SettingStorage
  log: Log
}

/** Questions by which the shop checks its answers, and the runs in which they are asked. */
export function evaluationArea(deps: EvaluationDeps) {
  const { storage, publishChange } = deps
  const setting = createSetting(deps.settings, 'evaluation', { automatic: false }, deps.log)
  const starter = createRunStarter(deps, () => setting.current().automatic)
  const readOrigin = createAdoption(storage)

  const handlers: Handlers<typeof evaluationOperations> = {
    async 'evaluation:cases'(query) {
      const { items, total } = await storage.cases(query)
      return toPage(items.map(toCase), total, query)
    },

    async 'evaluation:save'({ case_id, has_earlier, ...fields }, call) {
      const changes = { ...fields, ...(has_earlier === false && { earlier: [] }) }
      const options = { isNew: case_id === undefined, max: evaluationCasesMax, actor: actorOf(call) }
      const saved = await storage.saveCase(case_id ?? newId(), changes, options)
      if (saved.outcome === 'not_found') throw noSuchCase()
      if (saved.outcome === 'too_many') throw tooMany()
      if (saved.outcome === 'exists')
        throw new OperationError('CONFLICT', 'This question is there already.', { reason: 'exists' })
      publishChange(null)
      return { case: toCase(saved.case) }
    },

    async 'evaluation:adopt'(origin, call) {
      const cases = (await readOrigin(origin)).map(fields => ({ ...fields, id: newId() }))
      const result = await storage.addCases(cases, { max: evaluationCasesMax, actor: actorOf(call) })
      if (!result) throw tooMany()
      if (result.added > 0) publishChange(null)
      return { cases: result.cases.map(toCase), added: result.added }
    },

    async 'evaluation:delete'({ case_id }, call) {
      if (!(await storage.removeCase(case_id, actorOf(call)))) throw noSuchCase()
      publishChange(null)
      return null
    },

    async 'evaluation:start'(_input, call) {
      const run = await starter.start('person', personOf(call).id, actorOf(call))
      if (!run) throw new OperationError('CONFLICT', 'There are no questions to ask.', { reason: 'no_cases' })
      return { run: toRun(run) }
    },

    async 'evaluation:cancel'({ run_id }, call) {
      const run =
        (await storage.endRun(run_id, 'cancelled', { actor: actorOf(call) })) ?? (await storage.run(run_id))
      if (!run) throw noSuchRun()
      publishChange(run_id)
      return { run: toRun(run) }
    },

    async 'evaluation:runs'(query) {
      const { items, total } = await storage.runs(query)
      return toPage(items.map(toRun), total, query)
    },

    async 'evaluation:get'({ run_id }) {
      const run = await storage.run(run_id)
      if (!run) throw noSuchRun()
      const before = await storage.runBefore(run)
      const [results, earlier] = await Promise.all([
        storage.results(run_id),
        before ? storage.results(before.id) : [],
      ])
      return { run: toRun(run), before: before && toRun(before), results: compare(results, earlier) }
    },

    'evaluation:settings': () => ({ settings: setting.current() }),

    async 'evaluation:set'(settings, call) {
      await setting.write(settings, actorOf(call))
      return { settings: setting.current() }
    },
  }

  return {
    handlers,
    async start(): Promise<void> {
      await setting.start()
      await starter.open()
    },
    stop: starter.close,
    close: setting.close,
    /** Looks for a change and does what may be done now: for tools and tests. */
    startIfChanged: starter.startIfChanged,
  }
}

function toCase({ message_id, ...row }: CaseRow): EvaluationCase {
  return { ...row, is_adopted: message_id !== null }
}

function toRun({
  marks_written,
  marks_honest,
  started_by: _by,
  basis: _basis,
  ...row
}: RunRow): EvaluationRun {
  return { ...row, references: { written: marks_written, honest: marks_honest } }
}

const changeOrder = ['worse', 'better', 'new', 'same'] as const

/** What became worse first, then what became better; of the rest what did not pass. */
function compare(results: ResultRow[], earlier: ResultRow[]): EvaluationResult[] {
  const known = new Map(earlier.map(result => [result.case_id, result]))
  return results
    .map(result => toResult(result, known.get(result.case_id) ?? null))
    .sort(
      (a, b) =>
        changeOrder.indexOf(a.change) - changeOrder.indexOf(b.change) || Number(a.passed) - Number(b.passed),
    )
}

function toResult(row: ResultRow, earlier: ResultRow | null): EvaluationResult {
  const { case_id, question, problems, missing, answer, sources, model, duration_ms, cost, currency } = row
  const passed = problems.length === 0
  const before = earlier && {
    passed: earlier.problems.length === 0,
    problems: earlier.problems,
    answer: earlier.answer,
  }
  const change = before ? (before.passed === passed ? 'same' : passed ? 'better' : 'worse') : 'new'
  const result = { case_id, question, passed, problems, missing, answer, references: sources }
  return { ...result, model, duration_ms, cost, currency, before, change }
}

function noSuchCase(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such question.')
}

function noSuchRun(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such run.')
}

function tooMany(): OperationError {
  return new OperationError('CONFLICT', `There may be at most ${evaluationCasesMax} questions.`, {
    reason: 'too_many',
  })
}
