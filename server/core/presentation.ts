import type { Agent, Conversation } from '#protocol'
import type { ConversationRow, ConversationStorage } from '#storage/chat/conversation'
import type { Caller } from './call.ts'
import { projectConversation, type StoredConversation } from './projection.ts'

export interface PresentationParts {
  storage: Pick<ConversationStorage, 'findAll' | 'visitorsOf'>
  /** The agent of that id, as the desk shows them. */
  agent(id: string): Agent
}

/** Conversations as their readers see them: with the agent who has them, and for staff with the visitor who asks. */
export function createPresentation({ storage, agent }: PresentationParts) {
  function toConversation(row: ConversationRow): StoredConversation {
    return toStored(row, row.agent_id === null ? null : agent(row.agent_id))
  }

  async function presentTo(
    { audience }: Pick<Caller, 'audience'>,
    rows: ConversationRow[],
  ): Promise<Conversation[]> {
    const shown = rows.map(row => projectConversation(toConversation(row), audience))
    if (audience === 'visitor') return shown
    const visitors = await storage.visitorsOf(rows.map(row => row.person_id))
    return shown.map((conversation, index) => ({
      ...conversation,
      visitor: visitors.get(rows[index]!.person_id),
    }))
  }

  /** As staff see them, by id. */
  async function presentToStaff(ids: string[]): Promise<Map<string, Conversation>> {
    const rows = ids.length > 0 ? await storage.findAll(ids) : []
    const shown = await presentTo({ audience: 'agent' }, rows)
    return new Map(shown.map(conversation => [conversation.id, conversation]))
  }

  return { toConversation, presentTo, presentToStaff }
}

/** Field by field: the row holds more than anybody may see. */
function toStored(row: ConversationRow, agent: Agent | null): StoredConversation {
  return {
    id: row.id,
    title: row.title,
    mode: row.mode,
    status: row.status,
    language: row.language,
    context: row.context,
    provider_id: row.provider_id,
    model: row.model,
    metadata: row.metadata,
    staff_metadata: row.staff_metadata,
    seq: row.seq,
    epoch: row.epoch,
    agent,
    snoozed: row.snoozed_at === null ? null : { at: row.snoozed_at, until: row.snoozed_until },
    pinned: row.pinned_at !== null,
    archived: row.archived_at !== null,
    tags: row.tags,
    message_count: row.message_count,
    last_message_at: row.last_message_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}
