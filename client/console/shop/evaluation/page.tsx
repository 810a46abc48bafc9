import '../../answer.css'
import './page.css'
import { useEffect, useState } from 'preact/hooks'
import type { EvaluationRun } from '#protocol/shop/evaluation'
import { useAction, useConsole, useLoaded } from '../../context.ts'
import { usePages } from '../../pages.tsx'
import { useLive } from '../../use-live.ts'
import { Cases } from './cases.tsx'
import { caseProblem } from './problem.ts'
import { Results } from './results.tsx'
import { Figures, Runs } from './runs.tsx'
import { translator } from './words.ts'

const plottedMax = 100

const loadPlots = () => import('./plots.tsx').then(module => module.Plots)

/** The shop's own questions, how their answers did over time, and what became better or worse. */
export function EvaluationsView() {
  const [shown, setShown] = useState<string | null>(null)
  const runs = usePages('evaluation:runs', {})
  const history = useLive(useLoaded('evaluation:runs', { page_size: plottedMax }), 'evaluation:changed')
  useLive(runs, 'evaluation:changed')
  const newest = history.data?.items[0]
  const whole = (history.data?.items ?? []).filter(({ status }) => status === 'done')
  const shownId = shown ?? newest?.id

  return (
    <div class="evaluations">
      <Head newest={newest} onBegun={history.reload} />
      {whole[0] && <Figures run={whole[0]} />}
      {whole.length > 0 && <History runs={whole} />}
      <Runs runs={runs} shownId={shownId} onShow={setShown} />
      {shownId && <Results runId={shownId} />}
      <Cases />
    </div>
  )
}

/** Begins a run, says how far one is, and whether they begin by themselves. */
function Head({ newest, onBegun }: { newest: EvaluationRun | undefined; onBegun(): void }) {
  const { session, t } = useConsole(translator)
  const settings = useLoaded('evaluation:settings', {})
  const [chosen, setChosen] = useState<boolean | null>(null)
  const { isBusy, run } = useAction(caseProblem(t))
  const isRunning = newest?.status === 'queued' || newest?.status === 'running'

  function call(work: () => Promise<unknown>) {
    void run(async () => {
      await work()
      onBegun()
    })
  }

  return (
    <section class="card">
      <p class="muted">{t('intro')}</p>
      <div class="toolbar">
        {isRunning ? (
          <>
            <progress value={newest.asked} max={newest.cases} aria-label={t('running')} />
            <span role="status">{t('asking', { asked: newest.asked, cases: newest.cases })}</span>
            <button
              type="button"
              class="button push"
              disabled={isBusy}
              onClick={() => call(() => session.call('evaluation:cancel', { run_id: newest.id }))}
            >
              {t('cancelRun')}
            </button>
          </>
        ) : (
          <button
            type="button"
            class="button primary"
            disabled={isBusy}
            aria-busy={isBusy}
            onClick={() => call(() => session.call('evaluation:start', {}))}
          >
            {t('run')}
          </button>
        )}
      </div>
      {settings.data && (
        <label class="check">
          <input
            type="checkbox"
            checked={chosen ?? settings.data.settings.automatic}
            onChange={({ currentTarget: { checked: automatic } }) => {
              setChosen(automatic)
              void run(() => session.call('evaluation:set', { automatic })).then(
                isSet => isSet || setChosen(!automatic),
              )
            }}
          />
          <span>
            {t('automatic')} <small class="muted">{t('automaticHint')}</small>
          </span>
        </label>
      )}
    </section>
  )
}

/** Plots and their library are fetched when there is something to plot. */
function History({ runs }: { runs: EvaluationRun[] }) {
  const [Plots, setPlots] = useState<Awaited<ReturnType<typeof loadPlots>> | null>(null)
  useEffect(() => {
    loadPlots().then(
      view => setPlots(() => view),
      () => {},
    )
  }, [])
  return <section class="card">{Plots && <Plots runs={runs.toReversed()} />}</section>
}
