import packageFile from '../../package.json' with { type: 'json' }

/** Per million tokens, as decimals. */
export interface Rates {
  currency: string
  input: string
  /** Null: as other input. */
  cached_input: string | null
  output: string
}

export interface PriceList {
  /** Where its prices are from, as people are shown it. */
  source: string
  /** What a model costs; null where the list does not know. @param promptTokens of one call: some prices rise with them */
  find(model: string, promptTokens: number): Rates | null
}

type Listed = number | { base: number; tiers: { start: number; price: number }[] } | undefined

/** The list that comes with the program, for the host of this address: the package is large, and not loaded where no such host is asked. */
export async function openPriceList(baseUrl: string): Promise<PriceList> {
  const { calcPrice, findProvider } = await import('@pydantic/genai-prices')
  const provider = findProvider({ providerApiUrl: baseUrl })
  return {
    source: `genai-prices ${packageFile.dependencies['@pydantic/genai-prices']}`,
    find(model, promptTokens) {
      const found =
        provider && calcPrice({ input_tokens: promptTokens, output_tokens: 0 }, model, { provider })
      if (!found) return null
      const rates = found.model_price as Record<string, Listed>
      const input = rateFor(rates.input_mtok, promptTokens)
      const output = rateFor(rates.output_mtok, promptTokens)
      if (input === null || output === null) return null
      return { currency: 'USD', input, cached_input: rateFor(rates.cache_read_mtok, promptTokens), output }
    },
  }
}

/** Where nothing is paid by the token. */
export const noPriceList: PriceList = { source: '', find: () => null }

function rateFor(listed: Listed, promptTokens: number): string | null {
  if (listed === undefined) return null
  if (typeof listed === 'number') return listed.toFixed(6)
  const tier = listed.tiers.findLast(({ start }) => promptTokens > start)
  return (tier?.price ?? listed.base).toFixed(6)
}
