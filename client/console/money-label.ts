import { type Language, locale } from '../ui/i18n.ts'

/** Small amounts with as many digits as tell them apart; a dash where nothing has a price. */
export function moneyLabel(cost: number, currency: string | null, language: Language): string {
  if (currency === null) return '–'
  const digits = cost > 0 && cost < 1 ? { maximumSignificantDigits: 2 } : {}
  return new Intl.NumberFormat(locale(language), {
    style: 'currency',
    currencyDisplay: 'narrowSymbol',
    currency,
    ...digits,
  }).format(cost)
}
