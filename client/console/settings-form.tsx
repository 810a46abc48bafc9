import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import type { ParleyError } from '../sdk/error.ts'
import { type Changes, useForm } from '../ui/form.ts'
import { useAction, useConsole } from './context.ts'

interface Props<V extends object> {
  /** As the server has it. */
  stored: V
  children(values: V, change: (to: Partial<V>) => void): ComponentChildren
  onSave(changes: Changes<V>, values: V): Promise<unknown>
  /** Why they could not be saved, where the page knows better than the code says. */
  problemOf?: (error: ParleyError) => string | false
}

/** Settings with a bar that offers to save them once something was changed. */
export function SettingsForm<V extends object>({ stored, children, onSave, problemOf }: Props<V>) {
  const { toasts, t } = useConsole()
  const { values, changes, change, reset } = useForm(stored)
  const { isBusy, run } = useAction(problemOf)
  const form = useRef<HTMLFormElement>(null)

  function save(event: SubmitEvent) {
    event.preventDefault()
    if (!changes) return
    void run(async () => {
      await onSave(changes, values)
      toasts.say(t('saved'))
      focusForm()
    })
  }

  function cancel() {
    reset()
    focusForm()
  }

  /** The bar goes, and the focus with it that its buttons had. */
  function focusForm() {
    form.current?.focus({ preventScroll: true })
  }

  return (
    <form class="settings" ref={form} tabIndex={-1} onSubmit={save}>
      {children(values, change)}
      <div class={changes ? 'save-bar shown' : 'save-bar'}>
        <button type="button" class="button" onClick={cancel}>
          {t('cancel')}
        </button>
        <button type="submit" class="button primary" aria-busy={isBusy}>
          {t('save')}
        </button>
      </div>
    </form>
  )
}
