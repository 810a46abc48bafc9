import type { EvaluationRun } from '#protocol/shop/evaluation'
import { type Language, locale } from '../../../ui/i18n.ts'
import type { Column } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useConsole } from '../../context.ts'
import { moneyLabel } from '../../money-label.ts'
import { PagedTable, type usePages } from '../../pages.tsx'
import { Tile } from '../../tile.tsx'
import { translator } from './words.ts'

const tones = { queued: 'busy', running: 'busy', done: 'good', cancelled: '', error: 'bad' } as const

interface Props {
  runs: ReturnType<typeof usePages<'evaluation:runs'>>
  shownId: string | undefined
  onShow(id: string): void
}

export function Runs({ runs, shownId, onShow }: Props) {
  const { language, t } = useConsole(translator)
  const columns: Column<EvaluationRun>[] = [
    {
      name: 'began',
      label: t('began'),
      cell: ({ created_at, trigger }) => (
        <>
          {dateTimeLabel(created_at, language)}{' '}
          <small class="muted">{t(trigger === 'person' ? 'byPerson' : 'byChange')}</small>
        </>
      ),
    },
    {
      name: 'status',
      label: t('status'),
      kind: 'wide',
      cell: ({ status }) => <span class={`tag ${tones[status]}`}>{t(status)}</span>,
    },
    {
      name: 'hits',
      label: t('hitRate'),
      kind: 'number',
      cell: ({ passed, asked }) => shareLabel(passed, asked, language),
    },
    { name: 'refusals', label: t('refusals'), kind: 'number wide', cell: ({ refusals }) => refusals },
    {
      name: 'honest',
      label: t('honest'),
      kind: 'number wide',
      cell: ({ references: { honest, written } }) => shareLabel(honest, written, language),
    },
    {
      name: 'time',
      label: t('time'),
      kind: 'number wide',
      cell: ({ median_ms }) => secondsLabel(median_ms, language),
    },
    {
      name: 'cost',
      label: t('cost'),
      kind: 'number wide',
      cell: ({ cost, currency }) => moneyLabel(cost ?? 0, currency, language),
    },
    {
      name: 'show',
      label: '',
      kind: 'end',
      cell: ({ id, created_at }) => (
        <button
          type="button"
          class="button small"
          aria-label={`${t('show')}: ${dateTimeLabel(created_at, language)}`}
          aria-pressed={id === shownId}
          onClick={() => onShow(id)}
        >
          {t('show')}
        </button>
      ),
    },
  ]
  return (
    <section class="card">
      <h2>{t('runs')}</h2>
      <PagedTable
        of={runs}
        columns={columns}
        keyOf={({ id }) => id}
        empty={{ title: t('noRun'), text: t('noRunText') }}
      />
    </section>
  )
}

/** What came of the last run. */
export function Figures({ run }: { run: EvaluationRun }) {
  const { language, t } = useConsole(translator)
  const { passed, asked, refusals, references, median_ms, cost, currency } = run
  return (
    <div class="tiles">
      <Tile title={t('hitRate')} value={shareLabel(passed, asked, language)}>
        {t('hitRateOf', { passed, asked })}
      </Tile>
      <Tile title={t('refusals')} value={refusals}>
        {t('refusalsOf')}
      </Tile>
      <Tile title={t('honest')} value={shareLabel(references.honest, references.written, language)}>
        {t('honestOf', references)}
      </Tile>
      <Tile title={t('time')} value={secondsLabel(median_ms, language)}>
        {t('timeOf')}
      </Tile>
      <Tile title={t('cost')} value={moneyLabel(cost ?? 0, currency, language)}>
        {t(currency ? 'costOf' : 'noCost')}
      </Tile>
    </div>
  )
}

function shareLabel(part: number, whole: number, language: Language): string {
  return whole === 0 ? '–' : (part / whole).toLocaleString(locale(language), { style: 'percent' })
}

function secondsLabel(ms: number | null, language: Language): string {
  if (ms === null) return '–'
  return (ms / 1000).toLocaleString(locale(language), {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'narrow',
    maximumSignificantDigits: 2,
  })
}
