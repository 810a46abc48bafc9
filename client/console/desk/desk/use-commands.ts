import { useEffect, useRef } from 'preact/hooks'
import { type Commands, useDesk } from './context.ts'

/** Offers the keyboard what this conversation can do now. */
export function useCommands(id: string, own: Commands): void {
  const { commands } = useDesk()
  const latest = useRef(own)
  latest.current = own
  useEffect(() => {
    const offered = commands.get(id) ?? {}
    commands.set(id, offered)
    for (const name of ['transfer', 'complete', 'snooze', 'details', 'take'] as const)
      offered[name] = () => latest.current[name]?.()
    return () => void commands.delete(id)
  }, [commands, id])
}
