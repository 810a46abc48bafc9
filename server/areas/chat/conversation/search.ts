import { type Agent, invalid } from '#protocol'
import type { ConversationStorage } from '#storage/chat/conversation'
import type { StoredMessage } from '#storage/chat/message'
import type { MessageSearchStorage } from '#storage/chat/message-search'
import { maskConversation, readsListInFull, scopeOf } from '../../../core/access.ts'
import { type Caller, personOf } from '../../../core/call.ts'
import { createPresentation } from '../../../core/presentation.ts'
import { projectMessage } from '../../../core/projection.ts'
import type { Consumer } from '../../../jobs/consumer.ts'
import { repeat } from '../../../jobs/schedule.ts'
import type { Log } from '../../../observability/log.ts'
import { toWire } from '../../../realtime/journal/draft.ts'
import { maskAny } from '../../../security/masking.ts'
import type { ConversationHandlers } from './deps.ts'
import { type Highlight, highlightsOf, queryTermsOf, readTerms } from './search-terms.ts'

export interface SearchDeps {
  search: MessageSearchStorage
  storage: ConversationStorage
  agent(id: string): Agent
}

/** Named people on the first page. */
const peopleMax = 5
/** Own conversations by their title, on the first page. */
const titlesMax = 20
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const firstId = '00000000-0000-0000-0000-000000000000'

export function searchHandler({
  search,
  storage,
  agent,
}: SearchDeps): ConversationHandlers['conversation:search'] {
  const { presentTo } = createPresentation({ storage, agent })
  /** By a name: that of whose they are, for oneself that of the conversation. */
  function findNamed(name: string, caller: Caller & { id: string }): Promise<string[]> {
    return caller.audience === 'visitor'
      ? search.ofTitles(caller.id, name, titlesMax)
      : search.ofPeople(name, scopeOf(caller), peopleMax)
  }

  return async ({ query, filters = {}, cursor, limit }, call) => {
    const caller = personOf(call)
    const ownerId = caller.audience === 'visitor' ? caller.id : null
    const scope = scopeOf(caller)
    const terms = queryTermsOf(query)
    const place = readCursor(cursor)
    const { messages, before } =
      terms.length === 0
        ? { messages: [], before: null }
        : await search.search({
            terms,
            phrase: query.trim(),
            scope,
            ownerId,
            agentId: filters.agent_id ?? null,
            person: (ownerId === null && filters.person?.trim()) || null,
            tag: (ownerId === null && filters.tag?.trim()) || null,
            mode: filters.mode ?? null,
            status: filters.status ?? null,
            fromId: filters.from ? idAt(filters.from) : firstId,
            beforeId: place.before ?? (filters.to ? idAt(filters.to) : lastId),
          })
    const isFirstPage = cursor === undefined && Object.values(filters).every(value => value === undefined)
    const named = isFirstPage ? await findNamed(query.trim(), caller) : []
    const page = messages.slice(place.skip, place.skip + limit)
    const ids = [...new Set([...named, ...page.map(message => message.conversation_id)])]
    const found = ids.length > 0 ? await storage.findAll(ids) : []
    const heads = new Map(found.map(head => [head.id, head]))
    const shown = await presentTo(caller, found)
    const conversations = new Map(shown.map(conversation => [conversation.id, conversation]))
    const items = [
      ...named.map(id => ({ id, message: null })),
      ...page.map(message => ({ id: message.conversation_id, message })),
    ]
    return {
      items: items.flatMap(({ id, message }) => {
        const conversation = conversations.get(id)
        if (!conversation) return []
        const isInFull = readsListInFull(caller, heads.get(id)?.agent_id ?? null)
        return {
          conversation: isInFull ? conversation : maskConversation(conversation),
          ...(message
            ? presentMatch(message, query, caller, isInFull)
            : { message: null, highlights: [] as Highlight[] }),
        }
      }),
      next_cursor: cursorAfter(place, limit, messages.length, before),
    }
  }
}

/** In a list, numbers and addresses are for who serves the conversation; a mask is as long as what it hides or there is no mark. */
function presentMatch(message: StoredMessage, query: string, caller: Caller, isInFull: boolean) {
  const wire = projectMessage(toWire(message), caller.audience)
  const content = isInFull ? wire.content : (maskAny(wire.content) ?? '')
  return { message: { ...wire, content }, highlights: highlightsOf(content, query) }
}

interface Place {
  /** The window is of matches before this id. */
  before: string | null
  /** So many of it were on the pages before. */
  skip: number
}

/** @throws OperationError VALIDATION_ERROR */
function readCursor(cursor: string | undefined): Place {
  if (cursor === undefined) return { before: null, skip: 0 }
  const [, before, skip] = /^([\da-f-]{36})?\|(\d{1,4})$/.exec(cursor) ?? []
  if (skip === undefined) throw invalid('cursor', 'must be the next_cursor of a page before')
  return { before: before ?? null, skip: Number(skip) }
}

function cursorAfter(place: Place, limit: number, found: number, before: string | null): string | null {
  const next = place.skip + limit
  if (next < found) return `${place.before ?? ''}|${next}`
  return before && `${before}|0`
}

/** The first id of a time. */
function idAt(time: string): string {
  const hex = Math.max(0, Date.parse(time)).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`
}

const backfillPollMs = 100
const backfillRestMs = 60_000

/** Keeps what messages are found by: from the log of events, and once of what was said before there was one. */
export function createSearchIndex({ search, log }: { search: MessageSearchStorage; log: Log }) {
  let restUntil = 0
  let stop = async () => {}
  const consumer: Consumer = {
    name: 'message_terms',
    events: ['message:created', 'message:updated'],
    async consume(sql, events) {
      const messages = events.map(({ payload }) => payload.message as StoredMessage)
      const last = new Map(messages.map(message => [message.id, message]))
      const complete = [...last.values()].filter(
        ({ role, status }) => role !== 'system' && status !== 'streaming',
      )
      if (complete.length > 0) await search.addTerms(sql, await readTerms(complete))
    },
  }
  return {
    consumer,
    start(): void {
      stop = repeat(
        async () => {
          if (performance.now() < restUntil) return
          if (!(await search.backfill(readTerms))) restUntil = performance.now() + backfillRestMs
        },
        backfillPollMs,
        log,
      )
    },
    close: () => stop(),
  }
}
