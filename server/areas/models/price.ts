import { OperationError, type Usage } from '#protocol'
import type { Price, priceOperations } from '#protocol/models/price'
import type { PriceRow, PriceStorage } from '#storage/models/price'
import { actorOf, type Handlers } from '../../core/call.ts'
import { newId } from '../../core/ids.ts'
import { costOf } from '../../providers/cost.ts'
import type { ChatModel, TokenCount } from '../../providers/model.ts'
import type { PriceList, Rates } from '../../providers/price-list.ts'

export interface PriceDeps {
  storage: PriceStorage
  /** The models that are configured. */
  models(): PricedModel[]
  /** Where a provider is asked; undefined where it costs nothing. */
  hostUrlOf(providerId: string): string | undefined
  listed: PriceList
}

/** A model, and where it is paid for. */
export type PricedModel = Pick<ChatModel, 'provider' | 'model' | 'hostUrl'>

/** What runs on the operator's own machine is paid for otherwise. */
const free: Rates = { currency: 'USD', input: '0', cached_input: null, output: '0' }

/** What models cost. */
export function priceArea({ storage, models, hostUrlOf, listed }: PriceDeps) {
  let own = new Map<string, PriceRow>()

  async function refresh(): Promise<void> {
    own = new Map((await storage.current()).map(price => [price.model, price]))
  }

  function listedRates({ model, hostUrl }: PricedModel, promptTokens: number): Rates | null {
    return hostUrl === undefined ? free : listed.find(hostUrl, model, promptTokens)
  }

  function findPrice(model: PricedModel): Price | null {
    const set = own.get(model.model)
    if (set) return toPrice(set)
    const rates = listedRates(model, 0)
    return (
      rates && { id: null, model: model.model, ...toNumbers(rates), source: listed.source, valid_from: null }
    )
  }

  const handlers: Handlers<typeof priceOperations> = {
    async 'price:list'() {
      await refresh()
      const used = (await storage.usedModels()).map(
        ({ provider_id, model }): PricedModel => ({
          provider: provider_id,
          model,
          hostUrl: hostUrlOf(provider_id),
        }),
      )
      const paid = [...models(), ...used].filter(({ hostUrl }) => hostUrl !== undefined)
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
      const audit = {
        actor: actorOf(call),
        scope: 'price' as const,
        action: 'price:delete',
        subject: price_id,
      }
      if (!(await storage.end(price_id, audit)))
        throw new OperationError('NOT_FOUND', 'There is no such price.')
      await refresh()
      return null
    },
  }

  return {
    handlers,
    refresh,
    /** What a call of a model cost; nulls where it has no price. */
    priced(model: PricedModel, tokens: TokenCount): Pick<Usage, 'cost' | 'currency'> {
      const rates = own.get(model.model) ?? listedRates(model, tokens.prompt_tokens)
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
