import { reasonMaxLength } from '#protocol/core/limits'
import { Dialog } from '../ui/dialog.tsx'
import { useConsole } from './context.ts'

interface Props {
  title: string
  text: string
  confirm: string
  /** On the field. */
  label: string
  /** Null where it was left. */
  onAnswer(reason: string | null): void
}

/** What is done to somebody, and why: the audit log keeps the reason. */
export function ReasonDialog({ title, text, confirm, label, onAnswer }: Props) {
  const { t } = useConsole()
  return (
    <Dialog
      title={title}
      confirm={confirm}
      cancel={t('cancel')}
      isDangerous
      onAnswer={(isConfirmed, fields) => onAnswer(isConfirmed ? String(fields.get('reason')).trim() : null)}
    >
      <p class="muted">{text}</p>
      <label class="field">
        {label}
        <input class="input" name="reason" maxLength={reasonMaxLength} required />
      </label>
    </Dialog>
  )
}
