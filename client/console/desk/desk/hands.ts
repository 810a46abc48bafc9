/** Counts what the agent does with keys and pointer. */
export interface Hands {
  acts(): number
  stop(): void
}

export function watchHands(): Hands {
  const kinds = ['keydown', 'pointerdown', 'input']
  let acts = 0
  const count = () => {
    acts++
  }
  for (const kind of kinds) addEventListener(kind, count, true)
  return {
    acts: () => acts,
    stop() {
      for (const kind of kinds) removeEventListener(kind, count, true)
    },
  }
}
