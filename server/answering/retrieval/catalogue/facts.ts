import type { Language, Product } from '#protocol'
import { type Unit, unitNamed } from '../text/units.ts'
import { readKey } from './columns.ts'

/** One column of a product as a reader sees it. */
export interface Fact {
  /** `price`, `category` or the key of `specs`. */
  key: string
  label: string
  value: string
  /** The whole as one sentence: "Weight: 1.37 kg." */
  sentence: string
}

// biome-ignore format: a table of words
const chineseUnits: Readonly<Record<string, string>> = {
  kg: '千克', g: '克', mg: '毫克', mm: '毫米', cm: '厘米', m: '米', inches: '英寸', days: '天', weeks: '周', months: '个月', years: '年', h: '小时',
  min: '分钟', s: '秒', lm: '流明', l: '升', ml: '毫升', W: '瓦', V: '伏', 'working days': '个工作日',
}
const englishUnits: Readonly<Record<string, string>> = {
  h: 'hours',
  min: 'minutes',
  lm: 'lumens',
  l: 'litres',
}

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
  const sentence =
    language === 'zh' ? `${label}：${text}${ends ? '' : '。'}` : `${label}: ${text}${ends ? '' : '.'}`
  return { key, label, value: text, sentence }
}

/** A key as a heading: in the vocabulary's words where it has them, else its own. */
export function labelOf(key: string, language: Language): string {
  const { attribute, name, unit } = readKey(key)
  // A key that is only a unit ("lumens") says what is measured by its attribute.
  if (attribute && unit && unitNamed(name)) return attribute.label[language]
  if (
    attribute &&
    (language === 'zh' || attribute.words[0] === name || attribute.id === name || name.length <= 3)
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
  return { en: pair('en'), zh: pair('zh-CN') }
}

/** Making one costs more than an answer's other words together. */
const priceFormats: ReadonlyMap<string, ReturnType<typeof priceFormatsFor>> = new Map(
  ['EUR', 'USD', 'GBP', 'CNY', 'JPY', 'HKD', 'CHF'].map(currency => [currency, priceFormatsFor(currency)]),
)
const numberFormats = {
  en: new Intl.NumberFormat('en', { maximumFractionDigits: 6 }),
  zh: new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 6 }),
}

export function formatSpec(key: string, value: string | number | boolean, language: Language): string {
  if (typeof value === 'boolean') return language === 'zh' ? (value ? '是' : '否') : value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  const { unit } = readKey(key)
  return unit
    ? `${formatNumber(value, language)}${unitFor(unit, value, language)}`
    : formatNumber(value, language)
}

function unitFor(unit: Unit, value: number, language: Language): string {
  if (unit.name === '%') return '%'
  if (language === 'zh') return ` ${chineseUnits[unit.name] ?? unit.name}`
  const name = englishUnits[unit.name] ?? unit.name
  return ` ${value === 1 && name.length > 3 ? name.replace(/(?<=inch)es$|s$/, '') : name}`
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
