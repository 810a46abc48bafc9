import type { Evidence, Question } from '../../retrieval/evidence.ts'
import { type Quantity, quantities } from '../../retrieval/quantities.ts'
import { sentences } from '../../retrieval/sentences.ts'
import { isChinese } from '../../retrieval/statement.ts'
import { contentTerms, isGeneralTerm, isWeakTerm, rulesNamed } from '../../retrieval/vocabulary.ts'
import type { Phrases } from './phrases.ts'

/** A sentence that answers, with its source's number. */
export interface Quote {
  text: string
  /** 1 for the first evidence. */
  number: number
  /** 0..1: the share of the question's weight it answers. */
  score: number
  otherLanguage: boolean
}

/** A source with its number: 1 for the first evidence. */
export interface Numbered extends Evidence {
  number: number
}

interface Candidate {
  text: string
  evidence: Evidence
  number: number
  position: number
  terms: ReadonlySet<string>
  /** Of the heading above it, and the title. */
  context: ReadonlySet<string>
  /** Of the question above it. */
  asked: ReadonlySet<string>
  /** Asks itself, or is only a heading: never quoted, but what stands below it answers. */
  quotable: boolean
}

const quotesMax = 3
/** A sentence must answer this share of the question's weight, */
const leastScore = 0.3
/** and this share of what the best one does. */
const besideBest = 0.7
const contextFactor = 0.55
/** What stands below a question answers it. */
const askedFactor = 0.95
const foreignFactor = 0.75
const lengthMax = 600
/** "How long does it take" tells little, "returns" tells what the question is about. */
const weakFactor = 0.15
const conceptFactor = 1.5
/** What no source says, such as a name, cannot be answered either way. */
const unknownFactor = 0.6

/** What kind of number answers, by the words of the question; the first that fits. */
const amounts: readonly [asked: RegExp, isAnswer: (quantity: Quantity) => boolean][] = [
  [
    /\bhow much\b|\b(?:price|cost|costs|fee|fees|charge|expensive)\b|多少钱|费用|价格|收费|运费/i,
    ({ dimension }) => dimension?.startsWith('currency:') === true || dimension === 'percent',
  ],
  [
    /\b(?:how (?:long|soon|fast|often|old)|when|what time|which (?:day|date)|deadline)\b|多久|多长时间|什么时候|何时|几天|期限|时间/i,
    ({ dimension }) =>
      dimension === 'time' || dimension === 'workdays' || dimension === 'months' || dimension === null,
  ],
  [/\bhow (?:many|far|heavy|big|large|tall)\b|多少|几|多大|多重/i, () => true],
]
const reason = /\b(?:why|because|reason)\b|为什么|原因/i
/** Text that gives orders to an assistant is no answer to a customer (law A4). */
const order =
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|all|your|the)\b.{0,30}\b(?:instruction|prompt|rule|message|context)|system prompt|you are now\b|\bact as\b.{0,30}\b(?:ai|assistant|model)|忽略.{0,12}(?:指令|提示|规则)|系统提示/i

/** The sentences of the evidence that answer the question, best passage first, in the question's language where there are any. */
export function quotesFor(question: Question, evidence: readonly Numbered[]): Quote[] {
  const candidates = evidence.flatMap(candidatesOf)
  const weights = weightsOf(question, candidates)
  const chinese = question.language === 'zh'
  const scored = candidates
    .filter(candidate => candidate.quotable)
    .map(candidate => {
      const otherLanguage = isChinese(candidate.text) !== chinese
      return {
        candidate,
        otherLanguage,
        score: scoreOf(candidate, weights, question) * (otherLanguage ? foreignFactor : 1),
      }
    })
    .sort((a, b) => b.score - a.score)
  const best = scored[0]
  if (!best || best.score < leastScore * (best.otherLanguage ? foreignFactor : 1)) return []
  const chosen = scored
    .filter(
      ({ score, otherLanguage }) => score >= best.score * besideBest && otherLanguage === best.otherLanguage,
    )
    .slice(0, quotesMax)
  return inReadingOrder(withoutRepeats(chosen)).map(({ candidate, score, otherLanguage }) => ({
    text: candidate.text,
    number: candidate.number,
    score,
    otherLanguage,
  }))
}

function candidatesOf(evidence: Numbered): Candidate[] {
  const { number } = evidence
  const title = new Set(meanings(evidence.title))
  let heading = new Set<string>()
  let above = new Set<string>()
  return sentences(evidence.text).map((raw, position) => {
    const text = raw
      .replace(/^#{1,6}\s+/, '')
      .replace(/^(?:Q|A|问|答)\s*[:：.]\s*/i, '')
      .trim()
    const terms = new Set(meanings(text))
    const asks = /[?？]$/.test(text)
    const head =
      /^#/.test(raw) ||
      (!/[.!。！…:：;；)）"”]$/.test(text) && text.length < 60 && quantities(text).length === 0)
    const context = new Set([...title, ...heading])
    const asked = above
    if (asks) above = terms
    else if (head) {
      heading = terms
      above = new Set()
    }
    const quotable = !asks && !head && text.length <= lengthMax && !order.test(text)
    return { text, evidence, number, position, terms, context, asked, quotable }
  })
}

/** The telling terms, and the rules of the shop that are named in whatever words. */
function meanings(text: string): string[] {
  return [...contentTerms(text), ...rulesNamed(text).map(rule => `=${rule}`)]
}

/** What each term of the question is worth: rare ones among the candidates tell more. */
function weightsOf({ text, earlier }: Question, candidates: Candidate[]): Map<string, number> {
  const own = meanings(text)
  const before = own.length < 2 ? meanings(earlier.at(-1) ?? '') : []
  const weights = new Map<string, number>()
  for (const [terms, factor] of [
    [before, 0.5],
    [own, 1],
  ] as const)
    for (const term of terms) {
      const having = candidates.filter(candidate => candidate.terms.has(term)).length
      const known = having > 0 ? 1 : unknownFactor
      const telling = known * (isWeakTerm(term) ? weakFactor : term.startsWith('=') ? conceptFactor : 1)
      weights.set(term, factor * telling * Math.log(1 + (candidates.length + 1) / (having + 0.5)))
    }
  return weights
}

function scoreOf(
  { terms, context, asked, text, position, evidence }: Candidate,
  weights: Map<string, number>,
  question: Question,
): number {
  let all = 0
  let said = 0
  let own = 0
  let telling = false
  for (const [term, weight] of weights) {
    all += weight
    if (!isGeneralTerm(term) && (terms.has(term) || asked.has(term) || context.has(term))) telling = true
    if (terms.has(term)) own += weight
    else if (asked.has(term)) said += weight * askedFactor
    else if (context.has(term)) said += weight * contextFactor
  }
  if (!telling) return 0
  const share = (own + said) / all
  const wanted = amounts.find(([words]) => words.test(question.text))?.[1]
  const amount = wanted ? (quantities(text).some(wanted) ? 1.3 : 0.65) : 1
  const because = reason.test(question.text) && reason.test(text) ? 1.2 : 1
  // The beginning of a passage, and passages retrieval thinks well of, a little first.
  return Math.min(
    1,
    share * amount * because * (1 + 0.15 * evidence.score) * (1 - Math.min(position, 10) * 0.005),
  )
}

function withoutRepeats<T extends { candidate: Candidate }>(scored: T[]): T[] {
  const seen = new Set<string>()
  return scored.filter(({ candidate }) => {
    const key = [...candidate.terms].sort().join(' ')
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** Sentences of the best passage first, each passage in its own order. */
function inReadingOrder<T extends { candidate: Candidate }>(scored: T[]): T[] {
  const order = [...new Set(scored.map(({ candidate }) => candidate.number))]
  return scored.sort(
    (a, b) =>
      order.indexOf(a.candidate.number) - order.indexOf(b.candidate.number) ||
      a.candidate.position - b.candidate.position,
  )
}

/** Each sentence with its mark, which stands before the full stop so that it belongs to its sentence for every reader. */
export function joinQuotes(quotes: readonly Quote[], { language }: Question, say: Phrases): string {
  const text = quotes.map(withMark).join(language === 'zh' ? '' : ' ')
  return quotes.every(quote => quote.otherLanguage) ? `${say.otherLanguage}\n${text}` : text
}

function withMark({ text, number }: Quote): string {
  const stop = /[.!。！…]+["'”’」』）)]*$/.exec(text)
  const at = stop?.index ?? text.length
  const end = text.slice(at) || (/\p{Script=Han}/u.test(text) ? '。' : '.')
  return `${text.slice(0, at).trimEnd()} [${number}]${end}`
}
