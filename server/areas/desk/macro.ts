import { type Handoff, OperationError } from '#protocol'
import { macrosMax } from '#protocol/core/limits'
import type { macroOperations } from '#protocol/desk/macro'
import type { MacroStorage } from '#storage/desk/macro'
import { actorOf, type Call, type Caller, type Handlers } from '../../core/call.ts'
import { newId } from '../../core/ids.ts'

export interface MacroDeps {
  storage: MacroStorage
  /** Puts in what the variables stand for in a conversation that the caller may read. @throws OperationError CONVERSATION_NOT_FOUND */
  prepareFilling(conversationId: string | undefined, caller: Caller): Promise<(content: string) => string>
  /** Does all of it in one change, or nothing. */
  applySteps(
    change: { conversationId: string; key: string; input: unknown[] },
    steps: { content: string | null; tags: string[]; outcome: string | null },
    call: Call,
  ): Promise<Handoff>
}

const refusals = {
  not_found: ['NOT_FOUND', 'There is no such macro.'],
  no_such_label: ['NOT_FOUND', 'There is no such label.'],
  name_taken: ['CONFLICT', 'A macro with this name already exists.'],
  too_many: ['CONFLICT', `There can be at most ${macrosMax} macros.`],
} as const

/** What agents do again and again, in one. */
export function macroArea({ storage, prepareFilling, applySteps }: MacroDeps) {
  const handlers: Handlers<typeof macroOperations> = {
    async 'macro:list'({ conversation_id }, { caller }) {
      const [fill, macros] = await Promise.all([prepareFilling(conversation_id, caller), storage.macros()])
      return { macros: macros.map(macro => ({ ...macro, text: macro.content && fill(macro.content) })) }
    },

    async 'macro:save'({ macro_id, ...fields }, call) {
      const input = { id: macro_id ?? newId(), ...fields }
      const saved = await storage.saveMacro(input, macro_id === undefined, actorOf(call))
      if (saved.outcome !== 'saved') throw refuse(saved.outcome)
      return { macro: saved.macro }
    },

    async 'macro:delete'({ macro_id }, call) {
      if (!(await storage.removeMacro(macro_id, actorOf(call)))) throw refuse('not_found')
      return null
    },

    async 'macro:run'({ conversation_id, key, macro_id }, call) {
      const fill = await prepareFilling(conversation_id, call.caller)
      const macro = await storage.findMacro(macro_id)
      if (!macro) throw refuse('not_found')
      const { content, labels, outcome } = macro
      const steps = { content: content && fill(content), tags: labels.map(({ name }) => name), outcome }
      const change = { conversationId: conversation_id, key, input: ['macro:run', macro_id] }
      return { handoff: await applySteps(change, steps, call) }
    },
  }
  return { handlers }
}

function refuse(outcome: keyof typeof refusals): OperationError {
  const [code, message] = refusals[outcome]
  return new OperationError(code, message)
}
