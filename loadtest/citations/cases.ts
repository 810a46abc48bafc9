import type { Language } from '#protocol'
import { factsOf, productText } from '../../server/answering/retrieval/catalogue/facts.ts'
import { citationFilters } from '../../server/answering/retrieval/citation/filter.ts'
import type { Evidence } from '../../server/answering/retrieval/evidence.ts'
import { chunk } from '../../server/answering/retrieval/text/chunks.ts'
import { sentences } from '../../server/answering/retrieval/text/sentences.ts'
import { readMarkdown } from '../../server/ingest/formats/markdown.ts'
import type { CitedShop, Kind, ShopProduct } from './shop.ts'

/** A sentence, what it cites, and whether that says it. */
export interface Case {
  shop: string
  /** Written by one of two hands, or made of a shop's own texts by rule. */
  hand: CitedShop['hand'] | 'rule'
  kind: Kind
  sentence: string
  /** The cited ones first. */
  evidence: Evidence[]
  cited: number
  stands: boolean
}

const filterFor = citationFilters()

/** Whether the sentence keeps the numbers of all it cites, as a model would write them; passages of one source share one. */
export function isKept({ sentence, evidence, cited }: Case): boolean {
  const filter = filterFor(evidence)
  const marks = Array.from({ length: cited }, (_, at) => `[${at + 1}]`).join('')
  const body = sentence.replace(/[.。]$/, '')
  const shown = filter.push(`${body} ${marks}${sentence.slice(body.length)}`) + filter.end()
  const own = new Set(evidence.slice(0, cited).map(({ source_id }) => source_id))
  return (shown.match(/\[\d+\]/g) ?? []).length === own.size
}

/** Passages of the same document that stand beside the cited ones, as retrieval brings them. */
const besides = 2

export async function writtenCases(shop: CitedShop): Promise<Case[]> {
  const passages = await passagesOf(shop)
  const found: Case[] = []
  for (const { kind, of, stands, falls } of shop.sentences) {
    const cited = [of].flat().map(name => citedBy(name, passages, shop))
    const evidence = [...cited, ...passages.filter(each => !cited.includes(each)).slice(0, besides)]
    const add = (isTrue: boolean) => (sentence: string) =>
      found.push({
        shop: shop.name,
        hand: shop.hand,
        kind,
        sentence,
        evidence,
        cited: cited.length,
        stands: isTrue,
      })
    stands.forEach(add(true))
    falls.forEach(add(false))
  }
  return found
}

function citedBy(name: string, passages: Evidence[], shop: CitedShop): Evidence {
  const product = shop.products.find(({ id }) => id === name)
  const passage = product
    ? productEvidence(product, shop.language)
    : passages.find(({ title }) => title.endsWith(` › ${name}`))
  if (!passage) throw new Error(`${shop.name} has no ${name}`)
  return passage
}

type Texts = Pick<CitedShop, 'name' | 'language' | 'documents' | 'products'>

async function passagesOf({ name, documents }: Pick<Texts, 'name' | 'documents'>): Promise<Evidence[]> {
  const found: Evidence[] = []
  for (const [at, text] of documents.entries()) {
    const { title, sections } = await readMarkdown(text)
    for (const section of sections)
      for (const passage of chunk(section.text))
        found.push(
          evidenceOf(
            'document',
            `${name}-${at}`,
            [title, ...section.heading].filter(Boolean).join(' › '),
            passage,
          ),
        )
  }
  return found
}

function productEvidence(product: ShopProduct, language: Language): Evidence {
  const whole = { ...product, url: `https://shop.example/${product.id}`, updated_at: '' }
  return evidenceOf('product', product.id, product.name, productText(whole, language))
}

function evidenceOf(source: Evidence['source'], source_id: string, title: string, text: string): Evidence {
  return { source, source_id, title, text, url: null, score: 1, updated_at: '' }
}

/** Ways to say what a cell holds, by turns. */
const cellPhrases: Record<Language, ((row: string, column: string, value: string) => string)[]> = {
  en: [
    (row, column, value) => `The ${column.toLowerCase()} of ${row} is ${value}.`,
    (row, column, value) => `${row}: ${column} ${value}.`,
    (row, column, value) => `For ${row} the ${column.toLowerCase()} is ${value}.`,
  ],
  zh: [
    (row, column, value) => `${row}的${column}是${value}。`,
    (row, column, value) => `${row}：${column}${value}。`,
    (row, column, value) => `${row}${column}为${value}。`,
  ],
}

const additions: Record<Language, string[]> = {
  en: [
    ', and you get a free gift',
    ', which most customers love',
    ', and delivery is free',
    ' and it comes with a carrying case',
    ', confirmed by independent tests',
  ],
  zh: ['，还赠送礼品', '，深受顾客喜爱', '，并且免费安装', '，通过了权威认证', '，限时优惠'],
}

interface Made {
  kind: Kind
  sentence: string
  stands: boolean
}

/** Made by rule of a shop's own texts: cells swapped, numbers changed, a "not" put in or otherFact out, something added. */
export async function madeCases(shop: Texts): Promise<Case[]> {
  const passages = await passagesOf(shop)
  const products = shop.products.map(product => productEvidence(product, shop.language))
  const found: Case[] = []
  const add = (evidence: Evidence, made: Made[]) =>
    found.push(
      ...made.map(each => ({
        ...each,
        shop: shop.name,
        hand: 'rule' as const,
        evidence: [evidence],
        cited: 1,
      })),
    )
  for (const passage of passages) {
    const rows = rowsOf(passage.text)
    add(passage, rows ? madeOfRows(rows, shop.language) : madeOfProse(passage.text, shop.language))
  }
  for (const [at, product] of products.entries()) add(product, madeOfProduct(shop, at))
  return found
}

type Row = { label: string; value: string }[]

/** The rows of a passage that is a table and nothing else. */
function rowsOf(text: string): Row[] | null {
  const rows = text.split('\n').map(line =>
    line.split('; ').map(cell => {
      const [label, ...value] = cell.split(': ')
      return { label: label!, value: value.join(': ') }
    }),
  )
  const isTable =
    rows.length > 1 && rows.every(row => row.length > 1 && row.every(({ value }) => value !== ''))
  return isTable ? rows : null
}

function madeOfRows(rows: Row[], language: Language): Made[] {
  const found: Made[] = []
  const phrases = cellPhrases[language]
  let turn = 0
  for (const [at, row] of rows.slice(0, 5).entries())
    for (const [column, cell] of row.entries()) {
      if (column === 0) continue
      const name = `${language === 'en' ? `${row[0]!.label} ` : row[0]!.label}${row[0]!.value}`
      const say = (value: string) => phrases[turn++ % phrases.length]!(name, cell.label, value)
      found.push({ kind: 'table', sentence: say(cell.value), stands: true })
      const below = rows[(at + 1) % rows.length]!.find(({ label }) => label === cell.label)
      const beside = row[column === row.length - 1 ? 1 : column + 1]
      for (const other of [below, beside])
        if (other && other.value !== cell.value && other.value !== row[0]!.value)
          found.push({ kind: 'table', sentence: say(other.value), stands: false })
    }
  return found
}

function madeOfProduct({ products, language }: Texts, at: number): Made[] {
  const found: Made[] = []
  const phrases = cellPhrases[language]
  const product = products[at]!
  const facts = factsOf(product, language)
  const others = factsOf(products[(at + 1) % products.length]!, language)
  for (const [turn, fact] of facts.entries()) {
    const say = (value: string) => phrases[turn % phrases.length]!(product.name, fact.label, value)
    found.push({ kind: 'table', sentence: say(fact.value), stands: true })
    const otherFact = others.find(({ label }) => label === fact.label)
    if (otherFact && !fact.value.includes(otherFact.value) && !/^(?:yes|no|是|否)$/.test(fact.value))
      found.push({ kind: 'option', sentence: say(otherFact.value), stands: false })
    const number = changeNumber(fact.value)
    if (number) found.push({ kind: 'number', sentence: say(number), stands: false })
    const beside = facts[(turn + 1) % facts.length]!
    if (beside.value !== fact.value) found.push({ kind: 'table', sentence: say(beside.value), stands: false })
  }
  return found
}

function madeOfProse(text: string, language: Language): Made[] {
  const found: Made[] = []
  for (const [at, written] of sentences(text).entries()) {
    const sentence = written.replace(/^\d+\. /, '')
    if (sentence.length < 12 || /[?？\]]$|[;；]/.test(sentence)) continue
    found.push({ kind: 'paraphrase', sentence, stands: true })
    const number = changeNumber(sentence)
    if (number) found.push({ kind: 'number', sentence: number, stands: false })
    const denied = flip(sentence, language)
    if (denied) found.push({ kind: 'negation', sentence: denied, stands: false })
    const addition = additions[language][at % additions[language].length]!
    found.push({
      kind: 'addition',
      sentence: sentence.replace(/[.!。！]?$/, end => addition + (end || (language === 'en' ? '.' : '。'))),
      stands: false,
    })
  }
  return found
}

/** The first number with another last digit. */
function changeNumber(text: string): string | null {
  const changed = text.replace(/(?<![\d.,\p{L}-])\d+(?![\d\p{L}]*\p{L})/u, digits =>
    `${digits.slice(0, -1)}${(Number(digits.at(-1)) + 3) % 10}`.replace(/^0(?=\d)/, '4'),
  )
  return changed === text ? null : changed
}

const flips: Record<Language, [RegExp, string][]> = {
  en: [
    [/\bcannot\b/, 'can'],
    [/\b(do|does|is|are) not\b/, '$1'],
    [/\b(can|may|will|is|are|must)\b(?! not| only)/, '$1 not'],
  ],
  zh: [
    [/不能|不可以/, '可以'],
    [/不(支持|提供|需要|包含|含)/, '$1'],
    [/可以/, '不可以'],
    [/(支持|提供|需要)/, '不$1'],
  ],
}

function flip(sentence: string, language: Language): string | null {
  for (const [from, to] of flips[language]) if (from.test(sentence)) return sentence.replace(from, to)
  return null
}
