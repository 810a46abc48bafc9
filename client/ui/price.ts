import type { Product } from '#protocol'
import { type Language, locale } from './i18n.ts'

/** A currency the browser does not know is written as it is. */
export function priceLabel(
  { price, currency }: Pick<Product, 'price' | 'currency'>,
  language: Language,
): string {
  if (price === null) return ''
  try {
    return price.toLocaleString(locale(language), { style: 'currency', currency: currency ?? '' })
  } catch {
    return `${price.toLocaleString(locale(language))} ${currency ?? ''}`.trim()
  }
}
