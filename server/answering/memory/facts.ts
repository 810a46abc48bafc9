import { sentences } from '../retrieval/text/sentences.ts'
import { tokenize } from '../retrieval/text/tokens.ts'
import { memoryLexiconEn } from './lexicon.en.ts'
import type { MemoryLexicon, StatementPattern } from './lexicon.ts'
import { memoryLexiconZh } from './lexicon.zh.ts'
import { canonicalSlot, isPlausible } from './subjects.ts'

export const memoryLexicons: readonly MemoryLexicon[] = [memoryLexiconEn, memoryLexiconZh]

/** Something that a person said of themselves. */
export interface Fact {
  /** What it is about: another fact about the same takes its place. */
  subject: string
  /** In the words it was said in. */
  content: string
}

const factMax = 200
const valueMax = 80
const hypothesis =
  /^(?:if|when|suppose|imagine|pretend|let's say|say)\b|^(?:如果|要是|假如|假设|倘若|万一|比如)/u
const closing = /[\s.。!！?？,，;；~～…]+$/u

/** What a message states of its writer in simple words: in the first person, as lasting, and not as a question or in a quotation. */
export function factsIn(text: string): Fact[] {
  return sentences(text).flatMap(sentence => {
    if (/^[>＞|]/.test(sentence)) return []
    return statedClauses(sentence).flatMap(clause => readFact(clause) ?? [])
  })
}

/** What a single clause states; null where it states nothing that is known how to read. */
export function readFact(clause: string): Fact | null {
  for (const lexicon of memoryLexicons) {
    const content = withoutOpener(clause, lexicon)
    const spoken = content.toLowerCase().replaceAll('’', "'")
    if (content.length > factMax || lexicon.notStated.test(spoken) || lexicon.passing.test(spoken)) continue
    for (const statement of lexicon.statements) {
      const fact = readStatement(statement, spoken, content)
      if (fact) return fact
    }
  }
  return null
}

function readStatement({ pattern, subject }: StatementPattern, spoken: string, content: string): Fact | null {
  const groups = pattern.exec(spoken)?.groups
  if (!groups) return null
  const value = (groups.value ?? groups.slot ?? '').trim()
  const named = subjectFor(subject, value, groups.slot)
  const written = content.slice(content.length - value.length)
  if (value === '' || value.length > valueMax || !isPlausible(named, value, written)) return null
  return { subject: named, content }
}

function subjectFor(subject: string, value: string, slot: string | undefined): string {
  if (subject === ':slot') return canonicalSlot(slot!)
  if (subject === ':garment') return slot ? canonicalSlot(`${slot} size`) : 'size'
  const [kind, of] = subject.split(':') as [string, string?]
  if (of !== 'value') return subject
  const terms = tokenize(value)
  return `${kind}:${kind === 'taste' ? terms.join(' ') : terms.at(-1)}`
}

/** The clauses of a sentence that say that something is so. Each is a part of the sentence. */
function statedClauses(sentence: string): string[] {
  const clauses = clausesOf(sentence)
  const asks = /[?？]["”’」)）]*$/.test(sentence)
  const supposed = clauses.findIndex(clause => hypothesis.test(clause.toLowerCase()))
  const last = clauses.at(-1) ?? ''
  const isAgreed = memoryLexicons.some(({ tag }) => tag.test(last.toLowerCase()))
  const end = clauses.length - (asks ? 1 : 0) - (isAgreed && !asks ? 1 : 0) - (isAgreed ? 1 : 0)
  return clauses.slice(0, Math.max(0, supposed === -1 ? end : Math.min(end, supposed)))
}

/** Whether a sentence says that what stands in it is so. */
export function isStated(sentence: string, part: string): boolean {
  const spoken = part.toLowerCase().replaceAll('’', "'")
  if (memoryLexicons.some(({ notStated, passing }) => notStated.test(spoken) || passing.test(spoken)))
    return false
  return statedClauses(sentence).some(clause => clause.includes(part) || part.startsWith(clause))
}

function clausesOf(sentence: string): string[] {
  const breaks = memoryLexicons.map(({ clauseBreak }) => clauseBreak.source).join('|')
  return sentence
    .split(new RegExp(String.raw`[,，;；](?!\d{3}\b)|${breaks}`, 'iu'))
    .map(clause => clause.replace(closing, '').trim())
    .filter(Boolean)
}

function withoutOpener(clause: string, { opener }: MemoryLexicon): string {
  return clause.replace(opener, '')
}

/** Somebody speaks of themselves in it. */
export function isFirstPerson(text: string): boolean {
  const spoken = text.toLowerCase().replaceAll('’', "'")
  return memoryLexicons.some(({ firstPerson }) => firstPerson.test(spoken))
}

/** What a fact that was asked to be remembered is about; the fact itself where nothing else says it. */
export function factOf(content: string): Fact {
  const read = readFact(content.replace(closing, ''))
  return { subject: read?.subject ?? ownSubject(content), content }
}

const ownSlot =
  /^my (?<slot>[\w' -]{2,40}?) (?:is|are) .+|^我的(?<other>[\p{Script=Han}]{1,10}?)(?:是|为|叫).+/u

function ownSubject(content: string): string {
  const spoken = content.toLowerCase().replaceAll('’', "'")
  const groups = ownSlot.exec(spoken)?.groups
  if (groups) return canonicalSlot(groups.slot ?? groups.other!)
  return `fact:${tokenize(content).join(' ')}`.slice(0, factMax)
}
