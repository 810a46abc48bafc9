import type { Head } from '#storage/chat/conversation'

/** About a kilobyte each. */
const most = 8192

export interface Heads {
  /** Remembers a row as it was read or written, unless a later one is known. */
  know(head: Head): void
  get(conversationId: string): Head | undefined
  forget(conversationId: string): void
  clear(): void
}

/** The rows of the conversations that this node wrote or read last: a guess that only the database can confirm. */
export function createHeads(): Heads {
  const heads = new Map<string, Head>()
  return {
    know(head) {
      if ((heads.get(head.id)?.seq ?? -1) > head.seq) return
      heads.delete(head.id)
      heads.set(head.id, head)
      if (heads.size > most) heads.delete(heads.keys().next().value!)
    },
    get: id => heads.get(id),
    forget: id => void heads.delete(id),
    clear: () => heads.clear(),
  }
}
