import type { Metric, MetricObjectWithValues, MetricValue, Registry } from 'prom-client'

interface Series {
  counts: Float64Array
  sum: number
}

/**
 * A histogram for what happens tens of thousands of times a second: counting is an array access, where the metrics
 * library would sort and join its labels each time. It is read by the library's registry like any other.
 * @param buckets upper bounds, ascending, in seconds
 */
export class HotHistogram {
  readonly #series = new Map<string, Map<string, Series>>()
  readonly #buckets: readonly number[]
  readonly #labels: readonly [string, string]

  constructor(
    registry: Registry,
    definition: { name: string; help: string; labels: readonly [string, string]; buckets: readonly number[] },
  ) {
    this.#buckets = definition.buckets
    this.#labels = definition.labels
    const { name, help } = definition
    registry.registerMetric({
      name,
      get: async () => ({ name, help, type: 'histogram', aggregator: 'sum', values: this.#values(name) }),
      reset: () => this.#series.clear(),
    } as unknown as Metric)
  }

  observe(first: string, second: string, value: number): void {
    const series = this.#series.get(first)?.get(second) ?? this.#begin(first, second)
    let bucket = 0
    while (bucket < this.#buckets.length && value > this.#buckets[bucket]!) bucket += 1
    series.counts[bucket]! += 1
    series.sum += value
  }

  #begin(first: string, second: string): Series {
    const series = { counts: new Float64Array(this.#buckets.length + 1), sum: 0 }
    const those = this.#series.get(first)
    if (those) those.set(second, series)
    else this.#series.set(first, new Map([[second, series]]))
    return series
  }

  #values(name: string): MetricObjectWithValues<MetricValue<string>>['values'] {
    const [one, two] = this.#labels
    const all = [...this.#series].flatMap(([first, those]) =>
      [...those].map(([second, series]) => ({ labels: { [one]: first, [two]: second }, ...series })),
    )
    return all.flatMap(({ labels, counts, sum }) => {
      let total = 0
      const buckets = Array.from(counts, (count, index) => {
        total += count
        const le = this.#buckets[index] ?? '+Inf'
        return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: total }
      })
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: total },
      ] as never
    })
  }
}
