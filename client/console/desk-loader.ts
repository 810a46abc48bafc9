import type { ComponentType } from 'preact'
import { createStore, type Store } from '../sdk/store.ts'
import type { Session } from '../ui/session.ts'
import type { Toasts } from '../ui/toasts.tsx'
import type { Desk } from './desk/desk/desk.ts'

interface DeskLoaderState {
  desk: Desk | null
  /** Presence, shown on every page. */
  Status: ComponentType | null
  /** Who waits, and what is unread: counted in the title, and beside the desk in the navigation. */
  attention: number
}

/** The way to the desk from every page. Socket, model and their code are fetched when it is opened. */
export interface DeskLoader extends Store<DeskLoaderState> {
  open(): Promise<void>
  close(): void
}

export function createDeskLoader(session: Session, toasts: Toasts): DeskLoader {
  const closed: DeskLoaderState = { desk: null, Status: null, attention: 0 }
  const store = createStore(closed)
  let opening: Promise<void> | null = null
  /** Rises with each closing: what was being opened then is no longer wanted. */
  let turn = 0

  async function fetchAndOpen(): Promise<void> {
    const mine = turn
    const [{ createDesk }, { DeskStatus }] = await Promise.all([
      import('./desk/desk/desk.ts'),
      import('./desk/desk/status.tsx'),
    ])
    if (mine !== turn) return
    const desk = createDesk(session, toasts)
    desk.subscribe(({ waiting, unread, mentions }) => {
      const attention = Object.values(unread).reduce((sum, count) => sum + count, waiting.length + mentions)
      if (attention !== store.get().attention) store.set({ attention })
    })
    store.set({ desk, Status: DeskStatus })
  }

  return {
    ...store,
    open() {
      opening ??= fetchAndOpen().catch(() => {
        opening = null
      })
      return opening
    },
    close() {
      turn++
      opening = null
      store.get().desk?.close()
      store.set(closed)
    },
  }
}
