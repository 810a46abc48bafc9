import type { TokenCount } from './model.ts'
import type { Rates } from './price-list.ts'

/** Decimals of a rate, and of the tokens it is for. */
const rateDecimals = 6
const costDecimals = 12
const msPerMinute = 60_000n

/** What a call cost, as an exact decimal with twelve places. */
export function costOf(tokens: TokenCount, rates: Rates): string {
  const cached = Math.min(tokens.cached_tokens ?? 0, tokens.prompt_tokens)
  const total =
    BigInt(tokens.prompt_tokens - cached) * toInteger(rates.input) +
    BigInt(cached) * toInteger(rates.cached_input ?? rates.input) +
    BigInt(tokens.completion_tokens) * toInteger(rates.output) +
    (BigInt(tokens.sound_ms ?? 0) *
      toInteger(rates.minute ?? '0') *
      10n ** BigInt(costDecimals - rateDecimals)) /
      msPerMinute
  const digits = String(total).padStart(costDecimals + 1, '0')
  return `${digits.slice(0, -costDecimals)}.${digits.slice(-costDecimals)}`
}

function toInteger(rate: string): bigint {
  const [whole = '0', fraction = ''] = rate.split('.')
  return BigInt(whole + fraction.slice(0, rateDecimals).padEnd(rateDecimals, '0'))
}
