import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'

/**
 * The focus within `box` outlives a render that moves what has it; where that is gone, the box itself has it, from where the keys go on.
 */
export function useKeptFocus(box: RefObject<HTMLElement | null>): void {
  const { activeElement } = document
  const focused = box.current?.contains(activeElement) ? (activeElement as HTMLElement) : null
  useLayoutEffect(() => {
    if (!focused || document.activeElement !== document.body) return
    const kept = focused.isConnected ? focused : box.current
    kept?.focus({ preventScroll: true })
  })
}
