import type { Product } from '#protocol'
import { type Quantity, quantities } from '../text/quantities.ts'
import type { Dimension, Unit } from '../text/units.ts'
import { readKey } from './columns.ts'
import { countProductTypes, productTypesOf } from './product-types.ts'

/** Numbers of one kind under one key: all of "storage|data", or of "storage|data|ssd" those with that word behind them. */
export interface FigureProfile {
  figure: string
  dimension: Dimension | null
  /** The one word that stands behind these numbers in the text, e.g. "ssd". */
  word: string | null
  min: number
  max: number
  count: number
}

export interface KeyProfile {
  key: string
  count: number
  figures: FigureProfile[]
  boolean: boolean
  /** The different texts, most frequent first, at most 300; empty where there are more. */
  values: string[]
}

/** What a catalogue consists of: what questions about it are understood by. */
export interface CatalogueProfile {
  count: number
  /** Upper case, most frequent first. */
  currencies: string[]
  price: { min: number; max: number } | null
  categories: string[]
  /** How many products there are of each kind (see productTypesOf). */
  kinds: Record<string, number>
  keys: KeyProfile[]
  /** What questions are read by, where it was made once for many of them; never stored. */
  reader?: ProfileReader
}

/** Names and texts of a catalogue's columns, ready to be looked for. */
export interface ProfileReader {
  names: ReadonlyMap<string, string[]>
  choices: readonly Choice[]
}

/** Phrases that pick texts of columns. */
export interface Choice {
  phrases: string[]
  /** By column, the texts they stand for. */
  columns: Map<string, string[]>
}

/** "Up to 12 h" and "~8 h" satisfy no limit. */
const loosely =
  /(?:\b(?:up to|max\.?|maximum|at most|less than|under|about|around|approx\.?|approximately|ca\.?|circa|roughly|bis zu)|[~≈<≤]|最多|最长|最大|约|大约|不超过|低于|至多)\s*$/iu

type Specs = Product['specs']
type Priced = Pick<Product, 'name' | 'category' | 'short_description' | 'price' | 'currency' | 'specs'>

const behind = /^[\s-]?([A-Za-z]{2,12})\b/

/**
 * The numbers of a product by figure, in base units, for filtering and sorting in SQL: `{ "weight_kg|mass": [1370],
 * "=weight|mass": [1370], "storage|data": [128000, 1000000], "storage|data|ssd": [128000], … }`.
 */
export function numbersOf(specs: Specs): Record<string, number[]> {
  const found: Record<string, number[]> = {}
  function add(figure: string, value: number) {
    if (Number.isFinite(value)) found[figure] = [...(found[figure] ?? []), value]
  }
  function addOf(key: string, dimension: Dimension | null, value: number) {
    add(figureOf(key, dimension), value)
    const { attribute } = readKey(key)
    if (attribute) add(figureOf(`=${attribute.id}`, dimension), value)
  }
  for (const [key, value] of Object.entries(specs)) {
    if (typeof value === 'number') {
      const { unit } = readKey(key)
      addOf(key, unit?.dimension ?? null, value * (unit?.factor ?? 1))
    } else if (typeof value === 'string') {
      const { unit } = readKey(key)
      for (const quantity of quantities(value)) {
        if (loosely.test(value.slice(0, quantity.start))) continue
        const { dimension, value: number } = withUnit(quantity, unit)
        addOf(key, dimension, number)
        const word = behind.exec(value.slice(quantity.end, quantity.end + 16))?.[1]
        if (word) add(`${figureOf(key, dimension)}|${word.toLowerCase()}`, number)
      }
    }
  }
  return found
}

/** A bare number in a text takes the unit its key names: `weight_kg: "1.37"`. */
function withUnit(quantity: Quantity, unit: Unit | null) {
  if (quantity.dimension !== null || unit === null) return quantity
  return { dimension: unit.dimension, value: quantity.value * unit.factor }
}

export function figureOf(key: string, dimension: Dimension | null): string {
  return `${key}|${dimension ?? ''}`
}

/** The figure of a column's numbers, or of all columns of its attribute where several have such: one product has "weight_kg", another "weight_g". */
export function sharedFigure(
  key: string,
  { figure, dimension, word }: FigureProfile,
  keys: readonly KeyProfile[],
): string {
  const id = readKey(key).attribute?.id
  if (id === undefined || word !== null) return figure
  const isShared = keys.some(
    other =>
      other.key !== key &&
      readKey(other.key).attribute?.id === id &&
      other.figures.some(each => each.dimension === dimension && each.word === null),
  )
  return isShared ? figureOf(`=${id}`, dimension) : figure
}

const valuesMax = 300
const keysMax = 200

export function profileOf(products: Iterable<Priced>): CatalogueProfile {
  const profiler = createProfiler()
  for (const product of products) profiler.add(product, productTypesOf(product))
  return profiler.profile()
}

/** Gathers a profile product by product, so that a large catalogue need not be read in one piece. */
export function createProfiler() {
  const keys = new Map<string, Gathered>()
  const currencies = new Map<string, number>()
  const categories = new Map<string, number>()
  const kinds = countProductTypes()
  let price: CatalogueProfile['price'] = null
  let count = 0
  return {
    add(product: Priced, ofKinds: readonly string[]): void {
      count += 1
      gather(product.specs, keys)
      raise(currencies, product.currency?.toUpperCase())
      raise(categories, product.category)
      kinds.add(ofKinds)
      if (product.price === null) return
      price = {
        min: Math.min(price?.min ?? product.price, product.price),
        max: Math.max(price?.max ?? product.price, product.price),
      }
    },
    profile(): CatalogueProfile {
      return {
        count,
        currencies: byFrequency(currencies).slice(0, valuesMax),
        price,
        categories: byFrequency(categories).slice(0, valuesMax),
        kinds: kinds.counts(),
        keys: [...keys].slice(0, keysMax).map(([key, { count, figures, booleans, values }]) => ({
          key,
          count,
          figures: [...figures.values()],
          boolean: booleans * 2 > count,
          values: values.size > valuesMax ? [] : byFrequency(values),
        })),
      }
    },
  }
}

function raise(counts: Map<string, number>, value: string | null | undefined): void {
  if (value) counts.set(value, (counts.get(value) ?? 0) + 1)
}

interface Gathered {
  count: number
  booleans: number
  figures: Map<string, FigureProfile>
  values: Map<string, number>
}

function gather(specs: Specs, keys: Map<string, Gathered>) {
  for (const [key, value] of Object.entries(specs)) {
    if (value === null || value === '') continue
    const known = keys.get(key) ?? { count: 0, booleans: 0, figures: new Map(), values: new Map() }
    keys.set(key, known)
    known.count += 1
    if (typeof value === 'boolean') known.booleans += 1
    if (typeof value === 'string' && known.values.size <= valuesMax && value.length <= 200)
      known.values.set(value, (known.values.get(value) ?? 0) + 1)
    for (const [figure, numbers] of Object.entries(numbersOf({ [key]: value })))
      if (figure.startsWith(`${key}|`)) widen(known.figures, key, figure, numbers)
  }
}

function widen(figures: Map<string, FigureProfile>, key: string, figure: string, numbers: number[]) {
  const [dimension, word] = figure.slice(key.length + 1).split('|')
  const known = figures.get(figure) ?? {
    figure,
    dimension: (dimension || null) as Dimension | null,
    word: word ?? null,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    count: 0,
  }
  if (figures.size >= 50 && !figures.has(figure)) return
  known.min = Math.min(known.min, ...numbers.slice(0, 100))
  known.max = Math.max(known.max, ...numbers.slice(0, 100))
  known.count += 1
  figures.set(figure, known)
}

function byFrequency(counts: Map<string, number>): string[] {
  return [...counts].sort((a, b) => b[1] - a[1]).map(([value]) => value)
}
