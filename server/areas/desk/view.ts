import { type Agent, type EventPayload, invalid } from '#protocol'
import type { viewOperations } from '#protocol/desk/view'
import type { StoredHandoff } from '#storage/desk/handoff'
import type { ViewPlace, ViewReader, ViewStorage } from '#storage/desk/view'
import { maskConversation, readsListInFull, scopeOf } from '../../core/access.ts'
import { type Handlers, type Person, personOf } from '../../core/call.ts'
import { createPresentation, type PresentationParts } from '../../core/presentation.ts'
import { maskAny } from '../../security/masking.ts'

export interface ViewDeps {
  storage: ViewStorage
  conversations: PresentationParts['storage']
  agent(id: string): Agent
  /** As whoever sees the conversation in a list may see it. */
  presentHandoff(row: StoredHandoff, isInFull: boolean): EventPayload<'handoff:changed'>['handoff']
  /** The teams somebody is of, and who is there with them. */
  teamsOf(personId: string): Pick<ViewReader, 'teamIds' | 'colleagueIds'>
  /** To everybody of the desk, on every node. */
  publish(event: 'view:changed', payload: EventPayload<'view:changed'>): void
  clock(): number
}

/** At most so often desks are told to look again, in milliseconds: whatever there is, a change costs the same. */
const publishMs = 1000

/** All conversations, as the desk looks at them. */
export function viewArea(deps: ViewDeps) {
  const { storage } = deps
  const { presentTo } = createPresentation({ storage: deps.conversations, agent: deps.agent })
  let timer: NodeJS.Timeout | undefined
  let hasChanged = false

  function readerOf(caller: Person): ViewReader {
    return { personId: caller.id, scope: scopeOf(caller), ...deps.teamsOf(caller.id) }
  }

  const handlers: Handlers<typeof viewOperations> = {
    async 'view:list'({ view, tag, cursor, limit }, call) {
      const caller = personOf(call)
      const after = cursor === undefined ? null : readCursor(cursor)
      const rows = await storage.list({ view, tag, after, limit: limit + 1 }, readerOf(caller))
      const page = rows.slice(0, limit)
      const shown = await presentTo(
        caller,
        page.map(({ head }) => head),
      )
      const items = page.map(({ head, handoff, preview }, index) => {
        const conversation = shown[index]!
        const isInFull = readsListInFull(caller, head.agent_id)
        return {
          conversation: isInFull ? conversation : maskConversation(conversation),
          handoff: handoff && deps.presentHandoff(handoff, isInFull),
          preview: isInFull ? preview : maskAny(preview),
        }
      })
      return { items, next_cursor: rows.length > limit ? writeCursor(page.at(-1)!.place) : null }
    },

    async 'view:counts'(_input, call) {
      return { counts: await storage.counts(readerOf(personOf(call))) }
    },
  }

  /** The first change is told at once; what comes within a second of it, together at its end. */
  function conversationChanged(): void {
    if (timer) {
      hasChanged = true
      return
    }
    deps.publish('view:changed', { at: new Date(deps.clock()).toISOString() })
    timer = setTimeout(() => {
      timer = undefined
      if (!hasChanged) return
      hasChanged = false
      conversationChanged()
    }, publishMs)
    timer.unref()
  }

  return { handlers, conversationChanged, close: () => clearTimeout(timer) }
}

function writeCursor({ priority, at, id }: ViewPlace): string {
  return [priority ?? '', at, id].join('|')
}

/** @throws OperationError VALIDATION_ERROR */
function readCursor(cursor: string): ViewPlace {
  const [, priority, at, id] = /^(\d?)\|([\d-]+T[\d:.]+Z)\|([\da-f-]{36})$/.exec(cursor) ?? []
  if (!at || !id || Number.isNaN(Date.parse(at)))
    throw invalid('cursor', 'must be the next_cursor of a page before')
  return { priority: priority ? Number(priority) : null, at, id }
}
