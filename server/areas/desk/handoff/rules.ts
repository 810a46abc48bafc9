import type { Message } from '#protocol'
import type { Settings } from '#protocol/desk/service'

type Rules = Settings['rules']

/** Signs and spaces are one space; Chinese is left without. */
function normalize(text: string): string {
  return ` ${text
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll(/[’']/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `
}

const isHan = (text: string) => /\p{Script=Han}/u.test(text)

/** What turns the phrase after it round: "I do not want to talk to a human", "不用转人工". */
const negation =
  /\b(?:dont|do not|didnt|did not|never|no need|rather not|instead of|do i|should i|must i)(?: (?:want|like|need|have|wish|to|a|be)){0,4} $|(?:不用|不要|不想|不需要|不必|无需|别|不)(?:再|去|要|给我|帮我|你们?|我)?$/u

/** Longer than anything that turns a phrase round. */
const negationMax = 60

interface Phrase {
  words: string
  /** Where it begins in `words`: after the space that ends the word before. */
  before: number
}

/**
 * Whether a text holds one of the phrases, said for itself and not turned round. The phrases are made ready once: those of
 * words are looked up by their first, so that a long list costs no more than a short one.
 */
function matcher({ en, zh }: Rules['direct']['phrases']): (text: string) => boolean {
  const all = [...en, ...zh]
  const han = all.filter(isHan).map((phrase): Phrase => ({ words: normalize(phrase).trim(), before: 0 }))
  const byFirst = Map.groupBy(
    all.filter(phrase => !isHan(phrase)).map((phrase): Phrase => ({ words: normalize(phrase), before: 1 })),
    ({ words }) => words.split(' ', 2)[1]!,
  )
  return text => {
    const plainText = normalize(text)
    const words = new Set(plainText.split(' '))
    const candidates = [...words].flatMap(word => byFirst.get(word) ?? [])
    if (isHan(plainText)) candidates.push(...han)
    return candidates.some(({ words, before }) => {
      const at = plainText.indexOf(words)
      return at !== -1 && !negation.test(plainText.slice(Math.max(0, at - negationMax), at + before))
    })
  }
}

export interface Decisions {
  /** Decided on this message alone, so that an old one in the history asks for nothing. */
  asksForPerson(text: string): boolean
  isAngry(text: string): boolean
}

export function decisionsOf({ direct, anger }: Rules): Decisions {
  const never = () => false
  return {
    asksForPerson: direct.enabled ? matcher(direct.phrases) : never,
    isAngry: anger.enabled ? matcher(anger.phrases) : never,
  }
}

/** The decisions by the present rules: made ready when these have changed, not for each message. */
export function createDecisions(settings: () => Settings): () => Decisions {
  let readRules: Rules | undefined
  let decisions: Decisions
  return () => {
    const { rules } = settings()
    if (rules !== readRules) decisions = decisionsOf(rules)
    readRules = rules
    return decisions
  }
}

export type OfferReason = 'anger' | 'failed' | 'nothing'

/**
 * Why a person should be offered after the newest answer, or null.
 * @param messages ascending, the newest answer and its question among them
 * @param isSmallTalk greetings and thanks need no source
 */
export function offerReason(
  messages: Message[],
  rules: Pick<Rules, 'failed_turns' | 'no_evidence'> & Pick<Decisions, 'isAngry'>,
  isSmallTalk: (text: string) => boolean,
): OfferReason | null {
  const since = messages.findLastIndex(message => message.role === 'agent' || message.action === 'handoff')
  const recent = messages.slice(since + 1)
  const question = recent.findLast(message => message.role === 'user')
  if (question && rules.isAngry(question.content)) return 'anger'
  const answers = recent.filter(
    message =>
      message.role === 'assistant' &&
      !isSmallTalk(recent.find(({ id }) => id === message.in_reply_to)?.content ?? ''),
  )
  const failed = (message: Message) => message.status === 'failed' || message.feedback === -1
  const empty = (message: Message) => message.status === 'complete' && message.references.length === 0
  if (inARow(answers, rules.failed_turns, failed)) return 'failed'
  if (inARow(answers, rules.no_evidence, empty)) return 'nothing'
  return null
}

function inARow(answers: Message[], count: number, is: (message: Message) => boolean): boolean {
  return count > 0 && answers.length >= count && answers.slice(-count).every(is)
}
