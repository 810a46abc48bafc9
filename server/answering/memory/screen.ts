import { maskPersonal } from '../../security/masking.ts'
import { memoryLexicons } from './facts.ts'
import { sensitiveEn } from './sensitive.en.ts'
import { sensitiveZh } from './sensitive.zh.ts'

/** Why something is not remembered. */
export type Objection = 'secret' | 'number' | 'sensitive' | 'other_person' | 'instruction'

/** What a language calls it, in lower case. */
export type SensitiveWords = Readonly<Record<'secret' | 'number' | 'sensitive' | 'instruction', RegExp>>

const words: readonly SensitiveWords[] = [sensitiveEn, sensitiveZh]

/** Keys and tokens as services make them, and anything long that is no word. */
const keyShapes =
  /\b(?:sk|pk|rk)[-_][\w-]{12,}|\bAKIA[0-9A-Z]{12,}|\bgh[pousr]_\w{16,}|\bxox[a-z]-[\w-]{8,}|\beyJ[\w-]{8,}\.|\bAIza[\w-]{20,}|-----BEGIN|(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{20,}/
const hidden = /[\p{Cf}\p{Cc}]/gu
const digitRun = /\d(?:[\s.,_/·–—-]{0,2}\d){10,}/g
const iban = /(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){11,30}(?![A-Z0-9])/gi

/**
 * Whether something must not be stored, by rules that no model can be talked out of: secrets, numbers of cards and accounts,
 * what is nobody's business (health, belief, politics), facts of others, and words that instruct; null where nothing speaks against it.
 */
export function objectionTo(content: string): Objection | null {
  const text = content.normalize('NFKC').replace(hidden, '').replaceAll('’', "'")
  const spoken = text.toLowerCase()
  if (keyShapes.test(text) || words.some(({ secret }) => secret.test(spoken))) return 'secret'
  if (hasNumber(text) || words.some(({ number }) => number.test(spoken))) return 'number'
  if (words.some(({ instruction }) => instruction.test(spoken))) return 'instruction'
  if (words.some(({ sensitive }) => sensitive.test(spoken))) return 'sensitive'
  if (memoryLexicons.some(({ others }) => others.test(spoken))) return 'other_person'
  return null
}

/** A card, an account, an identity document, a phone or an address for mail. */
function hasNumber(text: string): boolean {
  if (maskPersonal(text) !== text) return true
  for (const [run] of text.matchAll(digitRun)) {
    const digits = run.replaceAll(/\D/g, '')
    if (digits.length >= 11) return true
  }
  return [...text.matchAll(iban)].some(([found]) => isIban(found.replaceAll(/[ .-]/g, '').toUpperCase()))
}

/** ISO 13616: the remainder by 97 is 1. */
function isIban(account: string): boolean {
  const moved = account.slice(4) + account.slice(0, 4)
  let remainder = 0
  for (const sign of moved)
    for (const digit of String(Number.parseInt(sign, 36))) remainder = (remainder * 10 + Number(digit)) % 97
  return remainder === 1
}
