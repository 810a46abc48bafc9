import packageFile from '../../package.json' with { type: 'json' }

/** Per million tokens, as decimals. */
export interface Rates {
  currency: string
  input: string
  /** Null: as other input. */
  cached_input: string | null
  output: string
  /** Per minute of sound; null or left out where it is paid for by tokens. */
  minute?: string | null
}

/** `0.15`, or one that rises with the length of the prompt. */
type Listed = number | { base: number; tiers: { start: number; price: number }[] } | undefined

export type PriceList = ReturnType<typeof createPriceList>

/** The list of prices that comes with the program. The package is large, and loaded only where something is paid by the token. */
export function createPriceList() {
  let loaded: typeof import('@pydantic/genai-prices') | null = null
  return {
    /** Where its prices are from, as people are shown it. */
    source: `genai-prices ${packageFile.dependencies['@pydantic/genai-prices']}`,

    async load(): Promise<void> {
      loaded ??= await import('@pydantic/genai-prices')
    },

    /**
     * What a model costs at the host of this address; null where the list does not know, or is not loaded.
     * @param promptTokens of one call: some prices rise with them
     */
    find(baseUrl: string, model: string, promptTokens: number): Rates | null {
      const provider = loaded?.findProvider({ providerApiUrl: baseUrl })
      const usage = { input_tokens: promptTokens, output_tokens: 0 }
      const found = provider && loaded?.calcPrice(usage, model, { provider })
      if (!found) return null
      const rates = found.model_price as Record<string, Listed>
      const input = rateFor(rates.input_mtok, promptTokens)
      const output = rateFor(rates.output_mtok, promptTokens)
      if (input === null || output === null) return null
      return { currency: 'USD', input, cached_input: rateFor(rates.cache_read_mtok, promptTokens), output }
    },
  }
}

function rateFor(listed: Listed, promptTokens: number): string | null {
  if (listed === undefined) return null
  if (typeof listed === 'number') return listed.toFixed(6)
  const tier = listed.tiers.findLast(({ start }) => promptTokens > start)
  return (tier?.price ?? listed.base).toFixed(6)
}
