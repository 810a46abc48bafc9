import type { Language } from '#protocol'
import { type SpokenWords, spokenWords } from './words.ts'

/** A line or sentence of an answer as it is said: no marks of markdown, no numbers of references, no addresses. `` where there is nothing to say. */
export function spokenText(written: string, language: Language): string {
  const words = spokenWords[language]
  const plain = withoutMarkup(written, words)
  return tidied(saidSigns(plain, words), language)
}

function withoutMarkup(written: string, words: SpokenWords): string {
  return written
    .replace(/\s+/g, ' ')
    .replace(/<br\s*\/?>/gi, ' ')
    .replace(/<\/?[a-z][^<>]{0,200}>/gi, '')
    .replace(/!\[([^[\]]{0,300})\]\([^()]{0,2000}\)/g, '$1')
    .replace(/\[([^[\]]{1,300})\]\((?:[^()\s]|\([^()]{0,200}\)){0,2000}(?:\s"[^"]{0,300}")?\)/g, '$1')
    .replace(/\s?[[【［]\d{1,3}(?:\s*[,，、]\s*\d{1,3})*[\]】］]/g, '')
    .replace(/<?\bhttps?:\/\/[^\s<>()，。！？；]*[^\s<>()，。！？；.,;:!?'"]>?/gi, address =>
      saidAddress(address, words),
    )
    .replace(/^\s*(?:#{1,6}|>+|[-*+•]|\d{1,3}[.)](?=\s))\s*/u, '')
    .replace(/^\s*\[[ xX]\]\s+/, '')
    .replace(/(\*\*\*|\*\*|__|~~|`+)/g, '')
    .replace(/(^|[\s(（])[*_](\S[^*_]*?)[*_](?=$|[\s).,;:!?，。！？；：）])/g, '$1$2')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_all, name: string) => entities[name]!)
    .replace(/\p{Extended_Pictographic}[\u{fe0f}\u{1f3fb}-\u{1f3ff}\u{200d}]*/gu, sign =>
      /^[\d#*©®™]/.test(sign) ? sign : '',
    )
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: ' ',
  '#39': "'",
}

/** Of an address the host is what one can remember. */
function saidAddress(address: string, { link }: SpokenWords): string {
  const host = URL.parse(address.replace(/^<|>$/g, ''))?.hostname.replace(/^www\./, '')
  return host ? `${link} (${host})` : link
}

/** Thousands may be set apart, by a space only where it does not break the line. */
const number = String.raw`(?<!\d)\d{1,15}(?:[.,\u00a0\u202f]\d{3})*(?:[.,]\d+)?`

function saidSigns(text: string, words: SpokenWords): string {
  const { range, times, and, about } = words
  const amounts = saidAmounts(text, words)
  const spans = amounts
    .replace(/(\d)\s*[–—~～-]\s*(?=\d+(?:[.,]\d+)?\s*(?:[\p{L}%°]|$))/gu, (all, digit: string, at: number) =>
      isRange(amounts, at, all.length) ? `${digit}${range}` : all,
    )
    .replace(/(\d\s*(?:mm|cm|m)?)\s*[×x]\s*(?=\d)/g, `$1${times}`)
    .replace(/\s&\s/g, and)
    .replace(/[≈~～]\s*(?=\d)/g, about)
  return saidUnits(spans, words)
}

/** A date, an article number or a telephone number is none. */
function isRange(text: string, at: number, length: number): boolean {
  const before = text.slice(Math.max(0, at - 12), at + 1)
  const after = text.slice(at + length, at + length + 14)
  return !/[\d\p{L}][-/]\d*$|[\p{L}]\d*$/u.test(before) && !/^\d+[-/]/.test(after)
}

function saidAmounts(text: string, words: SpokenWords): string {
  const { currencies } = words
  const say = (amount: string, name: string): string => {
    const currency = currencies[name.toLowerCase()]!
    const [, whole, cents] = /^(.*?)(?:[.,](\d{2}))?$/.exec(amount.replace(/\s/g, ''))!
    const plain = whole!.replace(/[.,](?=\d{3})/g, '')
    return words.amount(plain, cents === undefined || /^0+$/.test(cents) ? null : cents, currency)
  }
  const names = Object.keys(currencies).map(name => name.replace('$', '\\$'))
  const signs = names.filter(name => !/^[a-z]/.test(name)).join('|')
  const codes = names.filter(name => /^[a-z]/.test(name)).join('|')
  return text
    .replace(new RegExp(`(${signs})\\s?(${number})`, 'g'), (_all, sign: string, amount: string) =>
      say(amount, sign),
    )
    .replace(new RegExp(`\\b(${codes})\\s?(${number})`, 'gi'), (_all, code: string, amount: string) =>
      say(amount, code),
    )
    .replace(
      new RegExp(`(${number})\\s?(${signs}|(?:${codes})\\b)`, 'gi'),
      (_all, amount: string, name: string) => say(amount, name),
    )
}

function saidUnits(text: string, { units, unitSpace }: SpokenWords): string {
  const names = Object.keys(units)
    .toSorted((a, b) => b.length - a.length)
    .join('|')
  const measured = new RegExp(`(${number})\\s?(${names})(?![\\p{L}\\p{N}²³/])`, 'gu')
  return text.replace(measured, (_all, amount: string, name: string) => {
    const { one, many } = units[name]!
    return `${amount}${unitSpace}${/^1([.,]0+)?$/.test(amount) ? one : many}`
  })
}

function tidied(text: string, language: Language): string {
  const joined = text
    .replace(/[|\\]+/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/\s+([,.;:!?，。！？；：、）)])/g, '$1')
    .trim()
  if (!/[\p{L}\p{N}]/u.test(joined)) return ''
  return language === 'zh' ? joined.replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '') : joined
}
