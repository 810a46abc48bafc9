import './page.css'
import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { Agent } from '#protocol'
import type { Statistics } from '#protocol/core/statistics'
import { Avatar } from '../../../ui/avatar.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import { figureLabel } from '../../../ui/time.ts'
import { useConsole, useLoaded } from '../../context.ts'
import { Select } from '../../pages.tsx'
import { Empty, Loading } from '../../state.tsx'
import { useTabState } from '../../tab-state.ts'
import { Tile } from '../../tile.tsx'
import { usePeriod } from '../../use-period.ts'
import { useRefreshed } from '../../use-refreshed.ts'
import { FeedbackList } from './feedback.tsx'
import { Download, type Range, RangeFields, rangeBefore } from './range.tsx'
import { translator } from './words.ts'

const periods = ['7', '30', '90', 'range'] as const
/** Figures are looked at, not waited for. */
const refreshMs = 4000

const loadPlots = () => import('./plots.tsx').then(module => module.Plots)

/** How the desk does, now and over the last days. */
export function FiguresView() {
  const { t } = useConsole(translator)
  const [period, setPeriod] = usePeriod('figures', periods, '30')
  const [range, setRange] = useTabState<Range>('figures:range', { from: '', to: '' })
  const statistics = useRefreshed(useLoaded('handoff:statistics', toInput(period, range)), refreshMs)
  const staff = useRefreshed(useLoaded('presence:list', {}), refreshMs)
  return (
    <>
      <Loading of={statistics}>
        {data => (
          <>
            <Now now={data.now} />
            <section class="card">
              <div class="toolbar">
                <h2>{t('period')}</h2>
                <Select
                  label={t('period')}
                  value={period}
                  options={periods.map(
                    name => [name, name === 'range' ? t('range') : t('lastDays', { days: name })] as const,
                  )}
                  onSelect={setPeriod}
                />
                {period === 'range' && <RangeFields range={range} onChange={setRange} />}
                <Download days={data.days} />
              </div>
              <p class="muted">{t('daysOf', { zone: data.time_zone })}</p>
              <Compared figures={data} />
              <Days days={data.days} />
            </section>
          </>
        )}
      </Loading>
      <FeedbackList />
      <section class="card">
        <h2>{t('who')}</h2>
        <Loading of={staff}>
          {({ agents }) => <Staff agents={agents.filter(({ presence }) => presence !== 'offline')} />}
        </Loading>
      </section>
    </>
  )
}

function Now({ now }: { now: Statistics['now'] }) {
  const { t, language } = useConsole(translator)
  const { pending, active, online_agents, longest_wait_ms } = now
  return (
    <section class="tiles" aria-label={t('now')}>
      <Tile title={t('waiting')} value={pending} isGood={pending === 0 || online_agents > 0}>
        {t('waitingHint')}
      </Tile>
      <Tile
        title={t('longest')}
        value={longest_wait_ms === null ? '–' : figureLabel(longest_wait_ms, language)}
      >
        {t('longestHint')}
      </Tile>
      <Tile title={t('serving')} value={active}>
        {t('servingHint')}
      </Tile>
      <Tile title={t('onlineAgents')} value={online_agents} isGood={online_agents > 0}>
        {t('onlineHint')}
      </Tile>
    </section>
  )
}

/** Until both days of a range are chosen, the last ones; in whichever order they are. */
function toInput(period: (typeof periods)[number], { from, to }: Range) {
  if (period !== 'range') return { days: Number(period) }
  if (!from || !to) return { days: 30 }
  return from < to ? { from, to } : { from: to, to: from }
}

/** The figures, and what they were in as many days before. */
function Compared({ figures }: { figures: Statistics }) {
  const { data } = useLoaded('handoff:statistics', rangeBefore(figures.days))
  return (
    <Before.Provider value={data}>
      <Period figures={figures} />
    </Before.Provider>
  )
}

/** Those of as many days before; null until they are read. */
const Before = createContext<Statistics | null>(null)

/** Each figure with what it counts, in the words of the contract. */
function Period({ figures }: { figures: Statistics }) {
  const { t } = useConsole(translator)
  const { conversations, resolved_by_ai, handed_over, requests, taken_over, missed, cancelled, rating } =
    figures
  return (
    <dl class="figures">
      <Figure
        title={t('conversations')}
        value={String(conversations)}
        before={before => String(before.conversations)}
        hint={t('conversationsHint')}
      />
      <Figure
        title={t('byAi')}
        value={String(resolved_by_ai)}
        before={before => String(before.resolved_by_ai)}
        note={shareOf(resolved_by_ai, conversations)}
        hint={t('byAiHint')}
      />
      <Figure
        title={t('handedOver')}
        value={String(handed_over)}
        before={before => String(before.handed_over)}
        note={shareOf(handed_over, conversations)}
        hint={t('handedOverHint')}
      />
      <Figure
        title={t('requests')}
        value={String(requests)}
        before={before => String(before.requests)}
        hint={t('requestsHint')}
      />
      <Figure
        title={t('takenOver')}
        value={String(taken_over)}
        before={before => String(before.taken_over)}
        hint={t('takenOverHint')}
      />
      <Figure
        title={t('missed')}
        value={String(missed)}
        before={before => String(before.missed)}
        note={shareOf(missed, requests)}
        hint={t('missedHint')}
      />
      <Figure
        title={t('cancelled')}
        value={String(cancelled)}
        before={before => String(before.cancelled)}
        note={shareOf(cancelled, requests)}
        hint={t('cancelledHint')}
      />
      <Spread name="wait" title={t('wait')} hint={t('waitHint')} spread={figures.wait} />
      <Spread
        name="first_response"
        title={t('firstResponse')}
        hint={t('firstResponseHint')}
        spread={figures.first_response}
      />
      <Spread
        name="resolution"
        title={t('resolution')}
        hint={t('resolutionHint')}
        spread={figures.resolution}
      />
      <Figure
        title={t('rating')}
        value={ratingLabel(rating)}
        before={({ rating }) => ratingLabel(rating)}
        note={t('ratings', { count: rating.count })}
        hint={t('ratingHint')}
      />
    </dl>
  )
}

function ratingLabel({ average }: Statistics['rating']): string {
  return average === null ? '–' : average.toFixed(1)
}

function shareOf(part: number, whole: number): string | undefined {
  return whole > 0 ? `${Math.round((part / whole) * 100)} %` : undefined
}

function Spread(props: {
  title: string
  hint: string
  spread: Statistics['wait']
  name: 'wait' | 'first_response' | 'resolution'
}) {
  const { t, language } = useConsole(translator)
  const { title, hint, spread, name } = props
  const { count, median_ms, p90_ms } = spread
  const before = (figures: Statistics) => timeOf(figures[name].median_ms)
  const timeOf = (ms: number | null) => (ms === null ? '–' : figureLabel(ms, language))
  if (median_ms === null || p90_ms === null)
    return <Figure title={title} value="–" before={before} hint={hint} />
  // Whoever reads "within" may count on it.
  const time = figureLabel(p90_ms, language, Math.ceil)
  return (
    <Figure
      title={title}
      value={timeOf(median_ms)}
      before={before}
      note={t('spread', { count, time })}
      hint={hint}
    />
  )
}

interface FigureProps {
  title: string
  value: string
  /** What more is known of it. */
  note?: string | undefined
  /** The same of other days. */
  before(figures: Statistics): string
  /** What it counts. */
  hint: string
}

function Figure({ title, value, note, before, hint }: FigureProps) {
  const { t } = useConsole(translator)
  const figures = useContext(Before)
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <strong>{value}</strong>
        {note && <span>{note}</span>}
        {figures && <span class="muted">{t('before', { value: before(figures) })}</span>}
        <small class="muted">{hint}</small>
      </dd>
    </div>
  )
}

/** Plots and their library are fetched when there is something to plot. */
function Days({ days }: { days: Statistics['days'] }) {
  const [Plots, setPlots] = useState<Awaited<ReturnType<typeof loadPlots>> | null>(null)
  useEffect(() => {
    loadPlots().then(
      view => setPlots(() => view),
      // The figures above say the same in numbers.
      () => {},
    )
  }, [])
  return Plots && <Plots days={days} />
}

function Staff({ agents }: { agents: Agent[] }) {
  const { t } = useConsole(translator)
  const columns: Column<Agent>[] = [
    {
      name: 'agent',
      label: t('agent'),
      cell: ({ name, avatar_url, presence }) => (
        <span class="person">
          <Avatar name={name} url={avatar_url} presence={presence} />
          {name ?? t('agent')}
        </span>
      ),
    },
    { name: 'presence', label: t('presence'), kind: 'wide', cell: ({ presence }) => t(presence) },
    {
      name: 'load',
      label: t('load'),
      cell: ({ active_count, capacity }) => (
        <span class="load">
          <meter min={0} max={Math.max(capacity, active_count, 1)} value={active_count} />
          {active_count} / {capacity}
        </span>
      ),
    },
  ]
  if (agents.length === 0) return <Empty title={t('nobody')} text={t('nobodyText')} />
  return <Table columns={columns} rows={agents} keyOf={({ id }) => id} />
}
