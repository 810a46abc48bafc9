/** Runs at most so many pieces of work at once; the others begin in the order they came. */
export function createSlots(max: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = []
  let running = 0
  return async work => {
    if (running >= max) await new Promise<void>(resolve => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // The slot is handed over: nobody who comes meanwhile is before who waits.
      if (next) next()
      else running--
    }
  }
}
