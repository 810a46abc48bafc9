import { OperationError } from '#protocol'
import { labelsMax } from '#protocol/core/limits'
import type { labelOperations } from '#protocol/desk/label'
import type { LabelStorage } from '#storage/desk/label'
import { actorOf, type Handlers } from '../../core/call.ts'
import { newId } from '../../core/ids.ts'

export interface LabelDeps {
  storage: LabelStorage
  /** Tags have been renamed: what nodes know of the queue is old. */
  onRenamed(): void
}

const refusals = {
  not_found: ['NOT_FOUND', 'There is no such label.'],
  name_taken: ['CONFLICT', 'A label with this name already exists.'],
  too_many: ['CONFLICT', `There can be at most ${labelsMax} labels.`],
} as const

/** The tags that the desk is offered. */
export function labelArea({ storage, onRenamed }: LabelDeps) {
  const handlers: Handlers<typeof labelOperations> = {
    'label:list': async () => ({ labels: await storage.labels() }),

    async 'label:save'({ label_id, ...fields }, call) {
      const isNew = label_id === undefined
      const saved = await storage.saveLabel({ id: label_id ?? newId(), ...fields }, isNew, actorOf(call))
      if (saved.outcome !== 'saved') throw refuse(saved.outcome)
      if (!isNew && fields.name !== undefined) onRenamed()
      return { label: saved.label }
    },

    async 'label:delete'({ label_id }, call) {
      if (!(await storage.removeLabel(label_id, actorOf(call)))) throw refuse('not_found')
      return null
    },
  }
  return { handlers }
}

function refuse(outcome: keyof typeof refusals): OperationError {
  const [code, message] = refusals[outcome]
  return new OperationError(code, message)
}
