import { useEffect } from 'preact/hooks'
import type { EventName, ServerToClient } from '#protocol'
import { useStore } from '../ui/use-store.ts'
import { type Loaded, useConsole } from './context.ts'
import { useRefreshed } from './use-refreshed.ts'

const pollMs = 10_000

/** Reads a list again once the server says that it has changed, and now and then where no socket is open. */
export function useLive<D>(loaded: Loaded<D>, event: EventName & keyof ServerToClient): Loaded<D> {
  const { deskLoader } = useConsole()
  const { desk } = useStore(deskLoader)
  const { reload } = loaded
  useEffect(() => desk?.client.on(event, reload), [desk, event, reload])
  return useRefreshed(loaded, pollMs)
}
