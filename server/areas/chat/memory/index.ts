import { invalid, OperationError, toPage } from '#protocol'
import type { MemorySettings, memoryOperations } from '#protocol/chat/memory'
import { memoriesMax } from '#protocol/core/limits'
import type { MemoryStorage } from '#storage/chat/memory'
import { factOf } from '../../../answering/memory/facts.ts'
import type { Proposal } from '../../../answering/memory/proposals.ts'
import { type Objection, objectionTo } from '../../../answering/memory/screen.ts'
import { memoryTerms } from '../../../answering/memory/terms.ts'
import { actorOf, type Handlers, personOf } from '../../../core/call.ts'
import type { Clock } from '../../../core/clock.ts'
import { newId } from '../../../core/ids.ts'
import type { Log } from '../../../observability/log.ts'
import type { ModelChoice } from '../../../providers/registry.ts'
import { createCommandFollower } from './commands.ts'
import { createMemoryReading } from './reading.ts'
import { createRecall } from './recall.ts'

export interface MemoryDeps {
  storage: MemoryStorage
  /** What a model says that a message states of its writer; nothing where none may be asked. @throws ModelError */
  proposeFacts(text: string, choice: ModelChoice, personId: string, signal: AbortSignal): Promise<Proposal[]>
  clock: Clock
  log: Log
}

export const defaultSettings: MemorySettings = { enabled: false, memory_top_k: 5 }

const objections: Readonly<Record<Objection, string>> = {
  secret: 'must not be a password, a key or another secret',
  number:
    'must not hold the number of a card, an account, an identity document or a phone, or an e-mail address',
  sensitive: 'must not be about health, belief, politics or what else is private',
  other_person: 'must be about yourself, not about somebody else',
  instruction: 'must be a fact, not an instruction to the assistant',
}

/** What people let the assistant remember of them. Every operation is on the caller's own; there is none on another's. */
export function memoryArea(deps: MemoryDeps) {
  const { storage } = deps

  const handlers: Handlers<typeof memoryOperations> = {
    async 'memory:list'(query, call) {
      const { items, total } = await storage.list({ ...query, personId: personOf(call).id })
      return toPage(items, total, query)
    },

    async 'memory:get'({ memory_id }, call) {
      const memory = await storage.find(personOf(call).id, memory_id)
      if (!memory) throw unknown()
      return memory
    },

    async 'memory:add'({ key, content }, call) {
      const words = wordsOf(content)
      const personId = personOf(call).id
      const origin = { source: 'manual', conversationId: null, messageId: null, saidAt: null } as const
      const saved = await storage.save({ id: newId(), personId, key, ...origin, ...words }, actorOf(call))
      if (saved.outcome === 'off') throw new OperationError('CONFLICT', 'Memory is switched off.')
      if (saved.outcome === 'full')
        throw new OperationError('CONFLICT', `There are ${memoriesMax} memories already.`, {
          max: memoriesMax,
        })
      if (saved.outcome === 'key_used')
        throw new OperationError('CONFLICT', 'This key was used for something else.')
      return { memory: saved.memory }
    },

    async 'memory:update'({ memory_id, content }, call) {
      const words = wordsOf(content)
      const saved = await storage.update(
        { id: memory_id, personId: personOf(call).id, ...words },
        actorOf(call),
      )
      if (saved.outcome === 'not_found') throw unknown()
      if (saved.outcome === 'taken')
        throw new OperationError('CONFLICT', 'Another memory is about the same; change or delete that one.')
      return { memory: saved.memory }
    },

    async 'memory:delete'({ memory_id }, call) {
      if ((await storage.remove(personOf(call).id, [memory_id], actorOf(call))) === 0) throw unknown()
      return null
    },

    async 'memory:clear'(_input, call) {
      return { deleted: await storage.remove(personOf(call).id, 'all', actorOf(call)) }
    },

    async 'memory:settings'(_input, call) {
      return { settings: (await storage.settings(personOf(call).id)) ?? defaultSettings }
    },

    async 'memory:configure'(changes, call) {
      return { settings: await storage.configure(personOf(call).id, changes, actorOf(call)) }
    },
  }

  return {
    handlers,
    followCommands: createCommandFollower(deps),
    recall: createRecall(deps),
    reading: createMemoryReading(deps),
  }
}

/** @throws OperationError VALIDATION_ERROR where it must not be stored */
function wordsOf(input: string) {
  const content = input.trim()
  const objection = objectionTo(content)
  if (objection) throw invalid('content', objections[objection])
  const fact = factOf(content)
  return { ...fact, terms: memoryTerms(fact) }
}

function unknown(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such memory.')
}
