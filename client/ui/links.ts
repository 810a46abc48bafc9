import { addressPart, parseWebAddress } from '#protocol/core/address'

export interface Link {
  type: 'link'
  url: string
  children: [string]
}

/** An address of the web, also where it begins with `www.`; the stop behind it belongs to the sentence. */
const web = String.raw`(?:[hH][tT][tT][pP][sS]?://|(?<![\w./@-])[wW]{3}\.)${addressPart}+(?<![.,;:!?*_~])`
const mail = String.raw`(?<![\w.+/@-])[\w.+-]{1,64}@(?:[a-zA-Z\d-]{1,63}\.){1,8}[a-zA-Z]{2,24}(?![\w@])`
/** With the country, in groups as they are written by country, or a mobile number of China: any other run of digits may be an order. */
const phone = String.raw`(?<![\w.+-])(?:\+\d{1,3}(?:[ ./-]?\(?\d{1,5}\)?){2,6}|\(?0\d{1,4}\)?[ /-]\d{3,8}(?:[ -]\d{2,5}){0,3}|\(?[2-9]\d{2}\)?[ -]\d{3}[ -]\d{4}|1[3-9]\d{9})(?![\w-]|[.,]\d)`

/** What is a link by itself, each alternative without a group. */
export const linkPattern = `${web}|${mail}|${phone}`
const links = new RegExp(linkPattern, 'g')
const phoneDigitsMin = 9

/** The text as it stands, cut where links begin and end. */
export function linkify(text: string): (string | Link)[] {
  const found: (string | Link)[] = []
  let end = 0
  for (const { index, 0: whole } of text.matchAll(links)) {
    const link = toLink(whole)
    if (typeof link === 'string') continue
    if (index > end) found.push(text.slice(end, index))
    found.push(link)
    end = index + whole.length
  }
  if (end < text.length) found.push(text.slice(end))
  return found
}

/** A link to what the pattern found; the text itself where it leads nowhere. */
export function toLink(text: string, label = text): string | Link {
  const url = target(text)
  return url ? { type: 'link', url, children: [label] } : label
}

function target(text: string): string | null {
  if (/^https?:/i.test(text)) return parseWebAddress(text) && text
  if (/^www\./i.test(text)) return parseWebAddress(`https://${text}`) && `https://${text}`
  if (/^(?:mailto|tel):[^\s]+$/i.test(text)) return text
  if (text.includes('@')) return `mailto:${text}`
  const digits = text.replace(/[^\d+]/g, '')
  return /^[\d+() ./-]+$/.test(text) && digits.length >= phoneDigitsMin ? `tel:${digits}` : null
}
