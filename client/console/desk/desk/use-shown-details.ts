import type { RefObject } from 'preact'
import { useRef } from 'preact/hooks'
import { useTabState } from '../../tab-state.ts'

/** Enough room for the facts beside the thread, in CSS pixels. */
const factsFrom = 1180

/** Side by side there is no room for the facts unless they are asked for, or being read. */
export function useShownDetails(
  id: string,
  pane: RefObject<HTMLElement | null>,
  isAlone: boolean,
): [boolean, () => void] {
  const fits = isAlone && innerWidth >= factsFrom
  /** As it was chosen last, and for which room. */
  const [chosen, setChosen] = useTabState<{ isAlone: boolean; isShown: boolean } | null>(`facts:${id}`, null)
  const state = useRef({ isAlone, isShown: chosen?.isAlone === isAlone ? chosen.isShown : fits })
  if (state.current.isAlone !== isAlone) {
    const isRead = pane.current?.querySelector('.facts')?.contains(document.activeElement)
    state.current = { isAlone, isShown: fits || isRead === true }
  }
  return [
    state.current.isShown,
    () => {
      state.current = { isAlone, isShown: !state.current.isShown }
      setChosen(state.current)
    },
  ]
}
