import type { LabelValues } from './label-values.ts'
import type { HistogramSample, MetricDefinition, MetricFamily, NumberSample } from './metric.ts'

/** The samples of a metric by the values of its labels, kept under one number for each combination. */
class Series<Value> {
  readonly definition: MetricDefinition
  readonly #labels: readonly LabelValues[]
  readonly #values = new Map<number, Value>()

  constructor(definition: MetricDefinition, labels: readonly LabelValues[]) {
    this.definition = definition
    this.#labels = labels
  }

  protected get(key: number): Value | undefined {
    return this.#values.get(key)
  }

  protected set(key: number, value: Value): void {
    this.#values.set(key, value)
  }

  /** Up to four numbers of label values as one. */
  protected keyOf(first: number, second: number, third: number, fourth: number): number {
    const [, b, c, d] = this.#labels
    return ((first * (b?.capacity ?? 1) + second) * (c?.capacity ?? 1) + third) *
        (d?.capacity ?? 1) + fourth
  }

  protected map<Sample>(toSample: (labels: string[], value: Value) => Sample): Sample[] {
    return Array.from(this.#values, ([key, value]) => toSample(this.#labelsOf(key), value))
  }

  #labelsOf(key: number): string[] {
    let rest = key
    // The last label changes fastest.
    return this.#labels.toReversed().map((label) => {
      const value = label.valueAt(rest % label.capacity)
      rest = Math.floor(rest / label.capacity)
      return value
    }).reverse()
  }
}

/** A metric that only grows. `add` does no more than one look-up and one addition. */
export class Counter extends Series<number> {
  readonly #divisor: number

  /** @param divisor what a whole unit is counted in, such as 1e9 for nano-dollars */
  constructor(definition: MetricDefinition, labels: readonly LabelValues[], divisor = 1) {
    super(definition, labels)
    this.#divisor = divisor
  }

  /** Adds to the sample of up to four label values, given by their numbers. */
  add(amount: number, first = 0, second = 0, third = 0, fourth = 0): void {
    const key = this.keyOf(first, second, third, fourth)
    this.set(key, (this.get(key) ?? 0) + amount)
  }

  collect(): MetricFamily {
    const samples = this.map((labels, value): NumberSample => {
      return { type: 'number', labels, value: value / this.#divisor }
    })
    return { definition: this.definition, samples }
  }
}

interface Distribution {
  counts: number[]
  sum: number
}

/** A metric of durations. */
export class Histogram extends Series<Distribution> {
  readonly #bounds: readonly number[]

  constructor(
    definition: MetricDefinition,
    labels: readonly LabelValues[],
    bounds: readonly number[],
  ) {
    super(definition, labels)
    this.#bounds = bounds
  }

  observe(value: number, first = 0, second = 0, third = 0, fourth = 0): void {
    const key = this.keyOf(first, second, third, fourth)
    let distribution = this.get(key)
    if (!distribution) {
      distribution = { counts: [0, ...this.#bounds.map(() => 0)], sum: 0 }
      this.set(key, distribution)
    }
    let bucket = 0
    while (value > (this.#bounds[bucket] ?? Infinity)) bucket++
    distribution.counts[bucket] = (distribution.counts[bucket] ?? 0) + 1
    distribution.sum += value
  }

  collect(): MetricFamily {
    const bounds = this.#bounds
    const samples = this.map((labels, { counts, sum }): HistogramSample => {
      return { type: 'histogram', labels, bounds, counts: [...counts], sum }
    })
    return { definition: this.definition, samples }
  }
}
