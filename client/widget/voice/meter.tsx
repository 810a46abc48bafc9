import { useEffect, useRef } from '../core/shared.ts'
import type { Voice } from './voice.ts'

const bars = 5
/** Loud speech fills it. */
const full = 0.18

/** How loud one is heard. Decorative: the words beside it say what goes on. */
export function Meter({ voice }: { voice: Voice }) {
  const element = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    let shown = 0
    return voice.onLevel(level => {
      // Falls slower than it rises, as the ear does.
      shown = Math.max(level, shown * 0.85)
      element.current?.style.setProperty('--level', String(Math.min(1, Math.sqrt(shown / full))))
    })
  }, [voice])
  return (
    <span ref={element} class="meter" aria-hidden="true">
      {Array.from({ length: bars }, (_, bar) => (
        <i key={bar} />
      ))}
    </span>
  )
}
