import type { Client } from '../../../sdk/index.ts'
import { createFiles, type Files } from '../../../ui/files.ts'
import { createWriting, type Writing } from './writing.ts'

export interface Drafts {
  writing(conversationId: string): Writing
  /** Picked for the next message of it. */
  files(conversationId: string): Files
}

/** What is written and picked, by conversation, also of those that are not shown. */
export function createDrafts(client: Client<'agent'>) {
  const writings = new Map<string, Writing>()
  const files = new Map<string, Files>()

  /** Another tab has written: what stands here too is the same. */
  function reread() {
    for (const draft of [...writings.values(), ...files.values()]) draft.reread()
  }
  addEventListener('storage', reread)

  const drafts: Drafts = {
    writing(id) {
      const known = writings.get(id) ?? createWriting(client.slots, id)
      writings.set(id, known)
      return known
    },
    files(id) {
      const known = files.get(id) ?? createFiles(client, client.slots, `files:${id}`)
      files.set(id, known)
      return known
    },
  }
  return { drafts, stop: () => removeEventListener('storage', reread) }
}
