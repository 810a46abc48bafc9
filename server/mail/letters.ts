import type { Language } from '#protocol'
import { en } from './letters.en.ts'
import { zh } from './letters.zh.ts'

/** A mail before it is sealed. */
export interface Letter {
  to: string
  subject: string
  text: string
  /** It opens a staff account. */
  staff: boolean
}

type Written = readonly [subject: string, text: string]

/** A code, and the page that takes it with it. */
interface PasswordCode {
  code: string
  link: string
}

/** A budget of which most is used. */
interface BudgetUse {
  scope: 'overall' | 'provider' | 'role' | 'person'
  /** The name of a provider or a person, or a role; null where it is everybody's. */
  subject: string | null
  period: 'day' | 'month'
  /** Null: it counts tokens. */
  currency: string | null
  spent: number
  amount: number
  link: string
}

/** Documents whose last day is near, the first to end first. */
interface EndingDocuments {
  documents: readonly { title: string; valid_until: string }[]
  link: string
}

export interface LetterWords {
  signIn(values: { code: string; minutes: number }): Written
  noCode: Written
  reset(values: PasswordCode & { minutes: number }): Written
  noAccount: Written
  invite(values: PasswordCode & { hours: number }): Written
  ending(values: EndingDocuments): Written
  transcript(text: string): Written
  budget(values: BudgetUse): Written
  test: Written
}

const words: Record<Language, LetterWords> = { en, zh }
const pick = (language: Language | null) => words[language ?? 'en']

interface To {
  to: string
  language: Language | null
  staff?: boolean
}

function letter({ to, staff = false }: To, [subject, text]: Written): Letter {
  return { to, staff, subject, text: `${text}\n` }
}

type Values<K extends 'signIn' | 'reset' | 'invite' | 'budget' | 'ending'> = Parameters<LetterWords[K]>[0]

export const letters = {
  signIn: (to: To, values: Values<'signIn'>) => letter(to, pick(to.language).signIn(values)),
  noCode: (to: To) => letter(to, pick(to.language).noCode),
  reset: (to: To, values: Values<'reset'>) => letter(to, pick(to.language).reset(values)),
  noAccount: (to: To) => letter(to, pick(to.language).noAccount),
  invite: (to: To, values: Values<'invite'>) => letter(to, pick(to.language).invite(values)),
  transcript: (to: To, text: string) => letter(to, pick(to.language).transcript(text)),
  budget: (to: To, values: Values<'budget'>) => letter(to, pick(to.language).budget(values)),
  ending: (to: To, values: Values<'ending'>) => letter(to, pick(to.language).ending(values)),
  test: (to: To) => letter(to, pick(to.language).test),
}
