import type { Product } from '#protocol'
import { readKey } from '../retrieval/catalogue/columns.ts'
import { quantities } from '../retrieval/text/quantities.ts'

/** A value that the question asks of a column with several: "in US 12", "in size S". */
export interface AskedOption {
  key: string
  has: boolean
}

/** An option whose range holds an amount of the question: "M (50-65 cm)" for a chest of 55 cm. */
export interface HoldingOption {
  key: string
  option: string
}

const separator = /\s*[,;、，；|]\s*|\s\/\s/
const clothing = /(?<![\p{L}\d'’])(?:[2-6]?X{0,3}[SL]|M)(?![\p{L}\d])/gu
const isClothing = /^(?:[2-6]?x{0,3}[sl]|m)$/i
const namedSize = /\bsizes?\s+(?<size>[2-6]?x{0,3}[sl]|m)\b|(?<han>[2-6]?X{0,3}[SL]|M)\s?[码号]/iu

/** The option of a product whose range of amounts holds the one of the text. */
export function optionHolding(text: string, { specs }: Product): HoldingOption | null {
  const amount = quantities(text).find(({ dimension }) => dimension !== null)
  if (!amount) return null
  for (const [key, value] of Object.entries(specs)) {
    const option = optionsOf(value).find(each => {
      const [low, high, ...others] = quantities(each).filter(
        ({ dimension }) => dimension === amount.dimension,
      )
      return low && high && others.length === 0 && low.value <= amount.value && amount.value <= high.value
    })
    if (option) return { key, option }
  }
  return null
}

/** The values of a column that has several in one text. */
export function optionsOf(value: unknown): string[] {
  return typeof value === 'string' ? value.split(separator).filter(Boolean) : []
}

/** The first column of the product one of whose values, or one of their form, stands in the question. */
export function optionIn(text: string, product: Product): AskedOption | null {
  for (const [key, value] of Object.entries(product.specs)) {
    const options = optionsOf(value)
    if (options.length === 0) continue
    const range = readKey(key).attribute?.id === 'size' ? rangeIn(options) : null
    const groups = range && sizeNamed.exec(text)?.groups
    const size = groups?.size ?? groups?.han
    if (range && size) return { key, has: Number(size) >= range[0] && Number(size) <= range[1] }
    const requested = sizesIn(text, options) ?? sameForm(text, options)
    if (requested) return { key, has: options.some(option => isOption(option, requested)) }
  }
  return null
}

const sizeNamed =
  /(?:\b(?:in|sizes?|eu|uk|us)\s|尺?码\s?)(?<size>\d{1,3}(?:\.5)?)(?![\d.,]*\s?\p{L})|(?<![\d.])(?<han>\d{2}(?:\.5)?)\s?[码号]/iu
const wholeRange = /^\D{0,12}(\d+(?:\.\d+)?)\s?[-–—~至到]\s?(\d+(?:\.\d+)?)$/

/** "EU 36-47". */
function rangeIn(options: readonly string[]): [number, number] | null {
  const [only, ...others] = options
  const found = others.length === 0 ? wholeRange.exec(only!) : null
  return found ? [Number(found[1]), Number(found[2])] : null
}

function isOption(option: string, requested: string): boolean {
  const plain = option.toLowerCase()
  return (
    plain.replaceAll(' ', '').startsWith(requested.replaceAll(' ', '')) ||
    plain.split(/[\s/()]+/).includes(requested)
  )
}

/** Sizes of clothes, where the column lists such. */
function sizesIn(text: string, options: readonly string[]): string | null {
  if (!options.some(option => option.split(/[\s/()]+/).some(part => isClothing.test(part)))) return null
  const { size, han } = namedSize.exec(text)?.groups ?? {}
  return (size ?? han ?? text.match(clothing)?.[0] ?? null)?.toLowerCase() ?? null
}

/** "US 12" has the form of "US 8"; a bare number none, but behind the word for its column. */
function sameForm(text: string, options: readonly string[]): string | null {
  const plain = text.toLowerCase()
  for (const option of options) {
    const lower = option.toLowerCase()
    if (!/\d/.test(lower) || lower.length > 40) continue
    const bare = /^\d+(?:\.\d+)?$/.test(lower)
    const form = lower
      .replace(/(?<=\d)\s*(?:cm|mm|m|inch(?:es)?|厘米|毫米|米)$/, '')
      .replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
      .replace(/\d+(?:\\\.\d+)?/g, String.raw`\d+(?:\.\d+)?`)
      .replace(/\s+/g, String.raw`\s?`)
    const found = new RegExp(
      String.raw`(?<![a-z\d.])${bare ? String.raw`(?<=(?:size|in|a|尺码|码)\s?)` : ''}${form}(?![\d]|\.\d)`,
      'u',
    ).exec(plain)
    if (
      found &&
      !(bare && quantities(plain).some(({ start, unit }) => start === found.index && unit !== null))
    )
      return found[0]
  }
  return null
}

/** The value with the largest, or smallest, amount in it: of several sides their product. */
export function extremeOption(value: unknown, largest: boolean): string | null {
  const measured = optionsOf(value).flatMap(option => {
    const amounts = quantities(option).map(each => each.value)
    return amounts.length > 0 ? [{ option, amount: amounts.reduce((a, b) => a * b, 1) }] : []
  })
  if (measured.length < 2) return null
  const sorted = measured.sort((a, b) => a.amount - b.amount)
  return (largest ? sorted.at(-1)! : sorted[0]!).option
}
