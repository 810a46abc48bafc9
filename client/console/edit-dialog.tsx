import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Dialog } from '../ui/dialog.tsx'
import { type Changes, useForm } from '../ui/form.ts'

interface Props<V extends object> {
  title: string
  confirm: string
  cancel: string
  isWide?: boolean
  /** As stored, or as one that is made begins. */
  loaded: V
  children(values: V, change: (to: Partial<V>) => void): ComponentChildren
  /** `changes` is null where all is as it was loaded. */
  onSave(changes: Changes<V> | null, values: V): void
  onClose(): void
}

/** A form over the page: what it was opened with is what its changes are told against. */
export function EditDialog<V extends object>({ loaded, children, onSave, onClose, ...props }: Props<V>) {
  const [stored] = useState(loaded)
  const { values, changes, change } = useForm(stored)
  return (
    <Dialog
      {...props}
      onAnswer={isConfirmed => {
        onClose()
        if (isConfirmed) onSave(changes, values)
      }}
    >
      {children(values, change)}
    </Dialog>
  )
}
