import { useCallback, useState } from 'preact/hooks'
import { keyPrefixOf } from '../sdk/address.ts'
import { createSlots, type Slots } from '../sdk/storage.ts'
import { basePath } from '../ui/base-path.ts'
import { useConsole } from './context.ts'

/** What one person has open in this tab: kept over a reload and a look at another page, taken along by a copy of the tab. */
export function tabSlots(personId: string): Slots {
  return createSlots(`${keyPrefixOf(location.origin + basePath, 'agent')}tab:${personId}:`, sessionStorage)
}

/** As `useState`, for what was chosen in a page and should still be so when one comes back to it. */
export function useTabState<V>(name: string, initial: V | (() => V)): [V, (value: V) => void] {
  const { session } = useConsole()
  const slots = tabSlots(session.get().user?.id ?? '')
  const [state, setState] = useState<{ name: string; value: V }>(() => ({ name, value: read() }))
  const { value } = state.name === name ? state : { value: read() }

  function read(): V {
    return slots.read<V>(name) ?? (initial instanceof Function ? initial() : initial)
  }

  const set = useCallback(
    (next: V) => {
      slots.write(name, next)
      setState({ name, value: next })
    },
    [name],
  )
  return [value, set]
}
