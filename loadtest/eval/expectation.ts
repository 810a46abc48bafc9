import { equivalentsOf } from '../../server/answering/retrieval/lexicon/equivalents.ts'
import { functionWords } from '../../server/answering/retrieval/lexicon/stopwords.ts'
import { quantities, sameQuantity } from '../../server/answering/retrieval/text/quantities.ts'
import { tokenize } from '../../server/answering/retrieval/text/tokens.ts'

/**
 * What a check found: `right`; `wrong`, something else than was expected is said; `declined` where there is an answer;
 * `unchecked` where the expectation is no sentence that a machine can hold an answer to.
 */
export type Verdict = 'right' | 'wrong' | 'declined' | 'unchecked'

/** How refusals and questions back begin or go, whatever wrote them. */
const declines =
  /could not find|not sure this answers|不确定|do(?:es)? not (?:say|list|mention|tell|cover)|is not (?:listed|mentioned|in the)|nothing about|no information|cannot (?:help|do|tell)|only help with|没有找到|没有列出|没有提到|未提及|没有相关|无法|帮不|不能帮/i
const asksBack = /\?|？/
const mark = /\[\d+\]/

/** Beginnings of an expectation that say what kind of answer is right. */
const refusal = /^(?:decline|not said|not listed|not in (?:the )?catalogue|absent|should decline)/i
const question = /^ask/i
const affirmative = /^(?:yes|yeah|是|有|可以|能)(?![\p{L}])/iu
const negative = /^(?:no|nope|不|没有|否)(?![\p{L}])/iu

/**
 * Holds an answer against an expectation in prose. Its numbers must all stand in the answer, of its words at least half, in
 * each of the parts that "+" separates, in one of the alternatives that " / " or " or " separates. "yes" and "no" must not
 * be contradicted by how the answer begins. What says "decline" wants no number to be cited for a fact; "ask" a question back.
 */
export function judge(expect: string, answer: string): Verdict {
  const expected = expect.trim()
  const declined = !mark.test(answer) || declines.test(answer)
  if (expected === '') return mark.test(answer) || /could not find|没有找到/.test(answer) ? 'wrong' : 'right'
  if (refusal.test(expected)) return declined ? 'right' : 'wrong'
  if (question.test(expected)) {
    const [, other] = expected.split('/')
    if (!mark.test(answer)) return asksBack.test(answer) ? 'right' : 'wrong'
    return other ? judge(other, answer) : 'wrong'
  }
  if (/return \/ human/.test(expected) && !mark.test(answer) && /person|人工/.test(answer)) return 'right'
  if (!mark.test(answer)) return 'declined'
  const contradicted =
    (affirmative.test(expected) && /^(?:No\b|不)/.test(answer)) ||
    (negative.test(expected) && /^(?:Yes\b|是的|有)/.test(answer))
  if (contradicted) return 'wrong'
  const rest = expected.replace(affirmative, '').replace(negative, '')
  const alternatives = rest.split(/\s\/\s|\sor\s|→/)
  const verdicts = alternatives.map(each => fits(each, answer))
  if (verdicts.includes('right')) return 'right'
  if (verdicts.includes('wrong')) return declines.test(answer) ? 'declined' : 'wrong'
  return affirmative.test(expected) || negative.test(expected) ? 'right' : 'unchecked'
}

const leastWords = 0.5
/** Words of an expectation that speak of the answer, not from it. */
const remarks =
  /\b(?:facts?|table|of both|both|of them|them|items?|prices?|products?|ideally|in (?:zh|en)|the|maybe|usually|asap|thing)\b|\(.*?\)/gi

function fits(part: string, answer: string): 'right' | 'wrong' | 'unchecked' {
  const limit = /^.*<\s*(\d+)/.exec(part)
  if (limit) return pricesIn(answer).every(price => price <= Number(limit[1])) ? 'right' : 'wrong'
  const about = /~\s?(\d+)/.exec(part)
  if (about)
    return pricesIn(answer).every(price => Math.abs(price / Number(about[1]) - 1) <= 0.25) ? 'right' : 'wrong'
  const plain = part.replace(remarks, ' ')
  const numbers = quantities(plain)
  const found = quantities(answer)
  const digits = new Set(answer.match(/\d+(?:\.\d+)?/g)?.map(Number))
  const missing = numbers.filter(
    number => !found.some(other => sameQuantity(number, other)) && !digits.has(number.amount),
  )
  if (missing.length > 0) return 'wrong'
  const terms = new Set(tokenize(answer))
  const measured = numbers.reduceRight(
    (rest, { start, end }) => `${rest.slice(0, start)} ${rest.slice(end)}`,
    plain,
  )
  const words = tokenize(measured).filter(
    term => term.length > 1 && !/^\d/.test(term) && !functionWords.has(term),
  )
  if (words.length === 0) return numbers.length > 0 ? 'right' : 'unchecked'
  const shared = words.filter(
    word => terms.has(word) || equivalentsOf(word)?.some(other => answer.includes(other)),
  )
  return shared.length / words.length >= leastWords ? 'right' : 'wrong'
}

function pricesIn(answer: string): number[] {
  return quantities(answer)
    .filter(({ dimension }) => dimension?.startsWith('currency:'))
    .map(({ value }) => value)
}
