import { distributionStorage } from '#storage/models/distribution'
import { priceStorage } from '#storage/models/price'
import { providerStorage } from '#storage/models/provider'
import { usageStorage } from '#storage/models/usage'
import type { Core } from '../../core/open.ts'
import { repeat } from '../../jobs/schedule.ts'
import type { Providers } from '../../providers/module.ts'
import { createPriceList } from '../../providers/price-list.ts'
import type { Realtime } from '../../realtime/module.ts'
import { priceArea } from './price.ts'
import { providerArea } from './provider/index.ts'
import { usageArea } from './usage.ts'

export interface ModelsUses {
  realtime: Pick<Realtime, 'addConsumer' | 'staff'>
  providers: Pick<Providers, 'registry' | 'agentFor' | 'silenceMs'>
}

/** Until what another node has changed holds here, where it could not say so. */
const refreshPollMs = 10_000

/** Whose models are asked, and what that costs. */
export function modelsModule(
  { database, clock, sealer, lifecycle, log }: Core,
  { realtime, providers }: ModelsUses,
) {
  const { registry } = providers
  const listed = createPriceList()
  const stored = providerStorage(database)

  async function refresh(): Promise<void> {
    await Promise.all([registry.refresh(), price.refresh()])
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
    models: registry.models,
    hostUrlOf: registry.hostUrlOf,
    listed,
  })
  const usage = usageArea({ storage: usageStorage(database), providerNames: stored.names, clock })
  realtime.staff.onSignal('providers', refresh)
  realtime.addConsumer(usage.consumer)
  let stopPolling: () => unknown = () => {}
  lifecycle.add({
    async start() {
      await refresh()
      stopPolling = repeat(refresh, refreshPollMs, log)
    },
    close: () => stopPolling(),
  })
  return {
    handlers: { ...provider.handlers, ...usage.handlers, ...price.handlers },
    priced: price.priced,
    assertMayAsk: provider.assertMayAsk,
    usageOfMonth: usage.statisticsOfMonth,
    usageTotals: usage.totals,
  }
}
