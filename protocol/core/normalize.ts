/**
 * What people type, in the one form that is compared and stored. Keyboards and input methods write the same letter in
 * several ways: composed or not, in the width of a Latin or of a Chinese letter.
 */

const wide = /[\u3000\uFF01-\uFFEF]/g
const local = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
const quoted = /^"((?:[^"\\\p{Cc}]|\\[^\p{Cc}])+)"$/u
const domainLetters = /^[\p{L}\p{M}\p{N}.\u3002-]+$/u
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** With the name of whom it belongs to, as mail programs copy it. */
const named = /<([^<>]+)>$/
const phone = /^(\+?)(\d{5,15})(?:(?:ext|x|#|;ext=)(\d{1,6}))?$/
const extension = /\s*(?:ext(?:ension|n)?\.?|转|轉|分机|分機)\s*(?=\d)/iu

/** Octets, by RFC 5321. */
const localMaxBytes = 64
const emailMaxBytes = 254

/** Full-width and half-width letters as their ordinary ones, everything composed (NFC). */
function normalizeText(text: string): string {
  return text.replace(wide, letter => letter.normalize('NFKC')).normalize('NFC')
}

/** As `normalizeText`, without surrounding blanks; case stays. */
export function normalizeUsername(text: string): string {
  return normalizeText(text).trim()
}

/** What is hashed of a password (NIST SP 800-63B, 5.1.1.2). Every blank is the ordinary one. */
export function normalizePassword(password: string): string {
  return password.replace(/\p{Zs}/gu, ' ').normalize('NFKC')
}

/** Digits of whichever script as 0 to 9. */
export function normalizeDigits(text: string): string {
  return text.normalize('NFKC').replace(/\p{Nd}/gu, digit => String(digitValue(digit)))
}

/** Digits of a script stand in a row, from its zero on. */
function digitValue(digit: string): number {
  const point = digit.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(point - value - 1))) value++
  return value
}

/** A code as it was sent, however it was typed: without blanks, dashes and dots, in capitals. */
export function normalizeCode(code: string): string {
  return normalizeDigits(code)
    .replace(/[\s\p{P}\p{S}\p{Cf}\u30FC]/gu, '')
    .toUpperCase()
}

/**
 * A telephone number in the form that is stored: its digits, with a plus in front where the country is said, `x` and the digits of an extension behind. Null when it
 * is none. It is as it is dialled: nothing is added, and of `+44 (0)20` the zero goes, which is dialled at home only.
 */
export function normalizePhone(text: string): string | null {
  const written = normalizeDigits(text)
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/^tel:/i, '')
    .replace(extension, 'x')
    .replace(/^(\+[^(]*)\(0\)/, '$1')
    .replace(/[\s\p{Pd}().·/\u2212\u30FC]/gu, '')
  const [, plus, digits, more] = phone.exec(written) ?? []
  return digits ? `${plus}${digits}${more ? `x${more}` : ''}` : null
}

/** An e-mail address in the form by which people are known and compared: all in small letters. Null when it is none. */
export function normalizeEmail(text: string): string | null {
  return normalizeMailbox(text)?.toLowerCase().normalize('NFC') ?? null
}

/**
 * An e-mail address (RFC 5321, 6531, 5890) that mail goes to: the domain in ASCII (`xn--…`), the part before it as it was
 * written. Null when it is none. A domain has a dot; addresses in brackets are not taken.
 */
export function normalizeMailbox(text: string): string | null {
  const address = withoutWrapping(normalizeText(text))
  const at = address.lastIndexOf('@')
  const localPart = normalizeLocalPart(address.slice(0, at))
  const domain = normalizeDomain(address.slice(at + 1))
  if (at < 1 || localPart === null || domain === null) return null
  const whole = `${localPart}@${domain}`
  return byteLength(localPart) <= localMaxBytes && byteLength(whole) <= emailMaxBytes ? whole : null
}

/** What pastes and input methods leave in it and around it, and no address has. */
function withoutWrapping(text: string): string {
  const visible = text
    .replace(/\p{Cf}/gu, '')
    .replace(/\u3002/g, '.')
    .trim()
  const address = (named.exec(visible)?.[1] ?? visible).replace(/^mailto:/i, '').replace(/[.,;]+$/, '')
  return address.startsWith('"') ? address : address.replace(/\p{Zs}/gu, '')
}

function normalizeLocalPart(text: string): string | null {
  const inner = quoted.exec(text)?.[1]?.replace(/\\(.)/gsu, '$1') ?? text
  if (local.test(inner)) return inner
  return inner === text ? null : `"${inner.replace(/["\\]/g, '\\$&')}"`
}

function normalizeDomain(text: string): string | null {
  if (text.length > emailMaxBytes || !domainLetters.test(text)) return null
  const ascii = URL.parse(`http://${text}`)?.hostname ?? ''
  const labels = ascii.split('.')
  const fits = labels.length > 1 && labels.every(part => label.test(part)) && /[a-z]/.test(labels.at(-1)!)
  return fits ? ascii : null
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}
