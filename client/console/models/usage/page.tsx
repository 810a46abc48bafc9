import './page.css'
import { useEffect, useState } from 'preact/hooks'
import type { UsageStatistics } from '#protocol/models/usage'
import { locale } from '../../../ui/i18n.ts'
import { Icon } from '../../../ui/icons.tsx'
import { saveBlob } from '../../../ui/save-blob.ts'
import { type Column, Table } from '../../../ui/table.tsx'
import { useConsole, useLoaded } from '../../context.ts'
import { moneyLabel } from '../../money-label.ts'
import { Select } from '../../pages.tsx'
import { Empty, Loading } from '../../state.tsx'
import { Tile } from '../../tile.tsx'
import { usePeriod } from '../../use-period.ts'
import { BudgetList } from '../budget/list.tsx'
import { PriceList } from './prices.tsx'
import { translator } from './words.ts'

const periods = ['month', '7', '30', '90'] as const
const dayMs = 86_400_000

const loadPlot = () =>
  import('../../plot.tsx').then(module => module.Plot<UsageStatistics['breakdown'][number]>)

/** What models were asked and what it cost, in days as they are here. */
export function UsageView() {
  const { t } = useConsole(translator)
  const [period, setPeriod] = usePeriod('usage', periods, '30')
  const statistics = useLoaded('usage:statistics', { ...datesOf(period), granularity: 'daily' })
  return (
    <>
      <div class="toolbar">
        <Select
          label={t('period')}
          value={period}
          options={periods.map(name => [
            name,
            name === 'month' ? t('thisMonth') : t('lastDays', { days: name }),
          ])}
          onSelect={setPeriod}
        />
        {statistics.data && <Download statistics={statistics.data} />}
      </div>
      <Loading of={statistics}>
        {data =>
          data.summary.total_requests === 0 ? (
            <section class="card">
              <Empty title={t('nothing')} text={t('nothingText')} />
            </section>
          ) : (
            <Amounts statistics={data} />
          )
        }
      </Loading>
      <BudgetList />
      <PriceList />
    </>
  )
}

/** This month, or the last days, today among them. */
function datesOf(period: (typeof periods)[number]) {
  const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const end_date = new Intl.DateTimeFormat('en-CA', { timeZone: time_zone }).format()
  if (period === 'month') return { start_date: `${end_date.slice(0, 7)}-01`, end_date, time_zone }
  // In UTC, where every day has 24 hours.
  const first = new Date(Date.parse(end_date) - (Number(period) - 1) * dayMs)
  return { start_date: first.toISOString().slice(0, 10), end_date, time_zone }
}

function Amounts({ statistics }: { statistics: UsageStatistics }) {
  const { t, language } = useConsole(translator)
  const { summary, currency, by_model } = statistics
  const money = (cost: number) => moneyLabel(cost, currency, language)
  const count = (amount: number) => amount.toLocaleString(locale(language))
  const others = summary.other_costs.map(({ cost, currency }) => moneyLabel(cost, currency, language))
  const columns: Column<UsageStatistics['by_model'][number]>[] = [
    { name: 'model', label: t('model'), cell: ({ model }) => <span class="title">{model}</span> },
    { name: 'provider', label: t('provider'), kind: 'wide', cell: ({ provider_id }) => provider_id },
    { name: 'answers', label: t('answers'), kind: 'number', cell: ({ requests }) => count(requests) },
    { name: 'tokens', label: t('tokens'), kind: 'number wide', cell: ({ tokens }) => count(tokens) },
    { name: 'cost', label: t('cost'), kind: 'number', cell: ({ cost }) => money(cost) },
  ]
  return (
    <>
      <div class="tiles">
        <Tile title={t('cost')} value={money(summary.total_cost)}>
          {others.length > 0 ? t('otherCosts', { amounts: others.join(' + ') }) : t('costHint')}
        </Tile>
        <Tile title={t('answers')} value={count(summary.total_requests)}>
          {t('perAnswer', {
            cost: money(summary.total_cost / (summary.total_requests - summary.unpriced_requests || 1)),
          })}
        </Tile>
        <Tile title={t('tokens')} value={count(summary.total_tokens)}>
          {t('tokensHint', {
            input: count(summary.prompt_tokens),
            cached: count(summary.cached_tokens),
            output: count(summary.completion_tokens),
          })}
        </Tile>
        {summary.unpriced_requests > 0 && (
          <Tile title={t('unpriced')} value={count(summary.unpriced_requests)} isGood={false}>
            {t('unpricedHint')}
          </Tile>
        )}
      </div>
      <section class="card">
        <Days days={statistics.breakdown} />
        <h2>{t('byModel')}</h2>
        <Table columns={columns} rows={by_model} keyOf={({ provider_id, model }) => provider_id + model} />
      </section>
    </>
  )
}

function Days({ days }: { days: UsageStatistics['breakdown'] }) {
  const { t } = useConsole(translator)
  const [Plot, setPlot] = useState<Awaited<ReturnType<typeof loadPlot>> | null>(null)
  useEffect(() => {
    loadPlot().then(
      view => setPlot(() => view),
      // The table says the same in numbers.
      () => {},
    )
  }, [])
  if (!Plot) return null
  return (
    <div class="plots">
      <Plot
        title={t('costPerDay')}
        days={days}
        leastMax={0}
        lines={[{ label: t('cost'), colour: '--accent', isBar: true, value: day => day.cost }]}
      />
      <Plot
        title={t('answersPerDay')}
        days={days}
        lines={[{ label: t('answers'), colour: '--accent', isBar: true, value: day => day.requests }]}
      />
    </div>
  )
}

function Download({ statistics }: { statistics: UsageStatistics }) {
  const { t } = useConsole(translator)
  function download() {
    const { breakdown, currency } = statistics
    const rows = breakdown.map(({ date, requests, tokens, cost }) => [
      date,
      requests,
      tokens,
      cost,
      currency ?? '',
    ])
    const lines = [['date', 'requests', 'tokens', 'cost', 'currency'], ...rows].map(
      row => `${row.join(',')}\r\n`,
    )
    saveBlob(new Blob(lines, { type: 'text/csv' }), 'usage.csv')
  }
  return (
    <button type="button" class="button push" onClick={download}>
      <Icon name="download" size={18} />
      {t('csv')}
    </button>
  )
}
