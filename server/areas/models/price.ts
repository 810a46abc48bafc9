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

/** The price of each model: what the owner says, else that of the list. */
function createPrices({ storage, models, hostUrlOf, listed }: PriceDeps) {
  let own = new Map<string, PriceRow>()

  async function refresh(): Promise<void> {
    own = new Map((await storage.current()).map(price => [price.model, price]))
  }

  function listedRates({ model, hostUrl }: PricedModel, promptTokens: number): Rates | null {
    return hostUrl === undefined ? free : listed.find(hostUrl, model, promptTokens)
  }

  /** What a call of a model costs, as an exact decimal; nulls where it has no price. */
  function exactCost(model: PricedModel, tokens: TokenCount) {
    const rates = own.get(model.model) ?? listedRates(model, tokens.prompt_tokens)
    // What only sounded has no price by tokens.
    const { sound_ms = 0, prompt_tokens, completion_tokens } = tokens
    const isUnpriced =
      sound_ms > 0 && prompt_tokens + completion_tokens === 0 && !rates?.minute && rates !== free
    if (isUnpriced) return { cost: null, currency: null }
    return rates ? { cost: costOf(tokens, rates), currency: rates.currency } : { cost: null, currency: null }
  }

  function findPrice(model: PricedModel): Price | null {
    const set = own.get(model.model)
    if (set) return toPrice(set)
    const rates = listedRates(model, 0)
    return (
      rates && { id: null, model: model.model, ...toNumbers(rates), source: listed.source, valid_from: null }
    )
  }

  /** The models that are paid for and configured, or were asked lately. */
  async function paidModels(): Promise<PricedModel[]> {
    const used = (await storage.usedModels()).map(
      ({ provider_id, model }): PricedModel => ({
        provider: provider_id,
        model,
        hostUrl: hostUrlOf(provider_id),
      }),
    )
    return [...models(), ...used].filter(({ hostUrl }) => hostUrl !== undefined)
  }

  return { refresh, exactCost, findPrice, paidModels, owners: () => own }
}

/** What models cost. */
export function priceArea(deps: PriceDeps) {
  const { storage } = deps
  const { refresh, exactCost, findPrice, paidModels, owners } = createPrices(deps)

  const handlers: Handlers<typeof priceOperations> = {
    async 'price:list'() {
      await refresh()
      const known = new Map((await paidModels()).map(model => [model.model, findPrice(model)]))
      for (const price of owners().values()) known.set(price.model, toPrice(price))
      return {
        prices: [...known.values()].filter(price => price !== null),
        unpriced: [...known].filter(([, price]) => !price).map(([model]) => model),
      }
    },

    async 'price:set'({ model, currency, input, cached_input, output, minute }, call) {
      const rates = {
        currency,
        input: input.toFixed(6),
        cached_input: cached_input?.toFixed(6) ?? null,
        output: output.toFixed(6),
        minute: minute?.toFixed(6) ?? null,
      }
      const row = await storage.set(
        { id: newId(), model, ...rates },
        {
          actor: actorOf(call),
          scope: 'price',
          action: 'price:set',
          subject: model,
          before: owners().get(model) ?? null,
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
    exactCost,
    /** As it stands in an answer's usage. */
    priced(model: PricedModel, tokens: TokenCount): Pick<Usage, 'cost' | 'currency'> {
      const { cost, currency } = exactCost(model, tokens)
      return { cost: cost === null ? null : Number(cost), currency }
    },
    /** Of each model's price that is configured or was asked lately; null where it has none. */
    async currencies() {
      return (await paidModels()).map(model => ({
        provider: model.provider,
        model: model.model,
        currency: findPrice(model)?.currency ?? null,
      }))
    },
  }
}

function toPrice({ id, model, valid_from, ...rates }: PriceRow): Price {
  return { id, model, ...toNumbers(rates), source: 'owner', valid_from }
}

function toNumbers({ currency, input, cached_input, output, minute = null }: Rates) {
  return {
    currency,
    input: Number(input),
    cached_input: cached_input === null ? null : Number(cached_input),
    output: Number(output),
    minute: minute === null ? null : Number(minute),
  }
}
