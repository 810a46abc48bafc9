import type { Statistics } from '#protocol/core/statistics'
import type { UsageStatistics } from '#protocol/models/usage'
import type {
  Overview,
  SetupStep,
  SystemStatistics,
  statisticsOperations,
} from '#protocol/platform/statistics'
import { setupSteps } from '#protocol/platform/statistics'
import type { OverviewStorage, Stock } from '#storage/platform/statistics'
import type { Handlers } from '../../core/call.ts'
import type { Clock } from '../../core/clock.ts'
import { lastDays } from '../../core/time-zone.ts'

export interface OverviewDeps {
  storage: OverviewStorage
  desk: {
    figuresOf(days: number): Promise<Statistics>
    timeZone(): string
  }
  countUnanswered(days: number): Promise<number>
  usageOfMonth(timeZone: string): Promise<UsageStatistics>
  monthlyBudget(): Promise<Overview['cost']['budget']>
  usageTotals(timeZone: string): Promise<SystemStatistics['usage']>
  indexState(): Promise<Omit<Overview['index'], 'products' | 'documents'>>
  /** Providers of the organization that answer. */
  shopProviders(): Overview['providers']
  /** The model that the environment names; `builtin` where it names none. */
  model(): { provider: string; model: string; problem: string | null }
  mail: { isConfigured: boolean; backlog(): Promise<{ queued: number; failed: number }> }
  /** Whether another site may have the chat. */
  hasSite: boolean
  clock: Clock
}

const weekDays = 7

/** The whole installation at a glance. */
export function statisticsArea(deps: OverviewDeps) {
  const handlers: Handlers<typeof statisticsOperations> = {
    async 'statistics:system'() {
      const time_zone = deps.desk.timeZone()
      const [inventory, usage] = await Promise.all([
        deps.storage.inventory(deps.clock(), time_zone),
        deps.usageTotals(time_zone),
      ])
      return { time_zone, ...inventory, usage }
    },

    async 'statistics:overview'(): Promise<Overview> {
      const now = deps.clock()
      const week = await deps.desk.figuresOf(weekDays)
      const { time_zone } = week
      const [conversations, unanswered, usage, budget, index, backlog, stock] = await Promise.all([
        deps.storage.conversations(comparison(time_zone, now)),
        deps.countUnanswered(weekDays),
        deps.usageOfMonth(time_zone),
        deps.monthlyBudget(),
        deps.indexState(),
        deps.mail.backlog(),
        deps.storage.stock(),
      ])
      const providers = providersOf(deps)
      return {
        at: new Date(now).toISOString(),
        time_zone,
        conversations,
        week: {
          conversations: week.conversations,
          resolved_by_ai: week.resolved_by_ai,
          rating: week.rating,
          unanswered,
        },
        waiting: {
          count: week.now.pending,
          longest_wait_ms: week.now.longest_wait_ms,
          online_agents: week.now.online_agents,
        },
        cost: { ...costOf(usage), budget },
        index: {
          status: index.status,
          progress: index.progress,
          ending_documents: index.ending_documents,
          expired_documents: index.expired_documents,
          products: stock.products,
          documents: stock.documents,
        },
        mail: { is_configured: deps.mail.isConfigured, ...backlog },
        providers,
        setup: setupOf(stock, { ...deps, hasModel: providers.length > 0 }),
      }
    },
  }
  return { handlers }
}

/** Today, and the same weekday a week before as far as today has come. */
function comparison(timeZone: string, now: number) {
  const days = lastDays(timeZone, weekDays + 1, now)
  const [start, end, today] = [days[0]!.start, days[1]!.start, days.at(-1)!.start]
  return { today, lastWeek: { start, soFar: Math.min(start + (now - today), end), end } }
}

function providersOf({ shopProviders, model }: Pick<OverviewDeps, 'shopProviders' | 'model'>) {
  const { provider, model: name, problem } = model()
  const environment = provider === 'builtin' ? [] : [{ name: provider, model: name, problem }]
  return [...shopProviders(), ...environment]
}

function costOf({ breakdown, currency, summary }: UsageStatistics): Omit<Overview['cost'], 'budget'> {
  return {
    month: breakdown[0]!.date,
    currency,
    amount: summary.total_cost,
    answers: summary.total_requests,
    unpriced_answers: summary.unpriced_requests,
  }
}

function setupOf(
  stock: Stock,
  { mail, hasSite, hasModel }: Pick<OverviewDeps, 'mail' | 'hasSite'> & { hasModel: boolean },
): Overview['setup'] {
  const done: Record<SetupStep, boolean> = {
    products: stock.own_products,
    documents: stock.own_documents,
    model: hasModel,
    widget: hasSite,
    staff: stock.staff > 1,
    mail: mail.isConfigured,
    second_factor: stock.single_factor === 0,
  }
  return setupSteps.map(step => ({ step, is_done: done[step] }))
}
