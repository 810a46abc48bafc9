import type { EvaluationRun } from '#protocol/shop/evaluation'
import { useConsole } from '../../context.ts'
import { Plot } from '../../plot.tsx'
import { translator } from './words.ts'

/** Runs over time, oldest first. */
export function Plots({ runs }: { runs: EvaluationRun[] }) {
  const { t } = useConsole(translator)
  const days = runs.map(run => ({ ...run, date: run.created_at }))
  const currency = runs.findLast(run => run.currency !== null)?.currency
  return (
    <div class="plots">
      <Plot
        title={t('perRun')}
        days={days}
        isEven
        leastMax={100}
        lines={[
          {
            label: t('hitRate'),
            colour: '--accent',
            hasPoints: true,
            value: ({ passed, asked }) => percentOf(passed, asked),
          },
          {
            label: t('honest'),
            colour: '--warning',
            hasPoints: true,
            value: ({ references: { honest, written } }) => percentOf(honest, written),
          },
          {
            label: t('refusals'),
            colour: '--danger',
            hasPoints: true,
            value: ({ refusals, asked }) => percentOf(refusals, asked),
          },
        ]}
      />
      <Plot
        title={t('secondsPerRun')}
        days={days}
        isEven
        lines={[
          {
            label: t('seconds'),
            colour: '--accent',
            hasPoints: true,
            value: ({ median_ms }) => median_ms && median_ms / 1000,
          },
        ]}
      />
      {currency && (
        <Plot
          title={`${t('costPerRun')} (${currency})`}
          days={days}
          isEven
          leastMax={0}
          lines={[
            {
              label: t('cost'),
              colour: '--accent',
              hasPoints: true,
              value: run => (run.currency === currency ? run.cost : null),
            },
          ]}
        />
      )}
    </div>
  )
}

function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1000) / 10
}
