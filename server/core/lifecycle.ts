/** Something of a server that was opened. Each step is awaited before the next part's. */
export interface Part {
  /** Begins to serve, in the order of opening. */
  start?(): unknown
  /** Lets what was begun end by `limit`, a time of `performance.now()`; nothing is closed before all have. */
  drain?(limit: number): unknown
  close?(): unknown
}

/** The parts of a server in the order of their opening: they drain and close in the reverse. */
export function createLifecycle() {
  const parts: Part[] = []

  return {
    add(part: Part): void {
      parts.push(part)
    },

    async start(): Promise<void> {
      for (const part of parts) await part.start?.()
    },

    async close(drainMs: number): Promise<void> {
      const limit = performance.now() + drainMs
      const reversed = parts.toReversed()
      for (const part of reversed) await part.drain?.(limit)
      for (const part of reversed) await part.close?.()
    },
  }
}
