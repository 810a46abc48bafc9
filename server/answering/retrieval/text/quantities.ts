import { numeralsEn } from '../lexicon/numerals.en.ts'
import { countedZh, multipliersZh, numeralsZh, rangedZh } from '../lexicon/numerals.zh.ts'
import {
  clock,
  currencyBefore,
  type Dimension,
  gigabyte,
  kelvin,
  terabyte,
  type Unit,
  unitAt,
} from './units.ts'

/** A number in a text, with its unit where it has one. */
export interface Quantity {
  /** In the base unit of its dimension (see Unit.factor); as written where it has none. */
  value: number
  /** null: a bare number. */
  dimension: Dimension | null
  unit: Unit | null
  /** As written: 1.5 for "1.5 kg". */
  amount: number
  /** Where it stands in the text, its unit included. */
  start: number
  end: number
}

const word = Object.keys(numeralsEn).join('|')
const numberStart = new RegExp(
  [
    String.raw`(?<fraction>(?<![\d/.])(?:(?:\d{1,3}[ -])?\d{1,2}\/(?:2|4|8|16|32)|\d{0,3}[½¼¾⅛⅜⅝⅞])(?![\d/]))`,
    String.raw`(?<digits>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)`,
    String.raw`(?<english>\b(?:a\s)?(?:${word})\b(?:[\s-]+(?:and\s)?(?:${word})\b)*)`,
    String.raw`(?<article>\ban?\s(?=(?:year|month|week|day|hour|minute|kilo|kilogram|kg|litre|liter|metre|meter)\b))`,
    '(?<percent>百分之)',
    '(?<chinese>半|[零〇一二两三四五六七八九十百千万]+)',
  ].join('|'),
  'giu',
)
const often = /(?:once|twice|times|every|per|hours|minutes|days)\s$/iu
const memoryWord = /^\s?(?:内存|运存|显存|固态|硬盘|存储|ram|memory|ssd|hdd|storage)/i

/**
 * The numbers of an English or Chinese text, in order: "1,339.69 €", "13.3-inch", "16G内存", "两年", "百分之五", "a year",
 * "1.5千". Digits inside a name ("i5", "7200U", "E27", "WH-1000XM4", "2.5.1") are none.
 */
export function quantities(text: string): Quantity[] {
  const plain = halfWidth(text)
  const found: Quantity[] = []
  numberStart.lastIndex = 0
  for (let match = numberStart.exec(plain); match; match = numberStart.exec(plain)) {
    const read = readAt(plain, match)
    numberStart.lastIndex = Math.max(read.end, match.index + 1)
    found.push(...read.quantities)
  }
  return found
}

/** Up to rounding, whatever the units they are written in. */
export function isSameAmount(one: Quantity, other: Quantity): boolean {
  return one.dimension === other.dimension && Math.abs(one.value - other.value) <= 1e-9 * other.value
}

interface Reading {
  quantities: Quantity[]
  end: number
}

function readAt(text: string, match: RegExpExecArray): Reading {
  const { fraction, digits, english, article, percent, chinese } = match.groups!
  const end = match.index + match[0].length
  if (fraction !== undefined) return readFraction(text, match.index, fraction)
  if (digits !== undefined) return readDigits(text, match.index, digits)
  if (english !== undefined) return readWords(text, match.index, english)
  if (percent !== undefined) return readPercent(text, match.index, end)
  if (article !== undefined) {
    const repeated = often.test(text.slice(Math.max(0, match.index - 14), match.index))
    const half = /half\s$/i.test(text.slice(Math.max(0, match.index - 5), match.index))
    if (repeated) return { quantities: [], end }
    return half ? readUnit(text, match.index - 5, end, 0.5) : readUnit(text, match.index, end, 1)
  }
  return readChinese(text, match.index, chinese!)
}

const vulgar: Readonly<Record<string, number>> = {
  '½': 1 / 2,
  '¼': 1 / 4,
  '¾': 3 / 4,
  '⅛': 1 / 8,
  '⅜': 3 / 8,
  '⅝': 5 / 8,
  '⅞': 7 / 8,
}

/** `1/2"`, `1 1/2"`, "2½ inches": before a unit only, "3/4" alone may be anything. */
function readFraction(text: string, start: number, written: string): Reading {
  const end = start + written.length
  const [, whole = '0', above, below] = /^(?:(\d{1,3})[ -])?(\d{1,2})\/(\d{1,2})$/.exec(written) ?? []
  const sign = written.at(-1)!
  const amount = above
    ? Number(whole) + Number(above) / Number(below)
    : Number(written.slice(0, -1) || 0) + (vulgar[sign] ?? 0)
  const read = readUnit(text, start, end, amount)
  return read.quantities.some(({ unit }) => unit !== null) ? read : { quantities: [], end }
}

function readDigits(text: string, start: number, digits: string): Reading {
  const end = start + digits.length
  const before = text.slice(Math.max(0, start - 2), start)
  const inName = /[a-z_]$|[a-z0-9][.]$|[a-z][-/]$|\d,$/i.test(before) && !currencyBefore(text, start)
  const versionTail = /^\.\d/.test(text.slice(end, end + 2))
  if (inName || versionTail) return { quantities: [], end: skipName(text, end) }
  const grouped = /^\d{1,3}\.\d{3}$/.test(digits) && !/^0/.test(digits)
  if (grouped && (currencyBefore(text, start) || unitAt(text, end)?.unit.dimension.startsWith('currency:')))
    return readGrid(text, start, end, Number(digits.replace('.', '')))
  // "2.400 W" is two thousand and four hundred to some and two and two fifths to others: no number.
  if (grouped && digits.endsWith('0')) return { quantities: [], end: unitAt(text, end)?.end ?? end }
  const positive = Number(digits.replaceAll(',', ''))
  const time = readClock(text, start, end, positive)
  if (time) return time
  // "-10 °C", but not the end of a range ("5 -10").
  const amount =
    /(?:^|[\s(])[-−]$/.test(before) && !/\d\s[-−]$/.test(text.slice(Math.max(0, start - 3), start))
      ? -positive
      : positive
  // A decimal comma: "1,5 kg", but not "1,500".
  const decimal = /^,(\d{1,2})(?![\d,])/.exec(text.slice(end, end + 4))
  if (decimal && Number.isInteger(amount))
    return readGrid(text, start, end + decimal[0].length, Number(`${amount}.${decimal[1]}`))
  return readGrid(text, start, end, amount)
}

const clockTail = /^(?::(\d{2})(?!\d))?(?:\s?([ap])\.?m\b\.?|点(?![击评赞])(?:钟)?)?/i

/** "9:00", "9 am", "7:30 p.m.", "9点". */
function readClock(text: string, start: number, end: number, hour: number): Reading | null {
  const [tail, minutes, half] = clockTail.exec(text.slice(end, end + 12))!
  if (tail === '' || !Number.isInteger(hour) || hour > 24) return null
  const hours = half ? (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : hour
  return one(start, end + tail.length, hours * 60 + Number(minutes ?? 0), clock)
}

/** Sides of a thing, and how many of it. */
const sidesMax = 4

/** "1920x1080", "90 × 200 cm": each side is a number, with the unit behind the last. */
function readGrid(text: string, start: number, end: number, amount: number, sides = sidesMax): Reading {
  const next = sides > 1 && /^\s?[x×*]\s?(\d+(?:\.\d+)?)/i.exec(text.slice(end, end + 16))
  if (!next) return readUnit(text, start, end, amount)
  const from = end + next[0].length - next[1]!.length
  const rest = readGrid(text, from, end + next[0].length, Number(next[1]), sides - 1)
  const last = rest.quantities.at(-1)
  const side = { amount, value: amount * (last?.unit?.factor ?? 1), start, end }
  return {
    quantities: [
      { ...side, dimension: last?.dimension ?? null, unit: last?.unit ?? null },
      ...rest.quantities,
    ],
    end: rest.end,
  }
}

function readUnit(text: string, start: number, end: number, written: number): Reading {
  let amount = written
  let at = end
  const multiplier = /^(?:[百万亿]|千(?![克瓦米卡赫]))(?!像素)/.exec(text.slice(at, at + 3))
  if (multiplier) {
    amount *= multipliersZh[multiplier[0]]!
    at += 1
  }
  const currency = currencyBefore(text, start)
  const warmth = /^\s?K(?![A-Za-z0-9])/.exec(text.slice(at, at + 3))
  if (warmth && !currency && amount >= 1000) return one(start, at + warmth[0].length, amount, kelvin)
  const thousand = /^k(?![a-z0-9])/i.test(text.slice(at, at + 2))
  if (thousand) {
    amount *= 1000
    at += 1
  }
  if (currency) {
    const doubled = unitAt(text, at)
    const after = doubled?.unit.dimension === currency.unit.dimension ? doubled.end : at
    return one(currency.start, after, amount, currency.unit)
  }
  const short = shortUnit(text, at)
  if (short) return one(start, short.end, amount, short.unit)
  const found = unitAt(text, at)
  if (found && isUnit(text, at, amount, found.unit)) return one(start, found.end, amount, found.unit)
  if (/^[a-z]/i.test(text.slice(at, at + 1))) return { quantities: [], end: skipName(text, at) }
  return one(start, at, amount, null)
}

/** How far back the beginning of a quotation is looked for. */
const quotedMax = 400

function isUnit(text: string, at: number, amount: number, unit: Unit): boolean {
  if (text[at] === '年') return !(amount >= 1900 && amount <= 2100)
  // A closing quotation mark is no inch sign.
  const before = text.slice(Math.max(0, at - quotedMax), at)
  if (text[at] === '"') return before.split('"').length % 2 === 1
  if (text[at] === '”') return !before.includes('“')
  return unit.dimension !== 'length' || !/^\s?m\s?\//i.test(text.slice(at, at + 4))
}

/** "16G", "1T SSD", "8g内存", "13.3in": too short to be units anywhere but right behind a number. */
function shortUnit(text: string, at: number): { unit: Unit; end: number } | null {
  const letter = /^(?:[GTg](?![a-zA-Z0-9])|in(?![a-zA-Z]))/.exec(text.slice(at, at + 3))?.[0]
  if (!letter) return null
  if (letter === 'in') return { unit: unitAt('inch', 0)!.unit, end: at + 2 }
  if (letter === 'g' && !memoryWord.test(text.slice(at + 1, at + 10))) return null
  return { unit: letter === 'T' ? terabyte : gigabyte, end: at + 1 }
}

function readWords(text: string, start: number, words: string): Reading {
  const end = start + words.length
  let total = 0
  let current = 0
  for (const name of words.toLowerCase().split(/[\s-]+/)) {
    const value = numeralsEn[name]
    if (value === undefined) continue
    if (value < 100) current += value
    else if (value === 100) current = Math.max(1, current) * 100
    else {
      total += Math.max(1, current) * 1000
      current = 0
    }
  }
  const read = readUnit(text, start, end, total + current)
  // "one of them" counts nothing.
  const [only] = read.quantities
  return only && total + current === 1 && only.unit === null ? { quantities: [], end } : read
}

/** Chinese numerals count before a unit or a measure word; elsewhere they are parts of words ("一些", "千万"). */
function readChinese(text: string, start: number, numeral: string): Reading {
  const end = start + numeral.length
  if (/[第哪]/.test(text[start - 1] ?? '')) return { quantities: [], end }
  const after = numeral === '半' ? text.slice(end, end + 2).replace(/^个(?!月|小时)/, '') : ''
  const amount = numeral === '半' ? 0.5 : chineseValue(numeral)
  if (numeral === '半' && !/^(?:年|天|个月|小时)/.test(after)) return { quantities: [], end }
  const found = unitAt(text, end)
  if (found) return one(start, found.end, amount, found.unit)
  const next = text.slice(end, end + 2)
  const counts =
    (countedZh.test(next) && amount !== 1) ||
    (amount >= 10 && (rangedZh.test(next) || /[\d十百千万][到至~-]$/.test(text.slice(start - 2, start))))
  return counts ? one(start, end, amount, null) : { quantities: [], end }
}

function chineseValue(numeral: string): number {
  let total = 0
  let section = 0
  let digit = 0
  let scale = 0
  for (const sign of numeral) {
    const value = numeralsZh[sign]!
    if (value < 10) digit = value
    else if (value === 10_000) {
      total += Math.max(1, section + digit) * value
      section = 0
      digit = 0
    } else {
      section += (digit || 1) * value
      digit = 0
    }
    scale = value < 10 ? scale : value
  }
  // "两千五" is 2500: a last digit counts tenths of the scale before it, unless 零 stands between.
  const short = digit > 0 && scale >= 100 && !numeral.includes('零')
  return total + section + (short ? (digit * scale) / 10 : digit)
}

function readPercent(text: string, start: number, end: number): Reading {
  const number = /^(\d+(?:\.\d+)?)|^([零一二两三四五六七八九十百]+)/.exec(text.slice(end, end + 8))
  if (!number) return { quantities: [], end }
  const amount = number[1] ? Number(number[1]) : chineseValue(number[2]!)
  return one(start, end + number[0].length, amount, unitAt('%', 0)!.unit)
}

function one(start: number, end: number, amount: number, unit: Unit | null): Reading {
  const value = amount * (unit?.factor ?? 1)
  return { quantities: [{ value, dimension: unit?.dimension ?? null, unit, amount, start, end }], end }
}

function skipName(text: string, at: number): number {
  const name = /[a-z0-9_.-]*/iy
  name.lastIndex = at
  name.exec(text)
  return Math.max(at, name.lastIndex)
}

/** Full-width ASCII as its half-width counterpart; every position stays where it was. */
export function halfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, sign => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
}

/** Within one dimension: 1 TB is 1000 or 1024 GB, and a converted value (inch, lb) may be rounded. */
export function sameQuantity(a: Quantity, b: Quantity): boolean {
  if (a.dimension !== b.dimension) return false
  if (close(a.value, b.value, 1e-6)) return true
  if (a.dimension === 'data')
    return [1.024, 1.048576].some(f => close(a.value * f, b.value, 1e-6) || close(b.value * f, a.value, 1e-6))
  return a.unit !== b.unit && a.unit?.name !== b.unit?.name && close(a.value, b.value, 0.002)
}

function close(a: number, b: number, tolerance: number): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b))
}
