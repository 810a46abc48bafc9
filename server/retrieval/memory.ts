/** Remembers what was made of the keys used last, at most `max` of them. */
export class Memory<Value> {
  readonly #kept = new Map<string, Value>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  get(key: string, make: () => Value): Value {
    const known = this.#kept.get(key)
    const value = known ?? make()
    // The oldest stands first.
    if (known !== undefined) this.#kept.delete(key)
    else if (this.#kept.size >= this.#max) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(key, value)
    return value
  }
}
