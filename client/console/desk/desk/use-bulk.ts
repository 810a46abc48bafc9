import { useState } from 'preact/hooks'
import type { OperationInput } from '#protocol'
import { createKey } from '../../../sdk/index.ts'
import { useTask } from '../../../ui/use-task.ts'
import { useDesk } from './context.ts'
import { deskErrorSentence } from './errors.ts'
import type { Selected } from './selecting.ts'

export interface BulkProps {
  selected: Selected
  /** What was not done, by name and with the reason; it stays selected. */
  onRefused(refused: Refused[]): void
  onClose(): void
}

export interface Refused {
  id: string
  name: string
  reason: string
}

/** Does something in all that is selected, once however often it is tried. */
export function useBulk({ selected, onRefused, onClose }: BulkProps) {
  const { desk, toasts, language, t } = useDesk()
  const [key] = useState(createKey)
  const { error, run } = useTask()

  function apply(steps: Pick<OperationInput<'handoff:bulk'>, 'tags' | 'to'>): Promise<boolean> {
    return run(async () => {
      const results = await desk.bulk({ conversation_ids: [...selected.keys()], key, ...steps })
      const refused = results.flatMap(({ conversation_id: id, error }) =>
        error
          ? [
              {
                id,
                name: selected.get(id) ?? id,
                reason: deskErrorSentence(error, t, language),
              },
            ]
          : [],
      )
      const done = results.length - refused.length
      if (refused.length === 0) desk.setSelecting(false)
      else desk.selectAll(refused)
      if (done > 0) toasts.say(t('bulkDone', { count: done }), 'bulk')
      onClose()
      onRefused(refused)
    })
  }

  return { apply, problem: error && deskErrorSentence(error, t, language) }
}
