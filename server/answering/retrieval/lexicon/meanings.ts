import { LruCache } from '../text/lru-cache.ts'
import { tokenize } from '../text/tokens.ts'
import { measuresEn } from './attributes.en.ts'
import { attributes } from './attributes.ts'
import { equivalentsEn } from './equivalents.en.ts'
import { equivalentsZh } from './equivalents.zh.ts'
import { isGeneralTerm } from './informative.ts'
import { carryingEn, meaningsEn } from './meanings.en.ts'
import { carryingZh, meaningsZh } from './meanings.zh.ts'
import { isStopTerm, isStopWord } from './stopwords.ts'

/** What one word or phrase of a text says. */
export interface Term {
  /** "=" and a meaning, the same in every language, else the word's stem. */
  id: string
  /** The word denies what the meaning says: "unopened", "缺货". */
  isDenied: boolean
  /** It carries the sentence: who says it adds nothing. */
  isCarrying: boolean
  start: number
  end: number
}

interface Form {
  words: readonly string[]
  meanings: { id: string; isDenied: boolean }[]
}

/** By their first word. */
type Forms = Map<string, Form[]>

/** Latin ones as written, and by their stems; Chinese ones by their first sign. */
const written: Forms = new Map()
const stemmed: Forms = new Map()
const dense: Forms = new Map()

const colours = new Set(
  'black white red blue green grey silver gold brown yellow pink purple orange beige'.split(' '),
)
const materials = new Set('wood oak leather fabric steel plastic glass metal mesh aluminium'.split(' '))

/** What a meaning is one of, where it is a colour or material. */
export function kindOfMeaning(id: string): string | null {
  if (colours.has(id.slice(1))) return '=colour'
  return materials.has(id.slice(1)) ? '=material' : null
}

const isLatin = (word: string) => /^[a-z0-9]/.test(word)

/** The term of a lower-case word. */
export function stemOf(word: string): string {
  return stems.get(word, () => tokenize(word).at(-1) ?? word)
}
const stems = new LruCache<string>(4096)

function add(forms: Forms, words: string[], meaning: Form['meanings'][number]) {
  const among = forms.get(words[0]!) ?? []
  forms.set(words[0]!, among)
  const known = among.find(form => form.words.join(' ') === words.join(' '))
  if (!known) among.push({ words, meanings: [meaning] })
  else if (!known.meanings.some(({ id }) => id === meaning.id)) known.meanings.push(meaning)
}

function addForms(id: string, list: string) {
  for (const form of list.split('|')) {
    const [, signs, text] = /^([-=]*)(.+)$/.exec(form)!
    const meaning = { id: `=${id}`, isDenied: signs!.includes('-') }
    if (!isLatin(text!)) add(dense, [...text!], meaning)
    else if (signs!.includes('=') || /[-]/.test(text!)) add(written, text!.split(' '), meaning)
    else add(stemmed, text!.split(' ').map(stemOf), meaning)
  }
}

for (const [id, list] of Object.entries(meaningsEn)) addForms(id, list)
for (const [id, list] of Object.entries(meaningsZh)) addForms(id, list)
for (const [id, list] of [...Object.entries(equivalentsEn), ...Object.entries(equivalentsZh)])
  addForms(id, list.replaceAll(' ', '|'))
const isKnown = (word: string) => {
  const words = isLatin(word) ? word.split(' ').map(stemOf) : [...word]
  return (
    (isLatin(word) ? stemmed : dense)
      .get(words[0]!)
      ?.some(form => form.words.join(' ') === words.join(' ')) === true
  )
}
for (const { id, words } of attributes)
  for (const word of words)
    if (word.length > 1 && !isKnown(word)) addForms(id, /^[a-z]+ing$/.test(word) ? `=${word}` : word)
for (const [word, id] of Object.entries(measuresEn)) addForms(id, word)
for (const among of [...written.values(), ...stemmed.values(), ...dense.values()])
  among.sort((a, b) => b.words.length - a.words.length)

const carrying = new Set(carryingEn.split(/\s+/).filter(Boolean).map(stemOf))
/** Known, so that what denies them is seen; they add nothing. */
const carryingMeanings = new Set([
  '=need',
  '=buyer',
  '=allow',
  '=include',
  '=material',
  '=model',
  '=category',
])
const carryingDense = new Set(carryingZh.split(/\s+/))

const runs = /(\p{Script=Han}+)|[\p{Script=Latin}\p{M}\d]+(?:[-'’][\p{Script=Latin}\d]+)*/gu

/** The terms of a text in order, without its numbers and what is grammar only. */
export function termsOf(text: string): Term[] {
  const found: Term[] = []
  const latin: Word[] = []
  const flush = () => {
    addLatin(latin, found)
    latin.length = 0
  }
  for (const match of text.matchAll(runs)) {
    if (match[1] === undefined) addWords(match[0], match.index, latin)
    else {
      flush()
      addDense(match[1], match.index, found)
    }
  }
  flush()
  return found
}

interface Word {
  lower: string
  stem: string
  start: number
  end: number
}

function addWords(run: string, start: number, words: Word[]) {
  const lower = run.toLowerCase().replace(/['’]s$/, '')
  const add = (text: string, at: number) =>
    words.push({ lower: text, stem: stemOf(text), start: at, end: at + text.length })
  if (!lower.includes('-') || written.has(lower)) return void add(lower, start)
  let at = start
  const parts = lower.split('-')
  const isWithout = parts.length === 2 && parts[1] === 'free'
  for (const part of isWithout ? parts.slice(0, 1) : parts) {
    if (part) add(isWithout ? `non${part}` : part, at)
    at += part.length + 1
  }
}

function addLatin(words: Word[], found: Term[]) {
  for (let at = 0; at < words.length; ) {
    const { form, length } = longest(words, at)
    const { start } = words[at]!
    const { end } = words[at + length - 1]!
    if (form)
      for (const meaning of form.meanings)
        found.push({ ...meaning, isCarrying: carryingMeanings.has(meaning.id), start, end })
    else addWord(words[at]!, found)
    at += length
  }
}

function longest(words: Word[], at: number): { form: Form | null; length: number } {
  const asWritten = written
    .get(words[at]!.lower)
    ?.find(form => form.words.every((word, next) => words[at + next]?.lower === word))
  const byStem = stemmed
    .get(words[at]!.stem)
    ?.find(form => form.words.every((word, next) => words[at + next]?.stem === word))
  const form =
    asWritten && (!byStem || asWritten.words.length >= byStem.words.length) ? asWritten : (byStem ?? null)
  return { form, length: form?.words.length ?? 1 }
}

const denying = /^(?!under|until|unless|union|uni[qtv]|unite|none)(?:un|non)(?=[a-z]{4})/

function addWord({ lower, stem, start, end }: Word, found: Term[]) {
  if (/^\d+$/.test(lower) || isStopWord(lower) || isStopTerm(stem) || lower.length < 2) return
  const plain = lower.replace(denying, '')
  const isDenied = plain !== lower
  const id = isDenied ? stemOf(plain) : stem
  found.push({ id, isDenied, isCarrying: carrying.has(stem) || isGeneralTerm(stem), start, end })
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

function addDense(run: string, offset: number, found: Term[]) {
  let rest = 0
  for (let at = 0; at < run.length; ) {
    const form = dense
      .get(run[at]!)
      ?.find(({ words }) => words.length > 1 && words.every((sign, next) => run[at + next] === sign))
    if (!form) {
      at++
      continue
    }
    addSegments(run.slice(rest, at), offset + rest, found)
    const start = offset + at
    at += form.words.length
    rest = at
    for (const meaning of form.meanings)
      found.push({ ...meaning, isCarrying: carryingMeanings.has(meaning.id), start, end: offset + at })
  }
  addSegments(run.slice(rest), offset + rest, found)
}

/** Signs that the dictionary leaves alone are one word with their neighbours. */
function addSegments(run: string, offset: number, found: Term[]) {
  if (run === '') return
  let single = ''
  let at = 0
  const flush = () => {
    if (single) addSegment(single, offset + at - single.length, found)
    single = ''
  }
  for (const { segment } of segmenter.segment(run)) {
    const isSingle = segment.length === 1 && !isStopTerm(segment) && !carryingDense.has(segment)
    if (!isSingle) flush()
    at += segment.length
    if (isSingle) single += segment
    else addSegment(segment, offset + at - segment.length, found)
  }
  flush()
}

function addSegment(segment: string, start: number, found: Term[]) {
  if (isStopTerm(segment)) return
  const end = start + segment.length
  const form = segment.length === 1 && dense.get(segment)?.find(({ words }) => words.length === 1)
  if (form)
    for (const meaning of form.meanings)
      found.push({ ...meaning, isCarrying: carryingMeanings.has(meaning.id), start, end })
  else {
    const isCarrying =
      segment.length === 1 || segment.startsWith('一') || carryingDense.has(segment) || isGeneralTerm(segment)
    const isNegated = segment.length > 1 && /^[不没未无]/.test(segment)
    found.push({ id: isNegated ? segment.slice(1) : segment, isDenied: false, isCarrying, start, end })
  }
}
