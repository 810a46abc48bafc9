import { createStore } from '../sdk/store.ts'
import { useStore } from './use-store.ts'

interface Toast {
  id: number
  text: string
  isProblem: boolean
}

const shownMs = 6000

export interface Toasts {
  say(text: string): void
  warn(text: string): void
  View(): preact.JSX.Element
}

/** Short notices that go away by themselves; a screen reader hears them too. */
export function createToasts(): Toasts {
  const store = createStore<{ toasts: Toast[] }>({ toasts: [] })
  let count = 0

  function add(text: string, isProblem: boolean) {
    const id = ++count
    store.set({ toasts: [...store.get().toasts, { id, text, isProblem }] })
    setTimeout(() => store.set({ toasts: store.get().toasts.filter(toast => toast.id !== id) }), shownMs)
  }

  return {
    say: text => add(text, false),
    warn: text => add(text, true),
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
