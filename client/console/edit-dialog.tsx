import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ParleyError } from '../sdk/error.ts'
import { Dialog } from '../ui/dialog.tsx'
import { type Changes, useForm } from '../ui/form.ts'
import { pageErrorSentence } from '../ui/page-errors.ts'
import { useTask } from '../ui/use-task.ts'
import { useConsole } from './context.ts'
import { Problem } from './state.tsx'

interface Props<V extends object> {
  title: string
  isWide?: boolean
  /** As stored, or as one that is made begins. */
  loaded: V
  children(values: V, change: (to: Partial<V>) => void): ComponentChildren
  /** `changes` is null where all is as it was loaded. */
  onSave(changes: Changes<V> | null, values: V): Promise<unknown>
  /** Why it could not be saved, where the page knows better than the code says. */
  problemOf?: (error: ParleyError) => string | false
  onClose(): void
}

/** A form over the page, open until what it holds has been saved. What it was opened with is what its changes are told against. */
export function EditDialog<V extends object>({
  title,
  isWide,
  loaded,
  children,
  onSave,
  problemOf,
  onClose,
}: Props<V>) {
  const { toasts, language, t } = useConsole()
  const [stored] = useState(loaded)
  const { values, changes, change } = useForm(stored)
  const isOpen = useRef(true)
  useEffect(
    () => () => {
      isOpen.current = false
    },
    [],
  )
  const { error, run } = useTask(
    ({ code }) => isOpen.current || toasts.warn(pageErrorSentence(code, language)),
  )

  async function save() {
    if ((await run(() => onSave(changes, values))) && isOpen.current) onClose()
  }

  return (
    <Dialog
      title={title}
      confirm={t('save')}
      cancel={t('cancel')}
      isWide={isWide}
      onSubmit={save}
      onAnswer={onClose}
    >
      {children(values, change)}
      <Problem error={error} words={problemOf} />
    </Dialog>
  )
}
