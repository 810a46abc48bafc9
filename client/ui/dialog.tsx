import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'

interface DialogProps {
  title: string
  children: ComponentChildren
  /** On the button that agrees; without it there is only the one that leaves. */
  confirm?: string
  cancel: string
  isDangerous?: boolean
  isWide?: boolean
  /** Enter agrees at once: for what the keyboard has chosen, and nothing is to be filled in. */
  isConfirmFocused?: boolean
  /** Takes the fields instead of `onAnswer` and leaves the dialog open, where what was entered may turn out wrong. */
  onSubmit?(fields: FormData): unknown
  /** Whether it was agreed to, with the fields of the form. */
  onAnswer(isConfirmed: boolean, fields: FormData): void
}

/** The browser's own modal dialog: it keeps the focus, closes on Escape and gives the focus back. */
export function Dialog({
  title,
  children,
  confirm,
  cancel,
  isDangerous,
  isWide,
  isConfirmFocused,
  onSubmit,
  onAnswer,
}: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  // Closing gives the focus back, taking the element away alone would not.
  useLayoutEffect(() => {
    const { current } = dialog
    current?.showModal()
    return () => current?.close()
  }, [])

  function submit(event: SubmitEvent) {
    if (!onSubmit) return
    event.preventDefault()
    onSubmit(new FormData(event.currentTarget as HTMLFormElement))
  }

  return (
    <dialog
      ref={dialog}
      class={isWide ? 'wide-dialog' : undefined}
      aria-labelledby={titleId}
      onClose={({ currentTarget }) =>
        currentTarget.isConnected &&
        onAnswer(currentTarget.returnValue === 'yes', new FormData(currentTarget.querySelector('form')!))
      }
    >
      <form method="dialog" onSubmit={submit}>
        <h2 id={titleId}>{title}</h2>
        {children}
        <div class="answers">
          {/* Not a submit button: Enter in a field means the other one. */}
          <button type="button" class="button" onClick={() => dialog.current?.close('no')}>
            {cancel}
          </button>
          {confirm && (
            <button
              type="submit"
              class={isDangerous ? 'button danger' : 'button primary'}
              value="yes"
              autofocus={isConfirmFocused}
            >
              {confirm}
            </button>
          )}
        </div>
      </form>
    </dialog>
  )
}

/** A question that is answered with yes or no. */
export function ConfirmDialog({ children, ...props }: DialogProps) {
  return (
    <Dialog {...props}>
      <p class="muted">{children}</p>
    </Dialog>
  )
}
