import { OperationError, type Usage } from '#protocol'
import type { Price, priceOperations } from '#protocol/models/price'
import type { PriceRow, PriceStorage } from '#storage/models/price'
import { actorOf, type Handlers } from '../../core/call.ts'
import { newId } from '../../core/ids.ts'
import { repeat } from '../../jobs/schedule.ts'
import type { Log } from '../../observability/log.ts'
import { costOf } from '../../providers/cost.ts'
import type { ChatModel, TokenCount } from '../../providers/model.ts'
import type { PriceList, Rates } from '../../providers/price-list.ts'

export interface PriceDeps {
  storage: PriceStorage
  /** The models that are configured. */
  models: readonly Pick<ChatModel, 'provider' | 'model'>[]
  /** What the program knows of prices at the configured host. */
  listed: PriceList
  log: Log
}

/** Until another node's change of a price holds here. */
const pricePollMs = 60_000
/** What runs on the operator's own machine is paid for otherwise. */
const free: Rates = { currency: 'USD', input: '0', cached_input: null, output: '0' }
const freeProviders = ['ollama', 'builtin']

/** What models cost. */
export function priceArea({ storage, models, listed, log }: PriceDeps) {
  let own = new Map<string, PriceRow>()
  let stopPolling: () => unknown = () => {}

  async function refresh(): Promise<void> {
    own = new Map((await storage.current()).map(price => [price.model, price]))
  }

  function ratesOf(provider: string, model: string, promptTokens: number): Rates | null {
    return own.get(model) ?? (freeProviders.includes(provider) ? free : listed.find(model, promptTokens))
  }

  function findPrice({ provider, model }: Pick<ChatModel, 'provider' | 'model'>): Price | null {
    const set = own.get(model)
    if (set) return toPrice(set)
    const rates = freeProviders.includes(provider) ? null : listed.find(model, 0)
    return rates && { id: null, model, ...toNumbers(rates), source: listed.source, valid_from: null }
  }

  const handlers: Handlers<typeof priceOperations> = {
    async 'price:list'() {
      await refresh()
      const used = (await storage.usedModels()).map(({ provider_id, model }) => ({
        provider: provider_id,
        model,
      }))
      const paid = [...models, ...used].filter(({ provider }) => !freeProviders.includes(provider))
      const known = new Map(paid.map(model => [model.model, findPrice(model)]))
      for (const price of own.values()) known.set(price.model, toPrice(price))
      return {
        prices: [...known.values()].filter(price => price !== null),
        unpriced: [...known].filter(([, price]) => !price).map(([model]) => model),
      }
    },

    async 'price:set'({ model, currency, input, cached_input, output }, call) {
      const rates = {
        currency,
        input: input.toFixed(6),
        cached_input: cached_input?.toFixed(6) ?? null,
        output: output.toFixed(6),
      }
      const row = await storage.set(
        { id: newId(), model, ...rates },
        {
          actor: actorOf(call),
          scope: 'price',
          action: 'price:set',
          subject: model,
          before: own.get(model) ?? null,
          after: rates,
        },
      )
      await refresh()
      return { price: toPrice(row) }
    },

    async 'price:delete'({ price_id }, call) {
      const audit = { actor: actorOf(call), scope: 'price', action: 'price:delete', subject: price_id }
      if (!(await storage.end(price_id, audit)))
        throw new OperationError('NOT_FOUND', 'There is no such price.')
      await refresh()
      return null
    },
  }

  return {
    handlers,
    async start(): Promise<void> {
      await refresh()
      stopPolling = repeat(refresh, pricePollMs, log)
    },
    close: () => stopPolling(),
    /** What a call of a model cost; nulls where it has no price. */
    priced(
      { provider, model }: Pick<ChatModel, 'provider' | 'model'>,
      tokens: TokenCount,
    ): Pick<Usage, 'cost' | 'currency'> {
      const rates = ratesOf(provider, model, tokens.prompt_tokens)
      if (!rates) return { cost: null, currency: null }
      return { cost: Number(costOf(tokens, rates)), currency: rates.currency }
    },
  }
}

function toPrice({ id, model, valid_from, ...rates }: PriceRow): Price {
  return { id, model, ...toNumbers(rates), source: 'owner', valid_from }
}

function toNumbers({ currency, input, cached_input, output }: Rates) {
  return {
    currency,
    input: Number(input),
    cached_input: cached_input === null ? null : Number(cached_input),
    output: Number(output),
  }
}
