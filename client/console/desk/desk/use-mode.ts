import { useLayoutEffect, useRef } from 'preact/hooks'
import { useStore } from '../../../ui/use-store.ts'
import type { Mode, Writing } from './writing.ts'

/**
 * Which box is written in. What was begun for colleagues or the assistant never becomes a message to the visitor in mid-word:
 * it goes on as a note, and after that the box is the usual one.
 * @param modes those that can be written in now, the usual one first
 */
export function useMode(writing: Writing, modes: readonly Mode[]): Mode {
  const state = useStore(writing)
  const mode = modes.includes(state.mode) ? state.mode : 'note'
  const before = useRef({ mode, modes })
  const isCarried = useRef(false)

  useLayoutEffect(() => {
    const { current } = before
    before.current = { mode, modes }
    if (isCarried.current && state.note === '') {
      isCarried.current = false
      writing.setMode('reply')
    }
    if (current.modes.join() === modes.join()) return
    const isInUse = current.mode !== 'reply' && writing.get()[current.mode].trim() !== ''
    if (!modes.includes(current.mode)) writing.moveToNote(current.mode)
    isCarried.current = isInUse && state.mode !== 'note'
    if (isInUse) writing.setMode(modes.includes(current.mode) ? current.mode : 'note')
    else if (state.mode === 'guide') writing.setMode('reply')
  })

  return mode
}
