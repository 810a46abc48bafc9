import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface ConfirmProps {
  title: string
  children: ComponentChildren
  confirm: string
  cancel: string
  isDangerous?: boolean
  onAnswer(isConfirmed: boolean): void
}

/** The browser's own modal dialog: it keeps the focus, closes on Escape and gives the focus back. */
export function ConfirmDialog({ title, children, confirm, cancel, isDangerous, onAnswer }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null)

  useEffect(() => dialog.current?.showModal(), [])

  return (
    <dialog
      ref={dialog}
      aria-labelledby="confirm-title"
      onClose={() => onAnswer(dialog.current?.returnValue === 'yes')}
    >
      <form method="dialog">
        <h2 id="confirm-title">{title}</h2>
        <p class="muted">{children}</p>
        <div class="answers">
          <button type="submit" class="button" value="no">
            {cancel}
          </button>
          <button type="submit" class={isDangerous ? 'button danger' : 'button primary'} value="yes">
            {confirm}
          </button>
        </div>
      </form>
    </dialog>
  )
}
