import type { StoredHandoff } from '#storage/desk/handoff'
import type { Commands } from './commands.ts'
import { deadlinesOf, nextDeadline, toStoredAnswers, warningsAfter } from './deadlines.ts'
import type { HandoffDeps } from './deps.ts'
import {
  ignoreConflict,
  type Move,
  move,
  noSuchHandoff,
  presentHandoff,
  rank,
  toListedHandoff,
} from './move.ts'
import type { Queue } from './queue.ts'
import { words } from './words.ts'

/** What happens although nobody asked for it; run by the leader. */
export function createTimeouts(
  deps: HandoffDeps,
  queue: Queue,
  commands: Commands,
  refresh: () => Promise<void>,
) {
  const { journal, storage, settings } = deps
  const { changeOwner, assignTo, openingText, parts } = commands

  /** What nobody asked for: back to the queue in front, or back to the AI. Late means that it is no longer so. */
  async function moveAutomatically(
    row: StoredHandoff,
    event: 'lose' | 'silence' | 'expire',
    at?: string,
  ): Promise<void> {
    await ignoreConflict(
      changeOwner(row.conversation_id!, {
        decide(draft) {
          if (!isUnchanged(presentHandoff(draft), row)) throw noSuchHandoff()
          const sentences = words[draft.head.language]
          const requeued = { priority: Math.max(row.priority, rank(settings().priorities.lost)) }
          const moves: Record<typeof event, Move> = {
            lose: { event, fields: requeued, notice: sentences.lost },
            silence: { event, fields: requeued, notice: sentences.silent },
            expire: { event, notice: sentences.timeout, resume: true },
          }
          // Somebody has just written: looked at again at the next round.
          if (event === 'silence' && draft.head.last_message_at! >= at!) throw noSuchHandoff()
          return move(draft, moves[event], parts)
        },
      }),
    )
  }

  /** Something is due: the state changes, or somebody is told and the next time is noted. */
  async function fireDeadline({ at, ...row }: StoredHandoff & { at: string }): Promise<void> {
    const answers = await storage.answersOf(row)
    const warned = warningsAfter(row.warned, answers)
    const deadlinesWith = (warnings: string[]) =>
      deadlinesOf({ ...row, warned: warnings }, answers, at, { ...parts, settings: settings() })
    const passed = deadlinesWith(warned).filter(deadline => deadline.at <= Date.parse(at))
    const step = passed.find(deadline => deadline.kind === 'expire' || deadline.kind === 'silence')
    if (step) return moveAutomatically(row, step.kind as 'expire' | 'silence', at)
    const next = [...warned, ...passed.map(deadline => deadline.kind)]
    const due_at = nextDeadline(deadlinesWith(next))
    const known = toStoredAnswers(answers, settings())
    if (!(await storage.reschedule(row, { warned: next, due_at, answers: known }))) return
    if (next.join() !== row.warned.join()) commands.publishChanged()
    for (const deadline of passed) {
      if ('since' in deadline)
        deps.toAllStaff('sla:passed', {
          handoff: toListedHandoff({ ...row, warned: next }, queue),
          clock: deadline.kind,
          since: deadline.since,
        })
      else if (deadline.kind === 'closing') await announceClosing(row)
    }
  }

  async function announceClosing(row: StoredHandoff): Promise<void> {
    const closing = journal.append({
      conversationId: row.conversation_id!,
      needs: { handoff: [{ conversation_id: row.conversation_id! }] },
      decide(draft) {
        if (!isUnchanged(presentHandoff(draft), row)) throw noSuchHandoff()
        const { language } = draft.head
        draft.addMessage({
          role: 'system',
          content: words[language].closing(openingText(language, draft.at)),
          status: 'complete',
        })
      },
    })
    await ignoreConflict(closing)
  }

  /** Routing: whoever waits is given to whoever is free, in the order of the queue. */
  async function assignWaiting(): Promise<void> {
    const { routing } = settings()
    if (routing === 'manual' || queue.waiting.length === 0) return
    await refresh()
    if (!queue.hasFreeSeat) return
    for (const row of [...queue.waiting]) {
      const agent = chooseAgent(queue.free(row), routing)
      if (!agent) continue
      await storage.markAssigned(agent.id)
      await ignoreConflict(
        changeOwner(row.conversation_id!, {
          decide(draft) {
            if (!isUnchanged(presentHandoff(draft), row)) throw noSuchHandoff()
            return assignTo(draft, 'accept', agent.id)
          },
        }),
      )
      await refresh()
    }
  }

  return { agentLost: (row: StoredHandoff) => moveAutomatically(row, 'lose'), fireDeadline, assignWaiting }
}

/** Nothing has happened to it since it was read. */
function isUnchanged(present: StoredHandoff | undefined, row: StoredHandoff): boolean {
  return (
    present?.id === row.id &&
    present.status === row.status &&
    present.queued_at === row.queued_at &&
    present.accepted_at === row.accepted_at
  )
}

function chooseAgent(free: ReturnType<Queue['free']>, routing: 'round_robin' | 'least_loaded') {
  if (routing === 'round_robin') return free[0]
  return free.toSorted((a, b) => a.active_count / a.capacity - b.active_count / b.capacity)[0]
}
