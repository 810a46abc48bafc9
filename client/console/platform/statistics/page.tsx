import './page.css'
import type { Overview } from '#protocol/platform/statistics'
import { type Language, locale } from '../../../ui/i18n.ts'
import { durationLabel } from '../../../ui/time.ts'
import { useConsole, useLoaded } from '../../context.ts'
import { moneyLabel } from '../../money-label.ts'
import { Loading } from '../../state.tsx'
import { Tile } from '../../tile.tsx'
import { useRefreshed } from '../../use-refreshed.ts'
import { Setup } from './setup.tsx'
import { State } from './state-list.tsx'
import { translator } from './words.ts'

const refreshMs = 30_000

/** What an owner looks at each morning. Every figure leads to what it counts. */
export function OverviewView() {
  const overview = useRefreshed(useLoaded('statistics:overview', {}), refreshMs)
  return (
    <Loading of={overview}>
      {data => (
        <div class="overview">
          <Figures overview={data} />
          <div class="lists">
            <Setup steps={data.setup} />
            <State overview={data} />
          </div>
        </div>
      )}
    </Loading>
  )
}

function Figures({ overview }: { overview: Overview }) {
  const { t, language } = useConsole(translator)
  const { conversations, week, waiting, cost } = overview
  const { average, count: ratings } = week.rating
  return (
    <div class="tiles">
      <Tile title={t('conversationsToday')} value={conversations.today} href="#/figures/7">
        {t('lastWeekSoFar', {
          count: conversations.last_week_so_far,
          weekday: weekdayOf(overview, language),
          whole: conversations.last_week,
        })}
      </Tile>
      <Tile
        title={t('waitingNow')}
        value={waiting.count}
        isGood={waiting.count === 0 || waiting.online_agents > 0}
        href="#/desk"
      >
        {waiting.longest_wait_ms !== null && (
          <p>{t('longestWait', { time: durationLabel(waiting.longest_wait_ms, language) })}</p>
        )}
        <p>{t('colleaguesOnline', { count: waiting.online_agents })}</p>
      </Tile>
      <Tile
        title={t('resolvedByAi')}
        value={
          week.conversations > 0 ? percentLabel(week.resolved_by_ai / week.conversations, language) : '–'
        }
        href="#/figures/7"
      >
        {t('resolvedOf', { count: week.resolved_by_ai, total: week.conversations })}
      </Tile>
      <Tile title={t('rating')} value={average === null ? '–' : average.toFixed(1)} href="#/figures/7">
        {t('ratingsOf', { count: ratings })}
      </Tile>
      <Tile title={t('unanswered')} value={week.unanswered} href="#/questions/7">
        {t('unansweredOf')}
      </Tile>
      <Tile
        title={t('costThisMonth')}
        value={moneyLabel(cost.amount, cost.currency, language)}
        isGood={cost.budget ? cost.budget.spent < cost.budget.amount : undefined}
        href="#/usage/month"
      >
        {cost.budget && (
          <p>
            {t('ofBudget', {
              spent: moneyLabel(cost.budget.spent, cost.budget.currency, language),
              amount: moneyLabel(cost.budget.amount, cost.budget.currency, language),
            })}
          </p>
        )}
        <p>{t('answersOf', { count: cost.answers })}</p>
        {cost.unpriced_answers > 0 && <p>{t('unpricedOf', { count: cost.unpriced_answers })}</p>}
      </Tile>
    </div>
  )
}

function weekdayOf({ at, time_zone }: Overview, language: Language): string {
  return new Intl.DateTimeFormat(locale(language), { weekday: 'long', timeZone: time_zone }).format(
    new Date(at),
  )
}

function percentLabel(share: number, language: Language): string {
  return share.toLocaleString(locale(language), { style: 'percent' })
}
