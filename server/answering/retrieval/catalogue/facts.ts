import type { Language, Product } from '#protocol'
import { type Unit, unitNamed } from '../text/units.ts'
import { readKey } from './columns.ts'
import { factWordsEn } from './facts.en.ts'
import { factWordsZh } from './facts.zh.ts'

/** One column of a product as a reader sees it. */
export interface Fact {
  /** `price`, `category` or the key of `specs`. */
  key: string
  label: string
  value: string
  /** The whole as one sentence: "Weight: 1.37 kg." */
  sentence: string
}

/** How a language writes what stands in a column. */
export interface FactWords {
  /** Of numbers and amounts of money. */
  locale: string
  yes: string
  no: string
  /** `value` with or without its own full stop. */
  sentence(label: string, value: string, isFinished: boolean): string
  /** By the names units have (see Unit.name); a unit that is not among them keeps its name. */
  units: Readonly<Record<string, string>>
  /** Whether a unit's name is that of several. */
  hasPlurals: boolean
}

const factWords: Readonly<Record<Language, FactWords>> = { en: factWordsEn, zh: factWordsZh }
/** Keys are English: in another language the attribute's own label says them. */
const keyLanguage: Language = 'en'

/** The columns of a product in the reader's language: price and category first, then `specs` in their order. */
export function factsOf(
  product: Pick<Product, 'price' | 'currency' | 'category' | 'specs'>,
  language: Language,
): Fact[] {
  const found: Fact[] = []
  if (product.price !== null)
    found.push(fact('price', formatPrice(product.price, product.currency, language), language))
  if (product.category) found.push(fact('category', product.category, language))
  for (const [key, value] of Object.entries(product.specs))
    if (value !== null && value !== '') found.push(fact(key, formatSpec(key, value, language), language))
  return found
}

function fact(key: string, value: string, language: Language): Fact {
  const label = labelOf(key, language)
  const text = value.replace(/\s+/g, ' ').trim()
  const ends = /[.!?。！？]$/.test(text)
  return { key, label, value: text, sentence: factWords[language].sentence(label, text, ends) }
}

/** A key as a heading: in the vocabulary's words where it has them, else its own. */
export function labelOf(key: string, language: Language): string {
  const { attribute, name, unit } = readKey(key)
  // A key that is only a unit ("lumens") says what is measured by its attribute.
  if (attribute && unit && unitNamed(name)) return attribute.label[language]
  if (
    attribute &&
    (language !== keyLanguage || attribute.words[0] === name || attribute.id === name || name.length <= 3)
  )
    return attribute.label[language]
  const words = name || key
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function formatPrice(price: number, currency: string | null, language: Language): string {
  if (currency && /^[A-Za-z]{3}$/.test(currency)) {
    const format = priceFormats.get(currency.toUpperCase()) ?? priceFormatsFor(currency)
    return format[language][Number.isInteger(price) ? 'whole' : 'exact'].format(price)
  }
  return `${formatNumber(price, language)}${currency ? ` ${currency}` : ''}`
}

function priceFormatsFor(currency: string) {
  const format = (locale: string, minimumFractionDigits?: number) =>
    new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits })
  const pair = (locale: string) => ({ whole: format(locale, 0), exact: format(locale, 2) })
  return { en: pair(factWords.en.locale), zh: pair(factWords.zh.locale) }
}

/** Making one costs more than an answer's other words together. */
const priceFormats: ReadonlyMap<string, ReturnType<typeof priceFormatsFor>> = new Map(
  ['EUR', 'USD', 'GBP', 'CNY', 'JPY', 'HKD', 'CHF'].map(currency => [currency, priceFormatsFor(currency)]),
)
const numberFormats = {
  en: new Intl.NumberFormat(factWords.en.locale, { maximumFractionDigits: 6 }),
  zh: new Intl.NumberFormat(factWords.zh.locale, { maximumFractionDigits: 6 }),
}

export function formatSpec(key: string, value: string | number | boolean, language: Language): string {
  if (typeof value === 'boolean') return factWords[language][value ? 'yes' : 'no']
  if (typeof value === 'string') return value
  const { unit } = readKey(key)
  return unit
    ? `${formatNumber(value, language)}${unitFor(unit, value, language)}`
    : formatNumber(value, language)
}

function unitFor(unit: Unit, value: number, language: Language): string {
  if (unit.name === '%') return '%'
  const { units, hasPlurals } = factWords[language]
  const name = units[unit.name] ?? unit.name
  const isSingular = hasPlurals && value === 1 && name.length > 3
  return ` ${isSingular ? name.replace(/(?<=inch)es$|s$/, '') : name}`
}

function formatNumber(value: number, language: Language): string {
  return numberFormats[language].format(value)
}

/** The facts and the description, one per line: what an answer may quote and is checked against (laws A1, A3). */
export function productText(product: Product, language: Language): string {
  const lines = factsOf(product, language).map(fact => fact.sentence)
  const description = product.short_description.trim()
  return description ? [...lines, description].join('\n') : lines.join('\n')
}
