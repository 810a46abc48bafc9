import { parentsOf, pathTo } from '#protocol/core/branches'
import type { MessageStorage, StoredMessage } from '#storage/chat/message'

/** A branch is followed back through so many readings. */
const readingsMax = 5

/**
 * What goes before an answer on its own branch, ascending: as much as `limit` messages are, where other branches stand between.
 * @param messages those before the answer by seq
 */
export async function readBranch(
  storage: Pick<MessageStorage, 'before' | 'find'>,
  messages: StoredMessage[],
  reply: StoredMessage,
  limit: number,
): Promise<StoredMessage[]> {
  let known = messages
  for (let reading = 1; ; reading++) {
    const path = pathTo([...known, reply], reply.id)
    const before = path.length > limit ? null : await placeBefore(storage, known, path[0]!)
    if (before === null || reading === readingsMax) return path.slice(0, -1)
    const older = await storage.before({ conversation_id: reply.conversation_id, before, limit })
    if (older.length === 0) return path.slice(0, -1)
    const ids = new Set(known.map(({ id }) => id))
    known = [...older.filter(({ id }) => !ids.has(id)), ...known]
  }
}

/** Below which seq what comes before `first` is; null where it is the beginning. */
async function placeBefore(
  storage: Pick<MessageStorage, 'find'>,
  known: StoredMessage[],
  first: StoredMessage,
): Promise<number | null> {
  const parent = parentsOf(known).get(first.id) ?? first.branch?.parent_id
  if (parent) return ((await storage.find(parent))?.message.seq ?? 0) + 1
  return first.branch || first.seq === 1 ? null : first.seq
}
