import { createStore } from '../sdk/store.ts'
import { useStore } from './use-store.ts'

interface Toast {
  id: number | string
  text: string
  isProblem: boolean
}

const shownMs = 6000

export interface Toasts {
  /** One of the same topic takes the place of the one before. */
  say(text: string, topic?: string): void
  warn(text: string, topic?: string): void
  View(): preact.JSX.Element
}

/** Short notices that go away by themselves; a screen reader hears them too. */
export function createToasts(): Toasts {
  const store = createStore<{ toasts: Toast[] }>({ toasts: [] })
  let count = 0

  function add(text: string, isProblem: boolean, topic?: string) {
    const toast: Toast = { id: topic ?? ++count, text, isProblem }
    store.set({ toasts: [...store.get().toasts.filter(({ id }) => id !== toast.id), toast] })
    setTimeout(() => store.set({ toasts: store.get().toasts.filter(shown => shown !== toast) }), shownMs)
  }

  return {
    say: (text, topic) => add(text, false, topic),
    warn: (text, topic) => add(text, true, topic),
    View() {
      const { toasts } = useStore(store)
      return (
        <div class="toasts" role="status">
          {toasts.map(({ id, text, isProblem }) => (
            <p key={id} class={isProblem ? 'toast problem' : 'toast'}>
              {text}
            </p>
          ))}
        </div>
      )
    },
  }
}
