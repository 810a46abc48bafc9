/** Every choice of a schedule comes from one of these: the same seed gives the same choices. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(values: readonly T[]): T
  /** One of the names, each as likely as its weight. */
  weighted<K extends string>(weights: Record<K, number>): K
  /** A source of its own, so that what one actor draws does not depend on how far another has come. */
  branch(name: string): Random
}

/** mulberry32: 32 bits of state are enough for a schedule, and it fits into a few lines. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  function next() {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: probability => next() < probability,
    pick: values => values[Math.floor(next() * values.length)]!,
    weighted(weights) {
      const entries = Object.entries<number>(weights)
      let left = next() * entries.reduce((total, [, weight]) => total + weight, 0)
      for (const [name, weight] of entries) {
        left -= weight
        if (left < 0) return name as keyof typeof weights
      }
      return entries.at(-1)![0] as keyof typeof weights
    },
    branch: name => createRandom(seed ^ hash(name)),
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value
}
