import type { Evidence } from '../retrieval/evidence.ts'
import { canonicalTerm } from '../retrieval/lexicon/attributes.ts'
import { policiesNamed } from '../retrieval/lexicon/policies.ts'
import { productTypeMentions } from '../retrieval/lexicon/product-types.ts'
import { stating } from '../retrieval/lexicon/stating.ts'
import { isStopTerm } from '../retrieval/lexicon/stopwords.ts'
import { meaningsIn } from '../retrieval/lexicon/synonyms.ts'
import type { LruCache } from '../retrieval/text/lru-cache.ts'
import { quantities } from '../retrieval/text/quantities.ts'
import { sentences } from '../retrieval/text/sentences.ts'
import { toSimplified } from '../retrieval/text/simplified.ts'
import { tokenize } from '../retrieval/text/tokens.ts'

/** A source with its number: 1 for the first evidence. */
export interface NumberedEvidence extends Evidence {
  number: number
}

/** What a text says: its informative terms, and the policies ("=return"), meanings ("@12") and kinds ("#lamp") it names in whatever words. */
export interface TextFeatures {
  terms: Set<string>
  /** Its Latin words as written, lower case, without a plural's ending. */
  written: ReadonlySet<string>
}

/** A sentence of a passage, with what stands above it. */
export interface Sentence extends TextFeatures {
  text: string
  position: number
  title: ReadonlySet<string>
  heading: ReadonlySet<string>
  /** Of the question above it. */
  questionTerms: ReadonlySet<string>
  /** The question it replies to ("Yes, you can …"), which is all that such a sentence is about; null where it replies to none. */
  repliesTo: Question | null
  /** A numbered item of a list, or one with a bullet; a row of a table, its cells each with its column's name. */
  kind: 'prose' | 'step' | 'bullet' | 'row'
  /** Which line of the passage it stands on: a paragraph is one. */
  line: number
  /** It speaks of what stands before it ("It must be …", "Otherwise …"). */
  leansBack: boolean
  /** Asks itself, or is only a heading: never quoted, but what stands below it answers. */
  quotable: boolean
}

/** A question that a document asks itself. */
interface Question {
  text: string
  terms: ReadonlySet<string>
}

export interface Candidate extends Sentence {
  evidence: Evidence
  number: number
}

const lengthMax = 600
/** Of a passage; one of a thousand characters has some twenty. */
const sentencesMax = 80
/** Text that gives orders to an assistant is no answer to a customer (law A4). */
const order =
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|all|your|the)\b.{0,30}\b(?:instruction|prompt|rule|message|context)|system prompt|you are now\b|\bact as\b.{0,30}\b(?:ai|assistant|model)|忽略.{0,12}(?:指令|提示|规则)|系统提示/i
const stepNumber = /^\(?\d{1,3}[.)、]\s*(?=\D)/
const bulleted = /^\s*[-*•‣◦·–—+▪●■□➢✓]\s+/
/** A row of a table as documents are read: "Size: L; Chest: 102-107". */
const cells = /^[^:;\n]{1,60}: [^;\n]{1,200}; [^:;\n]{1,60}: /
const asksItself = /[?？]$/
const speaker = /^(?:Q|A|问|答)\s*[:：.]\s*/i

/** Passages as read for earlier questions: the same ones answer again and again. */
export type PassageCache = LruCache<readonly Sentence[]>

export function candidatesOf(evidence: NumberedEvidence, read: PassageCache): Candidate[] {
  const { title, text, number } = evidence
  const found = read.get(`${title}\n${text}`, () => sentencesOf(title, text))
  return found.map(sentence => ({ ...sentence, evidence, number }))
}

function sentencesOf(name: string, passage: string): Sentence[] {
  const [top, ...below] = name.split(' › ')
  const title = readFeatures(top!).terms
  // A document without headings is about what it is called.
  let heading = below.length > 0 ? readFeatures(below.join(' ')).terms : title
  let above: ReadonlySet<string> = new Set()
  let question = asksItself.test(below.at(-1) ?? '') ? { text: below.at(-1)!, terms: heading } : null
  const found: Sentence[] = []
  for (const [line, raw] of passage.split('\n').entries()) {
    const kind = kindOf(raw)
    for (const each of kind === 'row' ? [raw.trim()] : sentences(raw)) {
      if (found.length === sentencesMax) return found
      const text = each
        .replace(/^#{1,6}\s+/, '')
        .replace(stepNumber, '')
        .replace(speaker, '')
        .trim()
      const features = readFeatures(text)
      if (kind === 'row') dropColumnOfInstances(features.terms)
      const asks = asksItself.test(text)
      const head = /^#/.test(each) || (kind === 'prose' && isHeading(text))
      const leansBack = stating.leansBack.test(text)
      const place = { position: found.length, line, kind, leansBack }
      const quotable = !asks && !head && text.length <= lengthMax && !order.test(text)
      const repliesTo = stating.reply.test(text) ? question : null
      found.push({ text, ...features, ...place, title, heading, questionTerms: above, repliesTo, quotable })
      if (asks) question = { text, terms: features.terms }
      if (asks || /[:：]$/.test(text)) above = features.terms
      else if (head) {
        heading = features.terms
        above = new Set()
        question = null
      }
    }
  }
  return found
}

function kindOf(line: string): Sentence['kind'] {
  if (stepNumber.test(line.trim())) return 'step'
  if (bulleted.test(line)) return 'bullet'
  return cells.test(line) ? 'row' : 'prose'
}

function isHeading(text: string): boolean {
  return !/[.!。！…:：;；)）"”]$/.test(text) && text.length < 60 && quantities(text).length === 0
}

/** That it tells from when to when on which days. */
export const weekForm = '@week'
const compound = /^\p{Script=Han}{3,5}$/u

export function readFeatures(text: string): TextFeatures {
  const plain = toSimplified(text.toLowerCase())
  const all = tokenize(text)
  const terms = new Set<string>()
  for (const term of all) {
    if (isStopTerm(term)) continue
    terms.add(canonicalTerm(term))
    // A "密码锁" is a "锁".
    if (compound.test(term)) terms.add(term.at(-1)!)
  }
  for (const policy of policiesNamed(plain)) terms.add(`=${policy}`)
  for (const { group, instance } of meaningsIn(plain, all))
    if (instance === null) terms.add(`@${group}`)
    else terms.add(instanceForm(group)).add(`@=${instance}`)
  if (stating.week.test(plain)) terms.add(weekForm)
  for (const { id } of productTypeMentions(plain)) terms.add(`#${id}`)
  return { terms, written: new Set(plain.match(/[a-z]+/g)?.map(singular)) }
}

/** A row of the column "Country" speaks of the one it names, not of all. */
function dropColumnOfInstances(terms: Set<string>) {
  for (const term of terms) if (term.startsWith('@~')) terms.delete(`@${term.slice(2)}`)
}

/** That one of the things a group means is named. */
export function instanceForm(group: number): string {
  return `@~${group}`
}

export function singular(word: string): string {
  return word.replace(/(?<=[a-z]{3})s$/, '')
}
