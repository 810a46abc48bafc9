import type { EventPayload } from '#protocol'

export type Typist = EventPayload<'typing:changed'>['author']

const renewMs = 3_000
const idleMs = 5_000
/** As the protocol says of `typing:changed`. */
const forgetMs = 30_000

export interface Typing {
  /** The one at this keyboard pressed a key. */
  typed(): void
  stop(): void
  /** Somebody else is writing, or has stopped. */
  heard(author: Typist, isTyping: boolean): void
  forget(authorId: string): void
}

export function createTyping(options: {
  send(typing: boolean): void
  onChange(typists: Typist[]): void
}): Typing {
  const others = new Map<string, { author: Typist; timer: ReturnType<typeof setTimeout> }>()
  let lastSent = 0
  let idle: ReturnType<typeof setTimeout> | undefined

  function stop() {
    clearTimeout(idle)
    if (lastSent) options.send(false)
    lastSent = 0
  }

  function forget(authorId: string) {
    clearTimeout(others.get(authorId)?.timer)
    if (others.delete(authorId)) options.onChange(list())
  }

  function list(): Typist[] {
    return [...others.values()].map(({ author }) => author)
  }

  return {
    stop,
    forget,
    typed() {
      clearTimeout(idle)
      idle = setTimeout(stop, idleMs)
      const now = performance.now()
      if (lastSent && now - lastSent < renewMs) return
      lastSent = now
      options.send(true)
    },
    heard(author, isTyping) {
      clearTimeout(others.get(author.id)?.timer)
      if (!isTyping) return forget(author.id)
      others.set(author.id, { author, timer: setTimeout(() => forget(author.id), forgetMs) })
      options.onChange(list())
    },
  }
}
