import { useState } from 'preact/hooks'
import { createKey } from '../../../sdk/index.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { useTask } from '../../../ui/use-task.ts'
import { Tag } from '../label/tag.tsx'
import { outcomeLabel } from '../macro/outcome-label.ts'
import { translator } from '../macro/words.ts'
import { useDesk, useDeskState } from './context.ts'
import { deskErrorSentence } from './errors.ts'
import type { OfferedMacro } from './use-suggestions.ts'
import './macro-dialog.css'

interface Props {
  id: string
  macro: OfferedMacro
  onClose(): void
}

/** What a macro will do, before it does it: what it says cannot be unsaid. */
export function MacroDialog({ id, macro, onClose }: Props) {
  const { desk, toasts, language, t } = useDesk()
  const { agents, teams, labels } = useDeskState()
  // One key however often it is tried.
  const [key] = useState(createKey)
  const { error, run, isBusy } = useTask()
  const { text, outcome } = macro

  async function apply() {
    if (isBusy) return
    if (!(await run(() => desk.runMacro({ conversation_id: id, macro_id: macro.id, key })))) return
    toasts.say(t('macroDone', { name: macro.name }))
    onClose()
  }

  return (
    <Dialog
      title={macro.name}
      confirm={t('runMacro')}
      cancel={t('cancel')}
      isConfirmFocused
      onSubmit={apply}
      onAnswer={onClose}
    >
      <dl class="macro-steps">
        {text !== null && (
          <>
            <dt>{t('macroSays')}</dt>
            <dd class="said">{text}</dd>
          </>
        )}
        {macro.labels.length > 0 && (
          <>
            <dt>{t('tags')}</dt>
            <dd>
              {macro.labels.map(({ id, name }) => (
                <Tag key={id} name={name} labels={labels} />
              ))}
            </dd>
          </>
        )}
        <dt>{t('macroThen')}</dt>
        <dd>{outcomeLabel(outcome, { teams, agents }, translator(language))}</dd>
      </dl>
      {error && (
        <p class="problem" role="alert">
          {deskErrorSentence(error, t, language)}
        </p>
      )}
    </Dialog>
  )
}
