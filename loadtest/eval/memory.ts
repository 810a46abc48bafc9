import type { Language } from '#protocol'
import { memoriesMax } from '#protocol/core/limits'
import { factOf } from '../../server/answering/memory/facts.ts'
import { memoryTerms } from '../../server/answering/memory/terms.ts'
import { memoryArea } from '../../server/areas/chat/memory/index.ts'
import { newId } from '../../server/core/ids.ts'
import { createLog } from '../../server/observability/log.ts'
import { memoryStorage } from '../../storage/chat/memory.ts'
import type { Database } from './database.ts'
import { type MemoryCases, memoryCases } from './memory-cases.ts'

/** Shares from 0 to 1, of all questions or of all that was said. */
export interface MemoryFigures {
  /** The right memory among the first five. */
  right_in_five: number
  replaced_used: number
  deleted_used: number
  secrets_stored: number
  others_stored: number
  silence_stored: number
  questions: number
}

type Area = ReturnType<typeof openArea>

const personsEach = 6
const firstFive = 5

/** People say things of themselves, change and take them back, and ask: the whole way but the sockets, without a model. */
export async function evaluateMemory(database: Database, language: Language): Promise<MemoryFigures> {
  const area = openArea(database)
  const cases = memoryCases[language]
  const sums = { right: 0, replaced: 0, deleted: 0, secrets: 0, others: 0, silent: 0, questions: 0, asked: 0 }
  for (let person = 0; person < personsEach; person++) {
    const speaker = await openSpeaker(database, area, language)
    const { current, others, replaced, deleted } = await sayFacts(speaker, cases, person)
    const stored = await speaker.stored()
    sums.secrets += await countStored(speaker, cases.secrets, person)
    sums.others += await countStored(speaker, cases.others, person)
    sums.silent += await countStored(speaker, cases.silent, person)
    const expected = new Set([...current.values(), ...others, ...cases.fillers.map(cases.collects)])
    sums.silent += stored.filter(content => !expected.has(content)).length
    for (const [at, { questions }] of cases.topics.entries())
      for (const question of questions) {
        const found = (await area.recall(speaker.id, question)).slice(0, firstFive)
        const contents = found.map(({ content }) => content)
        sums.asked++
        sums.replaced += Number(replaced.some(content => contents.includes(content)))
        sums.deleted += Number(deleted.some(content => contents.includes(content)))
        if (!current.has(at)) continue
        sums.questions++
        sums.right += Number(contents.includes(current.get(at)!))
      }
  }
  return {
    right_in_five: sums.right / sums.questions,
    replaced_used: sums.replaced / sums.asked,
    deleted_used: sums.deleted / sums.asked,
    secrets_stored: sums.secrets / (personsEach * cases.secrets.length),
    others_stored: sums.others / (personsEach * cases.others.length),
    silence_stored: sums.silent / (personsEach * cases.silent.length),
    questions: sums.asked,
  }
}

function openArea(database: Database) {
  const storage = memoryStorage(database)
  const deps = { storage, proposeFacts: async () => [], clock: Date.now, log: createLog('silent') }
  return { storage, ...memoryArea(deps) }
}

type Speaker = Awaited<ReturnType<typeof openSpeaker>>

/** Somebody who lets things be remembered, and what comes of what they say. */
async function openSpeaker(
  database: Database,
  { storage, reading, followCommands }: Area,
  language: Language,
) {
  const { sql } = database
  const id = newId()
  const conversationId = newId()
  let seq = 0
  await sql`insert into people (id, role, name) values (${id}, 'user', 'A speaker')`
  await sql`insert into conversations (id, person_id, language) values (${conversationId}, ${id}, ${language})`
  const actor = { id, role: 'user', address: null, request_id: null }
  await storage.configure(id, { enabled: true }, actor)
  return {
    id,
    async say(text: string): Promise<void> {
      const messageId = newId()
      await sql`
        insert into messages (id, conversation_id, seq, role, content, status, epoch, created_at, updated_at)
        values (${messageId}, ${conversationId}, ${++seq}, 'user', ${text}, 'complete', 0, clock_timestamp(), clock_timestamp())`
      await followCommands({ id: messageId, conversationId, personId: id, text, language, requestId: null })
      await database.transaction(inner => storage.enqueue(inner, [messageId]))
      await reading.readAll()
    },
    async stored(): Promise<string[]> {
      const { items } = await storage.list({ personId: id, page: 1, page_size: 100 })
      return items.map(({ content }) => content)
    },
  }
}

/** A third of the facts stays, a third is replaced, a third taken back. */
async function sayFacts(speaker: Speaker, cases: MemoryCases, person: number) {
  const current = new Map<number, string>()
  const others: string[] = []
  const replaced: string[] = []
  const deleted: string[] = []
  for (const thing of cases.fillers) await speaker.say(cases.collects(thing))
  for (const [at, topic] of cases.topics.entries()) {
    const statements = [0, 1].map(turn => {
      const says = topic.says[(person + turn) % topic.says.length]!
      return says.replace('{}', topic.values[(person * 2 + turn) % topic.values.length]!)
    }) as [string, string]
    const frame = cases.frames[(person + at) % cases.frames.length]!
    await speaker.say(frame.replace('{}', statements[0]))
    const fate = (person + at) % 3
    if (fate === 0) current.set(at, statements[0])
    if (fate === 1) {
      await speaker.say(cases.frames[at % cases.frames.length]!.replace('{}', statements[1]))
      if (isAboutTheSame(topic.says)) replaced.push(statements[0])
      else others.push(statements[0])
      current.set(at, statements[1])
    }
    if (fate === 2) {
      await speaker.say(cases.forget(statements[0]))
      deleted.push(statements[0])
    }
  }
  return { current, others, replaced, deleted }
}

/** Of what somebody likes there is more than one: another taste replaces none. */
function isAboutTheSame(says: readonly string[]): boolean {
  return !says.some(each => /like|喜欢\{/.test(each))
}

/** How much more is stored after it is said. */
async function countStored(speaker: Speaker, texts: readonly string[], person: number): Promise<number> {
  const before = (await speaker.stored()).length
  for (const [at, text] of texts.entries())
    await speaker.say(text.replace('{}', String(100 + person * 7 + at)))
  return Math.max(0, (await speaker.stored()).length - before)
}

export interface RecallTimes {
  memories: number
  p50_ms: number
  p95_ms: number
  /** Of the least that the database can be asked, on the same machine in the same minute. */
  least_p50_ms: number
  least_p95_ms: number
}

/** How long an answer waits for memories of somebody who has as many as there may be. */
export async function timeRecall(database: Database, times = 200): Promise<RecallTimes> {
  const area = openArea(database)
  const personId = await fillMemories(database)
  const questions = memoryCases.en.topics.flatMap(({ questions }) => questions)
  const recalls: number[] = []
  const leasts: number[] = []
  for (let at = 0; at < times; at++) {
    leasts.push(await timeOf(() => database.sql`select 1`))
    const question = `${questions[at % questions.length]} Thing ${at % 97}?`
    recalls.push(await timeOf(() => area.recall(personId, question)))
  }
  return {
    memories: memoriesMax,
    p50_ms: quantile(recalls, 0.5),
    p95_ms: quantile(recalls, 0.95),
    least_p50_ms: quantile(leasts, 0.5),
    least_p95_ms: quantile(leasts, 0.95),
  }
}

async function timeOf(work: () => PromiseLike<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function quantile(values: number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)]!
}

const pieceRows = 1000
const words = 'red green blue small large round light dark warm cold fast slow'.split(' ')

/** The most memories that somebody may have, among those of others; of many the words are the same. */
export async function fillMemories(database: Database): Promise<string> {
  const { sql, transaction } = database
  const { storage } = openArea(database)
  const id = newId()
  await sql`insert into people (id, role, name) values (${id}, 'user', 'A collector')`
  await storage.configure(id, { enabled: true }, { id, role: 'user', address: null, request_id: null })
  for (let from = 0; from < memoriesMax; from += pieceRows) {
    const rows = Array.from({ length: pieceRows }, (_, at) => {
      const number = from + at
      const fact = factOf(`I like ${words[number % words.length]} thing ${number % 97} of kind ${number}`)
      return { id: newId(), ...fact, terms: memoryTerms(fact) }
    })
    await transaction(async inner => {
      await inner`
        insert into memories (id, person_id, subject, content, source)
        select r.id, ${id}, r.subject, r.content, 'manual' from jsonb_to_recordset(${inner.json(rows as never)})
          as r(id uuid, subject text, content text)`
      await inner`
        insert into memory_terms (person_id, term, memory_id)
        select ${id}, t.term::int, r.id from jsonb_to_recordset(${inner.json(rows as never)}) as r(id uuid, terms jsonb)
        cross join lateral jsonb_array_elements_text(r.terms) as t(term) on conflict do nothing`
    }, 60_000)
  }
  await sql`analyze memories`
  await sql`analyze memory_terms`
  return id
}

/** Prints how well memories are kept, replaced, forgotten and found, and what finding them costs. */
export async function printMemory(database: Database, figures: Record<string, number>): Promise<void> {
  for (const language of ['en', 'zh'] as const) {
    const result = await evaluateMemory(database, language)
    console.log(`memory ${language}: ${Object.entries(result).map(toText).join(', ')}`)
    for (const [key, value] of Object.entries(result)) figures[`memory.${language}.${key}`] = value
  }
  const times = await timeRecall(database)
  console.log(`memory recall: ${Object.entries(times).map(toText).join(', ')}`)
  for (const [key, value] of Object.entries(times)) figures[`memory.recall.${key}`] = value
}

function toText([key, value]: [string, number]): string {
  return `${key.replaceAll('_', ' ')} ${Number(value.toFixed(3))}`
}
