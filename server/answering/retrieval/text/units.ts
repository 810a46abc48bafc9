import { unitNamesEn } from '../lexicon/units.en.ts'
import { unitNamesZh } from '../lexicon/units.zh.ts'

/** What a quantity measures. Two quantities can only be compared within one dimension. */
export type Dimension =
  | 'mass'
  | 'length'
  | 'data'
  | 'time'
  | 'workdays'
  | 'months'
  | 'power'
  | 'energy'
  | 'charge'
  | 'voltage'
  | 'frequency'
  | 'light'
  | 'sound'
  | 'torque'
  | 'pressure'
  | 'rotation'
  | 'density'
  | 'temperature'
  | 'celsius'
  | 'volume'
  | 'pixels'
  | 'percent'
  | 'clock'
  | `currency:${string}`

export interface Unit {
  /** As it is written for a reader of English, e.g. "kg". */
  name: string
  dimension: Dimension
  /** Multiplied with a value gives the dimension's base unit: g, mm, MB, s, month, W, Wh, mAh, V, Hz, lm, dB, Nm, kPa, rpm, dpi, K, °C, ml, px, %. */
  factor: number
}

/** By id: the first of its names. */
// biome-ignore format: a table of units
const table: [Dimension, factor: number, id: string][] = [
  ['mass', 1, 'g'],
  ['mass', 1000, 'kg'],
  ['mass', 0.001, 'mg'],
  ['mass', 500, '斤'],
  ['mass', 453.592, 'lb'],
  ['mass', 28.3495, 'oz'],
  ['length', 1, 'mm'],
  ['length', 10, 'cm'],
  ['length', 1000, 'm'],
  ['length', 1_000_000, 'km'],
  ['length', 25.4, 'inches'],
  ['length', 304.8, 'ft'],
  ['data', 0.001, 'kb'],
  ['data', 1, 'mb'],
  ['data', 1000, 'gb'],
  ['data', 1_000_000, 'tb'],
  ['time', 0.001, 'ms'],
  ['time', 1, 's'],
  ['time', 60, 'min'],
  ['time', 3600, 'h'],
  ['time', 86_400, 'day'],
  ['time', 604_800, 'week'],
  ['workdays', 1, 'working day'],
  ['months', 1, 'month'],
  ['months', 12, 'year'],
  ['power', 0.001, 'mw'],
  ['power', 1, 'w'],
  ['power', 1000, 'kw'],
  ['energy', 1, 'wh'],
  ['energy', 1000, 'kwh'],
  ['charge', 1, 'mah'],
  ['charge', 1000, 'ah'],
  ['voltage', 1, 'v'],
  ['frequency', 1, 'hz'],
  ['frequency', 1000, 'khz'],
  ['frequency', 1_000_000, 'mhz'],
  ['frequency', 1_000_000_000, 'ghz'],
  ['light', 1, 'lm'],
  ['sound', 1, 'db'],
  ['torque', 1, 'nm'],
  ['pressure', 1, 'kpa'],
  ['pressure', 100, 'bar'],
  ['pressure', 6.89476, 'psi'],
  ['pressure', 0.001, 'pa'],
  ['rotation', 1, 'rpm'],
  ['density', 1, 'dpi'],
  ['temperature', 1, 'kelvin'],
  ['celsius', 1, '°c'],
  ['volume', 1, 'ml'],
  ['volume', 1000, 'l'],
  ['pixels', 1, 'px'],
  ['pixels', 1_000_000, 'mp'],
  ['pixels', 10_000, '万像素'],
  ['percent', 1, '%'],
  ['currency:EUR', 1, '€'],
  ['currency:USD', 1, '$'],
  ['currency:GBP', 1, '£'],
  ['currency:CNY', 1, '¥'],
  ['currency:JPY', 1, 'jpy'],
  ['currency:HKD', 1, 'hkd'],
  ['currency:CHF', 1, 'chf'],
]

const namesOf = (id: string): string[] =>
  [unitNamesEn[id], unitNamesZh[id]].flatMap(names => names?.split('|') ?? [])

/** Names for readers, where they are not the first ones above. */
// biome-ignore format: a table of words
const readable: Readonly<Record<string, string>> = {
  kb: 'KB', mb: 'MB', gb: 'GB', tb: 'TB', mw: 'mW', w: 'W', kw: 'kW', wh: 'Wh', kwh: 'kWh', mah: 'mAh', ah: 'Ah', v: 'V',
  hz: 'Hz', khz: 'kHz', mhz: 'MHz', ghz: 'GHz', db: 'dB', nm: 'Nm', kpa: 'kPa', pa: 'Pa', kelvin: 'K', '°c': '°C', mp: 'MP', day: 'days', week: 'weeks', month: 'months',
  year: 'years', 'working day': 'working days', '€': 'EUR', $: 'USD', '£': 'GBP', '¥': 'CNY', jpy: 'JPY', hkd: 'HKD', chf: 'CHF',
}

const units: ReadonlyMap<string, Unit> = new Map(
  table.flatMap(([dimension, factor, id]) => {
    const name = readable[id] ?? id
    return namesOf(id).map(written => [written, { name, dimension, factor }] as const)
  }),
)

function alternatives(filter: (written: string) => boolean): string {
  return [...units.keys()]
    .filter(filter)
    .sort((a, b) => b.length - a.length)
    .map(written => written.replace(/[$°]/g, '\\$&').replace(' ', '[ -]'))
    .join('|')
}

const latin = /^[a-z]/
/** Right behind a number, perhaps after a blank or hyphen ("13.3-inch"). */
const afterNumber = new RegExp(
  `[ \\u00a0-]?(?:((?:${alternatives(w => latin.test(w))})(?![a-z0-9]))|(${alternatives(w => !latin.test(w))}))`,
  'iy',
)

/** The unit written at `at` in `text`, and where it ends. */
export function unitAt(text: string, at: number): { unit: Unit; end: number } | null {
  afterNumber.lastIndex = at
  const match = afterNumber.exec(text)
  if (!match) return null
  const written = (match[1] ?? match[2]!).toLowerCase().replace('-', ' ')
  // One letter after a hyphen is a name ("2-m"), and a currency sign there begins the next amount ("10-€20").
  if (match[0].startsWith('-') && written.length < 2) return null
  // "GTX 960M", "Windows 10 S": a capital is no metre and no second.
  if (/^[ -]?[MSHG]$/.test(match[0])) return null
  const unit = units.get(written)
  return unit ? { unit, end: afterNumber.lastIndex } : null
}

/** The unit of that name, e.g. the "kg" of a catalogue's "weight_kg". */
export function unitNamed(written: string): Unit | null {
  return units.get(written.toLowerCase()) ?? null
}

/** What a dimension's units are multiplied with, its base unit first. */
export function factorsOf(dimension: Dimension): number[] {
  return table.filter(([of]) => of === dimension).map(([, factor]) => factor)
}

const beforeNumber = /(?:US|HK)?[€$£¥￥＄]\s?$|\b(?:EUR|USD|GBP|CNY|RMB|JPY|HKD|CHF)\s?$/i

/** A currency written in front of the number that begins at `at`, and where it begins. */
export function currencyBefore(text: string, at: number): { unit: Unit; start: number } | null {
  const from = Math.max(0, at - 5)
  const match = beforeNumber.exec(text.slice(from, at))
  const unit = match && units.get(match[0].trim().toLowerCase())
  return unit ? { unit, start: from + match.index } : null
}

export const kelvin: Unit = { name: 'K', dimension: 'temperature', factor: 1 }
/** A time of day, in minutes. */
export const clock: Unit = { name: 'min', dimension: 'clock', factor: 1 }
export const gigabyte: Unit = { name: 'GB', dimension: 'data', factor: 1000 }
export const terabyte: Unit = { name: 'TB', dimension: 'data', factor: 1_000_000 }
