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
  /** Multiplied with a value gives the dimension's base unit: g, mm, MB, s, month, W, Wh, mAh, V, Hz, lm, K, °C, ml, px, %. */
  factor: number
}

const table: [Dimension, factor: number, names: string][] = [
  ['mass', 1, 'g|gram|grams|gramme|grammes|克'],
  ['mass', 1000, 'kg|kgs|kilo|kilos|kilogram|kilograms|千克|公斤'],
  ['mass', 0.001, 'mg|毫克'],
  ['mass', 500, '斤'],
  ['mass', 453.592, 'lb|lbs|pound|pounds|磅'],
  ['mass', 28.3495, 'oz|ounce|ounces|盎司'],
  ['length', 1, 'mm|millimetre|millimetres|millimeter|millimeters|毫米'],
  ['length', 10, 'cm|centimetre|centimetres|centimeter|centimeters|厘米|公分'],
  ['length', 1000, 'm|metre|metres|meter|meters|米'],
  ['length', 1_000_000, 'km|kilometre|kilometres|kilometer|kilometers|公里|千米'],
  ['length', 25.4, 'inches|inch|"|″|”|英寸|寸|吋'],
  ['length', 304.8, 'ft|foot|feet|英尺'],
  ['data', 0.001, 'kb|kib'],
  ['data', 1, 'mb|mib|megabyte|megabytes'],
  ['data', 1000, 'gb|gib|gigabyte|gigabytes|gig|gigs'],
  ['data', 1_000_000, 'tb|tib|terabyte|terabytes'],
  ['time', 0.001, 'ms|millisecond|milliseconds|毫秒'],
  ['time', 1, 's|sec|secs|second|seconds|秒|秒钟'],
  ['time', 60, 'min|mins|minute|minutes|分钟'],
  ['time', 3600, 'h|hr|hrs|hour|hours|小时|个小时|钟头|个钟头'],
  ['time', 86_400, 'day|days|calendar day|calendar days|天|日|自然日'],
  ['time', 604_800, 'week|weeks|周|星期|个星期|礼拜'],
  [
    'workdays',
    1,
    'working day|working days|business day|business days|workday|workdays|weekday|weekdays|工作日|个工作日',
  ],
  ['months', 1, 'month|months|个月'],
  ['months', 12, 'year|years|yr|yrs|年'],
  ['power', 0.001, 'mw|milliwatt|milliwatts|毫瓦'],
  ['power', 1, 'w|watt|watts|瓦|瓦特'],
  ['power', 1000, 'kw|kilowatt|kilowatts|千瓦'],
  ['energy', 1, 'wh|watt hour|watt hours|瓦时'],
  ['energy', 1000, 'kwh|千瓦时|度电'],
  ['charge', 1, 'mah|毫安时|毫安'],
  ['charge', 1000, 'ah|安时'],
  ['voltage', 1, 'v|volt|volts|伏|伏特'],
  ['frequency', 1, 'hz|hertz|赫兹'],
  ['frequency', 1000, 'khz'],
  ['frequency', 1_000_000, 'mhz|兆赫'],
  ['frequency', 1_000_000_000, 'ghz'],
  ['light', 1, 'lm|lumen|lumens|流明'],
  ['temperature', 1, 'kelvin|kelvins|开尔文'],
  ['celsius', 1, '°c|℃|degrees celsius|摄氏度'],
  ['volume', 1, 'ml|millilitre|millilitres|milliliter|milliliters|毫升'],
  ['volume', 1000, 'l|litre|litres|liter|liters|升'],
  ['pixels', 1, 'px|pixel|pixels|像素'],
  ['pixels', 1_000_000, 'mp|megapixel|megapixels'],
  ['pixels', 10_000, '万像素'],
  ['percent', 1, '%|％|percent|per cent'],
  ['currency:EUR', 1, '€|eur|euro|euros|欧元|欧'],
  ['currency:USD', 1, '$|＄|us$|usd|dollar|dollars|bucks|美元|美金|刀'],
  ['currency:GBP', 1, '£|gbp|sterling|英镑'],
  ['currency:CNY', 1, '¥|￥|cny|rmb|yuan|元|块|块钱|元钱|人民币'],
  ['currency:JPY', 1, 'jpy|yen|日元|日圆'],
  ['currency:HKD', 1, 'hkd|hk$|港币|港元'],
  ['currency:CHF', 1, 'chf|francs|瑞士法郎'],
]

/** Names for readers, where they are not the first ones above. */
// biome-ignore format: a table of words
const readable: Readonly<Record<string, string>> = {
  kb: 'KB', mb: 'MB', gb: 'GB', tb: 'TB', mw: 'mW', w: 'W', kw: 'kW', wh: 'Wh', kwh: 'kWh', mah: 'mAh', ah: 'Ah', v: 'V',
  hz: 'Hz', khz: 'kHz', mhz: 'MHz', ghz: 'GHz', kelvin: 'K', '°c': '°C', mp: 'MP', day: 'days', week: 'weeks', month: 'months',
  year: 'years', 'working day': 'working days', '€': 'EUR', $: 'USD', '£': 'GBP', '¥': 'CNY', jpy: 'JPY', hkd: 'HKD', chf: 'CHF',
}

const units: ReadonlyMap<string, Unit> = new Map(
  table.flatMap(([dimension, factor, names]) => {
    const all = names.split('|')
    const name = readable[all[0]!] ?? all[0]!
    return all.map(written => [written, { name, dimension, factor }] as const)
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
