/** A metric. Its name and unit follow OpenTelemetry; Prometheus has a form of its own for both. */
export interface MetricDefinition {
  /** Words separated by dots, such as `gateway.requests`. */
  name: string
  type: 'counter' | 'gauge' | 'histogram'
  /** A UCUM unit: `s`, `By`, or a word in braces that only describes, such as `{request}`. */
  unit: string
  description: string
  /** Names of the attributes, such as `error.type`. */
  labels: readonly string[]
}

/** One value of a metric. `labels` has the values of the metric's labels, in their order. */
export interface NumberSample {
  type: 'number'
  labels: readonly string[]
  value: number
}

/** The distribution of a metric. `counts` has one entry for each bound, and one for what is above. */
export interface HistogramSample {
  type: 'histogram'
  labels: readonly string[]
  bounds: readonly number[]
  counts: readonly number[]
  sum: number
}

/** A metric with its current samples. */
export interface MetricFamily {
  definition: MetricDefinition
  samples: readonly (NumberSample | HistogramSample)[]
}

/** Suffixes of names in Prometheus by unit; units in braces have none. */
const UNIT_SUFFIXES: Readonly<Record<string, string>> = {
  s: '_seconds',
  By: '_bytes',
  USD: '_usd',
}

/** The name of a metric in Prometheus, as OpenTelemetry translates it. */
export function prometheusName({ name, unit, type }: MetricDefinition): string {
  const base = `${prometheusLabel(name)}${UNIT_SUFFIXES[unit] ?? ''}`
  return type === 'counter' ? `${base}_total` : base
}

/** The name of a label in Prometheus. */
export function prometheusLabel(name: string): string {
  return name.replaceAll('.', '_')
}
