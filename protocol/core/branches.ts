/** How the messages of a conversation, which is one line by seq, make a tree; browsers load it, and it imports nothing. */

interface Branching {
  id: string
  role: string
  in_reply_to: string | null
  /** Absent in what was stored before there were branches. */
  branch?: { parent_id: string | null } | null
}

/** What each of them follows; null at the beginning. Of what follows something that is not among them its id is kept. */
export type Parents = ReadonlyMap<string, string | null>

/**
 * A message follows the one it names, else the one before it; an answer the question it answers, where that is not on the
 * branch before it: it waited for an answer on another one.
 * @param messages ascending by seq
 */
export function parentsOf(messages: readonly Branching[]): Parents {
  const parents = new Map<string, string | null>()
  let before: string | null = null
  for (const { id, role, in_reply_to, branch } of messages) {
    const isElsewhere =
      role === 'assistant' &&
      in_reply_to !== null &&
      parents.has(in_reply_to) &&
      !leadsTo(parents, before, in_reply_to)
    parents.set(id, branch ? branch.parent_id : isElsewhere ? in_reply_to : before)
    before = id
  }
  return parents
}

function leadsTo(parents: Parents, from: string | null, to: string): boolean {
  for (let at: string | null | undefined = from; at != null; at = parents.get(at)) if (at === to) return true
  return false
}

/** Whether it is more than one line. */
export function hasBranches(messages: readonly Branching[]): boolean {
  return messages.some(({ branch }) => branch != null)
}

/** From the beginning, as far as it is among them, to `leaf`. */
export function pathTo<M extends Branching>(messages: readonly M[], leaf: string): M[] {
  const parents = parentsOf(messages)
  const byId = new Map(messages.map(message => [message.id, message]))
  const path: M[] = []
  for (let at = byId.get(leaf); at; at = byId.get(parents.get(at.id) ?? '')) path.push(at)
  return path.reverse()
}
