import { stating } from '../retrieval/lexicon/stating.ts'
import { hasAnswer } from '../retrieval/question/answer-type.ts'
import type { Reading } from '../retrieval/question/reading.ts'
import type { Candidate } from './candidates.ts'
import type { Passage } from './passages.ts'
import { best, coverage, type QuestionTerm } from './question-terms.ts'
import { spokenTo } from './replies.ts'
import { rowsFor } from './rows.ts'
import { ownOf, type Scored, scoreOf } from './sentence-score.ts'

/** A sentence that answers, with its source's number. */
export interface Quote {
  text: string
  /** 1 for the first evidence. */
  number: number
  kind: Candidate['kind']
  otherLanguage: boolean
}

/** A sentence is quoted beside the best one from this share of it on. */
const besideBest = 0.85
/** A section whose heading is what was asked is quoted whole up to so many characters and sentences. */
const wholeMax = 360
const wholeSentences = 3
/** So short a one is quoted up to the sentence that says most of it: what stands before says what it is part of. */
const briefMax = 160
const likeHeadingMin = 0.3
const quotesMax = 3
/** A sentence that says this share of what its heading does not is the one that is asked for. */
const specificShare = 0.4
const listMax = 8

interface Asked {
  reading: Reading
  /** How much the passage's heading is like the question. */
  likeHeading: number
}

/** What of a passage answers: one sentence or some beside each other, a list or an item of it, a row of a table, or the whole. */
export function excerptOf(passage: Passage, items: readonly QuestionTerm[], asked: Asked): Quote[] {
  const scored = passage.sentences
    .filter(({ quotable }) => quotable)
    .map(each => scoreOf(each, items, asked.reading))
  if (scored.length === 0) return []
  const rows = rowsFor(
    scored.filter(({ candidate }) => candidate.kind === 'row').map(each => each.candidate),
    asked.reading,
    items,
  )
  const top = scored.reduce((a, b) => (b.score > a.score ? b : a))
  const chosen = rows.length > 0 ? rows : chosenFrom(passage, scored, top, { ...asked, items })
  return chosen.map(candidate => ({
    text: spokenTo(candidate, asked.reading),
    kind: candidate.kind,
    number: passage.evidence.number,
    otherLanguage: passage.otherLanguage,
  }))
}

function chosenFrom(
  passage: Passage,
  scored: readonly Scored[],
  top: Scored,
  { reading, likeHeading, items }: Asked & { items: readonly QuestionTerm[] },
): Candidate[] {
  const { kind } = top.candidate
  const steps = scored.filter(({ candidate }) => candidate.kind === 'step')
  if (reading.asks.how && steps.length > 1) return steps.slice(0, listMax).map(({ candidate }) => candidate)
  if (kind === 'step' || kind === 'bullet') return fromList(scored, top, items)
  const whole = scored.map(({ candidate }) => candidate).filter(({ line }) => line === top.candidate.line)
  const isProse = whole.every(candidate => candidate.kind === 'prose')
  const { expects } = reading
  const isAmount = expects !== null && hasAnswer(expects, top.candidate.text)
  const beyond = beyondHeading(items, top.candidate)
  const specific = whole.filter(
    candidate => coverage(beyond, item => ownOf(item, candidate, null)) >= specificShare,
  )
  const length = whole.reduce((sum, { text }) => sum + text.length, 0)
  const isOneOfThem = specific.length > 0 && specific.length < whole.length
  if (
    isProse &&
    !isAmount &&
    !isOneOfThem &&
    likeHeading >= likeHeadingMin &&
    length <= wholeMax &&
    whole.length <= wholeSentences
  )
    return withLists(whole, passage.sentences)
  if (
    isProse &&
    isOneOfThem &&
    !isAmount &&
    length <= briefMax &&
    !stating.permission.test(top.candidate.text)
  )
    return whole.slice(0, whole.indexOf(top.candidate) + 1)
  const near = scored
    .filter(({ score, candidate }) => candidate.kind === kind && score >= top.score * besideBest)
    .sort((a, b) => b.score - a.score)
    .slice(0, quotesMax)
    .map(({ candidate }) => candidate)
  const coherent = withBetween(withLeads(near, passage.sentences), passage.sentences)
  return withLists(coherent, passage.sentences).sort((a, b) => a.position - b.position)
}

/** A quote never opens with a pronoun whose noun was left out: what it speaks of goes with it. */
function withLeads(chosen: readonly Candidate[], all: readonly Candidate[]): Candidate[] {
  const found = new Set<Candidate>(chosen)
  for (const each of chosen)
    for (let at = each.position; at > 0 && all[at]!.leansBack; at--) {
      const before = all[at - 1]!
      if (!before.quotable || before.line !== each.line) break
      found.add(before)
    }
  return [...found]
}

/** Of three sentences in a row the middle one is not left out. */
function withBetween(chosen: readonly Candidate[], all: readonly Candidate[]): Candidate[] {
  const ordered = [...chosen].sort((a, b) => a.position - b.position)
  const found = ordered.flatMap((each, at) => {
    const before = ordered[at - 1]
    const between = all[each.position - 1]
    const isGap = before && before.position === each.position - 2 && before.line === each.line
    return isGap && between?.quotable ? [between, each] : [each]
  })
  return chosen.length < found.length ? found.slice(0, quotesMax) : found
}

/** What a sentence announces ("You can pay by:") goes with it. */
function withLists(chosen: readonly Candidate[], all: readonly Candidate[]): Candidate[] {
  const found = new Set(chosen)
  for (const each of chosen) {
    if (!/[:：]$/.test(each.text)) continue
    const next = all[each.position + 1]
    if (!next || next.kind === 'prose') found.delete(each)
    for (let at = each.position + 1; all[at] && all[at]!.kind !== 'prose' && found.size < listMax; at++)
      found.add(all[at]!)
  }
  return found.size > 0 ? [...found] : [...chosen]
}

/** All items where the question is about the whole, else those that say more of it than the others, beyond what stands above them. */
function fromList(scored: readonly Scored[], top: Scored, items: readonly QuestionTerm[]): Candidate[] {
  const list = scored.filter(({ candidate }) => candidate.kind === top.candidate.kind)
  const beyond = beyondHeading(items, top.candidate)
  const shares = list.map(({ candidate }) => coverage(beyond, item => ownOf(item, candidate, null)))
  const [least, most] = [Math.min(...shares), Math.max(...shares)]
  const special = list.filter((_, at) => shares[at]! > least && shares[at]! >= most * besideBest)
  const selected = special.length > 0 ? special : list
  return selected.slice(0, listMax).map(({ candidate }) => candidate)
}

/** What the question says and nothing above the sentence does. */
function beyondHeading(
  items: readonly QuestionTerm[],
  { heading, questionTerms }: Candidate,
): QuestionTerm[] {
  return items.filter(item => best(item, heading) === 0 && best(item, questionTerms) === 0)
}
