/** Every figure of a run under its stable name, one sample per round. */
export class Figures {
  readonly #samples = new Map<string, number[]>()

  add(name: string, value: number): void {
    const samples = this.#samples.get(name)
    if (samples) samples.push(value)
    else this.#samples.set(name, [value])
  }

  /** Each value under `prefix.key`. */
  addAll(prefix: string, values: Record<string, number>): void {
    for (const [key, value] of Object.entries(values)) this.add(`${prefix}.${key}`, value)
  }

  names(): string[] {
    return [...this.#samples.keys()]
  }

  median(name: string): number | undefined {
    const sorted = this.#sorted(name)
    const middle = sorted.length / 2
    if (sorted.length === 0) return undefined
    return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1]! + sorted[middle]!) / 2
  }

  /** The least and the greatest sample. */
  spread(name: string): [number, number] | undefined {
    const sorted = this.#sorted(name)
    return sorted.length === 0 ? undefined : [sorted[0]!, sorted.at(-1)!]
  }

  /** Medians under their names, and beside each the spread as `.min` and `.max`. */
  toJSON(): Record<string, number> {
    return Object.fromEntries(
      this.names().flatMap(name => {
        const [least, greatest] = this.spread(name)!
        return [
          [name, this.median(name)!],
          [`${name}.min`, least],
          [`${name}.max`, greatest],
        ]
      }),
    )
  }

  #sorted(name: string): number[] {
    return (this.#samples.get(name) ?? []).toSorted((a, b) => a - b)
  }
}
