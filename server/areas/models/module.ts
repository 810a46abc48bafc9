import { serviceStorage } from '#storage/desk/service'
import { budgetStorage } from '#storage/models/budget'
import { distributionStorage } from '#storage/models/distribution'
import { priceStorage } from '#storage/models/price'
import { providerStorage } from '#storage/models/provider'
import { reservationStorage } from '#storage/models/reservation'
import { usageStorage } from '#storage/models/usage'
import { warningStorage } from '#storage/models/warning'
import type { Core } from '../../core/open.ts'
import { timeZoneOf } from '../../core/time-zone.ts'
import { repeat } from '../../jobs/schedule.ts'
import type { Mail } from '../../mail/mail.ts'
import type { Providers } from '../../providers/module.ts'
import { createPriceList } from '../../providers/price-list.ts'
import type { Realtime } from '../../realtime/module.ts'
import { budgetArea } from './budget/index.ts'
import { priceArea } from './price.ts'
import { providerArea } from './provider/index.ts'
import { usageArea } from './usage.ts'

export interface ModelsUses {
  mail: Mail
  realtime: Pick<Realtime, 'addConsumer' | 'staff'>
  providers: Pick<Providers, 'registry' | 'agentFor' | 'silenceMs' | 'reserveBy' | 'meterBy' | 'speechModels'>
}

/** Until what another node has changed holds here, where it could not say so. */
const refreshPollMs = 10_000

/** Between two looks for calls whose node died, and for budgets that are nearly used up. */
const budgetPollMs = 2000

/** Whose models are asked, and what that costs. */
export function modelsModule(
  { config, database, clock, nodeId, sealer, lifecycle, log }: Core,
  { realtime, providers, mail }: ModelsUses,
) {
  const { registry } = providers
  const listed = createPriceList()
  const hostUrlOf = (id: string) =>
    registry.hostUrlOf(id) ?? providers.speechModels().find(({ provider }) => provider === id)?.hostUrl
  const stored = providerStorage(database)
  const desk = serviceStorage(database)

  async function refresh(): Promise<void> {
    await Promise.all([registry.refresh(), price.refresh(), budget.refresh()])
    if (registry.models().some(({ hostUrl }) => hostUrl !== undefined)) await listed.load()
  }

  const provider = providerArea({
    storage: stored,
    distributions: distributionStorage(database),
    registry,
    agentFor: providers.agentFor,
    silenceMs: providers.silenceMs,
    sealKey: (key, id) => sealer.seal(key, `providers.api_key:${id}`),
    async onChanged() {
      await refresh()
      realtime.staff.signal('providers')
    },
  })
  const price = priceArea({
    storage: priceStorage(database),
    models: () => [...registry.models(), ...providers.speechModels()],
    hostUrlOf,
    listed,
  })
  const usage = usageArea({
    storage: usageStorage(database),
    providerNames: stored.names,
    exactCost: price.exactCost,
    clock,
    log,
  })
  const budget = budgetArea({
    storage: budgetStorage(database),
    reservations: reservationStorage(database, nodeId),
    warnings: warningStorage(database),
    mail,
    consoleUrl: `${config.publicUrl}/console#/usage`,
    exactCost: price.exactCost,
    currencies: price.currencies,
    hostUrlOf,
    providerNames: stored.names,
    isProvider: id =>
      registry.find(id) !== undefined || registry.models().some(({ provider }) => provider === id),
    timeZone: async () => timeZoneOf(await desk.settings()),
    clock,
    publishChange: () => realtime.staff.signal('providers'),
    log,
  })
  providers.reserveBy(budget.reserve, budget.reserveSound)
  providers.meterBy(usage.meter)
  realtime.staff.onSignal('providers', refresh)
  realtime.addConsumer(usage.consumer)
  let stopPolling: () => unknown = () => {}
  let stopRounds: () => unknown = () => {}
  lifecycle.add({
    async start() {
      await refresh()
      stopPolling = repeat(refresh, refreshPollMs, log)
      stopRounds = repeat(budget.runRound, budgetPollMs, log)
    },
    async close() {
      stopPolling()
      await stopRounds()
      await budget.close()
    },
  })
  return {
    handlers: { ...provider.handlers, ...usage.handlers, ...price.handlers, ...budget.handlers },
    priced: price.priced,
    assertMayAsk: provider.assertMayAsk,
    usageOfMonth: usage.statisticsOfMonth,
    usageTotals: usage.totals,
    monthlyBudget: budget.overallOfMonth,
  }
}
