import type { Statistics } from '#protocol/core/statistics'
import { useConsole } from '../../context.ts'
import { Plot } from '../../plot.tsx'
import { translator } from './words.ts'

type Day = Statistics['days'][number]

export function Plots({ days }: { days: Day[] }) {
  const { t } = useConsole(translator)
  return (
    <div class="plots">
      <Plot
        title={t('perDay')}
        days={days}
        lines={[
          {
            label: t('conversations'),
            colour: '--accent',
            isBar: true,
            value: day => day.conversations,
          },
          { label: t('handedOver'), colour: '--warning', value: day => day.handed_over },
          { label: t('missed'), colour: '--danger', value: day => day.missed },
        ]}
      />
      <Plot
        title={t('speedPerDay')}
        days={days}
        lines={[
          {
            label: t('minutes'),
            colour: '--accent',
            hasPoints: true,
            value: ({ first_response_ms: ms }) => ms && Math.round(ms / 6000) / 10,
          },
        ]}
      />
    </div>
  )
}
