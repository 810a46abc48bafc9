import type { ConversationRow } from '../chat/conversation.ts'
import { removalParticipant } from '../chat/message-removal.ts'
import { uploadParticipant } from '../chat/upload.ts'
import { handoffParticipant } from '../desk/handoff.ts'
import type { Participant } from '../engine/participant.ts'
import type { TransactionSql } from '../engine/transaction.ts'
import { auditParticipant } from '../identity/audit.ts'

/** Who takes part in the journal's transactions: one more is a line here and an object beside its SQL. */
const participants = {
  handoff: handoffParticipant,
  upload: uploadParticipant,
  audit: auditParticipant,
  removal: removalParticipant,
}

type All = typeof participants
export type ParticipantName = keyof All

/** What a change asks to see, by participant. */
export type Needs = {
  [K in ParticipantName]?: All[K] extends Participant<infer Need, infer _Seen, infer _Row>
    ? readonly Need[]
    : never
}
/** What is seen, by participant. */
export type Seen = {
  readonly [K in ParticipantName]: All[K] extends Participant<infer _Need, infer Each, infer _Row>
    ? Each
    : never
}
/** What a change wants written, by participant. */
export type Staged = {
  [K in ParticipantName]?: All[K] extends Participant<infer _Need, infer _Seen, infer Row> ? Row[] : never
}

type Loose = [ParticipantName, Participant<unknown, unknown, unknown>]
const all = Object.entries(participants) as Loose[]

export async function lockParticipants(sql: TransactionSql, needs: Needs): Promise<Seen> {
  const seen = await Promise.all(
    all.map(async ([name, participant]) => {
      const needed = needs[name] ?? []
      return [name, needed.length > 0 ? await participant.lock(sql, needed) : participant.unseen()] as const
    }),
  )
  return Object.fromEntries(seen) as unknown as Seen
}

export function unseen(): Seen {
  return Object.fromEntries(all.map(([name, participant]) => [name, participant.unseen()])) as unknown as Seen
}

export function stageParticipants(seen: Seen, head: ConversationRow, staged: Staged): void {
  for (const [name, participant] of all)
    for (const row of staged[name] ?? []) participant.stage(seen[name], head, row)
}

export function writeParticipants(sql: TransactionSql, staged: Staged): Promise<unknown>[] {
  return all.flatMap(([name, participant]) => {
    const rows = staged[name] ?? []
    return rows.length > 0 ? participant.write(sql, rows) : []
  })
}
