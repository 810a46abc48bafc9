/** Polls where no event exists: what another process or a proxy's buffer does. Throws, with what it waited for, after `limitMs`. */
export async function until(
  what: string | (() => string),
  condition: () => boolean | Promise<boolean>,
  limitMs = 15_000,
): Promise<void> {
  const started = performance.now()
  while (!(await condition())) {
    if (performance.now() - started > limitMs) {
      throw new Error(`waited ${limitMs} ms for ${typeof what === 'string' ? what : what()}`)
    }
    await passed(10)
  }
}

/** A fault lasts, and a schedule paces itself; a test that only wants something to have happened uses `until`. */
export function passed(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** `work`, or an error that says what did not come. */
export async function withDeadline<T>(what: string, work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
