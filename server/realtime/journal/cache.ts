import type { ConversationRow } from '#storage/chat/conversation'

/** About a kilobyte each. */
const maxRows = 8192

export interface RowCache {
  /** Remembers a row as it was read or written, unless a later one is known. */
  set(head: ConversationRow): void
  get(conversationId: string): ConversationRow | undefined
  evict(conversationId: string): void
  clear(): void
}

/** The rows of the conversations that this node wrote or read last: a guess that only the database can confirm. */
export function createRowCache(): RowCache {
  const rows = new Map<string, ConversationRow>()
  return {
    set(head) {
      if ((rows.get(head.id)?.seq ?? -1) > head.seq) return
      rows.delete(head.id)
      rows.set(head.id, head)
      if (rows.size > maxRows) rows.delete(rows.keys().next().value!)
    },
    get: id => rows.get(id),
    evict: id => void rows.delete(id),
    clear: () => rows.clear(),
  }
}
