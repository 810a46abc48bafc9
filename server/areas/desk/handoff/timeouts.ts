import type { StoredHandoff } from '#storage/desk/handoff'
import type { Acting } from './commands.ts'
import { duesOf, nextDue } from './deadlines.ts'
import type { HandoffDeps } from './deps.ts'
import { type Move, move, noSuchHandoff, presentHandoff, rank, toHandoff, unlessLate } from './move.ts'
import type { Queue } from './queue.ts'
import { words } from './words.ts'

/** What happens although nobody asked for it; run by the node on duty. */
export function createAutomatic(
  deps: HandoffDeps,
  queue: Queue,
  acting: Acting,
  refresh: () => Promise<void>,
) {
  const { journal, storage, settings } = deps
  const { change, take, opening, parts } = acting

  /** What nobody asked for: back to the queue in front, or back to the AI. Late means that it is no longer so. */
  async function byItself(
    row: StoredHandoff,
    event: 'lose' | 'silence' | 'expire',
    at?: string,
  ): Promise<void> {
    await unlessLate(
      change(row.conversation_id!, {
        decide(draft) {
          if (!isStill(presentHandoff(draft), row)) throw noSuchHandoff()
          const tell = words[draft.head.language]
          const inFront = { priority: Math.max(row.priority, rank(settings().priorities.lost)) }
          const happens: Record<typeof event, Move> = {
            lose: { event, fields: inFront, said: tell.lost },
            silence: { event, fields: inFront, said: tell.silent },
            expire: { event, said: tell.timeout, resume: true },
          }
          // Somebody has just written: looked at again at the next round.
          if (event === 'silence' && draft.head.last_message_at! >= at!) throw noSuchHandoff()
          return move(draft, happens[event], parts)
        },
      }),
    )
  }

  /** Something is due: the state changes, or somebody is told and the next time is noted. */
  async function fall({ at, ...row }: StoredHandoff & { at: string }): Promise<void> {
    const unanswered = row.status === 'active' ? await storage.unansweredSince(row) : null
    const warned = row.warned.filter(kind => kind !== 'next_response' || unanswered !== null)
    const ahead = (given: string[]) =>
      duesOf({ ...row, warned: given }, unanswered, at, { ...parts, settings: settings() })
    const over = ahead(warned).filter(due => due.at <= Date.parse(at))
    const step = over.find(due => due.kind === 'expire' || due.kind === 'silence')
    if (step) return byItself(row, step.kind as 'expire' | 'silence', at)
    const next = [...warned, ...over.map(due => due.kind)]
    if (!(await storage.reschedule(row, { warned: next, due_at: nextDue(ahead(next)) }))) return
    for (const due of over) {
      if ('since' in due)
        deps.toAllStaff('sla:passed', { handoff: toHandoff(row, queue), clock: due.kind, since: due.since })
      else if (due.kind === 'closing') await sayClosing(row)
    }
  }

  async function sayClosing(row: StoredHandoff): Promise<void> {
    const closing = journal.append({
      conversationId: row.conversation_id!,
      needs: { handoff: [{ conversation_id: row.conversation_id! }] },
      decide(draft) {
        if (!isStill(presentHandoff(draft), row)) throw noSuchHandoff()
        const { language } = draft.head
        draft.addMessage({
          role: 'system',
          content: words[language].closing(opening(language, draft.at)),
          status: 'complete',
        })
      },
    })
    await unlessLate(closing)
  }

  /** Routing: whoever waits is given to whoever is free, in the order of the queue. */
  async function assign(): Promise<void> {
    const { routing } = settings()
    if (routing === 'manual' || queue.waiting.length === 0) return
    await refresh()
    if (!queue.agents().some(agent => agent.presence === 'online' && agent.active_count < agent.capacity))
      return
    for (const row of [...queue.waiting]) {
      const agent = chooseAgent(queue.free(row), routing)
      if (!agent) continue
      await storage.markAssigned(agent.id)
      await unlessLate(
        change(row.conversation_id!, {
          decide(draft) {
            if (!isStill(presentHandoff(draft), row)) throw noSuchHandoff()
            return take(draft, 'accept', agent.id)
          },
        }),
      )
      await refresh()
    }
  }

  return { lose: (row: StoredHandoff) => byItself(row, 'lose'), fall, assign }
}

/** Nothing has happened to it since it was read. */
function isStill(now: StoredHandoff | undefined, row: StoredHandoff): boolean {
  return (
    now?.id === row.id &&
    now.status === row.status &&
    now.queued_at === row.queued_at &&
    now.accepted_at === row.accepted_at
  )
}

function chooseAgent(free: ReturnType<Queue['free']>, routing: 'round_robin' | 'least_loaded') {
  if (routing === 'round_robin') return free[0]
  return free.toSorted((a, b) => a.active_count / a.capacity - b.active_count / b.capacity)[0]
}
