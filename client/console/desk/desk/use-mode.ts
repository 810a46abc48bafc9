import { useLayoutEffect, useRef } from 'preact/hooks'
import { useStore } from '../../../ui/use-store.ts'
import type { Mode, Writing } from './writing.ts'

interface Options {
  writing: Writing
  /** Those that can be written in now, the usual one first. */
  modes: readonly Mode[]
  /** Whether the agent writes there. */
  isFocused(): boolean
}

/** Which box is written in. What was begun for colleagues or the assistant never becomes a message to the visitor in mid-word. */
export function useMode({ writing, modes, isFocused }: Options): Mode {
  const state = useStore(writing)
  const mode = modes.includes(state.mode) ? state.mode : 'note'
  const before = useRef({ mode, modes })

  useLayoutEffect(() => {
    const { current } = before
    before.current = { mode, modes }
    if (current.modes.join() === modes.join()) return
    const isInUse = isFocused() || writing.get()[current.mode].trim() !== ''
    if (!modes.includes(current.mode)) writing.moveToNote(current.mode)
    if (current.mode !== 'reply' && isInUse)
      writing.setMode(modes.includes(current.mode) ? current.mode : 'note')
    else if (state.mode === 'guide') writing.setMode('reply')
  })

  return mode
}
