/** What may stand around a number of its own: no letter or digit of a longer word or id. Chinese is written without spaces. */
const before = String.raw`(?<![\p{Script=Latin}\p{N}_.-])`
const after = String.raw`(?![\p{Script=Latin}\p{N}_-])`
const alone = (pattern: string, flags = 'gu') => new RegExp(`${before}(?:${pattern})${after}`, flags)

/** Begun where a word begins: from each sign of a long run without an address it would read to the run's end. */
const email =
  /(?<![\p{Script=Latin}\p{N}._%+-])[\p{Script=Latin}\p{N}._%+-]+@[\p{Script=Latin}\p{N}-]+(?:\.[\p{Script=Latin}\p{N}-]+)+/gu
/** China: 17 digits and a check character. United States and United Kingdom: as they are written. */
const nationalIds = [
  { pattern: /(?<!\d)\d{17}[\dXx](?![\p{Script=Latin}\p{N}])/gu, fits: isChineseId },
  { pattern: alone(String.raw`(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}`), fits: () => true },
  {
    pattern: alone(String.raw`(?![DFIQUV])[A-Z](?![DFIQUVO])[A-Z] ?\d\d ?\d\d ?\d\d ?[A-D]`),
    fits: () => true,
  },
]
const card = /(?<![\p{Script=Latin}\p{N}_.+-])\d(?:[ -]?\d){12,18}(?![\p{Script=Latin}\p{N}_-])/gu
/** A mobile number of China stands without a border between Chinese words; others begin with + or 00, 0 or a bracket. */
const phones = [
  /(?<![\d.-])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/gu,
  /(?<![\p{Script=Latin}\p{N}_.-])(?:\+|00)[1-9]\d{0,2}(?:[ ().-]{0,2}\d){6,13}(?![\p{Script=Latin}\p{N}_-])/gu,
  /(?<![\p{Script=Latin}\p{N}_.,-])0\d{1,4}[ /-]\d{3,4}[ -]?\d{3,5}(?![\p{Script=Latin}\p{N}_-])/gu,
  /(?<![\p{Script=Latin}\p{N}_.-])\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}(?![\p{Script=Latin}\p{N}_-])/gu,
]

/** E-mail addresses, phone, card and national id numbers, as they are written in China and in English-speaking countries. */
export function maskPersonal(text: string): string {
  let masked = text.includes('@') ? text.replace(email, '[email]') : text
  if (!/\d{2}/.test(masked)) return masked
  for (const { pattern, fits } of nationalIds)
    masked = masked.replace(pattern, found => (fits(found) ? '[id number]' : found))
  masked = masked.replace(card, found => (isCard(found) ? '[card number]' : found))
  for (const phone of phones) masked = masked.replace(phone, '[phone number]')
  return masked
}

export function maskAny(text: string | null): string | null {
  return text === null ? null : maskPersonal(text)
}

/** ISO/IEC 7812: the last digit is Luhn's. */
function isCard(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '')
  if (digits.length < 13 || /^(\d)\1*$/.test(digits)) return false
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

/** GB 11643: weights and check character. */
function isChineseId(text: string): boolean {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, index) => total + weight * Number(text[index]), 0)
  return '10X98765432'[sum % 11] === text[17]!.toUpperCase()
}
