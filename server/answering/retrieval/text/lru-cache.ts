/**
 * Remembers what was made of the keys used last, `max / 2` to `max` of them. In two generations: what is used all the
 * time is found without a write.
 */
export class LruCache<Value> {
  #young = new Map<string, Value>()
  #old = new Map<string, Value>()
  readonly #generation: number

  constructor(max: number) {
    this.#generation = Math.max(1, Math.floor(max / 2))
  }

  get(key: string, make: () => Value): Value {
    return this.#young.get(key) ?? this.#store(key, this.#old.get(key) ?? make())
  }

  #store(key: string, value: Value): Value {
    if (this.#young.size >= this.#generation) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
    return value
  }
}
