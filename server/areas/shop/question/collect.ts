import type { Language } from '#protocol'
import type { StoredMessage } from '#storage/chat/message'
import type { TransactionSql } from '#storage/engine/transaction'
import type { StoredEvent } from '#storage/realtime/events'
import type { AnswerSignal, NewSignal } from '#storage/shop/question'
import { isOnlyNear } from '../../../answering/builtin/phrases.ts'
import { joinPhrasings, likenessOf, samenessMin } from '../../../answering/curated/likeness.ts'
import { type Phrasing, readPhrasing } from '../../../answering/curated/phrasing.ts'
import { endsOf } from '../../../answering/retrieval/question/reading.ts'
import { termId } from '../../../answering/retrieval/ranking/bm25.ts'
import { languageAsked } from '../../../answering/retrieval/text/language.ts'
import { LruCache } from '../../../answering/retrieval/text/lru-cache.ts'
import { newId } from '../../../core/ids.ts'
import type { Consumer } from '../../../jobs/consumer.ts'
import type { QuestionDeps } from './index.ts'

/** So many of a group's questions tell what it asks and are what it is found by: a thousand more make it no slower to find. */
const phrasingsMax = 8
/** Of those in the same words: another is there when one is erased. */
const sameWordsMax = 2
const phrasingsCached = 512
const backfillDays = 90
const backfillMax = 500

interface Asked {
  language: Language
  phrasing: Phrasing
  terms: number[]
}

/** A group that a question belongs to. */
interface Chosen {
  id: string
  /** The terms of the questions that it is found by, of those that are near this one. */
  known: number[][]
}

/** Reads the log for answers that were none, and puts their questions with those that ask the same. */
export function createCollector({ storage, isSmallTalk, publishChange, clock, log }: QuestionDeps) {
  let hasChanged = false
  const consumer: Consumer = {
    name: 'questions',
    events: ['message:updated', 'handoff:changed'],
    async consume(sql, events) {
      const signals = events.flatMap(signalsOf)
      const ratings = new Map(events.flatMap(ratingOf))
      const cleared = [...ratings].filter(([, feedback]) => feedback !== -1).map(([id]) => id)
      if (signals.length > 0) await collect(sql, signals)
      if (cleared.length > 0) await storage.clear(sql, cleared)
      hasChanged ||= signals.length > 0 || cleared.length > 0
    },
    consumed() {
      if (hasChanged) publishChange()
      hasChanged = false
    },
  }

  async function collect(sql: TransactionSql, signals: AnswerSignal[]): Promise<void> {
    const added: NewSignal[] = []
    const chosen = new Map<string, Chosen>()
    const phrasings = new LruCache<Phrasing>(phrasingsCached)
    const phrasingOf = (text: string) => phrasings.get(text, () => readPhrasing(text))
    for (const found of await storage.findSignalled(sql, signals)) {
      const text = endsOf(found.content)
      if (text.trim() === '' || isSmallTalk(text)) continue
      const language = languageAsked(text, found.language)
      const phrasing = phrasingOf(text)
      const terms = termsOf(phrasing)
      if (terms.length === 0) continue
      const { message_id, kind, at, article_id } = found
      const signal = { message_id, kind, at, article_id }
      if (found.group_id !== null) {
        added.push({ ...signal, group_id: found.group_id, terms: [] })
        continue
      }
      // The same words several times among those that are read together are looked for once.
      const key = `${language} ${text}`
      const group = chosen.get(key) ?? (await groupOf(sql, { language, phrasing, terms }, phrasingOf))
      chosen.set(key, group)
      const isNew = tellsGroup(group, terms)
      if (isNew) group.known.push(terms)
      added.push({ ...signal, group_id: group.id, terms: isNew ? terms : [] })
    }
    if (added.length > 0) await storage.addSignals(sql, added)
  }

  /** The group of those that ask the same, or a new one. */
  async function groupOf(
    sql: TransactionSql,
    { language, phrasing, terms }: Asked,
    phrasingOf: (text: string) => Phrasing,
  ): Promise<Chosen> {
    const alike = await storage.findAlike(sql, language, terms)
    let best: (Chosen & { likeness: number }) | null = null
    for (const [id, members] of Map.groupBy(alike, ({ group_id }) => group_id)) {
      const each = members.slice(0, phrasingsMax).map(({ content }) => phrasingOf(endsOf(content)))
      const likeness = likenessOf(phrasing, joinPhrasings(each))
      if (likeness >= samenessMin && likeness > (best?.likeness ?? 0))
        best = { id, likeness, known: members.map(member => member.terms) }
    }
    if (best) return best
    const id = newId()
    await storage.addGroup(sql, id, language)
    return { id, known: [] }
  }

  /** What was asked before an update brought the list. A failure is only logged: the list begins with what comes. */
  async function backfill(): Promise<void> {
    try {
      const signals = await storage.unlisted(clock() - backfillDays * 86_400_000, backfillMax)
      if (signals.length > 0) await storage.transaction(sql => collect(sql, signals))
    } catch (error) {
      log.warn({ error }, 'earlier questions were not listed')
    }
  }

  return { consumer, backfill }
}

/** What an event says against the answer to a question. */
function signalsOf({ event, conversation_id, seq, payload }: StoredEvent): AnswerSignal[] {
  if (event === 'handoff:changed') {
    const { handoff, at } = payload as { handoff: { status: string }; at: string }
    if (handoff.status !== 'pending') return []
    return [{ message_id: null, conversation_id, before: seq, kind: 'person', at, article_id: null }]
  }
  const message = payload.message as StoredMessage
  const { role, status, in_reply_to, references, feedback, updated_at, usage } = message
  if (role !== 'assistant' || status !== 'complete' || in_reply_to === null) return []
  const article_id = references.find(({ source }) => source === 'article')?.source_id ?? null
  const isNear = usage?.provider_id === 'builtin' && isOnlyNear(message.content)
  const signal = { message_id: in_reply_to, conversation_id, before: seq, at: updated_at, article_id }
  return [
    ...(references.length === 0 || isNear ? [{ ...signal, kind: 'unanswered' as const }] : []),
    ...(feedback === -1 ? [{ ...signal, kind: 'disliked' as const }] : []),
  ]
}

/** The question, and how its answer is rated by now. */
function ratingOf({ event, payload }: StoredEvent): [string, StoredMessage['feedback']][] {
  if (event !== 'message:updated') return []
  const { role, status, in_reply_to, feedback } = payload.message as StoredMessage
  return role === 'assistant' && in_reply_to !== null && status === 'complete'
    ? [[in_reply_to, feedback]]
    : []
}

/** Whether the group is found by this question from now on. */
function tellsGroup({ known }: Chosen, terms: readonly number[]): boolean {
  const same = known.filter(each => each.length === terms.length && each.every((id, at) => id === terms[at]))
  return known.length < phrasingsMax && same.length < sameWordsMax
}

/** What a question is found by: the forms of its informative terms. */
function termsOf({ terms }: Phrasing): number[] {
  const informative = terms.filter(({ weight }) => weight === 1)
  const forms = (informative.length > 0 ? informative : terms).flatMap(term => [...term.forms.keys()])
  return [...new Set(forms.map(form => termId('document', form)))]
}
