import { priceStorage } from '#storage/models/price'
import { usageStorage } from '#storage/models/usage'
import type { Core } from '../../core/open.ts'
import type { Providers } from '../../providers/module.ts'
import { officialOpenaiUrl } from '../../providers/openai.ts'
import { noPriceList, openPriceList } from '../../providers/price-list.ts'
import type { Realtime } from '../../realtime/module.ts'
import { priceArea } from './price.ts'
import { usageArea } from './usage.ts'

export interface ModelsUses {
  realtime: Pick<Realtime, 'addConsumer'>
  providers: Pick<Providers, 'chat'>
}

/** What models are asked, and what that costs. */
export async function modelsModule({ config, database, clock, lifecycle, log }: Core, uses: ModelsUses) {
  const { provider, openaiUrl } = config.llm
  const usage = usageArea({ storage: usageStorage(database), clock })
  const price = priceArea({
    storage: priceStorage(database),
    models: [uses.providers.chat],
    listed: provider === 'openai' ? await openPriceList(openaiUrl ?? officialOpenaiUrl) : noPriceList,
    log,
  })
  lifecycle.add(price)
  uses.realtime.addConsumer(usage.consumer)
  return { handlers: { ...usage.handlers, ...price.handlers }, priced: price.priced }
}
