import type { Actor } from '#storage/identity/audit'
import { type MemoryCommand, readCommands } from '../../../answering/memory/command.ts'
import { factOf, isFirstPerson } from '../../../answering/memory/facts.ts'
import { objectionTo } from '../../../answering/memory/screen.ts'
import { subjectNamed } from '../../../answering/memory/subjects.ts'
import { memoryTerms, ownTerms, termsOf } from '../../../answering/memory/terms.ts'
import { newId } from '../../../core/ids.ts'
import type { MemoryDeps } from './index.ts'
import type { CommandingMessage } from './ports.ts'
import { memoryWords } from './words.ts'

export interface FollowedCommands {
  /** What is said of it to the person. */
  sentence: string
  /** What the message asks besides. */
  rest: string
}

/** Does what is asked of the memory in words; null where nothing is, or by somebody who can have none. */
export function createCommandFollower({ storage }: MemoryDeps) {
  async function followCommands(message: CommandingMessage): Promise<FollowedCommands | null> {
    const { commands, rest } = readCommands(message.text)
    if (commands.length === 0) return null
    const role = await storage.signedInRole(message.personId)
    if (role === null) return null
    const actor = { id: message.personId, role, address: null, request_id: message.requestId }
    const sentences: string[] = []
    for (const command of commands) sentences.push(await follow(command, message, actor))
    return { sentence: [...new Set(sentences)].join(' '), rest }
  }

  async function follow(command: MemoryCommand, message: CommandingMessage, actor: Actor): Promise<string> {
    const { personId, language } = message
    const words = memoryWords[language]
    switch (command.kind) {
      case 'switch_on':
      case 'switch_off': {
        const { enabled } = await storage.configure(
          personId,
          { enabled: command.kind === 'switch_on' },
          actor,
        )
        return enabled ? words.switchedOn : words.switchedOff
      }
      case 'forget_all':
        return words.forgottenAll(await storage.remove(personId, 'all', actor))
      case 'forget': {
        const ids = await findMeant(personId, command.fact)
        return ids.length === 0
          ? words.nothingToForget
          : words.forgotten(await storage.remove(personId, ids, actor))
      }
      case 'remember':
        return remember(command.fact, message, actor)
    }
  }

  async function remember(content: string, message: CommandingMessage, actor: Actor): Promise<string> {
    const { id: messageId, conversationId, personId, language } = message
    const words = memoryWords[language]
    const objection = objectionTo(content) ?? (isFirstPerson(content) ? null : 'other_person')
    if (objection) return words.refused[objection]
    const fact = factOf(content)
    const origin = { source: 'chat', conversationId, messageId, key: null, saidAt: null } as const
    const { outcome } = await storage.save(
      { id: newId(), personId, ...origin, ...fact, terms: memoryTerms(fact) },
      actor,
    )
    if (outcome === 'saved') return words.remembered
    return outcome === 'off' ? words.isOff : words.full
  }

  /** Those that say all of it, or are about what it names. */
  async function findMeant(personId: string, fact: string): Promise<string[]> {
    const subject = subjectNamed(fact)
    const terms = termsOf(fact)
    if (terms.length === 0 && subject === null) return []
    const found = await storage.matching(personId, subject ?? '', terms)
    return found
      .filter(memory => memory.subject === subject || terms.every(term => ownTerms(memory).includes(term)))
      .map(({ id }) => id)
  }

  return followCommands
}
