import type { ComponentType } from 'preact'
import { createStore, type Store } from '../sdk/store.ts'
import type { Desk } from './desk/desk/desk.ts'
import type { Session } from './session.ts'

interface DeskLoaderState {
  desk: Desk | null
  /** Presence, shown on every page. */
  Status: ComponentType | null
  /** How many wait: on the tab, and beside the desk in the navigation. */
  waiting: number
}

/** The way to the desk from every page. Socket, model and their code are fetched when it is opened. */
export interface DeskLoader extends Store<DeskLoaderState> {
  open(): Promise<void>
  close(): void
}

export function createDeskLoader(session: Session): DeskLoader {
  const closed: DeskLoaderState = { desk: null, Status: null, waiting: 0 }
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
    const desk = createDesk(session)
    desk.subscribe(({ waiting }) => {
      if (waiting.length !== store.get().waiting) store.set({ waiting: waiting.length })
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
