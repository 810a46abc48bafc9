import type { Message } from '#protocol'
import { parentsOf, pathTo } from '#protocol/core/branches'

/** Which of several versions of a question or an answer is shown, from 1. */
export interface Version {
  at: number
  count: number
}

/** The messages of the branch that ends with `leaf`, and what else might stand in the place of each. */
export function readBranch(messages: Message[], leaf: string | null) {
  const siblings = groupSiblings(messages)
  const last = leaf ?? messages.at(-1)?.id
  const path = last === undefined ? [] : pathTo(messages, last)
  const versions = new Map(
    path.map(({ id }): [string, Version] => {
      const ids = siblings.get(id)!
      return [id, { at: ids.indexOf(id) + 1, count: ids.length }]
    }),
  )
  return { path, versions }
}

/** The newest end of the version beside `id`; null where there is none. */
export function leafBeside(messages: Message[], id: string, step: -1 | 1): string | null {
  const ids = groupSiblings(messages).get(id) ?? []
  const other = ids[ids.indexOf(id) + step]
  if (!other) return null
  return (
    messages.findLast(message => pathTo(messages, message.id).some(each => each.id === other))?.id ?? null
  )
}

/** What a message follows; null at the beginning. */
export function parentOf(messages: Message[], id: string): string | null {
  return parentsOf(messages).get(id) ?? null
}

/** By id: all that follow the same and are said by the same side, oldest first. */
function groupSiblings(messages: Message[]): Map<string, string[]> {
  const parents = parentsOf(messages)
  const groups = new Map<string, string[]>()
  const byId = new Map<string, string[]>()
  for (const { id, role } of messages) {
    const place = `${parents.get(id)} ${role}`
    const group = groups.get(place) ?? []
    groups.set(place, group)
    group.push(id)
    byId.set(id, group)
  }
  return byId
}
